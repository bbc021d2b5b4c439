import type { Builder } from '../ir/generated/builder.js';
import type { Node } from '../ir/graph.js';

/** What an optimizer gets for each parameter. Tensors have the parameter's shape unless said otherwise. */
export interface UpdateContext {
  readonly g: Builder<Node>;
  readonly parameter: Node;
  readonly gradient: Node;
  /** The hyperparameters that are inputs of the graph, as scalars. */
  readonly inputs: Readonly<Record<string, Node>>;
  /** A buffer of the parameter's shape, zero at first, that `save` gives its next value. */
  readonly state: (name: string) => Node;
  readonly save: (name: string, value: Node) => void;
}

/** A rule that turns gradients into new parameters, written in the graph's own operations. */
export interface Optimizer {
  readonly name: string;
  /** Hyperparameters that may change from step to step without recompilation, and their first values. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The parameter's next value. */
  update(context: UpdateContext): Node;
}
