import { checkedOptions, describeValue } from '../dsl/emit.js';
import { GraphBuilder } from '../ir/build.js';
import { UsageError, ValueError } from '../ir/errors.js';
import { isLeaf, leafName, type Graph, type Node, type State } from '../ir/graph.js';
import { inDType, type StepState } from './step-state.js';

/** An exponential moving average of the weights, which often does better than the last ones (Polyak and Juditsky 1992). */
export interface WeightAverageOptions {
  /** The share of the average that an update keeps, in [0, 1). */
  readonly decay: number;
}

/** Throws NameError for options that there are not, ValueError for a decay that is none. */
export function checkAverage(options: WeightAverageOptions): void {
  const { decay } = checkedOptions('buildSession: average', ['decay'], options);
  if (typeof decay === 'number' && decay >= 0 && decay < 1) return;
  throw new ValueError(
    `buildSession: average.decay must be a number of at least 0 and below 1, got ${describeValue(decay)}`,
  );
}

/** The buffer that holds a parameter's average, in f32. */
function averageName(parameter: string): string {
  return `average.${parameter}`;
}

/**
 * Keeps a ← a + (1 − decay)·(w − a) for the weights w after each update; the first a is w, as in
 * `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn`.
 */
export function averaged(builder: GraphBuilder, state: StepState, weights: Node, name: string, decay: number): void {
  const { g } = builder;
  const average = state.buffer(averageName(name), weights.shape, 'f32');
  const step = state.step();
  const share = g.where(g.equal(step, g.scalar(1, step)), g.scalar(1, average), g.scalar(1 - decay, average));
  const change = g.sub(inDType(g, weights, 'f32'), average);
  state.update(average, averageName(name), g.add(average, g.mul(share, change)));
}

/**
 * The graph on the averages that a session keeps, in place of the weights, and under their names in the state dict; those
 * it keeps no average of, frozen ones for instance, are the weights. `kept` are the session's states. Throws UsageError when there is no average among them.
 */
export function onAverages(graph: Graph, kept: ReadonlyMap<string, State>): Graph {
  const builder = new GraphBuilder();
  const buffers = new Map(graph.buffers);
  const copies = new Map<Node, Node>();
  let found = 0;
  for (const node of graph.nodes()) {
    if (!isLeaf(node)) {
      const operands = node.inputs.map((input) => copies.get(input)!);
      copies.set(
        node,
        builder.within(node.scope, () => builder.over(node, operands)),
      );
      continue;
    }
    builder.adopt([node]);
    const average = node.op === 'parameter' ? kept.get(averageName(leafName(node))) : undefined;
    if (average) {
      found++;
      builder.adopt([average.node]);
      const { names = [leafName(node)] } = graph.state(leafName(node));
      buffers.set(leafName(average.node), { ...average, names });
    }
    copies.set(node, average ? inDType(builder.g, average.node, node.dtype) : node);
  }
  if (found === 0) {
    throw new UsageError(
      'buildInferenceSession: average needs the option weights: a session that keeps one, built by ' +
        'buildSession(graph, { optimizer, average: { decay: 0.999 } })',
    );
  }
  const copied = (roots: ReadonlyMap<string, Node>) =>
    new Map([...roots].map(([name, node]) => [name, copies.get(node)!]));
  return graph.with({ buffers, outputs: copied(graph.outputs), updates: copied(graph.updates) });
}
