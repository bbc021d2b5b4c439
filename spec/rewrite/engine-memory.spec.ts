import { expect, test } from '@jest/globals';
import { EGraph, memoryBytes } from 'egglog-wasm';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph } from '../../lib/ir/graph.js';
import { printGraph } from '../../lib/ir/print.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';

function graph() {
  const builder = new GraphBuilder();
  const x = builder.leaf('input', 'x', [4, 4], 'f32');
  const y = builder.g.transpose(builder.g.transpose(builder.g.exp(x)));
  return new Graph({ inputs: new Map([['x', x]]), outputs: new Map([['y', y]]) });
}

test('memory that egglog has taken and does not need is given back, and rewriting goes on', async () => {
  const first = await optimize(graph(), discreteRates);
  const before = memoryBytes();
  const egraph = new EGraph();
  egraph.run('(datatype Math (Num i64))');
  for (let from = 0; memoryBytes() <= before + 2 ** 27; from += 200_000) {
    egraph.insert(Array.from({ length: 200_000 }, (_, i) => ['Num', from + i]));
  }
  egraph.free();
  await optimize(graph(), discreteRates);
  expect(memoryBytes()).toBeLessThan(before + 2 ** 27);
  const again = await optimize(graph(), discreteRates);
  expect(printGraph(again.graph)).toBe(printGraph(first.graph));
});
