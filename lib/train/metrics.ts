import { closeNames, NameError, ShapeError } from '../ir/errors.js';
import type { Graph } from '../ir/graph.js';
import { elementCount, sameShape, showShape } from '../ir/shape.js';

/** One step, as metrics see it. */
export interface MeasuredStep<Feeds, Values> {
  /** What the step was fed, by name of the input. */
  readonly feeds: Feeds;
  /** What the step computed, by name of the output, row-major. */
  readonly values: Values;
  /** Samples in the batch. */
  readonly size: number;
  /** How many of them count: the first ones. */
  readonly samples: number;
}

/** A mean over things counted: `sum / count`. */
export interface Measure {
  /** Over the things that were counted. */
  readonly sum: number;
  /** How many they are. */
  readonly count: number;
}

/** A number that tells how good a model is, for what a graph cannot compute: measured on the host, step by step. */
export interface Metric<out Name extends string, in Feeds, in Values> {
  /** What it is reported as. Names that contain `accuracy` are shown in percent. */
  readonly name: Name;
  /** The inputs and outputs it looks at. */
  readonly inputs: readonly string[];
  /** The outputs it looks at, by name. */
  readonly outputs: readonly string[];
  /** Throws where the graph's inputs and outputs do not fit each other; that they are there is known. */
  check?(graph: Graph): void;
  /** What the step adds to the mean. */
  measure(step: MeasuredStep<Feeds, Values>): Measure;
  /** What is reported of the mean; by default itself. */
  finish?(mean: number): number;
}

/** A metric of any name. */
export type AnyMetric<Feeds, Values> = Metric<string, Feeds, Values>;

/** The name of a metric that needs no output of its own. */
export type KnownMetric<Feeds, Values> = 'perplexity' | DefaultMetrics<Feeds, Values>;

/**
 * Metrics by name, or as a {@link Metric}. A name is that of an output: of a metric's function, such as `accuracy` and
 * `topKAccuracy`, or of any scalar that is a mean over a batch's samples. `'perplexity'` is e to the mean loss, and
 * `'accuracy'` needs no output where there are an output `logits` and an input `labels`.
 */
export type MetricList<Name extends string, Feeds, Values> = readonly (Name | Metric<Name, Feeds, Values>)[] &
  readonly ((keyof Values & string) | KnownMetric<Feeds, Values> | AnyMetric<Feeds, Values>)[];

/** What an epoch came to, by name: the loss and every metric. */
export type Scores<Name extends string> = { readonly [Key in Name | 'loss']: number };

type Labels = Int32Array | readonly number[];

/** The metrics of a trainer that is given none: accuracy, where there is an output of that name, or one of `logits` and an input `labels`. */
export type DefaultMetrics<Feeds, Values> = Values extends { readonly accuracy: Float32Array }
  ? 'accuracy'
  : Values extends { readonly logits: Float32Array }
    ? Feeds extends { readonly labels: Labels }
      ? 'accuracy'
      : never
    : never;

/**
 * The metrics that are asked for, or the {@link DefaultMetrics}. `loss` is the output that is the loss.
 * Throws NameError for names that are taken twice and of no output, ShapeError for outputs that are no metric.
 */
export function resolvedMetrics<Feeds, Values>(
  graph: Graph,
  loss: string,
  asked: readonly (string | AnyMetric<Feeds, Values>)[] | undefined,
): readonly AnyMetric<Feeds, Values>[] {
  const list = asked ?? (graph.outputs.has('accuracy') || labelled(graph) ? ['accuracy'] : []);
  const metrics = list.map((one) => (typeof one === 'string' ? metricNamed<Feeds, Values>(graph, loss, one) : one));
  const names = ['loss', ...metrics.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new NameError(`metrics: the name '${twice}' is taken twice`);
  for (const metric of metrics) {
    for (const name of metric.outputs) if (!graph.outputs.has(name)) throw unknownOutput(graph, metric.name, name);
    for (const name of metric.inputs) {
      if (!graph.inputs.has(name)) throw new NameError(`${metric.name}: the graph has no input '${name}'`);
    }
    metric.check?.(graph);
  }
  return metrics;
}

/** The position of the largest value; of the first one where several are equal. */
export function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Values of outputs by name, as they are read. */
type Read = Readonly<Record<string, ArrayLike<number> | undefined>>;

function metricNamed<Feeds, Values>(graph: Graph, loss: string, name: string): AnyMetric<Feeds, Values> {
  if (graph.outputs.has(name)) return outputMetric(name, name);
  if (name === 'perplexity') return { ...outputMetric(name, loss), finish: Math.exp };
  if (name === 'accuracy' && labelled(graph)) return accuracyOnHost as AnyMetric<Feeds, Values>;
  throw unknownOutput(graph, name, name);
}

/** The mean of an output: a scalar that is one over the samples of a batch, or a sum and what it counts. */
function outputMetric(name: string, output: string): AnyMetric<unknown, unknown> {
  return {
    name,
    inputs: [],
    outputs: [output],
    check(graph) {
      const { shape } = graph.outputs.get(output)!;
      if (elementCount(shape) === 1 || sameShape(shape, [2])) return;
      throw new ShapeError(
        `metrics: the output '${output}' ${showShape(shape)} is none: expected a scalar, the mean over a batch's samples, ` +
          'or what accuracy(), measured() and their like give, [2]',
      );
    },
    measure({ values, samples }) {
      const [sum = NaN, count] = Array.from((values as Read)[output] ?? [], Number);
      return count === undefined ? { sum: sum * samples, count: samples } : { sum, count };
    },
  };
}

/** Logits [...b, c] and labels [...b] i32 that fit each other. */
function labelled(graph: Graph): boolean {
  const [logits, labels] = [graph.outputs.get('logits'), graph.inputs.get('labels')];
  if (!logits || labels?.dtype !== 'i32') return false;
  return logits.shape.length > 0 && sameShape(logits.shape.slice(0, -1), labels.shape);
}

/** The share of rows whose largest logit is the labelled one, for graphs that have no such output. */
const accuracyOnHost: Metric<'accuracy', { readonly labels: Labels }, { readonly logits: Float32Array }> = {
  name: 'accuracy',
  inputs: ['labels'],
  outputs: ['logits'],
  measure({ feeds: { labels }, values: { logits }, size, samples }) {
    const classes = logits.length / labels.length;
    const rows = (labels.length / size) * samples;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      if (indexOfMax(logits.subarray(row * classes, (row + 1) * classes)) === labels[row]) sum++;
    }
    return { sum, count: rows };
  },
};

function unknownOutput(graph: Graph, metric: string, name: string): NameError {
  const known = ['perplexity', ...(labelled(graph) ? ['accuracy'] : [])];
  const [close] = closeNames(name, [...graph.outputs.keys(), ...known]);
  const hint = close === undefined ? `there are ${[...graph.outputs.keys()].join(', ')}` : `did you mean '${close}'?`;
  const what = metric === name ? '' : `${metric}: `;
  return new NameError(`metrics: ${what}the graph has no output '${name}'; ${hint}`);
}
