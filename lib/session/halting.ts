import type { Builder } from '../ir/generated/builder.js';
import type { Node } from '../ir/graph.js';
import type { StepState } from './step-state.js';

/** The buffer that says whether steps still update: 1, or 0 once there was one that must not. */
export const RUNNING = 'halting.running';

/**
 * Lets no step update any more, from the first one on in which one of `scalars` is NaN or infinite: parameters and states of
 * the optimizer stay what they were before it.
 */
export function haltUnlessFinite(g: Builder<Node>, state: StepState, scalars: readonly Node[]): void {
  const running = state.buffer(RUNNING, [], 'u32', 1);
  const finite = scalars.map((scalar) => g.isFinite(scalar));
  const goesOn = finite.reduce((a, b) => g.logicalAnd(a, b), g.equal(running, g.scalar(1, running)));
  state.always(RUNNING, g.where(goesOn, running, g.scalar(0, running)));
  state.require(goesOn);
}
