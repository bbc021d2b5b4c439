import { openDevice } from '../backend/device/open.js';
import { Device } from '../backend/device/device.js';
import { DeviceError } from '../backend/device/errors.js';
import { Executor, planLimits } from '../backend/execution/executor.js';
import { planGraph } from '../backend/planning/plan.js';
import { StateStore } from '../backend/execution/state.js';
import { RANDOM_STEP } from '../dsl/context.js';
import { checkedOptions, describeValue } from '../dsl/emit.js';
import { TracedGraph, type FeedsOf, type ValuesOf } from '../dsl/traced-graph.js';
import { closeNames, NameError, UsageError } from '../ir/errors.js';
import { leafName, type Graph, type Node } from '../ir/graph.js';
import type { TypedArray } from '../ir/typed-array.js';
import { recorded, recordedWait, recorderFor, type Recorder } from '../ir/recorder.js';
import { verify } from '../ir/verify.js';
import { discreteRates, softwareRates } from '../rewrite/cost.js';
import { folded, frozenLeaves } from './folding.js';
import { indexBounds } from './index-bounds.js';
import type { ClipOptions } from './gradient-clipping.js';
import type { LossScaleOptions } from './loss-scaling.js';
import type { MixedPrecision } from './mixed-precision.js';
import { lowerWithin, type Lowered } from './memory-budget.js';
import { rewrittenOnce } from './plan-cache.js';
import { planStore } from './plan-store.js';
import { isBudget, type ModulePatterns, type RecomputeBudget } from './recompute.js';
import { compileReport } from './report.js';
import { requireSession, Session } from './session.js';
import { commonOptions, type CommonOptions, type InferenceOptions, type SessionOptions } from './session-options.js';
import { describeTraining, type TrainingDescription } from './training-description.js';
import { trainingGraph } from './training-graph.js';
import { checkedStep, stepOptions, type ImpliedScale, type StepValues } from './training-options.js';
import { onAverages } from './weight-average.js';

/**
 * Compiles a traced graph: differentiates it when an optimizer or gradients are asked for, rewrites, lowers, allocates,
 * and compiles the kernels. Nothing of that happens again afterwards.
 *
 * Throws NoAdapterError without a GPU (it says what to install), TensorTooLargeError for tensors above the device's
 * limits, NameError for an unknown loss or option, ValueError for options out of range, GraphError when there is nothing to train, UsageError for arguments of another
 * kind, what reading the weights throws, and the reason of `signal` when that aborts.
 */
export async function buildSession<
  G extends TracedGraph,
  Clip extends ClipOptions = never,
  Scale extends LossScaleOptions | true = never,
  Mixed extends MixedPrecision = never,
>(
  graph: G,
  options: SessionOptions<Clip, Scale, Mixed> = {},
): Promise<Session<FeedsOf<G>, ValuesOf<G> & StepValues<Clip, ImpliedScale<Scale, Mixed>>>> {
  requireArguments('buildSession', graph, ['optimizer', 'gradients', 'loss', ...stepOptions], options);
  const { optimizer, gradients, loss = 'loss' } = options;
  const recorder = recorderOf('buildSession', options);
  const checked = checkedStep(optimizer, options);
  verify(graph);
  const { recompute } = checked;
  const differentiated = (modules: ModulePatterns | undefined) => {
    if (!optimizer && !gradients) return graph;
    const parts = { ...checked, recompute: modules, loss, optimizer, gradients };
    const step = recorded(recorder, 'differentiate', () => trainingGraph(graph, parts));
    // Optimizers are written by users as well: their updates must fit what they update.
    verify(step);
    return step;
  };
  const step = differentiated(isBudget(recompute) ? undefined : recompute);
  const training = optimizer && describeTraining(optimizer, checked, loss);
  const budget = isBudget(recompute) ? { ...recompute, loss, differentiated } : undefined;
  return recordedWait(recorder, 'build session', () => compile(graph, step, options, recorder, { training, budget }));
}

/**
 * Compiles only what the named outputs need: no loss, no labels, no gradients.
 * Throws as `buildSession` does, NameError for an unknown output, and UsageError for `freeze` with weights that another
 * session trains.
 */
export async function buildInferenceSession<G extends TracedGraph, Name extends keyof ValuesOf<G> & string>(
  graph: G,
  options: InferenceOptions<Name> = {},
): Promise<Session<Partial<FeedsOf<G>>, Pick<ValuesOf<G>, Name>>> {
  requireArguments('buildInferenceSession', graph, ['outputs', 'average', 'freeze'], options);
  verify(graph);
  const given: unknown = options.outputs;
  if (given !== undefined && !Array.isArray(given)) {
    throw new UsageError(`buildInferenceSession: outputs must be a list of names, got ${describeValue(given)}`);
  }
  const names = options.outputs ?? [...graph.outputs.keys()];
  const outputs = new Map(
    names.map((name) => {
      const node = graph.outputs.get(name);
      if (!node) throw unknownOutput(name, graph);
      return [name, node];
    }),
  );
  // Of what a step changes, only where it draws its random numbers.
  const updates = new Map([...graph.updates].filter(([name]) => name === RANDOM_STEP));
  const needed = graph.with({ outputs, updates: new Map() });
  const draws = needed.nodes().some((node) => node.op === 'buffer' && leafName(node) === RANDOM_STEP);
  const drawing = draws ? needed.with({ updates }) : needed;
  const averages = options.average ? onAverages(drawing, options.weights?.held.all ?? new Map()) : drawing;
  const recorder = recorderOf('buildInferenceSession', options);
  const pruned = averages.pruned();
  const { freeze = false } = options;
  return recordedWait(recorder, 'build session', () => compile(graph, pruned, options, recorder, { freeze }));
}

