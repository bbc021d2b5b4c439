import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import type { Affine } from '../fusion/affine.js';
import { computedShape, isReadAnywhere, type Group } from '../fusion/group.js';
import { baseOf, broadcastIndex, sameIndex, throughViews } from '../fusion/space.js';
import type { Kernel } from '../kernels/kernel.js';
import { isOverwrite } from './overwrites.js';

/** A state that a kernel reads elsewhere than where it overwrites elements of it: it would race with itself. */
export function stateInRace(groups: readonly Group[], kernels: readonly Kernel[]): Node | undefined {
  for (const [i, { outputs }] of groups.entries()) {
    for (const output of outputs.filter(isOverwrite)) {
      const { tensor, nodes } = kernels[i]!.bindings.find((binding) => binding.nodes.has(output))!;
      if (nodes.size > 1) return tensor;
    }
  }
  return undefined;
}

/** Values that take the place of others, states or what was written over them, with those. */
export function replacements(graph: Graph, groups: readonly Group[], stored: ReadonlySet<Node>): Map<Node, Node> {
  const groupOf = new Map(groups.flatMap((group) => group.outputs.map((output) => [output, group] as const)));
  const replaced = new Map<Node, Node>();
  for (const node of stored) if (isOverwrite(node)) replaced.set(node, node.inputs[0]!);
  for (const [name, value] of graph.updates) {
    const group = groupOf.get(value);
    const { node: state } = graph.state(name);
    // What updates several states lives in the first one.
    if (group && !replaced.has(value) && mayReplace(state, value, group, stored)) replaced.set(value, state);
  }
  return replaced;
}

/**
 * An update may take its state's place where the kernel that computes it reads the old value of an element only to make
 * that element's new one.
 */
function mayReplace(state: Node, value: Node, group: Group, stored: ReadonlySet<Node>): boolean {
  const { space, members, rowSums, attention } = group;
  const own = space.indexOf(computedShape(value))!;
  const readsOwnElement = (operand: Node, index: readonly Affine[]): boolean => {
    const { node, index: at } = throughViews(space.algebra, operand, index);
    if (node === state) return sameIndex(at, own);
    // What is neither stored nor a member is computed from its operands, at this index.
    if (isLeaf(node) || stored.has(node) || members.includes(node)) return true;
    return readsOwnElements(node, at);
  };
  const readsOwnElements = (node: Node, index: readonly Affine[]): boolean =>
    node.inputs.every((input, i) =>
      isReadAnywhere(node, i)
        ? !reaches(input, state, stored)
        : readsOwnElement(input, broadcastIndex(input.shape, index)),
    );
  const isApart = (node: Node) => node.inputs.every((input) => !reaches(input, state, stored));
  if (![...(rowSums?.members ?? []), ...(attention?.inner ?? [])].every(isApart)) return false;
  return members.every((member) => {
    const { kind } = opOf(member);
    if (kind === 'contraction' || kind === 'scatter') return isApart(member);
    return readsOwnElements(
      member,
      space.indexOf(kind === 'reduction' ? member.inputs[0]!.shape : computedShape(member))!,
    );
  });
}

/** Whether reading `node` reads `state`, itself or to compute what is not stored. */
function reaches(node: Node, state: Node, stored: ReadonlySet<Node>): boolean {
  const base = baseOf(node);
  return (
    base === state || (!isLeaf(base) && !stored.has(base) && base.inputs.some((input) => reaches(input, state, stored)))
  );
}
