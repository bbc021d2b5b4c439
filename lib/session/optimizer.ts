import type { Builder } from '../ir/generated/builder.js';
import type { Node } from '../ir/graph.js';
import type { Shape } from '../ir/shape.js';
import type { ParameterGroup } from './parameter-groups.js';

/** What a state of the optimizer is like, where it is not like the parameter. */
export interface OptimizerStateOptions {
  /** Default the parameter's: factored moments have fewer elements. */
  readonly shape?: Shape;
  /** The value of every element at first. Default 0. */
  readonly initial?: number;
}

/** What an optimizer gets for each parameter. Tensors have the parameter's shape unless said otherwise. */
export interface UpdateContext {
  /** Writes operations into the graph of the step. */
  readonly g: Builder<Node>;
  /** f32: one of 16 bits is converted before, and what `update` gives is rounded once, after. */
  readonly parameter: Node;
  /** f32: accumulated and clipped, where that was asked for. */
  readonly gradient: Node;
  /** The hyperparameters that are inputs of the graph, as scalars; `learningRate` is that of the parameter's group. */
  readonly inputs: Readonly<Record<string, Node>>;
  /** What the parameter's group has in place of the optimizer's own. */
  readonly weightDecay: number | undefined;
  /** The number of this update, an f32 scalar, from 1: a buffer counts it, whole up to 2²⁴. */
  readonly step: () => Node;
  /** An f32 buffer that `save` gives its next value. */
  readonly state: (name: string, options?: OptimizerStateOptions) => Node;
  /** Gives the buffer `name` the value that it has from the next step on; of the same shape. */
  readonly save: (name: string, value: Node) => void;
}

/** A rule that turns gradients into new parameters, written in the graph's own operations. */
export interface Optimizer {
  /** `'sgd'`, `'adamW'`: what checkpoints and error messages call it. */
  readonly name: string;
  /** Hyperparameters that may change from step to step without recompilation, and their first values. */
  readonly inputs: Readonly<Record<string, number>>;
  /** What else its updates are written with, by name: a checkpoint of others is not resumed. */
  readonly constants?: Readonly<Record<string, number | boolean>>;
  /** Parameters with hyperparameters of their own, or that are not trained. */
  readonly groups?: readonly ParameterGroup[];
  /** The parameter's next value. */
  update(context: UpdateContext): Node;
}
