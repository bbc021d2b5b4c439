/** Whether a GPU computes right: its results against those of the interpreter, which computes in f64 on the CPU. */
import type { Device } from '../../backend/device/device.js';
import { DeviceLostError } from '../../backend/device/errors.js';
import type { DType } from '../../ir/dtype.js';
import { interpret, type Values } from '../../ir/interpret.js';
import { buildSession } from '../../session/build.js';
import { trainingGraph } from '../../session/training-graph.js';
import { sgd } from '../../train/optimizers/sgd.js';
import { selfTestCases } from './cases.js';
import type { SelfTestCase } from './test-case.js';

/** What became of one case. */
export interface SelfTestResult {
  readonly name: string;
  /** What is wrong, in a sentence; undefined where nothing is. */
  readonly failure: string | undefined;
}

export interface SelfTest {
  readonly results: readonly SelfTestResult[];
  readonly milliseconds: number;
}

/** Runs all cases, one after the other. A case that cannot be built or run has failed; nothing is thrown. */
export async function selfTest(device: Device, cases = selfTestCases): Promise<SelfTest> {
  const start = performance.now();
  const results: SelfTestResult[] = [];
  for (const [name, make] of Object.entries(cases)) {
    const failure = await failureOf(device, make);
    results.push({ name, failure });
    if (device.isLost) break;
  }
  return { results, milliseconds: performance.now() - start };
}

async function failureOf(device: Device, make: () => SelfTestCase): Promise<string | undefined> {
  try {
    return await compared(device, make());
  } catch (error) {
    if (error instanceof DeviceLostError) return `the device was lost: ${error.message}`;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Outputs of one step, and with an optimizer all that it updates. Returns the first difference. */
async function compared(device: Device, { graph, feeds, trains }: SelfTestCase): Promise<string | undefined> {
  const optimizer = trains ? sgd({ learningRate: 0.5, momentum: 0.9 }) : undefined;
  const expected = interpret(optimizer ? trainingGraph(graph, { loss: 'loss', optimizer }) : graph, feeds);
  const session = await buildSession(graph, { device, ...(optimizer && { optimizer }) });
  try {
    session.step(feeds);
    for (const [name, { dtype }] of graph.outputs) {
      const actual = (await session.read(name as never)) as ArrayLike<number>;
      const found = difference(actual, expected.outputs.get(name)!, dtype);
      if (found !== undefined) return `${name}${found}`;
    }
    for (const { name, state, data } of await session.held.snapshot()) {
      const values = expected.updates.get(name);
      const found = values && difference(data, values, state.node.dtype);
      if (found !== undefined) return `${name} after the step${found}`;
    }
    await device.settled();
    return undefined;
  } finally {
    session.dispose();
  }
}

/**
 * What results may differ by, as a share of the largest: sums of some hundred products are rounded by up to 1e-5 of it in
 * f32, and GPUs have functions that are less exact than that; integers are exact. An error in a kernel is far larger.
 */
const TOLERANCE: Readonly<Record<DType, number>> = { f32: 1e-4, f16: 4e-3, bf16: 3e-2, i32: 0, u32: 0, bool: 0 };

function difference(actual: ArrayLike<number>, expected: Values, dtype: DType): string | undefined {
  if (actual.length !== expected.length) return ` has ${actual.length} values, and should have ${expected.length}`;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const allowed = TOLERANCE[dtype] * largest;
  const wrong = expected.findIndex((value, at) => !(Math.abs(Number(actual[at]) - value) <= allowed));
  if (wrong < 0) return undefined;
  const count = expected.filter((value, at) => !(Math.abs(Number(actual[at]) - value) <= allowed)).length;
  return `[${wrong}] is ${actual[wrong]}, and should be ${expected[wrong]}; ${count} of ${expected.length} values are wrong`;
}
