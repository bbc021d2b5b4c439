import { describe, expect, test } from '@jest/globals';
import { buildSession, concat, input, Module, parameter, relu, slice, trace, transpose, type Tensor } from 'meganeura';
import { exp, matmul } from '../../lib/dsl/generated/ops.js';
import { Graph, type State } from '../../lib/ir/graph.js';
import { discreteRates, softwareRates } from '../../lib/rewrite/cost.js';
import { explainCommand, explanationJson } from '../../lib/explain/command.js';
import { ExplainError } from '../../lib/explain/errors.js';
import { explain } from '../../lib/explain/explain.js';
import { explanationText } from '../../lib/explain/text.js';
import { mnist } from '../../lib/zoo/workloads/mnist.js';
import { expectClose } from '../values.js';

const exponential = () => trace({ x: input([1024]) }, ({ x }: { x: Tensor<[1024], 'f32'> }) => ({ y: exp(x) }));

describe('what a step costs', () => {
  test('a map reads and writes each element once', async () => {
    const { report } = await explain(exponential());
    expect([report.dispatches, report.bytes]).toEqual([1, 2 * 4096]);
    const { launch, cache, accesses, operations, processors, waits } = discreteRates;
    // 4 workgroups of 64; each of their invocations loads, computes and stores a vector, and an exponential is 5 additions.
    const work = 256 * (8 / accesses + (4 * 5) / operations) * (processors / 4);
    const microseconds = launch + 8192 / cache.bandwidth + work + waits.cache;
    expectClose([report.predictedMilliseconds], [microseconds / 1000], 1e-12);
  });

  test('a large product is bound by arithmetic', async () => {
    const graph = trace({ a: input([512, 512]), b: input([512, 512]) }, ({ a, b }) => ({ y: matmul(a, b) }));
    const { report } = await explain(graph, 'software');
    expect(report.bytes).toBe(3 * 512 * 512 * 4);
    const arithmetic = 512 ** 3 / softwareRates.terms / 1000;
    expect(report.predictedMilliseconds / arithmetic).toBeGreaterThan(1);
    expect(report.predictedMilliseconds / arithmetic).toBeLessThan(2);
  });

  test('is no higher after rewriting than before', async () => {
    const { report, unoptimized } = await explain(mnist.trace());
    expect(report.dispatches).toBeLessThanOrEqual(unoptimized.dispatches);
    expect(report.predictedMilliseconds).toBeLessThanOrEqual(unoptimized.microseconds / 1000);
  });
});

test('no weight is made', async () => {
  const graph = mnist.trace();
  const parameters = new Map(
    [...graph.parameters].map(([name, { node }]): [string, State] => {
      const initial = () => {
        throw new Error(`${name} was made`);
      };
      return [name, { node, initial }];
    }),
  );
  const { inputs, buffers, outputs, updates, inputDefaults } = graph;
  const { report } = await explain(new Graph({ inputs, parameters, buffers, outputs, updates, inputDefaults }));
  expect(report.dispatches).toBeGreaterThan(0);
});

test('as JSON it has the documented keys, and so has the report of a session', async () => {
  const keys = ['nodesBefore', 'nodesAfter', 'dispatches', 'bytes', 'predictedMilliseconds', 'rewriteSeconds', 'rules'];
  const graph = exponential();
  expect(Object.keys(explanationJson(await explain(graph)))).toEqual(keys);
  const session = await buildSession(graph);
  const report = session.report();
  session.dispose();
  expect(Object.keys(report)).toEqual(expect.arrayContaining(keys));
  expect([report.dispatches, report.bytes]).toEqual([1, 8192]);
  expect(report.predictedMilliseconds).toBeGreaterThan(0);
});

test('as text it has what was found rule by rule, and the kernels', async () => {
  const text = explanationText('mnist', await explain(mnist.trace()));
  expect(text).toMatch(/^mnist, planned for a large discrete GPU\n/);
  for (const row of ['operations', 'dispatches', 'bytes moved', 'predicted time']) {
    expect(text).toMatch(new RegExp(`^${row} +\\S+`, 'm'));
  }
  expect(text).toMatch(
    /^Rewriting took \d\.\d{3} s, \d+ rounds, \d+ rows in the e-graph; nothing was left to find\.$/m,
  );
  expect(text).toMatch(/^Of \d+ parts of the graph \d+ differ: \d+ nodes went into the e-graph\.$/m);
  for (const part of ['write out macros', 'run rules', 'extract', 'rebuild', 'types', 'composites']) {
    expect(text).toMatch(new RegExp(`^${part} +\\S+ ms$`, 'm'));
  }
  expect(text).toMatch(/^softmaxCrossEntropy recognized +1 +\S+ ms$/m);
  expect(text).toMatch(/^contraction .*matmul.* +\d+ +\S+ (B|KiB|MiB) +\S+ ms$/m);
});

test('a search that was cut short says so, in text and JSON', async () => {
  const explanation = await explain(exponential());
  const rewrite = { ...explanation.report.rewrite!, stopped: 'stopped in round 2: it took 30000 ms, more than 20000' };
  const cut = { ...explanation, report: { ...explanation.report, rewrite } };
  expect(explanationText('x', cut)).toContain('; it stopped in round 2: it took 30000 ms, more than 20000.');
  expect(explanationJson(cut)['stopped']).toBe(rewrite.stopped);
});

describe('where weights are frozen', () => {
  const width = 256;
  const heads = 64;

  class Projections extends Module {
    q = parameter([width, width]);
    k = parameter([heads, width]);
    v = parameter([heads, width]);

    forward(x: Tensor<[128, 256], 'f32'>) {
      return [this.q, this.k, this.v].map((weight) => relu(matmul(x, transpose(weight))));
    }

    joined(x: Tensor<[128, 256], 'f32'>) {
      const all = matmul(x, transpose(concat([this.q, this.k, this.v], { axis: 0 })));
      const ends = [0, width, width + heads, width + 2 * heads];
      return ends.slice(1).map((stop, i) => relu(slice(all, -1, { start: ends[i]!, stop })));
    }
  }

  const explained = (write: 'forward' | 'joined') => {
    const model = new Projections();
    const graph = trace(model, { x: input([128, width]) }, ({ x }) => {
      const [queries, keys, values] = model[write](x);
      return { queries: queries!, keys: keys!, values: values! };
    });
    return explain(graph, 'discrete', { freeze: true });
  };

  test('joined weights are made once, and projections apart are cheaper still: they share a dispatch with what follows', async () => {
    const [apart, joined] = [await explained('forward'), await explained('joined')];
    expect(apart.report.folded).toEqual({ operations: 0, bytes: 0 });
    expect(joined.report.folded!.bytes).toBe(4 * width * (width + 2 * heads));
    expect([apart.report.dispatches, joined.report.dispatches]).toEqual([1, 2]);
    expect(apart.report.predictedMilliseconds).toBeLessThan(joined.report.predictedMilliseconds);
    expect(apart.report.bytes).toBeLessThan(joined.report.bytes);
  });

  test('the text says what is computed once, and JSON too', async () => {
    const joined = await explained('joined');
    expect(explanationText('x', joined)).toMatch(/^Computed once: \d+ operations, 384 KiB of results\.$/m);
    expect(explanationJson(joined)['folded']).toEqual(joined.report.folded);
    await expect(explainCommand(['mnist', '--training', '--freeze'])).rejects.toThrow(ExplainError);
  });
});
