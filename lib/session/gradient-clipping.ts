import { checkedOptions, describeValue } from '../dsl/emit.js';
import type { Builder } from '../ir/generated/builder.js';
import { UsageError, ValueError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { elementCount } from '../ir/shape.js';

/** Limits the norm of all gradients together, as one vector (Pascanu et al. 2013). */
export interface ClipByNorm {
  /** The largest norm; Infinity limits nothing, and still measures. */
  readonly norm: number;
  /** Which norm: 2 by default; 1, Infinity (the largest magnitude) or another p above 0. */
  readonly normType?: number;
}

/** Limits each element of each gradient to [−value, value]. */
export interface ClipByValue {
  /** Above 0. */
  readonly value: number;
}

/** How gradients are limited before the update: by their norm, or one by one. */
export type ClipOptions = ClipByNorm | ClipByValue;

/** The output that holds the norm of all gradients before clipping, in sessions that clip by it. */
export const GRADIENT_NORM = 'gradientNorm';

/**
 * Throws NameError for options that there are not, UsageError for both kinds or none, ValueError for limits that are not
 * above 0.
 */
export function checkClip(clip: ClipOptions): void {
  const what = 'buildSession: clip';
  const given = checkedOptions(what, ['norm', 'normType', 'value'], clip);
  if ('norm' in given === 'value' in given || ('normType' in given && !('norm' in given))) {
    throw new UsageError(`${what}: takes { norm, normType } or { value }, got { ${Object.keys(given).join(', ')} }`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'number' && value > 0) continue;
    if (name === 'normType' && value === undefined) continue;
    throw new ValueError(`${what}: ${name} must be a number above 0, got ${describeValue(value)}`);
  }
}

/**
 * Gradients clipped by value: min(max(g, −value), value); or by norm: g · min(1, norm / (total + 1e-6)), with `total` the
 * norm of all of them, an f32 scalar. As `torch.nn.utils.clip_grad_value_` and `clip_grad_norm_` do it; of gradients that
 * are NaN or infinite the norm is as well, and they stay.
 */
export function clipped(
  g: Builder<Node>,
  gradients: readonly Node[],
  clip: ClipOptions,
): { gradients: readonly Node[]; total: Node | undefined } {
  if ('value' in clip) {
    const { value } = clip;
    return { gradients: gradients.map((node) => g.clamp(node, { min: -value, max: value })), total: undefined };
  }
  // Of tensors without elements there is no largest one.
  const filled = gradients.filter(({ shape }) => elementCount(shape) > 0);
  const total = filled.length > 0 ? norm(g, filled, clip.normType ?? 2) : g.scalar(0, gradients[0]!);
  if (clip.norm === Infinity) return { gradients, total };
  const one = g.scalar(1, total);
  const coefficient = g.minimum(one, g.div(g.scalar(clip.norm, total), g.add(total, g.scalar(1e-6, total))));
  return { gradients: gradients.map((node) => g.mul(node, coefficient)), total };
}

/** (Σ |g|^p)^(1/p) over all elements of all gradients. */
function norm(g: Builder<Node>, gradients: readonly Node[], p: number): Node {
  const sum = (part: (node: Node) => Node) => gradients.map((node) => g.sum(part(node))).reduce((a, b) => g.add(a, b));
  if (p === Infinity) return gradients.map((node) => g.max(g.abs(node))).reduce((a, b) => g.maximum(a, b));
  if (p === 1) return sum((node) => g.abs(node));
  if (p === 2) return g.sqrt(sum((node) => g.square(node)));
  const total = sum((node) => g.pow(g.abs(node), g.scalar(p, node)));
  return g.pow(total, g.scalar(1 / p, total));
}
