import { GraphError, NameError } from './errors.js';
import type { DType } from './dtype.js';
import { showShape, type Shape } from './shape.js';

export type LeafKind = 'input' | 'parameter' | 'buffer' | 'constant' | 'literal';

/** Attribute values are plain data, so that nodes can be compared, printed and sent to the e-graph. */
export type AttributeValue = number | boolean | string | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What a tensor is before it has values. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * One value of the graph. `op` names a record of the op table, or a leaf kind; leaves carry their `name`, constants
 * their `value` (a scalar) and literals their `values` (row-major) in `attrs`. `scope` is the path of the module that made the node (`layers.0.attention`).
 */
export interface Node extends TensorType {
  readonly op: string;
  readonly inputs: readonly Node[];
  readonly attrs: Attributes;
  readonly scope: string;
}

/** Values of a state, row-major; f16 and bf16 may come as their bits, in a Uint16Array. */
export type InitialData = ArrayLike<number>;

/** A leaf with storage that lives from step to step: a parameter or a buffer. */
export interface State {
  readonly node: Node;
  /** Values to start from; called once when storage is made. */
  readonly initial: () => InitialData | Promise<InitialData>;
  /** Every name that a state dict has it under; none where it is no part of the model (moments of an optimizer). */
  readonly names?: readonly string[];
}

const leafKinds: ReadonlySet<string> = new Set<LeafKind>(['input', 'parameter', 'buffer', 'constant', 'literal']);

export function isLeaf(node: Node): boolean {
  return leafKinds.has(node.op);
}

/** The name of an input, parameter or buffer. */
export function leafName(node: Node): string {
  const name = node.attrs['name'];
  if (typeof name !== 'string') throw new GraphError(`${describeNode(node)} has no name: it is not a named leaf`);
  return name;
}

/** `matmul [64, 128] f32 (at hidden)`: how a node reads in a message. */
export function describeNode(node: Node): string {
  const name = typeof node.attrs['name'] === 'string' ? ` '${node.attrs['name']}'` : '';
  return `${node.op}${name} ${showShape(node.shape)} ${node.dtype}${node.scope ? ` (at ${node.scope})` : ''}`;
}

/**
 * A computation: named leaves, named outputs, and updates `state := node` that take effect together after every
 * output was computed. Nodes are reached from outputs and updates; what nothing reaches is not part of the graph.
 */
export class Graph {
  /** What a step is fed, by name. */
  readonly inputs: ReadonlyMap<string, Node>;
  /** What training changes, by name. */
  readonly parameters: ReadonlyMap<string, State>;
  /** Other state, by name: running statistics, what optimizers keep. */
  readonly buffers: ReadonlyMap<string, State>;
  /** What a step computes, by name. */
  readonly outputs: ReadonlyMap<string, Node>;
  /** By the name of the parameter or buffer that takes the new value. */
  readonly updates: ReadonlyMap<string, Node>;
  /** Values of scalar inputs that a step need not feed, such as the learning rate. */
  readonly inputDefaults: ReadonlyMap<string, number>;

  constructor(parts: {
    inputs?: ReadonlyMap<string, Node>;
    parameters?: ReadonlyMap<string, State>;
    buffers?: ReadonlyMap<string, State>;
    outputs: ReadonlyMap<string, Node>;
    updates?: ReadonlyMap<string, Node>;
    inputDefaults?: ReadonlyMap<string, number>;
  }) {
    this.inputs = parts.inputs ?? new Map();
    this.parameters = parts.parameters ?? new Map();
    this.buffers = parts.buffers ?? new Map();
    this.outputs = parts.outputs;
    this.updates = parts.updates ?? new Map();
    this.inputDefaults = parts.inputDefaults ?? new Map();
  }

  /** Outputs, then updates: everything that must be computed. */
  roots(): Node[] {
    return [...this.outputs.values(), ...this.updates.values()];
  }

  /** Every node that the roots need, operands before their users. */
  nodes(): Node[] {
    return topologicalOrder(this.roots());
  }

  /** The parameter or buffer of that name. Throws NameError when there is none. */
  state(name: string): State {
    const state = this.parameters.get(name) ?? this.buffers.get(name);
    if (!state) throw new NameError(`the graph has no parameter or buffer '${name}'`);
    return state;
  }

  /** The same graph with other parts. */
  with(
    parts: Partial<Pick<Graph, 'inputs' | 'parameters' | 'buffers' | 'outputs' | 'updates' | 'inputDefaults'>>,
  ): Graph {
    const { inputs, parameters, buffers, outputs, updates, inputDefaults } = this;
    return new Graph({ inputs, parameters, buffers, outputs, updates, inputDefaults, ...parts });
  }

  /** Only what the roots reach: leaves that nothing needs any more are dropped. */
  pruned(): Graph {
    const live = new Set(this.nodes());
    const states = (all: ReadonlyMap<string, State>) =>
      new Map([...all].filter(([name, state]) => live.has(state.node) || this.updates.has(name)));
    const inputs = new Map([...this.inputs].filter(([, node]) => live.has(node)));
    return new Graph({
      inputs,
      parameters: states(this.parameters),
      buffers: states(this.buffers),
      outputs: this.outputs,
      updates: this.updates,
      inputDefaults: new Map([...this.inputDefaults].filter(([name]) => inputs.has(name))),
    });
  }
}

/**
 * Nodes reachable from `roots`, operands first; those behind the nodes of `border` are left out. Iterative, so that
 * depth is no limit.
 */
export function topologicalOrder(roots: Iterable<Node>, border: ReadonlySet<Node> = new Set()): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (done.has(root)) continue;
    done.add(root);
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = border.has(top.node) ? undefined : top.node.inputs[top.next++];
      if (!input) {
        order.push(top.node);
        stack.pop();
      } else if (!done.has(input)) {
        done.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return order;
}
