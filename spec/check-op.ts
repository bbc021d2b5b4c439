import { gradients } from '../lib/autodiff/gradients.js';
import type { Device } from '../lib/backend/device/device.js';
import { Executor, planLimits } from '../lib/backend/execution/executor.js';
import { toStorage } from '../lib/backend/execution/feed.js';
import { StateStore } from '../lib/backend/execution/state.js';
import type { KernelProfile } from '../lib/backend/kernels/profile.js';
import { planGraph } from '../lib/backend/planning/plan.js';
import { GraphBuilder } from '../lib/ir/build.js';
import { isFloat } from '../lib/ir/dtype.js';
import { isHalf } from '../lib/ir/half.js';
import { expandComposites } from '../lib/ir/expand.js';
import { Graph, leafName, topologicalOrder, type Node } from '../lib/ir/graph.js';
import { evaluateNodes, interpret, type Values } from '../lib/ir/interpret.js';
import { ops, type OpName } from '../lib/ir/ops/index.js';
import { elementCount } from '../lib/ir/shape.js';
import { typedArray } from '../lib/ir/typed-array.js';
import { casesToTry, SHAPES_ON_DEVICE, SHAPES_PER_OP } from './op-cases/generate.js';
import type { OpCase } from './op-cases/op-case.js';
import { describeCase, placeCase, placements } from './op-harness.js';
import { gradientTolerance, mismatch, toleranceOf, type Tolerance } from './tolerances.js';
import { sampleValues } from './values.js';

/** Where an operation is checked. */
export type Where =
  | { readonly on: 'device'; readonly device: Device; readonly changes?: Partial<KernelProfile> }
  /** Its gradients, with the interpreter. */
  | { readonly on: 'gradients' };

/** Most that one operation may take when every shape is tried and the machine is busy. Milliseconds. */
export const CHECK_TIMEOUT = 300_000;

/**
 * Checks an operation on its cases in every dtype it takes, each with inputs, computed tensors and views as operands:
 * its results and gradients on a device against the f64 interpreter, or the interpreter's gradients against central
 * differences. Throws Error naming every case that failed, with its worst element.
 */
export async function checkOp(name: OpName, where: Where): Promise<void> {
  const cases = casesToTry(name, where.on === 'device' ? SHAPES_ON_DEVICE : SHAPES_PER_OP);
  const failures =
    where.on === 'device'
      ? await onDevice(name, cases, where)
      : cases.filter(({ dtypes = [] }) => !dtypes.some(isHalf)).flatMap((entry) => ofGradients(name, entry));
  if (failures.length > 0) throw new Error(`${name}:\n${failures.join('\n')}`);
}

/** All cases are one graph, so that a device is waited for once; where that fails to build, each is one by itself. */
async function onDevice(name: OpName, cases: readonly OpCase[], where: Where & { on: 'device' }): Promise<string[]> {
  try {
    return await runOnDevice(name, cases, where);
  } catch (error) {
    if (cases.length === 1) return [`${describeCase(cases[0]!)}: ${error instanceof Error ? error.message : String(error)}`]; // prettier-ignore
    const failures: string[] = [];
    for (const entry of cases) failures.push(...(await onDevice(name, [entry], where)));
    return failures.length > 0 ? failures : [`all cases together: ${String(error)}`];
  }
}

