/** Takes the times of the kernels of all cases on the adapter that is there. */
import { availableParallelism } from 'node:os';
import type { Device } from '../../lib/backend/device/device.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage, type StoredArray } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph, type Plan, type PlanLimits } from '../../lib/backend/planning/plan.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { isHalf, toHalfBits } from '../../lib/ir/half.js';
import { elementCount } from '../../lib/ir/shape.js';
import type { CostCase } from './cases.js';
import { Stopwatch } from './stopwatch.js';

/** What was measured on one adapter. */
export interface Measurement {
  readonly adapter: string;
  readonly date: string;
  readonly limits: PlanLimits;
  /** Microseconds of each case by its name: of all its kernels together. */
  readonly cases: Readonly<Record<string, number>>;
}

/** Rounds over all cases, so that what else the machine does disturbs all of them alike. */
const ROUNDS = 7;
/** Microseconds from which a kernel of a software adapter is likely to be interrupted by what else the machine does. */
const LONG = 1000;
/** Microseconds of processors for a measurement to be worth something. */
const ENOUGH = 20_000;

/** Measures cases on a device. Throws where it stamps nothing. `progress` is told how far it is. */
export async function measure(
  device: Device,
  cases: readonly CostCase[],
  progress: (text: string) => void,
): Promise<Measurement> {
  const limits = planLimits(device);
  const stamps = new StampClock(device);
  const taken = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  const runs: { name: string; run: Run }[] = [];
  for (const { name, graph } of cases) {
    const [plan, write] = planned(graph(), limits);
    let run = await stamps.prepare(plan, write);
    if (limits.software && Math.min(...(await run.time())) > LONG) {
      run.dispose();
      run = await repeated(device, plan, write);
    }
    runs.push({ name, run });
  }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, run } of runs) {
      const microseconds = await run.time();
      // The first round is for compilers and for clocks to rise.
      if (round > 0) taken.get(name)!.push(...microseconds);
    }
    progress(`round ${round} of ${ROUNDS}`);
  }
  for (const { run } of runs) run.dispose();
  return {
    adapter: device.info.name,
    date: new Date().toISOString().slice(0, 10),
    limits,
    cases: Object.fromEntries([...taken].map(([name, times]) => [name, Number(lowerQuartile(times).toPrecision(4))])),
  };
}

/** Something that is ready to be timed. */
interface Run {
  /** Runs it some times: microseconds of each. */
  time(): Promise<readonly number[]>;
  dispose(): void;
}

/** By the device's time stamps, in steps that are submitted in a row. */
class StampClock {
  private readonly stopwatch = new Stopwatch();
  private sessions = 0;

  constructor(private readonly device: Device) {}

  async prepare(plan: Plan, write: (executor: Executor) => void): Promise<Run> {
    const executor = await Executor.create(this.device, plan, new StateStore(this.device), undefined, this.stopwatch);
    if (!this.stopwatch.timestamps) throw new Error('this device has no timestamp queries');
    write(executor);
    const session = ++this.sessions;
    return {
      time: async () => {
        for (let step = 0; step < 6; step++) executor.step();
        await this.stopwatch.settled();
        return this.stopwatch.steps.get(session)!.splice(0);
      },
      dispose: () => executor.dispose(),
    };
  }
}

/**
 * By the processors' time, over how many there are: what long kernels of a software adapter take when nothing else runs,
 * also while something does. They are repeated within a step until their time is far above that of submitting it.
 */
async function repeated(device: Device, plan: Plan, write: (executor: Executor) => void): Promise<Run> {
  let repeats = 1;
  for (;;) {
    const kernels = Array.from({ length: repeats }, () => plan.kernels).flat();
    const executor = await Executor.create(device, { ...plan, kernels }, new StateStore(device));
    write(executor);
    const took = async () => {
      const before = process.cpuUsage();
      executor.step();
      await device.gpu.queue.onSubmittedWorkDone();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / availableParallelism();
    };
    await took();
    const least = Math.min(await took(), await took());
    if (least >= ENOUGH) {
      return { time: async () => [(await took()) / repeats], dispose: () => executor.dispose() };
    }
    repeats = Math.ceil((repeats * ENOUGH * 1.3) / least);
    executor.dispose();
  }
}

/** The plan of a case, and what writes its inputs. */
function planned(
  { graph, limits: below }: ReturnType<CostCase['graph']>,
  limits: PlanLimits,
): [Plan, (executor: Executor) => void] {
  const write = (executor: Executor) => {
    for (const node of graph.inputs.values()) executor.write(node, valuesFor(node, below.get(node)));
  };
  return [planGraph(graph, limits), write];
}

/** Other work on the machine only ever adds to a time. */
function lowerQuartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)]!;
}

/** Whole numbers below the limit in any order, or 0.5 everywhere: times depend on where values point to, and on no other. */
function valuesFor(node: Node, limit: number | undefined): StoredArray {
  const count = elementCount(node.shape);
  if (limit === undefined) {
    const half = isHalf(node.dtype);
    const values = half
      ? new Uint16Array(count).fill(toHalfBits(node.dtype, [0.5], 1)[0]!)
      : new Float32Array(count).fill(0.5);
    return toStorage(leafName(node), node, values);
  }
  let state = 1;
  // Numerical Recipes' generator.
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return toStorage(
    leafName(node),
    node,
    Int32Array.from({ length: count }, () => Math.floor(next() * limit)),
  );
}
