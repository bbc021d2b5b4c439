import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import { isFloat, type FloatDType } from '../dtype.js';
import type { Node, TensorType } from '../graph.js';
import { broadcastError } from '../decompositions/operand-checks.js';
import { defineMacro } from './define.js';

/** The lowest finite number of each dtype: what is masked has it as score, since −∞ − −∞ would be NaN. */
const lowest: Record<FloatDType, number> = {
  f32: -(2 - 2 ** -23) * 2 ** 127,
  bf16: -(2 - 2 ** -7) * 2 ** 127,
  f16: -65504,
};

const lowestLike = (g: Builder<Node>, x: Node) => g.scalar(lowest[x.dtype as FloatDType], x);

interface Window {
  readonly causal: boolean;
  readonly window?: number;
}

/** Which keys (columns) queries at the positions `[…, m, 1]` may see; undefined where they may see all. */
function visibleKeys(g: Builder<Node>, positions: Node, keys: number, { causal, window }: Window): Node | undefined {
  const key = g.arange(keys);
  const past = causal ? g.lessEqual(key, positions) : undefined;
  if (window === undefined) return past;
  const distance = g.sub(positions, key);
  const near = g.less(causal ? distance : g.abs(distance), g.scalar(window, distance));
  return past ? g.logicalAnd(past, near) : near;
}

const windowError = (window: number | undefined) =>
  window !== undefined && window < 1 ? `window must be at least 1, got ${window}: a query sees itself` : undefined;

/** Conditions that may be absent, which means that they hold. */
function both(g: Builder<Node>, a: Node | undefined, b: Node | undefined): Node | undefined {
  return a && b ? g.logicalAnd(a, b) : (a ?? b);
}

/** softmax over the visible keys, 0 for the others and where none is visible. */
function maskedSoftmax(g: Builder<Node>, scores: Node, visible: Node | undefined, mayBeEmpty: boolean): Node {
  if (!visible) return g.softmax(scores, { axis: -1 });
  const weights = g.softmax(g.where(visible, scores, lowestLike(g, scores)), { axis: -1 });
  // Beside a visible key, e to the lowest number is 0 already.
  return mayBeEmpty ? g.where(visible, weights, g.scalar(0, scores)) : weights;
}

interface AttentionAttributes extends Window {
  readonly scale?: number;
}

function attentionError(
  q: TensorType,
  k: TensorType,
  mask: TensorType | undefined,
  { window }: Window,
): string | undefined {
  const [heads, groups] = [q.shape.at(-3)!, k.shape.at(-3)!];
  if (groups === 0 || heads % groups !== 0) {
    return `${heads} heads of q do not divide by the ${groups} heads of k and v`;
  }
  if (mask && mask.dtype !== 'bool' && !isFloat(mask.dtype)) {
    return `mask must be bool, or floats to add, got ${mask.dtype}`;
  }
  return broadcastError('mask', mask, [...q.shape.slice(0, -1), k.shape.at(-2)!]) ?? windowError(window);
}

/** softmax(q·kᵀ·scale + mask), [...b h m n]. */
function attentionWeights(
  g: Builder<Node>,
  q: Node,
  k: Node,
  mask: Node | undefined,
  { causal, scale, window }: AttentionAttributes,
): Node {
  const [heads, queries, size] = [q.shape.at(-3)!, q.shape.at(-2)!, q.shape.at(-1)!];
  const [groups, keys] = [k.shape.at(-3)!, k.shape.at(-2)!];
  const batch = q.shape.slice(0, -3);
  // Heads that share keys are more rows of one product: nothing is repeated, forwards or backwards.
  const grouped = [...batch, groups, (heads / groups) * queries, size];
  const factor = scale ?? 1 / Math.sqrt(size);
  const products = g.matmul(g.reshape(q, grouped), g.transpose(k));
  let scores = g.reshape(g.mul(products, g.scalar(factor, q)), [...batch, heads, queries, keys]);
  let allowed: Node | undefined;
  if (mask?.dtype === 'bool') allowed = mask;
  else if (mask) {
    scores = g.add(scores, g.cast(mask, q.dtype));
    // −∞ alone is below.
    allowed = g.lessEqual(lowestLike(g, mask), mask);
  }
  const rows = g.reshape(g.arange(queries), [queries, 1]);
  const near = visibleKeys(g, rows, keys, { causal, ...(window === undefined ? {} : { window }) });
  return maskedSoftmax(g, scores, both(g, allowed, near), mask !== undefined || window !== undefined);
}

