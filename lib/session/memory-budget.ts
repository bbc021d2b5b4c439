import { ownOutputs, storageBytes, type Plan } from '../backend/planning/plan.js';
import { planCost } from '../backend/planning/predict.js';
import { ValueError } from '../ir/errors.js';
import type { Graph } from '../ir/graph.js';
import type { AdapterRates } from '../rewrite/cost.js';
import type { Folding } from './folding.js';
import type { Rewritten } from './plan-cache.js';
import { RecomputeChooser } from './recompute-choice.js';
import { candidatesIn } from './recompute.js';

/** A graph and what the compiler makes of it. */
export interface Lowered {
  readonly graph: Graph;
  readonly rewritten: Rewritten | undefined;
  /** What is computed once; undefined where that is not asked for. */
  readonly folding?: Folding | undefined;
  readonly plan: Plan;
}

/** What was chosen so that a step fits. */
export interface RecomputeReport {
  /** Paths of the modules whose inside the backward pass computes again; none where the step fits without. */
  readonly modules: readonly string[];
  /** What that adds to the predicted time of a step. */
  readonly predictedMilliseconds: number;
  /** Bytes on the device, as `session.memory().total` counts them, where nothing is computed again. */
  readonly bytesBefore: number;
  /** Bytes on the device with what was chosen. */
  readonly bytesAfter: number;
}

/** A training step that can be built with any modules computed again. */
export interface RecomputableStep {
  /** Name of the output to minimise. */
  readonly loss: string;
  /** Bytes that a step may take. */
  readonly memory: number;
  readonly rates: AdapterRates;
  /** As traced. */
  readonly source: Graph;
  /** Builds, rewrites and plans the step with these modules computed again. */
  readonly lower: (modules: readonly string[]) => Promise<Lowered>;
}

/** Plans that are made at most; the last one is of everything that should help. */
const MOST_TRIED = 4;

/**
 * The step with as much computed again as it takes to fit in `memory`: `plain`, which computes none, if that fits, else with the
 * modules that ought to do, and planned once more only where these turn out not to. Throws ValueError where no choice fits, with the
 * least that it came to.
 */
export async function lowerWithin(
  plain: Lowered,
  { loss, memory, rates, source, lower }: RecomputableStep,
): Promise<{ lowered: Lowered; report: RecomputeReport }> {
  const bytesBefore = planBytes(plain.plan);
  const time = ({ plan }: Lowered) => planCost(plan, rates).microseconds / 1000;
  const reported = (lowered: Lowered, modules: readonly string[]) => {
    const predictedMilliseconds = time(lowered) - time(plain);
    return { lowered, report: { modules, predictedMilliseconds, bytesBefore, bytesAfter: planBytes(lowered.plan) } };
  };
  if (bytesBefore <= memory) return reported(plain, []);
  const output = plain.plan.graph.outputs.get(loss)!;
  const chooser = new RecomputeChooser(plain.plan, output, rates, candidatesIn(source.nodes()));
  const others = bytesBefore - intermediateBytes(plain.plan);
  let [allowed, least, tried] = [memory - others, bytesBefore, ''];
  for (let attempt = 1; attempt <= MOST_TRIED; attempt++) {
    const { modules, bytes } = chooser.within(attempt < MOST_TRIED ? allowed : 0);
    if (modules.join() === tried) break;
    const lowered = await lower(modules);
    const total = planBytes(lowered.plan);
    if (total <= memory) return reported(lowered, modules);
    [least, tried] = [Math.min(least, total), modules.join()];
    // What was estimated was too little by so much.
    allowed = Math.min(allowed, memory - others - (intermediateBytes(lowered.plan) - bytes));
  }
  throw new ValueError(
    `buildSession: recompute: { memory: ${memory} } is less than this training step can do with: it takes ${bytesBefore} bytes, ` +
      `with modules computed again ${least}, of which ${others} are parameters, the optimizer's states, inputs and outputs; ` +
      'use a smaller batch, with accumulate for the same update, or less precision',
  );
}

/** Bytes on the device while steps of a plan run. */
function planBytes(plan: Plan): number {
  const { parameters, buffers, inputs } = plan.graph;
  const states = [...parameters.values(), ...buffers.values()].map(({ node }) => node);
  const sum = [...states, ...inputs.values(), ...ownOutputs(plan)].reduce(
    (total, node) => total + storageBytes(node),
    0,
  );
  return sum + intermediateBytes(plan);
}

function intermediateBytes({ memory: { arenas } }: Plan): number {
  return arenas.reduce((total, size) => total + size, 0);
}
