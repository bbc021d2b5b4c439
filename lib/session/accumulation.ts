import { describeValue } from '../dsl/emit.js';
import type { Builder } from '../ir/generated/builder.js';
import { ValueError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import type { StepState } from './step-state.js';

const POSITION = 'accumulation.position';

/** Throws ValueError for a number of batches that is none. */
export function checkAccumulate(batches: number): void {
  if (Number.isInteger(batches) && batches >= 1 && batches <= 2 ** 24) return;
  throw new ValueError(
    `buildSession: accumulate must be a whole number of batches, at least 1, got ${describeValue(batches)}`,
  );
}

/**
 * The mean of the gradients of `batches` steps in a row, of which only the last updates: the gradient of a batch of all of
 * them, where the loss is a mean. One graph does both, by a choice in each update, since every step is the same list of
 * dispatches; sums are always in the order of the steps.
 */
export class Accumulation {
  /** Whether this step is the last of its row: a bool scalar. */
  readonly isLast: Node;

  constructor(
    private readonly g: Builder<Node>,
    private readonly state: StepState,
    private readonly batches: number,
  ) {
    const position = state.buffer(POSITION, [], 'u32');
    this.isLast = g.equal(position, g.scalar(batches - 1, position));
    const next = g.add(position, g.scalar(1, position));
    state.always(POSITION, g.where(this.isLast, g.scalar(0, position), next));
    state.require(this.isLast);
  }

  /** The mean over the row, as far as it has come: a sum of f32 over `batches`. */
  mean(gradient: Node, parameter: string): Node {
    const { g, state } = this;
    const name = `accumulated.${parameter}`;
    const before = state.buffer(name, gradient.shape, 'f32');
    const sum = g.add(before, gradient);
    state.always(name, g.where(this.isLast, g.scalar(0, sum), sum));
    return g.div(sum, g.scalar(this.batches, sum));
  }
}
