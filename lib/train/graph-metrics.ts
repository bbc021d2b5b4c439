/** Metrics that a model's graph computes, as outputs: `accuracy: accuracy(logits, labels)`. */
import type { FloatDType, NumericDType } from '../ir/dtype.js';
import { ShapeError, ValueError } from '../ir/errors.js';
import { elementCount, sameShape, showShape } from '../ir/shape.js';
import { checkedOptions, describeValue } from '../dsl/emit.js';
import {
  abs,
  any,
  arange,
  cast,
  div,
  equal,
  full,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  notEqual,
  reshape,
  slice,
  square,
  squeeze,
  stack,
  sub,
  sum,
  unsqueeze,
  where,
} from '../dsl/generated/ops.js';
import type { Dim, UnknownShape } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';

/** A metric as an output of a graph: the sum of what is counted, and how much was counted. A `Trainer` reports the ratio. */
export type MetricTensor = Tensor<[2], 'f32'>;

/** What the samples of a metric count. */
export interface WeightOptions {
  /**
   * What each sample counts, f32 with the first axes of the values: [B] for values [B, T]. 0 leaves a sample out, such as
   * those that fill up a batch. Default 1.
   */
  readonly weight?: Tensor<Dim[], 'f32'> | undefined;
}

/** Options of the metrics of classifiers. */
export interface AccuracyOptions extends WeightOptions {
  /** Rows with this label do not count. Default −100, as in `torch.nn.CrossEntropyLoss`. */
  readonly ignoreIndex?: number;
}

/**
 * The share of rows whose largest logit is the labelled one: logits [...b, c], labels [...b] i32. The first of equal
 * logits counts as the largest, and NaN as larger than every number; rows whose label is no class are wrong.
 *
 * Throws ShapeError when shapes do not fit, NameError for other options.
 */
export function accuracy<B extends Dim[], C extends Dim, D extends FloatDType>(
  logits: Tensor<[...B, C], D>,
  labels: Tensor<NoInfer<B>, 'i32'>,
  options: AccuracyOptions = {},
): MetricTensor {
  checkedOptions('accuracy', ['ignoreIndex', 'weight'], options);
  return amongLargest('accuracy', logits, labels, 1, options);
}

/**
 * The share of rows whose labelled logit is among the `k` largest: logits [...b, c], labels [...b] i32; equal logits count
 * in their order, as for {@link accuracy}.
 *
 * Throws ShapeError when shapes do not fit, ValueError for a k that is none, NameError for other options.
 */
export function topKAccuracy<B extends Dim[], C extends Dim, D extends FloatDType>(
  logits: Tensor<[...B, C], D>,
  labels: Tensor<NoInfer<B>, 'i32'>,
  options: AccuracyOptions & { readonly k: number },
): MetricTensor {
  const { k } = checkedOptions('topKAccuracy', ['k', 'ignoreIndex', 'weight'], options);
  if (typeof k !== 'number' || !Number.isInteger(k) || k < 1) {
    throw new ValueError(`topKAccuracy: k must be a whole number, at least 1, got ${describeValue(k)}`);
  }
  return amongLargest('topKAccuracy', logits, labels, k, options);
}

/** Mean of (prediction − target)²; both [...s]. Throws ShapeError when shapes do not fit, NameError for other options. */
export function meanSquaredError<S extends Dim[], D extends FloatDType>(
  prediction: Tensor<S, D>,
  target: Tensor<NoInfer<S>, NoInfer<D>>,
  options: WeightOptions = {},
): MetricTensor {
  requireSame('meanSquaredError', prediction, target);
  return counted('meanSquaredError', square(wide(sub(prediction as Tensor, target as Tensor))), options);
}

/** Mean of |prediction − target|; both [...s]. Throws ShapeError when shapes do not fit, NameError for other options. */
export function meanAbsoluteError<S extends Dim[], D extends FloatDType>(
  prediction: Tensor<S, D>,
  target: Tensor<NoInfer<S>, NoInfer<D>>,
  options: WeightOptions = {},
): MetricTensor {
  requireSame('meanAbsoluteError', prediction, target);
  return counted('meanAbsoluteError', abs(wide(sub(prediction as Tensor, target as Tensor))), options);
}

/**
 * A metric of one's own: the mean of `values` [B, …], of any numeric dtype, summed in f32. Throws ShapeError for a weight
 * that does not fit, NameError for other options.
 */
