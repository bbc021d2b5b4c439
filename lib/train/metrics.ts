import { NameError, ShapeError } from '../ir/errors.js';
import type { Graph } from '../ir/graph.js';
import { sameShape, showShape } from '../ir/shape.js';

/** One step, as metrics see it. */
export interface MeasuredStep<Feeds, Values> {
  readonly feeds: Feeds;
  readonly values: Values;
  /** Samples in the batch. */
  readonly size: number;
  /** How many of them count: the first ones. */
  readonly samples: number;
}

/** A mean over things counted: `sum / count`. */
export interface Measure {
  readonly sum: number;
  readonly count: number;
}

/** A number that tells how good a model is, computed on the host from what a step was fed and what it gave. */
export interface Metric<in Feeds, in Values> {
  /** The inputs and outputs it looks at. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Throws NameError or ShapeError when the graph has no such inputs and outputs, or they do not fit each other. */
  check(graph: Graph): void;
  measure(step: MeasuredStep<Feeds, Values>): Measure;
}

/** Metrics by the name they are reported under. Those that contain `accuracy` are shown in percent. */
export type Metrics<Name extends string, Feeds, Values> = Readonly<Record<Name, Metric<Feeds, Values>>>;

/** What an epoch came to, by name: the loss and every metric. */
export type Scores<Name extends string> = { readonly [Key in Name | 'loss']: number };

type Labels = Int32Array | readonly number[];

/**
 * The share of rows whose largest logit is the labelled one: logits [...b, c] f32, labels [...b] i32. The first of
 * equal logits counts as the largest.
 */
export function accuracy<const Logits extends string, const Target extends string>(
  logits: Logits,
  labels: Target,
): Metric<{ readonly [Name in Target]: Labels }, { readonly [Name in Logits]: Float32Array }> {
  return {
    inputs: [labels],
    outputs: [logits],
    check(graph) {
      const [output, input] = [graph.outputs.get(logits), graph.inputs.get(labels)];
      if (!output) throw new NameError(`accuracy: the graph has no output '${logits}'`);
      if (!input) throw new NameError(`accuracy: the graph has no input '${labels}'`);
      if (sameShape(output.shape.slice(0, -1), input.shape) && output.shape.length > 0) return;
      throw new ShapeError(
        `accuracy: '${logits}' ${showShape(output.shape)} and '${labels}' ${showShape(input.shape)} do not fit: ` +
          `expected [...b, classes] and [...b]`,
      );
    },
    measure({ feeds, values, size, samples }) {
      const [scores, targets] = [values[logits], feeds[labels]];
      const classes = scores.length / targets.length;
      const count = (targets.length / size) * samples;
      let sum = 0;
      for (let row = 0; row < count; row++) {
        if (indexOfMax(scores.subarray(row * classes, (row + 1) * classes)) === targets[row]) sum++;
      }
      return { sum, count };
    },
  };
}

/** The position of the largest value; of the first one where several are equal. */
export function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** The metrics of a trainer that is given none: accuracy, where there are an output `logits` and an input `labels`. */
export type DefaultMetrics<Feeds, Values> = Values extends { readonly logits: Float32Array }
  ? Feeds extends { readonly labels: Labels }
    ? 'accuracy'
    : never
  : never;

/** As {@link DefaultMetrics}; shapes that do not fit one another give none. */
export function defaultMetrics<Feeds, Values>(graph: Graph): Metrics<string, Feeds, Values> {
  const [logits, labels] = [graph.outputs.get('logits'), graph.inputs.get('labels')];
  const fits = logits && labels?.dtype === 'i32' && sameShape(logits.shape.slice(0, -1), labels.shape);
  // Feeds and Values are those of the graph, which was just seen to have both.
  const metric: Metric<never, never> = accuracy('logits', 'labels');
  return fits ? { accuracy: metric as Metric<Feeds, Values> } : {};
}
