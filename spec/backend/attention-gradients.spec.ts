import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { planGraph, type Plan, type PlanLimits } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { expandComposites } from '../../lib/ir/expand.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { isMacro } from '../../lib/ir/ops/index.js';
import { elementCount } from '../../lib/ir/shape.js';
import { runGraph } from '../run-graph.js';
import { expectClose } from '../values.js';
import { attend, masked, sampled, type Case, type Leaf } from './attention-cases.js';
import { limits } from './limits.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

interface SizedCase extends Case {
  /** Bytes that a tensor may have, where it is not little. */
  readonly most?: number;
}

const ROWS = [9, 50, 129].flatMap((queries) => [17, 33, 300].map((keys) => [queries, keys] as const));

/** Compiling kernels takes long on a software adapter: all that differs is in these. */
const cases: SizedCase[] = [
  {
    name: 'grouped heads, a causal window, keys that do not divide by four',
    write: attend(20, 35, { batch: [], heads: 4, groups: 2, causal: true, window: 7 }),
  },
  {
    name: 'floats to add for each batch, of which some are −∞, rows that see nothing, in f16',
    write: attend(20, 36, { heads: 1, mask: [2, 1, 20, 36], maskType: 'f16', size: 12, width: 20, dtype: 'f16' }),
    values: masked((i) => (i % 4 === 1 || Math.floor(i / 36) === 4 ? -Infinity : i % 7)),
    tolerance: 8e-3,
  },
];

const more: SizedCase[] = [
  ...ROWS.map(([queries, keys]) => ({ name: `${queries} queries, ${keys} keys`, write: attend(queries, keys) })),
  ...[6, 40, 64, 80, 96, 128, 160].map((size) => ({
    name: `heads of ${size}`,
    write: attend(20, Math.max(36, size + 4), { batch: [], size }),
    most: size > 80 ? 2 ** 18 : 2 ** 16,
  })),
  { name: 'so many heads that tiles have 64 rows', write: attend(70, 33, { batch: [20], heads: 4 }), most: 2 ** 18 },
  { name: 'values of another width', write: attend(20, 36, { size: 12, width: 20 }) },
  { name: 'grouped heads, causal', write: attend(20, 20, { heads: 6, groups: 2, causal: true }) },
  {
    name: 'a mask for each batch, rows that see nothing',
    write: attend(20, 36, { mask: [2, 1, 20, 36] }),
    values: masked((i) => (Math.floor(i / 36) % 5 === 2 ? 0 : i % 3)),
  },
  {
    name: 'floats to add, of which some are −∞',
    write: attend(20, 35, { mask: [2, 20, 35], maskType: 'f32' }),
    values: masked((i) => (i % 4 === 1 || Math.floor(i / 35) === 4 ? -Infinity : i % 7)),
  },
  {
    name: 'heads beside each other in memory, turned by their positions, maps of the result',
    write: ({ g }, leaf) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => g.permute(leaf(name, [30, 3, 16]), [1, 0, 2]));
      const positions = g.arange(30);
      const y = g.scaledDotProductAttention(g.rope(q!, positions), g.rope(k!, positions), v!, { causal: true });
      return g.square(g.reshape(g.permute(y, [1, 0, 2]), [30, 48]));
    },
    // Sums of squares.
    tolerance: 3e-5,
  },
  { name: 'f16', write: attend(20, 36, { size: 16, dtype: 'f16' }), tolerance: 8e-3 },
  {
    name: 'bf16, keys that do not divide by four',
    write: attend(20, 35, { size: 16, dtype: 'bf16' }),
    tolerance: 6e-2,
  },
  {
    name: 'scores that are no numbers',
    write: attend(20, 36, { batch: [], heads: 1 }),
    values: (name, count) => {
      const values = sampled(name, count);
      if (name === 'q') values[8 * 3 + 1] = NaN;
      return values;
    },
  },
  {
    name: 'rows of −∞ alone, by hand',
    write: ({ g }, leaf) => {
      const [q, k, v] = [leaf('q', [20, 16]), leaf('k', [36, 16]), leaf('v', [36, 16])];
      const scores = g.add(g.matmul(q, g.transpose(k)), leaf('mask', [20, 36]));
      return g.matmul(g.softmax(scores, { axis: -1 }), v);
    },
    values: masked((i) => (Math.floor(i / 36) === 5 ? -Infinity : i % 3)),
  },
];

