import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { gradients } from '../../lib/autodiff/gradients.js';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { Executor, planLimits } from '../../lib/backend/execution/executor.js';
import { toStorage } from '../../lib/backend/execution/feed.js';
import { StateStore } from '../../lib/backend/execution/state.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { parseSafetensors } from '../../lib/hub/safetensors.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { typedArray } from '../../lib/ir/typed-array.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { REFERENCE_DIR } from '../reference-dir.js';
import { operations, type ReferenceAttributes } from './operations.js';

interface Entry {
  readonly op: string;
  readonly n: number;
  readonly attrs: ReferenceAttributes;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly differentiated: readonly string[];
  readonly tensors: Readonly<Record<string, { dtype: string; shape: readonly number[]; f64_max_abs_diff?: number }>>;
}

const folder = path.join(REFERENCE_DIR, 'ops');
const { entries } = JSON.parse(fs.readFileSync(path.join(folder, 'ops.json'), 'utf8')) as { entries: Entry[] };
const data = parseSafetensors(fs.readFileSync(path.join(folder, 'ops.safetensors')), 'ops.safetensors');

const dtypes: Readonly<Record<string, DType>> = {
  float32: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
  int32: 'i32',
  int64: 'i32',
  bool: 'bool',
};

/** As torch.testing.assert_close has it for f32. */
const RELATIVE = 1.3e-6;
const ABSOLUTE = 1e-5;
/** Operations that need more, by a factor, each with its reason. */
const wider: Readonly<Record<string, number>> = {
  // Angles of 999 radians in f32 are off by 3e-5: cos(999·10000^(−1/7)) is −0.5686485, in the reference −0.5686215.
  timestep_embedding: 3,
};

function valuesOf({ op, n, tensors }: Entry, name: string): ArrayLike<number> {
  const key = `${op}.${n}.${name}`;
  return /float/.test(tensors[key]!.dtype) ? data.float32(key) : data.int32(key);
}

/** One variant as a graph: its outputs, and the gradients of Σ upstream·output in what the reference differentiates. */
function graphOf(entry: Entry): { graph: Graph; values: Record<string, ArrayLike<number>> } {
  const builder = new GraphBuilder();
  const { g } = builder;
  const values: Record<string, ArrayLike<number>> = {};
  const leaf = (name: string): Node => {
    const { dtype, shape } = entry.tensors[`${entry.op}.${entry.n}.${name}`]!;
    values[name] = valuesOf(entry, name);
    return builder.leaf('input', name, shape, dtypes[dtype]!);
  };
  const inputs = Object.fromEntries(entry.inputs.map((name) => [name, leaf(`in.${name}`)]));
  const written = operations[entry.op]!(g, inputs, entry.attrs);
  const results = 'op' in written ? { [entry.outputs[0]!]: written as Node } : (written as Record<string, Node>);
  expect(Object.keys(results)).toEqual(entry.outputs);
  const outputs = new Map(Object.entries(results).map(([name, node]) => [`out.${name}`, node]));
  const ups = entry.outputs.filter((name) => `${entry.op}.${entry.n}.up.${name}` in entry.tensors);
  const leaves = Object.values(inputs);
  if (entry.differentiated.length > 0) {
    const terms = ups.map((name) => {
      const up = leaf(`up.${name}`);
      leaves.push(up);
      return g.sum(g.mul(results[name]!, up));
    });
    const targets = entry.differentiated.map((name) => inputs[name]!);
    const found = gradients(builder, terms.reduce((a, b) => g.add(a, b)), targets); // prettier-ignore
    found.forEach((gradient, i) => {
      const target = targets[i]!;
      const zero = g.broadcastTo(g.scalar(0, target), target.shape);
      outputs.set(`grad.${entry.differentiated[i]}`, gradient ?? zero);
    });
  }
  const used = new Map(leaves.map((node) => [node.attrs['name'] as string, node]));
  return { graph: new Graph({ inputs: used, outputs }), values };
}

/** Fails with the worst element where any is further off than the tolerance. */
function expectReference(entry: Entry, name: string, actual: ArrayLike<number>): void {
  const expected = valuesOf(entry, name);
  const { f64_max_abs_diff: noise = 0, dtype } = entry.tensors[`${entry.op}.${entry.n}.${name}`]!;
  expect(actual.length).toBe(expected.length);
  let worst = { excess: 0, text: '' };
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const allowed = (ABSOLUTE + RELATIVE * Math.abs(b)) * (wider[entry.op] ?? 1);
    // The reference is off by its noise from the true result, and ours may be as much, to the other side.
    const ratio = Math.abs(a - b) / Math.max(allowed, 2 * noise);
    const excess = dtype === 'float32' && !entry.op.startsWith('cast') && !Number.isNaN(ratio) ? ratio : Infinity;
    if (excess > Math.max(1, worst.excess)) worst = { excess, text: `${name}[${i}]: ${a} against ${b}` };
  }
  if (worst.text) throw new Error(`${worst.text}, ${worst.excess} times what is allowed`);
}

const shapesOf = ({ op, n, inputs, tensors }: Entry) =>
  inputs.map((name) => `${name} [${tensors[`${op}.${n}.in.${name}`]!.shape.join(', ')}]`).join(' ');

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const known = entries.filter(({ op }) => op in operations);

describe('operations of the reference, with their gradients', () => {
  const named = known.map((entry) => [entry.op, entry.n, `${shapesOf(entry)} ${JSON.stringify(entry.attrs)}`, entry] as const); // prettier-ignore

  test.each(named)('%s.%d %s, interpreted', (_op, _n, _shapes, entry) => {
    const { graph, values } = graphOf(entry);
    for (const [name, actual] of interpret(graph, values).outputs) expectReference(entry, name, actual);
  });

  test.each(named)('%s.%d %s, on WebGPU', async (_op, _n, _shapes, entry) => {
    const { graph: traced, values } = graphOf(entry);
    const { graph } = await optimize(traced, discreteRates);
    const executor = await Executor.create(device, planGraph(graph, planLimits(device)), new StateStore(device));
    try {
      for (const [name, leaf] of graph.inputs) {
        executor.write(leaf, toStorage(name, leaf, typedArray(leaf.dtype, values[name]!)));
      }
      executor.step();
      for (const [name, node] of executor.plan.graph.outputs) expectReference(entry, name, await executor.read(node));
    } finally {
      executor.dispose();
    }
  });

  test('are all written with the op table', () => {
    const missing = [...new Set(entries.map(({ op }) => op))].filter((op) => !(op in operations));
    expect(missing).toEqual([]);
  });
});
