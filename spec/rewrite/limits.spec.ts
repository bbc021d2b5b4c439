import { beforeAll, describe, expect, test } from '@jest/globals';
import { EgglogError, init } from 'egglog-wasm';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, topologicalOrder, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { readCandidates } from '../../lib/rewrite/candidates.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { encode } from '../../lib/rewrite/encode.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { declaredEGraph, loadRules, ruleTexts } from '../../lib/rewrite/program.js';
import { wholeGraph } from '../../lib/rewrite/regions.js';
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
    [
      'rows',
      { rows: 150 },
      /^stopped in round \d: the e-graph has \d+ rows, more than 150, most of them from the rules of '\w+'$/,
    ],
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

/** Rules that never end, and how many terms the sum has that they work on. */
const hostile: [string, number, string][] = [
  ['associativity beside commutativity', 40, '(rule ((= e (Add (Add a b) c))) ((union e (Add a (Add b c)))) :ruleset algebra :name "(a + b) + c")'], // prettier-ignore
  ['associativity within commutativity', 40, '(rule ((= e (Add (Add a b) c))) ((union e (Add a (Add b c)))) :ruleset commutativity :name "(a + b) + c")'], // prettier-ignore
  [
    'a rule that makes ever more of itself',
    40,
    '(rule ((= e (Add a b))) ((Add e (Mul a e))) :ruleset views :name "more")',
  ],
  [
    'a rule that pairs all sums',
    200,
    '(rule ((= e (Add a b)) (= f (Add c d))) ((Mul e f)) :ruleset algebra :name "pairs")',
  ],
];

describe('a rule that would never end does not keep the others from finding what they can', () => {
  beforeAll(() => init());
  test.each(hostile)('%s', (_, terms, rule) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const leaves = Array.from({ length: terms }, (_, i) => builder.leaf('input', `x${i}`, [4], 'f32'));
    const sum = leaves.reduce<Node>((total, x) => g.add(total, x), g.neg(g.neg(leaves[0]!)));
    const nodes = topologicalOrder([g.mul(sum, g.sigmoid(sum))]);
    const egraph = declaredEGraph();
    for (const [file, text] of Object.entries({ ...ruleTexts, 'hostile.egg': rule })) loadRules(egraph, file, text);
    egraph.insert(encode([wholeGraph(nodes)]).entries);
    const { stopped } = saturate(egraph, nodes.length, {}, undefined);
    expect(stopped).toMatch(
      /^stopped in round \d+: the e-graph has \d+ rows, more than \d+, most of them from the rules of '/,
    );
    const { found } = readCandidates(egraph);
    egraph.free();
    const constructors = new Set(found.nodes.map(({ constructor }) => constructor));
    if (terms === 40 && !rule.includes(':ruleset commutativity')) expect(constructors).toContain('Silu');
  });

  test('a ruleset that explodes is left out of the next round', () => {
    let size = 0;
    const runs: string[] = [];
    const egraph = {
      get size() {
        return size;
      },
      report: () => ({ rules: [], rulesets: [], iterations: 0 }),
      run: (program: string) => {
        const ruleset = /\(run (\w+)\)/.exec(program)![1]!;
        runs.push(ruleset);
        if (ruleset === 'algebra') size += 200;
        return [];
      },
    };
    const { rounds, stopped } = saturate(egraph, 10, { rows: 900 }, undefined);
    expect(stopped).toContain("most of them from the rules of 'algebra'");
    // In rounds 1, 3, 6, 10 and 15: it waits a round longer each time.
    expect([rounds, runs.filter((name) => name === 'algebra').length]).toEqual([15, 5]);
    expect(runs.filter((name) => name === 'views')).toHaveLength(14);
  });
});

describe('where egglog fails in a round', () => {
  const panic = new EgglogError('out of memory', { kind: 'panic' });

  test('the round is known', () => {
    let size = 0;
    const egraph = {
      get size() {
        return size;
      },
      report: () => ({ rules: [], rulesets: [], iterations: 0 }),
      run: (program: string) => {
        if (program.includes('algebra') && ++size === 2) throw panic;
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
    const lost = withRules(
      [],
      (): void => {
        throw new RoundLost(1, panic);
      },
      new Phases(undefined),
    );
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