export const attentionOps = {
  causalMask: defineMacro({
    name: 'causalMask',
    signature: 'offset[...p]:i32, queries: int, keys: int, window: int? -> [...p queries keys]:bool',
    doc:
      'Whether query i, at the position offset + i, may see key j: j ≤ offset + i, and with `window` only the last ' +
      '`window` of these. The mask of `scaledDotProductAttention` for decoding with keys that are kept from step to step: ' +
      'places of later keys are masked.',
    check: (_, { window }: OpAttributes['causalMask']) => windowError(window),
    decompose: (g, [offset], { queries, keys, window }) => {
      const rows = g.reshape(g.arange(queries), [queries, 1]);
      const positions = g.add(g.reshape(offset, [...offset.shape, 1, 1]), rows);
      return visibleKeys(g, positions, keys, { causal: true, ...(window === undefined ? {} : { window }) })!;
    },
    gradient: 'none',
  }),
  attentionWeights: defineMacro({
    name: 'attentionWeights',
    signature:
      'q[...b h m d]:float, k[...b g n d]:float, mask[...t]:any?, causal: bool = false, scale: float?, window: int? -> ' +
      '[...b h m n]',
    doc:
      'softmax(q·kᵀ·scale + mask): what `scaledDotProductAttention` multiplies values by, with the same options. To look ' +
      'at, or for dropout of them.',
    check: ([q, k, mask], attrs: OpAttributes['attentionWeights']) => attentionError(q!, k!, mask, attrs),
    decompose: (g, [q, k, mask], attrs) => attentionWeights(g, q, k, mask, attrs),
    gradient: 'decomposition',
  }),
  scaledDotProductAttention: defineMacro({
    name: 'scaledDotProductAttention',
    signature:
      'q[...b h m d]:float, k[...b g n d]:float, v[...b g n e]:float, mask[...t]:any?, causal: bool = false, ' +
      'scale: float?, window: int? -> [...b h m e]',
    doc:
      'softmax(q·kᵀ·scale + mask)·v of h heads (Vaswani et al. 2017, arXiv:1706.03762); `scale` is 1/√d when omitted. h ' +
      'may be a multiple of the g heads of k and v, which then serve h/g neighbouring heads of q each (Ainslie et al. 2023, ' +
      'arXiv:2305.13245). `mask` broadcasts to [...b h m n]: truth values that say which keys a query may see, or floats to ' +
      'add, where −∞ masks. With `causal` query i sees the keys j ≤ i, with `window` those with |i − j| < window. A query ' +
      'that may see no key gives 0, not NaN, so that padding of a batch stays apart from the rest.',
    check: ([q, k, , mask], attrs: OpAttributes['scaledDotProductAttention']) => attentionError(q!, k!, mask, attrs),
    decompose: (g, [q, k, v, mask], attrs) => {
      const [heads, queries] = [q.shape.at(-3)!, q.shape.at(-2)!];
      const [groups, keys, width] = [k.shape.at(-3)!, k.shape.at(-2)!, v.shape.at(-1)!];
      const batch = q.shape.slice(0, -3);
      const weights = attentionWeights(g, q, k, mask, attrs);
      const result = g.matmul(g.reshape(weights, [...batch, groups, (heads / groups) * queries, keys]), v);
      return g.reshape(result, [...batch, heads, queries, width]);
    },
    gradient: 'decomposition',
  }),
};