export function measured(values: Tensor<Dim[], NumericDType>, options: WeightOptions = {}): MetricTensor {
  return counted('measured', wide(values), options);
}

/**
 * Σ weight·values / Σ weight, a scalar: a loss in which each sample counts as `weight` says, for values [B, …] and
 * weight [B]. Throws ShapeError for a weight that does not fit. Weights that are all 0 give NaN.
 */
export function weightedMean(values: Tensor<Dim[], 'f32'>, weight: Tensor<Dim[], 'f32'>): Tensor<[], 'f32'> {
  const both = counted('weightedMean', values, { weight });
  const part = (i: number): Tensor => reshape(slice(both, 0, { start: i, stop: i + 1 }), []);
  return div(part(0), part(1)) as Tensor<[], 'f32'>;
}

function amongLargest(
  what: string,
  logits: Tensor,
  labels: Tensor,
  k: number,
  { ignoreIndex = -100, weight }: AccuracyOptions,
): MetricTensor {
  const shape = sizes(logits);
  const classes = shape.at(-1);
  if (classes === undefined || !sameShape(shape.slice(0, -1), sizes(labels))) {
    throw new ShapeError(
      `${what}: logits ${showShape(shape)} and labels ${showShape(sizes(labels))} do not fit: expected [...b, classes] ` +
        'and [...b]',
    );
  }
  const label: Tensor = unsqueeze(labels, -1);
  const index: Tensor = arange(classes);
  const isLabel: Tensor<UnknownShape, 'bool'> = equal(index, label);
  const own: Tensor = sum(where(isLabel, wide(logits), 0), { axes: -1, keepdims: true });
  // Not ≤ and not >: of NaN both are false.
  const isLarger: Tensor = logicalOr(
    logicalNot(lessEqual(wide(logits), own)),
    logicalAnd(equal(wide(logits), own), less(index, label)),
  );
  const larger: Tensor = sum(cast(isLarger, 'i32'), { axes: -1 });
  const isClass: Tensor<UnknownShape, 'bool'> = squeeze(any(isLabel, { axes: -1, keepdims: true }), -1);
  const isRight: Tensor = logicalAnd(less(larger, k), isClass);
  const counts: Tensor = cast(notEqual(labels, ignoreIndex), 'f32');
  const weights = weight === undefined ? counts : mul(counts, alongFirst(what, weight, counts));
  return pair(sum(mul(cast(isRight, 'f32'), weights)), sum(weights));
}

/** Sum of f32 values, and of what they count. */
function counted(what: string, values: Tensor, options: WeightOptions): MetricTensor {
  const { weight } = checkedOptions(what, ['weight'], options) as WeightOptions;
  if (weight === undefined) return pair(sum(values), full([], elementCount(sizes(values))));
  const weights = alongFirst(what, weight, values);
  const rest = elementCount(sizes(values).slice(weight.shape.length));
  // A sample that counts nothing may be anything, NaN as well.
  const isOut: Tensor<UnknownShape, 'bool'> = equal(weights, 0);
  const weighted: Tensor = where(isOut, 0, mul(values, weights));
  return pair(sum(weighted), mul(sum(weight as Tensor), rest));
}

function pair(total: Tensor, count: Tensor): MetricTensor {
  return stack([total, count]) as MetricTensor;
}

/** The weight of each sample, with axes of 1 for those that `values` has besides. */
function alongFirst(what: string, weight: Tensor, values: Tensor): Tensor {
  const [own, all] = [sizes(weight), sizes(values)];
  if (weight.dtype !== 'f32' || !sameShape(own, all.slice(0, own.length))) {
    throw new ShapeError(
      `${what}: weight must be f32 with the first axes of ${showShape(all)}, got ${weight.dtype} ${showShape(own)}`,
    );
  }
  return reshape(weight, [...own, ...all.slice(own.length).map(() => 1)]);
}

function requireSame(what: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(sizes(prediction), sizes(target))) return;
  const [got, wanted] = [showShape(sizes(prediction)), showShape(sizes(target))];
  throw new ShapeError(`${what}: prediction ${got} and target ${wanted} differ; unsqueeze or reshape one of them`);
}

function wide(x: Tensor): Tensor {
  return x.dtype === 'f32' ? x : cast(x, 'f32');
}

/** In a trace they are numbers, whatever names the type has. */
function sizes(x: Tensor): number[] {
  return (x.shape as readonly Dim[]).map(Number);
}