/** Rules and egglog: loaded with the first graph that is rewritten, since nothing else needs them. */
const loadRewriting = () => import('../rewrite/optimize.js');

async function compile<Feeds extends object, Values extends object>(
  source: TracedGraph,
  graph: Graph,
  options: CommonOptions,
  recorder: Recorder | undefined,
  { training, budget, freeze = false }: CompileOptions = {},
): Promise<Session<Feeds, Values>> {
  const { signal } = options;
  signal?.throwIfAborted();
  const device = await recordedWait(recorder, 'open device', () => resolveDevice(options));
  const rates = device.info.software ? softwareRates : discreteRates;
  const limits = planLimits(device);
  const frozen = freeze ? frozenLeaves(graph) : new Set<Node>();
  const lower = async (step: Graph): Promise<Lowered> => {
    signal?.throwIfAborted();
    const rewrite = async () => (await loadRewriting()).optimize(step, rates, recorder, {}, frozen);
    const rewritten =
      options.optimize === false
        ? undefined
        : await recordedWait(recorder, 'rewritten graph', () =>
            rewrittenOnce(planStore(options.cache), step, { rates, limits, ...(freeze && { freeze }) }, rewrite),
          );
    const chosen = rewritten?.graph ?? step;
    const folding = freeze ? folded(chosen, frozen, (part) => computeOnce(device, part, state, signal)) : undefined;
    const plan = recorded(recorder, 'lower', () => planGraph(folding?.graph ?? chosen, limits));
    return { graph: step, rewritten, folding, plan };
  };
  const plain = await lower(graph);
  const { lowered, report: recomputed } = budget
    ? await lowerWithin(plain, { ...budget, source, rates, lower: (modules) => lower(budget.differentiated(modules)) })
    : { lowered: plain };
  const report = compileReport(lowered, rates, recomputed);
  const state = options.weights ? options.weights.state.retain() : new StateStore(device);
  const executor = await Executor.create(device, lowered.plan, state, signal, recorder, lowered.folding);
  try {
    return new Session(executor, source, indexBounds(lowered.graph), report, training);
  } catch (error) {
    executor.dispose();
    throw error;
  }
}

interface CompileOptions {
  readonly training?: TrainingDescription | undefined;
  readonly budget?: TrainingBudget | undefined;
  readonly freeze?: boolean;
}

/** Runs a graph of weights alone. What it reads of them is in `state`, or is gone when it is done. */
async function computeOnce(
  device: Device,
  graph: Graph,
  state: StateStore,
  signal: AbortSignal | undefined,
): Promise<Map<string, TypedArray>> {
  const plan = planGraph(graph, planLimits(device));
  const executor = await Executor.create(device, plan, new StateStore(device, state), signal);
  try {
    executor.step();
    const outputs = [...plan.graph.outputs].map(async ([name, node]) => [name, await executor.read(node)] as const);
    return new Map(await Promise.all(outputs));
  } finally {
    executor.dispose();
  }
}

/** What a step may take, and how it is made with some modules computed again. */
interface TrainingBudget extends RecomputeBudget {
  readonly loss: string;
  readonly differentiated: (modules: readonly string[]) => Graph;
}

/** Throws UsageError for an option profile of another kind, ProfileError for a file that cannot be written. */
function recorderOf(what: string, { profile, weights }: CommonOptions): Recorder | undefined {
  return recorderFor(what, profile ?? weights?.recorder);
}

async function resolveDevice({ device, weights }: CommonOptions): Promise<Device> {
  const shared = weights?.device;
  if (device instanceof Promise) throw new UsageError('the option device must be a device, got a Promise: await it');
  const given = device === undefined || device instanceof Device ? device : await openDevice({ device });
  if (given && shared && given !== shared) {
    throw new DeviceError('validation', 'weights can be shared on one device only: leave out the option device');
  }
  return given ?? shared ?? openDevice();
}

/** Throws UsageError for what is no traced graph or weights of no session, NameError for unknown options. */
function requireArguments(what: string, graph: unknown, own: readonly string[], options: CommonOptions): void {
  if (!(graph instanceof TracedGraph)) {
    throw new UsageError(`${what}: takes the graph that trace(model, …) gives, got ${describeValue(graph)}`);
  }
  checkedOptions(what, [...commonOptions, ...own], options);
  if (options.weights !== undefined) requireSession('the option weights', options.weights);
}

function unknownOutput(name: string, graph: Graph): NameError {
  const close = closeNames(name, graph.outputs.keys());
  const hint = close.length > 0 ? `did you mean '${close[0]}'?` : `there are ${[...graph.outputs.keys()].join(', ')}`;
  return new NameError(`the graph has no output '${name}'; ${hint}`);
}
