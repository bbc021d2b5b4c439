import { describe, expect, test } from '@jest/globals';
import { manualSeed, type Module } from '../../lib/index.js';
import * as layers from '../../lib/layers/index.js';

function spread(layer: Module, name: string) {
  const values = Array.from(layer.stateDict()[name]!.data, Number);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance), largest: Math.max(...values.map(Math.abs)) };
}

/** Layer, entry of its state dict, and the bound of the uniform distribution that PyTorch draws it from. */
const uniforms: [what: string, make: () => Module, name: string, bound: number][] = [
  ['Linear', () => new layers.Linear(64, 128), 'weight', 1 / 8],
  ['Linear', () => new layers.Linear(64, 2048), 'bias', 1 / 8],
  ['Conv1d', () => new layers.Conv1d(16, 64, 4), 'weight', 1 / 8],
  ['Conv2d', () => new layers.Conv2d(32, 64, [2, 4], { groups: 4 }), 'weight', 1 / 8],
  ['Conv2d', () => new layers.Conv2d(32, 2048, [2, 4], { groups: 4 }), 'bias', 1 / 8],
  // Of transposed convolutions PyTorch takes the channels that leave for the fan-in.
  ['ConvTranspose1d', () => new layers.ConvTranspose1d(64, 16, 4), 'weight', 1 / 8],
  ['ConvTranspose2d', () => new layers.ConvTranspose2d(64, 32, [2, 4], { groups: 4 }), 'weight', 1 / 8],
  ['ConvTranspose2d', () => new layers.ConvTranspose2d(4, 2048, 2, { groups: 4 }), 'bias', 1 / Math.sqrt(2048)],
  // √(6/(4·width)): the three projections are one matrix in PyTorch.
  ['MultiHeadAttention', () => new layers.MultiHeadAttention(64, 4), 'q_proj.weight', Math.sqrt(6 / 256)],
  ['MultiHeadAttention', () => new layers.MultiHeadAttention(64, 4), 'v_proj.weight', Math.sqrt(6 / 256)],
  ['MultiHeadAttention', () => new layers.MultiHeadAttention(64, 4), 'out_proj.weight', 1 / 8],
  ['MultiHeadAttention', () => new layers.MultiHeadAttention(64, 4, { kdim: 32 }), 'k_proj.weight', Math.sqrt(6 / 96)],
  ['MultiHeadAttention', () => new layers.MultiHeadAttention(64, 4, { kdim: 32 }), 'q_proj.weight', Math.sqrt(6 / 128)],
];

describe("initial values are PyTorch's", () => {
  test.each(uniforms)('%s %#: uniform', (_what, make, name, bound) => {
    manualSeed(3);
    const { mean, std, largest } = spread(make(), name);
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.99 * bound);
    expect(Math.abs(mean)).toBeLessThan(0.05 * bound);
    // Of 2048 values the standard deviation is off by 1.1 % itself.
    expect(Math.abs(std * Math.sqrt(3) - bound)).toBeLessThan(0.05 * bound);
  });

  test('Embedding: standard normal, and 0 for padding', () => {
    manualSeed(3);
    const { mean, std } = spread(new layers.Embedding(128, 64), 'weight');
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(std - 1)).toBeLessThan(0.03);
    const padded = new layers.Embedding(4, 2, { paddingIndex: -1 });
    const weight = Array.from(padded.stateDict()['weight']!.data);
    expect(weight.slice(6)).toEqual([0, 0]);
    expect(weight.slice(0, 6).every((value) => value !== 0)).toBe(true);
  });

  test('biases of attention are 0; norms are 1 and 0', () => {
    const all = (layer: Module, name: string, value: number) =>
      expect(Array.from(layer.stateDict()[name]!.data).every((given) => given === value)).toBe(true);
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      all(new layers.MultiHeadAttention(8, 2), `${name}.bias`, 0);
    }
    for (const norm of [new layers.LayerNorm(4), new layers.GroupNorm(2, 4), new layers.BatchNorm2d(4)]) {
      all(norm, 'weight', 1);
      all(norm, 'bias', 0);
    }
    all(new layers.RMSNorm(4), 'weight', 1);
    all(new layers.BatchNorm1d(4), 'running_mean', 0);
    all(new layers.BatchNorm1d(4), 'running_var', 1);
    all(new layers.BatchNorm1d(4), 'num_batches_tracked', 0);
  });
});
