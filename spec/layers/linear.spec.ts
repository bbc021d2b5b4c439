import { describe, expect, test } from '@jest/globals';
import { Linear } from '../../lib/layers/linear.js';
import { input, manualSeed, trace } from '../../lib/index.js';
import { interpret } from '../../lib/ir/interpret.js';

describe('Linear', () => {
  test("has PyTorch's layout and initial ranges", () => {
    const layer = new Linear(100, 50);
    const { weight, bias } = layer.stateDict();
    expect(weight).toMatchObject({ shape: [50, 100], dtype: 'f32' });
    expect(bias).toMatchObject({ shape: [50], dtype: 'f32' });
    for (const { data } of [weight!, bias!]) {
      const largest = Math.max(...Array.from(data, Math.abs));
      expect(largest).toBeLessThanOrEqual(0.1);
      expect(largest).toBeGreaterThan(0.09);
    }
  });

  test('computes x·weightᵀ + bias over the last dimension', () => {
    const layer = new Linear(2, 3);
    layer.loadStateDict({
      weight: { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] },
      bias: { shape: [3], data: [10, 20, 30] },
    });
    const graph = trace(layer, { x: input([1, 2, 2]) });
    const { outputs } = interpret(graph, { x: [1, 1, 0, -1] });
    expect(Array.from(outputs.get('output')!)).toEqual([13, 27, 41, 8, 16, 24]);
    expect(graph.nodes().map((node) => node.op)).toContain('linear');
  });

  test('leaves the bias out', () => {
    const layer = new Linear(2, 3, { bias: false });
    expect(Object.keys(layer.stateDict())).toEqual(['weight']);
    layer.loadStateDict({ weight: { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] } });
    const { outputs } = interpret(trace(layer, { x: input([1, 2]) }), { x: [1, 1] });
    expect(Array.from(outputs.get('output')!)).toEqual([3, 7, 11]);
  });

  test('has the same values for the same seed and order of construction', () => {
    const values = () => [new Linear(3, 4), new Linear(3, 4)].map((layer) => layer.stateDict()['weight']!.data);
    manualSeed(7);
    const [first, second] = values();
    expect(first).not.toEqual(second);
    manualSeed(7);
    expect(values()).toEqual([first, second]);
    manualSeed(8);
    expect(values()[0]).not.toEqual(first);
  });

  test('of no inputs starts with bias 0', () => {
    expect(Array.from(new Linear(0, 2).stateDict()['bias']!.data)).toEqual([0, 0]);
  });
});
