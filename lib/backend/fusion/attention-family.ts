import { isLeaf, type Node } from '../../ir/graph.js';
import { isContraction, opOf } from '../../ir/ops/index.js';
import { elementCount } from '../../ir/shape.js';
import { areOnlyFor, findGradient, type Attention, type Users } from './attention.js';
import { Space } from './space.js';

/** An attention, and the space that it was found in: that of the product which is its last step. */
export interface Found {
  readonly attention: Attention;
  readonly space: Space;
}

/**
 * An attention and its gradients, by the products that are their last steps: all that need what happens inside of it. A
 * gradient computes that again, from queries, keys, and the greatest score and the sum of each row, which the attention
 * stores for them. Undefined where something else needs scores or weights, or a gradient has another form.
 */
export function findFamily(node: Node, found: Found, users: Users): ReadonlyMap<Node, Found> | undefined {
  const { attention } = found;
  const { softmax } = attention;
  // Scores relative to a maximum that was rounded would be others.
  if (!softmax?.areAllOnce || softmax.max.node.dtype !== 'f32' || softmax.sum.node.dtype !== 'f32') return undefined;
  const kept = [softmax.max, softmax.sum];
  const family = new Map<Node, Found>([[node, { ...found, attention: { ...attention, kept } }]]);
  const inner = new Set(attention.inner);
  const size = elementCount(softmax.exp.node.shape);
  const seen = new Set<Node>(inner);
  const queue = [...inner];
  for (let at = queue.pop(); at; at = queue.pop()) {
    for (const user of users.get(at)!) {
      if (user === 'root' || isLeaf(user)) return undefined;
      if (seen.has(user) || family.has(user)) continue;
      let reached: Iterable<Node> = [user];
      if (isContraction(user)) {
        const gradient = gradientOf(user);
        if (!gradient) return undefined;
        family.set(user, gradient);
        reached = gradient.attention.inner;
        for (const each of reached) inner.add(each);
      } else if (opOf(user).kind !== 'map' || elementCount(user.shape) !== size) return undefined;
      for (const each of reached) {
        if (!seen.has(each)) queue.push(each);
        seen.add(each);
      }
    }
  }
  const rows = new Set(kept.map((each) => each.node));
  const members = [...family.values()];
  const areApart = members.every((member) =>
    [...member.attention.operands].every((base) => !inner.has(base) || rows.has(base)),
  );
  return areApart && areOnlyFor(inner, new Set(family.keys()), users) ? family : undefined;
}

function gradientOf(node: Node): Found | undefined {
  const space = new Space(node.shape);
  const attention = findGradient(node, space);
  return attention && { attention, space };
}
