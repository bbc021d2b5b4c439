import { expect, test } from '@jest/globals';
import { hasBrowser, runInPage } from '../page.js';
import { decodeTrace } from './official.js';

/** A product of matrices, three times, in a page; without the rewriter, whose WebAssembly a bundler would bring. */
const CODE = `
  import { openDevice } from '/lib/backend/device/open.js';
  import { Executor, planLimits } from '/lib/backend/execution/executor.js';
  import { StateStore } from '/lib/backend/execution/state.js';
  import { planGraph } from '/lib/backend/planning/plan.js';
  import { GraphBuilder } from '/lib/ir/build.js';
  import { Graph } from '/lib/ir/graph.js';
  import { Profiler } from '/lib/profile/profiler.js';
  import '/lib/profile/register.js';

  const builder = new GraphBuilder();
  const x = builder.leaf('input', 'x', [64, 64], 'f32');
  const graph = new Graph({ inputs: new Map([['x', x]]), outputs: new Map([['y', builder.g.matmul(x, x)]]) });
  const device = await openDevice();
  const profiler = new Profiler();
  const plan = planGraph(graph, planLimits(device));
  const executor = await Executor.create(device, plan, new StateStore(device), undefined, profiler);
  for (let step = 0; step < 3; step++) executor.step();
  let refusal = '';
  try {
    new Profiler({ path: 'trace.pftrace' });
  } catch (error) {
    refusal = error.message;
  }
  export default { bytes: [...(await profiler.bytes())], stamped: device.features.has('timestamp-query'), refusal };
`;

(hasBrowser ? test : test.skip)(
  'a page gets the same trace as bytes',
  async () => {
    const { bytes, stamped, refusal } = (await runInPage(CODE)) as {
      bytes: number[];
      stamped: boolean;
      refusal: string;
    };
    const { slices } = decodeTrace(Uint8Array.from(bytes));
    expect(slices.filter(({ name }) => name === 'submit')).toHaveLength(3);
    expect(slices.filter(({ category }) => category === 'kernel')).toHaveLength(stamped ? 3 : 0);
    expect(refusal).toMatch(/^a profile can be written to a file in Node .* pass a Profiler and take its bytes\(\)$/);
  },
  60_000,
);
