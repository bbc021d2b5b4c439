import { isSpread, readEquation } from '../einsum-equation.js';
import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import { defineMacro } from './define.js';

/** A tensor with a label for each dimension. */
interface Term {
  readonly node: Node;
  readonly labels: readonly string[];
}

const sizeOf = ({ node, labels }: Term, label: string) => node.shape[labels.indexOf(label)]!;

/** Dimensions with one label become one: the diagonal, every (n + 1)th of n² elements. */
function diagonals(g: Builder<Node>, term: Term): Term {
  const twice = term.labels.find((label, i) => term.labels.indexOf(label) !== i);
  if (twice === undefined) return term;
  const { node, labels } = term;
  const [first, second] = [labels.indexOf(twice), labels.indexOf(twice, labels.indexOf(twice) + 1)];
  const rest = labels.map((_, i) => i).filter((i) => i !== first && i !== second);
  const size = sizeOf(term, twice);
  const square = g.reshape(g.permute(node, [...rest, first, second]), [
    ...rest.map((i) => node.shape[i]!),
    size * size,
  ]);
  const diagonal = g.slice(square, -1, { step: size + 1 });
  return diagonals(g, { node: diagonal, labels: [...rest.map((i) => labels[i]!), twice] });
}

/** The term with its dimensions in the order of `labels`, which are its own. */
function inOrder(g: Builder<Node>, { node, labels }: Term, order: readonly string[]): Node {
  if (order.every((label, i) => label === labels[i])) return node;
  return g.permute(
    node,
    order.map((label) => labels.indexOf(label)),
  );
}

/** Summed over the labels that are not kept. */
function sumOthers(g: Builder<Node>, term: Term, kept: ReadonlySet<string>): Term {
  const { node, labels } = term;
  const axes = labels.flatMap((label, i) => (kept.has(label) ? [] : [i]));
  if (axes.length === 0) return term;
  return { node: g.sum(node, { axes }), labels: labels.filter((label) => kept.has(label)) };
}

/** Two terms as one, summed over what they share and `kept` has not: a matrix product where there is one in it. */
function contract(g: Builder<Node>, a: Term, b: Term, kept: ReadonlySet<string>): Term {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => kept.has(label));
  const summed = shared.filter((label) => !kept.has(label));
  const [rows, columns] = [a, b].map(({ labels }) => labels.filter((label) => !shared.includes(label))) as [
    string[],
    string[],
  ];
  if (summed.length === 0 || rows.length + columns.length === 0) {
    const labels = [...batch, ...rows, ...columns, ...summed];
    const factor = (term: Term) => {
      const present = labels.filter((label) => term.labels.includes(label));
      const sizes = labels.map((label) => (term.labels.includes(label) ? sizeOf(term, label) : 1));
      return present.length === labels.length ? inOrder(g, term, labels) : g.reshape(inOrder(g, term, present), sizes);
    };
    return sumOthers(g, { node: g.mul(factor(a), factor(b)), labels }, kept);
  }
  const [m, n] = [rows.map((label) => sizeOf(a, label)), columns.map((label) => sizeOf(b, label))];
  const inner = summed.map((label) => Math.max(sizeOf(a, label), sizeOf(b, label)));
  const matrices = (term: Term, own: readonly string[], order: 'own first' | 'own last'): Node => {
    const front = batch.map((label) => sizeOf(term, label));
    const outer = own.map((label) => sizeOf(term, label));
    const first = order === 'own first';
    const laid = inOrder(g, term, first ? [...batch, ...own, ...summed] : [...batch, ...summed, ...own]);
    // Only dimensions of an ellipsis differ here, where they broadcast.
    const whole = summed.some(isSpread)
      ? g.broadcastTo(laid, first ? [...front, ...outer, ...inner] : [...front, ...inner, ...outer])
      : laid;
    const [k, flat] = [elementCount(inner), elementCount(outer)];
    return g.reshape(whole, first ? [...front, flat, k] : [...front, k, flat]);
  };
  const product = g.matmul(matrices(a, rows, 'own first'), matrices(b, columns, 'own last'));
  return {
    node: g.reshape(product, [...product.shape.slice(0, -2), ...m, ...n]),
    labels: [...batch, ...rows, ...columns],
  };
}

export const einsumOps = {
  einsum: defineMacro({
    name: 'einsum',
    signature: 'xs[...s]*:float, equation: text -> einsum(s, equation)',
    doc:
      'Sums of products by the convention of Einstein: each dimension of each tensor has a letter, and what the result ' +
      'lacks is summed over, as in `ij,jk->ik`. A letter that a tensor has twice means its diagonal; `...` stands for ' +
      'dimensions that broadcast. Without `->` the result has the letters that stand once, in the order of the alphabet. ' +
      'More than two tensors are contracted from the left to the right.',
    decompose: (g, xs, { equation }) => {
      const { terms, result } = readEquation(
        'einsum',
        xs.map(({ shape }) => shape),
        equation,
      );
      const [first, ...others] = xs.map((node, i) => diagonals(g, { node, labels: terms[i]! })) as [Term, ...Term[]];
      const product = others.reduce((left, right, i) => {
        const kept = new Set([...result, ...others.slice(i + 1).flatMap(({ labels }) => labels)]);
        const a = sumOthers(g, left, new Set([...kept, ...right.labels]));
        const b = sumOthers(g, right, new Set([...kept, ...left.labels]));
        return contract(g, a, b, kept);
      }, first);
      return inOrder(g, sumOthers(g, product, new Set(result)), result);
    },
    gradient: 'decomposition',
  }),
};
