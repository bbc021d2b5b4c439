import { describe, expect, test } from '@jest/globals';
import { EgglogError } from 'egglog-wasm';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { RoundLost, saturate, untilLastGoodRound, type RewriteLimits } from '../../lib/rewrite/saturate.js';
import { Phases } from '../../lib/rewrite/phases.js';
import { withRules } from '../../lib/rewrite/engine.js';
import { expectClose, sampleValues } from '../values.js';

/** Layers written with primitives: x·(1 + 0), doubly transposed products, and a sigmoid times its argument. */
function network(): Graph {
  const builder = new GraphBuilder();
  const { g } = builder;
  const input = builder.leaf('input', 'x', [4, 4], 'f32');
  let x: Node = input;
  for (let i = 0; i < 6; i++) {
    const product = g.transpose(g.matmul(g.transpose(x), g.transpose(g.transpose(x))));
    const scaled = g.mul(g.mul(product, g.scalar(0.5, x)), g.add(g.scalar(0.5, x), g.scalar(0, x)));
    x = g.mul(scaled, g.sigmoid(scaled));
  }
  return new Graph({ inputs: new Map([['x', input]]), outputs: new Map([['y', x]]) });
}

async function limited(limits: RewriteLimits) {
  const graph = network();
  const { graph: after, report } = await optimize(graph, discreteRates, undefined, limits);
  const values = { x: sampleValues(16, 3) };
  expectClose(interpret(after, values).outputs.get('y')!, interpret(graph, values).outputs.get('y')!, 1e-6);
  return report;
}

describe('a search that a limit ends gives the best program until then, and says so', () => {
  test.each<[string, RewriteLimits, RegExp]>([
    ['rows', { rows: 150 }, /^stopped in round \d: the e-graph has \d+ rows, more than 150$/],
    ['time', { milliseconds: 0 }, /^stopped in round 1: it took \d+ ms, more than 0$/],
    ['memory', { bytes: -1 }, /^stopped in round 1: it took \d+ bytes of memory, more than -1$/],
    ['rounds', { rounds: 1 }, /^stopped after 1 rounds, the most there may be$/],
    ['no rounds at all', { rounds: 0 }, /^stopped after 0 rounds/],
  ])('%s', async (_, limits, line) => {
    const [report, complete] = [await limited(limits), await limited({})];
    expect(report.stopped).toMatch(line);
    expect(complete.stopped).toBeUndefined();
    expect(report.predictedMicroseconds).toBeGreaterThanOrEqual(complete.predictedMicroseconds);
    expect(report.rounds).toBeLessThanOrEqual(complete.rounds);
  });

  test('each round more finds programs that are no worse', async () => {
    const costs: number[] = [];
    for (let rounds = 0; rounds <= 4; rounds++) costs.push((await limited({ rounds })).predictedMicroseconds);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs.at(-1)).toBeLessThan(costs[0]!);
  });
});

describe('where egglog fails in a round', () => {
  const panic = new EgglogError('out of memory', { kind: 'panic' });

  test('the round is known', () => {
    let runs = 0;
    const egraph = {
      get size() {
        return runs;
      },
      report: () => ({ rules: [], rulesets: [], iterations: 0 }),
      run: () => {
        if (++runs === 9) throw panic;
        return [];
      },
    };
    const error = thrownBy(() => saturate(egraph, 10, {}, undefined));
    expect(error).toBeInstanceOf(RoundLost);
    expect((error as RoundLost).round).toBe(2);
  });

  test('the search is done again up to the round before, and the report says so', async () => {
    const tried: (number | undefined)[] = [];
    const found = await untilLastGoodRound({ rows: 9 }, ({ rows, rounds }) => {
      tried.push(rounds);
      if (tried.length < 3) throw new RoundLost(5 - tried.length, panic);
      return Promise.resolve(rows);
    });
    expect(tried).toEqual([undefined, 3, 2]);
    expect(found).toEqual({
      result: 9,
      stopped: 'stopped after 2 rounds: egglog ran out of memory in the next one',
    });
  });

  test('other errors come out', async () => {
    const search = () => Promise.reject(new Error('another'));
    await expect(untilLastGoodRound({}, search)).rejects.toThrow('another');
  });

  test('the next graph gets a fresh e-graph', async () => {
    const before = await limited({});
    const lost = withRules((): void => {
      throw new RoundLost(1, panic);
    }, new Phases(undefined));
    await expect(lost).rejects.toBeInstanceOf(RoundLost);
    expect((await limited({})).predictedMicroseconds).toBe(before.predictedMicroseconds);
  });
});

function thrownBy(body: () => void): unknown {
  try {
    body();
    return undefined;
  } catch (error) {
    return error;
  }
}