/** What is differentiated: Σ y·upstream, for q, k and v. */
function graphOf({ write }: Pick<Case, 'write'>) {
  const first = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leafOf =
    (builder: GraphBuilder): Leaf =>
    (name, shape, dtype = 'f32') => {
      const node = builder.leaf('input', name, shape, dtype);
      inputs.set(name, node);
      return node;
    };
  const traced = new Graph({ outputs: new Map([['y', write(first, leafOf(first))]]) });
  const y = expandComposites(traced, isMacro).outputs.get('y')!;
  const builder = new GraphBuilder();
  builder.adopt([...traced.nodes(), ...new Graph({ outputs: new Map([['y', y]]) }).nodes()]);
  const { g } = builder;
  const upstream = leafOf(builder)('upstream', y.shape, y.dtype);
  const targets = ['q', 'k', 'v'].map((name) => inputs.get(name)!);
  const found = gradients(builder, g.sum(g.cast(g.mul(y, upstream), 'f32')), targets);
  const outputs = new Map([['y', y], ...['q', 'k', 'v'].map((name, i) => [name, found[i]!] as const)]);
  return { graph: new Graph({ inputs, outputs }), inputs, outputs };
}

const count = ({ kernels }: Plan, label: string) =>
  kernels.reduce((sum, kernel) => {
    const found = [...kernel.label.matchAll(new RegExp(`(?:(\\d+) × )?${label}`, 'g'))];
    return sum + found.reduce((n, [, times]) => n + Number(times ?? 1), 0);
  }, 0);

/** A device where the scores of all cases take a good part of a tensor. */
const small = { software: false, maxBindings: 10, maxBindingSize: 2 ** 16 };

describe('gradients of an attention', () => {
  test.each(process.env['TEST_SHAPES'] === undefined ? cases : [...cases, ...more])(
    'compute its weights again: $name',
    async (each) => {
      const { graph, inputs, outputs } = graphOf(each);
      const changes = { ...small, maxBindingSize: each.most ?? small.maxBindingSize };
      const plan = planGraph(graph, { ...limits, ...changes });
      expect(count(plan, 'attention gradient')).toBe(3);
      expect(count(plan, 'attention matmul')).toBe(1);
      const valuesOf = each.values ?? sampled;
      const values = new Map([...inputs].map(([name, node]) => [node, valuesOf(name, elementCount(node.shape))]));
      const results = await runGraph(device, values, Object.fromEntries(outputs), changes);
      const expected = interpret(
        graph,
        Object.fromEntries([...inputs].map(([name, node]) => [name, values.get(node)!])),
      );
      for (const name of outputs.keys()) {
        expectClose(results.get(name)!, expected.outputs.get(name)!, each.tolerance ?? 2e-5);
      }
    },
  );

  const planOf = (write: Case['write'], changes: Partial<PlanLimits> = {}) =>
    planGraph(graphOf({ write }).graph, { ...limits, ...small, ...changes });

  test('store nothing of the scores’ size', () => {
    const { memory } = planOf(attend(70, 150, { heads: 3, size: 16 }), { maxBindingSize: 2 ** 20 });
    const sizes = [...memory.places.keys()].map(({ shape }) => elementCount(shape));
    // Maxima, sums, those of the gradient; and the result and its gradient.
    expect(sizes.map((size) => size / (2 * 3 * 70)).sort((a, b) => a - b)).toEqual([1, 1, 1, 16, 16]);
  });

  test.each<[string, Case['write'], Partial<PlanLimits>]>([
    ['where scores are small beside what a tensor may have', attend(20, 36), { maxBindingSize: 2 ** 27 }],
    ['where values are wide', attend(20, 36, { width: 36 }), {}],
    ['on a software adapter', attend(20, 36), { software: true }],
    ['where a kernel would bind too much', attend(20, 36, { mask: [2, 2, 20, 36] }), { maxBindings: 8 }],
    ['where rows are few', attend(8, 200), {}],
    [
      'where something else needs the weights',
      ({ g }, leaf) => {
        const [q, k, v] = ['q', 'k', 'v'].map((name) => leaf(name, [2, 20, 12]));
        const weights = g.softmax(g.matmul(q!, g.transpose(k!)), { axis: -1 });
        return g.mul(g.matmul(weights, v!), g.mean(weights, { axes: -1, keepdims: true }));
      },
      {},
    ],
    [
      'where some weights are left out',
      ({ g }, leaf) => {
        const [q, k, v] = ['q', 'k', 'v'].map((name) => leaf(name, [2, 20, 12]));
        const weights = g.softmax(g.matmul(q!, g.transpose(k!)), { axis: -1 });
        return g.matmul(g.slice(weights, -2, { start: 5, stop: 20 }), v!);
      },
      {},
    ],
  ])('read weights that are stored %s', (_, write, changes) => {
    const plan = planOf(write, changes);
    expect([count(plan, 'attention gradient'), count(plan, 'attention matmul')]).toEqual([0, 0]);
  });
});
