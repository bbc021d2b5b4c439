import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph } from '../../lib/ir/graph.js';
import { ExplainError } from '../../lib/explain/errors.js';
import { explain } from '../../lib/explain/explain.js';
import { layered, type Item } from '../../lib/explain/layered.js';
import { graphPicture } from '../../lib/explain/picture.js';
import { mnist } from '../../lib/zoo/workloads/mnist.js';

/** A chain of operations in modules `layers.0`, `layers.1`, … of `length` operations each. */
function chain(layers: number, length: number): Graph {
  const builder = new GraphBuilder();
  const x = builder.leaf('input', 'x <&>', [2], 'f32');
  let y = x;
  for (let i = 0; i < layers; i++) {
    for (let j = 0; j < length; j++) y = builder.within(`layers.${i}`, () => builder.g.tanh(y));
  }
  return new Graph({ inputs: new Map([['x <&>', x]]), outputs: new Map([['y', y]]) });
}

describe('the picture of a graph', () => {
  test('shows both sides, names, types and results, and is an image', async () => {
    const { before, after } = await explain(mnist.trace());
    const svg = graphPicture('mnist', before, after, 'hidden');
    for (const text of ['mnist: hidden', 'as traced: 1 operation', 'hidden.weight', 'f32[128, 784]', '>linear<']) {
      expect(svg).toContain(text);
    }
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect(width).toBeGreaterThan(600);
    expect(height).toBeGreaterThan(100);
  });

  test('names are escaped', async () => {
    const svg = graphPicture('a < b', chain(1, 3), chain(1, 3));
    expect(svg).not.toContain('x <&>');
    await expect(sharp(Buffer.from(svg)).png().toBuffer()).resolves.toBeInstanceOf(Buffer);
  });

  test('a module that is not there is refused, with those that are', () => {
    const graph = chain(2, 3);
    expect(() => graphPicture('chain', graph, graph, 'layer.0')).toThrow(
      new ExplainError("chain has no module 'layer.0'; there are layers.0 (3), layers.1 (3)"),
    );
  });

  test('a graph too large for a picture is refused, with its modules', () => {
    const graph = chain(2, 200);
    expect(() => graphPicture('chain', graph, graph)).toThrow(
      new ExplainError(
        'chain has 400 operations, more than the 300 that a picture can show; choose a module in it: there are layers.0 (200), layers.1 (200)',
      ),
    );
  });
});

test('rows: each thing is below what it needs, and neighbours keep their distance', () => {
  const needs: Record<string, string[]> = {
    a: [],
    b: [],
    c: ['a', 'b'],
    d: ['c'],
    e: ['a', 'd'],
    f: [],
    g: ['e', 'f'],
  };
  const apart = (p: Item<string>, q: Item<string>) => (p.thing && q.thing ? 10 : 4);
  const { items, lines, rowCount } = layered(Object.keys(needs), (thing) => needs[thing]!, apart);
  const row = (thing: string) => items.get(thing)!.row;
  expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(row)).toEqual([0, 0, 1, 2, 3, 3, 4]);
  expect(rowCount).toBe(5);
  const all = [...new Set(lines.flat())];
  for (const p of all) {
    for (const q of all) {
      if (p !== q && p.row === q.row) expect(Math.abs(p.x - q.x)).toBeGreaterThan(apart(p, q) - 1e-9);
    }
  }
  expect(lines.map((line) => line.length)).toContain(4);
});
