import type { GraphBuilder } from '../../ir/build.js';
import { bytesPerElement } from '../../ir/dtype.js';
import type { Graph, Node } from '../../ir/graph.js';
import { mapGraph } from '../../ir/map-graph.js';
import { opOf, reductionAxes } from '../../ir/ops/index.js';
import { elementCount } from '../../ir/shape.js';
import type { KernelProfile } from '../kernels/profile.js';

/** Results so few that the invocations or workgroups that make them leave the adapter idle. */
const FEW_RESULTS = 16;
/** Elements for each result from which a second dispatch is worth its time. */
const MANY_ELEMENTS = 32768;
const FEWEST_PARTS = 8;

/**
 * Reductions of very many elements to very few are done in two: of parts, and of the parts' results. One invocation, or
 * one workgroup on a GPU, makes a result; the sum of a whole tensor would occupy a single one. Only in dtypes of 4 bytes,
 * as parts are rounded to the dtype.
 */
export function splitReductions(graph: Graph, profile: KernelProfile): Graph {
  return mapGraph(graph, (builder, node, copyOf) => {
    const inputs = node.inputs.map(copyOf);
    return split(builder, node, inputs, profile) ?? builder.over(node, inputs);
  });
}

function split(builder: GraphBuilder, node: Node, [x]: readonly Node[], profile: KernelProfile): Node | undefined {
  if (opOf(node).kind !== 'reduction' || bytesPerElement[node.dtype] !== 4) return undefined;
  const results = elementCount(node.shape);
  const count = elementCount(x!.shape) / results;
  if (results > FEW_RESULTS || !(count >= MANY_ELEMENTS)) return undefined;
  const axes = reductionAxes(node).map((axis) => axis + x!.shape.length);
  const most = profile.software ? 64 : 256;
  const found = neighbours(axes)
    .map((run) => {
      const size = run.reduce((product, axis) => product * x!.shape[axis]!, 1);
      return { run, size, parts: partsOf(size, most) };
    })
    .find(({ parts }) => parts >= FEWEST_PARTS);
  if (!found) return undefined;
  const { run, size, parts } = found;
  const [first, after] = [run[0]!, run.at(-1)! + 1];
  const shape = [...x!.shape.slice(0, first), parts, size / parts, ...x!.shape.slice(after)];
  const moved = axes.filter((axis) => axis < first || axis >= after);
  const within = [first + 1, ...moved.map((axis) => (axis < first ? axis : axis + 2 - run.length))].sort(
    (i, j) => i - j,
  );
  const fromEnd = (list: readonly number[]) => list.map((axis) => axis - shape.length);
  const { g } = builder;
  const op = node.op === 'mean' ? 'sum' : node.op;
  const partial = builder.add(op, [g.reshape(x!, shape)], { axes: fromEnd(within), keepdims: true });
  const whole = g.reshape(builder.add(op, [partial], { axes: fromEnd([first]), keepdims: true }), node.shape);
  return node.op === 'mean' ? g.div(whole, g.scalar(count, whole)) : whole;
}

/** Runs of axes that follow one another, which one dimension can stand for. */
function neighbours(axes: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const axis of [...axes].sort((i, j) => i - j)) {
    const run = runs.at(-1);
    if (run?.at(-1) === axis - 1) run.push(axis);
    else runs.push([axis]);
  }
  return runs;
}

/** The greatest divisor of `size` that is at most `most`. */
function partsOf(size: number, most: number): number {
  for (let parts = Math.min(size, most); parts > 1; parts--) if (size % parts === 0) return parts;
  return 1;
}