async function runOnDevice(
  name: OpName,
  cases: readonly OpCase[],
  { device, changes }: Where & { on: 'device' },
): Promise<string[]> {
  const builder = new GraphBuilder();
  const { g } = builder;
  const inputs = new Map<string, Node>();
  const values = new Map<string, Values>();
  const outputs = new Map<string, Node>();
  const tolerances: Tolerance[] = [];
  cases.forEach((entry, at) => {
    for (const placement of placements) {
      const placed = placeCase(builder, entry, placement, `${at} ${placement} `);
      for (const leaf of placed.leaves) inputs.set(leafName(leaf), leaf);
      for (const [leaf, data] of placed.values) values.set(leaf, data);
      const result = builder.add(name, placed.operands, entry.attrs ?? {});
      // Half of it is exact, however small it is.
      const after = placement === 'amid' ? g.mul(g.cast(result, 'f32'), builder.constant(0.5, 'f32')) : result;
      const dtypes = placed.operands.map(({ dtype }) => dtype);
      tolerances.push(toleranceOf(name, after.dtype, dtypes));
      outputs.set(`${describeCase(entry)}, ${placement}, ${at}`, after);
      if (placement === 'inputs' || !isFloat(result.dtype)) continue;
      // Of some composites the exact gradient is zero, and only the roundings of what is in between are left.
      if (isHalf(result.dtype) && ops[name].kind === 'composite') continue;
      const targets = placed.leaves.filter((leaf) => isFloat(leaf.dtype));
      gradients(builder, squaredError(g, result), targets).forEach((gradient, i) => {
        if (!gradient) return;
        outputs.set(`${describeCase(entry)}, ${placement}, ${at}: ∂/∂x${i}`, gradient);
        tolerances.push(gradientTolerance(name, gradient.dtype, dtypes));
      });
    }
  });
  const graph = new Graph({ inputs, outputs });
  const plan = planGraph(graph, { ...planLimits(device), ...changes });
  const executor = await Executor.create(device, plan, new StateStore(device));
  try {
    for (const [leaf, node] of inputs) {
      executor.write(node, toStorage(leaf, node, typedArray(node.dtype, values.get(leaf)!)));
    }
    executor.step();
    const expected = interpret(graph, Object.fromEntries(values)).outputs;
    const actual = await Promise.all([...executor.plan.graph.outputs.values()].map((node) => executor.read(node)));
    return [...expected].flatMap(([output, reference], i) => {
      const found = mismatch(actual[i]!, reference, tolerances[i]!);
      return found === undefined ? [] : [`${output}: ${found}`];
    });
  } finally {
    executor.dispose();
  }
}

/** Σ(y + 0.5)²·weight: a loss whose gradient in y differs from element to element. */
function squaredError(g: GraphBuilder['g'], y: Node, weight: Node = g.scalar(1, y)): Node {
  return g.sum(g.mul(g.square(g.add(y, g.scalar(0.5, y))), weight));
}

/** Central differences in f64: truncation ~ε², cancellation ~1e-16/ε. */
const EPSILON = 1e-6;
const DIFFERENCES: Tolerance = { relative: 1e-3, absolute: 1e-5 };
const MOST_POSITIONS = 16;
/** Elements computed for one operand's differences, about: large cases are tried at fewer positions. */
const MOST_WORK = 50_000;

function evaluate(root: Node, values: ReadonlyMap<string, Values>): Values {
  return evaluateNodes([root], (leaf) => values.get(leafName(leaf))!).get(root)!;
}

/** Without composites, which would be written out at each evaluation anew. */
function writtenOut(root: Node): Node {
  return expandComposites(new Graph({ outputs: new Map([['root', root]]) })).outputs.get('root')!;
}

function ofGradients(name: OpName, entry: OpCase): string[] {
  return placements.slice(1).flatMap((placement) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const { operands, leaves, values } = placeCase(builder, entry, placement);
    const result = builder.add(name, operands, entry.attrs ?? {});
    if (!isFloat(result.dtype)) return [];
    // Something after the operation, so that a dropped upstream gradient shows.
    const weights = builder.leaf('input', 'weights', result.shape, result.dtype);
    values.set('weights', sampleValues(elementCount(result.shape), 99));
    const targets = leaves.filter((leaf) => isFloat(leaf.dtype));
    const traced = squaredError(g, result, weights);
    const found = gradients(builder, traced, targets);
    const loss = writtenOut(traced);
    const work = topologicalOrder([loss]).reduce((sum, { shape }) => sum + elementCount(shape), 0);
    // What is read at a position outside of the operand is NaN, of which there are no differences.
    if (operands.some(({ dtype }) => dtype === 'i32') && Number.isNaN(evaluate(loss, values)[0])) return [];
    const positions = Math.min(MOST_POSITIONS, Math.max(2, Math.floor(MOST_WORK / (work + 1))));
    return targets.flatMap((target, i) => {
      const data = values.get(leafName(target))!;
      const analytic = found[i] ? evaluate(found[i], values) : new Float64Array(data.length);
      const what = `${describeCase(entry)}, ${placement}: ∂/∂${leafName(target)}`;
      if (analytic.length !== data.length) return [`${what} has ${analytic.length} elements`];
      const tried = Array.from(data.keys()).filter((at) => at % Math.ceil(data.length / positions) === 0);
      const numeric = tried.map((at) => {
        const center = data[at]!;
        data[at] = center + EPSILON;
        const above = evaluate(loss, values)[0]!;
        data[at] = center - EPSILON;
        const below = evaluate(loss, values)[0]!;
        data[at] = center;
        return (above - below) / (2 * EPSILON);
      });
      const far = mismatch(tried.map((at) => analytic[at]!), numeric, DIFFERENCES); // prettier-ignore
      return far === undefined ? [] : [`${what} at ${tried[Number.parseInt(far)]}: ${far}`];
    });
  });
}
