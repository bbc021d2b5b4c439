import type { GraphBuilder } from '../ir/build.js';
import type { DType } from '../ir/dtype.js';
import type { Builder } from '../ir/generated/builder.js';
import { NameError } from '../ir/errors.js';
import type { Graph, Node, State } from '../ir/graph.js';
import { elementCount, sameShape, type Shape } from '../ir/shape.js';

/**
 * The states that a training step has besides the model's, and the updates of both. Some steps change nothing: those that
 * only accumulate gradients, and those whose gradients overflowed. What `update` is given takes effect in the others.
 */
export class StepState {
  readonly buffers = new Map<string, State>();
  readonly updates = new Map<string, Node>();
  private condition: Node | undefined;
  private counted: Node | undefined;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly graph: Graph,
    /** Where the states of the optimizer are: `adam`. */
    private readonly name: string,
  ) {}

  /** A buffer, each of whose elements is `initial` at first. Throws NameError when the model has the name. */
  buffer(name: string, shape: Shape, dtype: DType, initial = 0): Node {
    const known = this.buffers.get(name);
    if (known) return known.node;
    if (this.graph.buffers.has(name) || this.graph.parameters.has(name)) {
      throw new NameError(`training keeps a state named '${name}': rename the model's own`);
    }
    const node = this.builder.leaf('buffer', name, shape, dtype);
    const values = dtype === 'u32' ? Uint32Array : Float32Array;
    this.buffers.set(name, { node, initial: () => new values(elementCount(shape)).fill(initial) });
    return node;
  }

  /** Steps in which the bool scalar `condition` does not hold update nothing; every such condition must hold. */
  require(condition: Node): void {
    const { g } = this.builder;
    this.condition = this.condition ? g.logicalAnd(this.condition, condition) : condition;
  }

  /** Gives a state its next value, in steps that update. */
  update(state: Node, name: string, next: Node): void {
    const { g } = this.builder;
    // Values of another type are for `verify` to complain of: a choice would broadcast them.
    const fits = sameShape(state.shape, next.shape) && state.dtype === next.dtype;
    this.updates.set(name, this.condition && fits ? g.where(this.condition, next, state) : next);
  }

  /** Gives a state its next value, in every step. */
  always(name: string, next: Node): void {
    this.updates.set(name, next);
  }

  /** The number of this update, an f32 scalar, from 1; steps that update nothing do not count. */
  step(): Node {
    if (this.counted) return this.counted;
    const { g } = this.builder;
    const name = `${this.name}.step`;
    const done = this.buffer(name, [], 'u32');
    const next = g.add(done, g.scalar(1, done));
    this.update(done, name, next);
    return (this.counted = g.cast(next, 'f32'));
  }
}

/** The tensor in another dtype, or itself where it has that one. */
export function inDType(g: Builder<Node>, node: Node, dtype: DType): Node {
  return node.dtype === dtype ? node : g.cast(node, dtype);
}
