/**
 * A forward step of whole models with weights as they are and with `{ freeze: true }`, in turns:
 *
 *     npx tsx bench/workloads/freeze.ts [names…]
 *
 * Prints the least milliseconds of a step of several rounds, dispatches and bytes of both.
 */
import { buildInferenceSession } from '../../lib/session/build.js';
import { workloads } from '../../lib/zoo/workloads/index.js';

const ROUNDS = 5;
const STEPS = 20;
const MEBIBYTE = 2 ** 20;

const names = process.argv.length > 2 ? process.argv.slice(2) : workloads.map(({ name }) => name);
for (const name of names) {
  const workload = workloads.find((known) => known.name === name);
  if (!workload)
    throw new Error(`there is no workload '${name}', but ${workloads.map((known) => known.name).join(', ')}`);
  const feeds = workload.feeds();
  const sides = [];
  for (const freeze of [false, true]) {
    const session = await buildInferenceSession(workload.trace(), { freeze, cache: false });
    sides.push({ freeze, session, step: () => session.step(feeds as never), least: Infinity });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) {
      const start = performance.now();
      for (let i = 0; i < STEPS; i++) side.step();
      await side.session.read([...side.session.outputs.keys()][0] as never);
      side.least = Math.min(side.least, (performance.now() - start) / STEPS);
    }
  }
  for (const { freeze, session, least } of sides) {
    const { dispatches } = session.report();
    const bytes = (session.memory().total / MEBIBYTE).toFixed(0);
    console.log(
      `${name}${freeze ? ', frozen' : ''}: ${least.toPrecision(4)} ms, ${dispatches} dispatches, ${bytes} MiB`,
    );
  }
  console.log(`${name}: ${(sides[1]!.least / sides[0]!.least).toFixed(3)} times as long frozen`);
  for (const { session } of sides) session.dispose();
}
