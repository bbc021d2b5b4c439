import type { Executor } from '../backend/execution/executor.js';
import { toStorage, type FeedValue, type StoredArray } from '../backend/execution/feed.js';
import { checkedOptions } from '../dsl/emit.js';
import type { TracedGraph } from '../dsl/traced-graph.js';
import { matchWeights, type MatchOptions, type WeightSource } from '../dsl/weights.js';
import { NameError, UsageError } from '../ir/errors.js';
import { leafName, type Graph, type Node, type State } from '../ir/graph.js';
import { fromHalfBits, isHalf } from '../ir/half.js';
import { bitsIn, type BitArrays, type TypedArray } from '../ir/typed-array.js';
import { found } from './named.js';
import { gradientName } from './training-graph.js';

/** A parameter's shape, dtype and values, row-major. */
export interface ParameterValues {
  /** [] for a scalar. */
  readonly shape: readonly number[];
  /** What it is on the GPU. */
  readonly dtype: Node['dtype'];
  /** Row-major; those of f16 and bf16 as f32. */
  readonly data: TypedArray;
}

/** What a parameter may be given: f16 and bf16 as their bits as well. */
export interface GivenParameter extends Omit<ParameterValues, 'data'> {
  /** Row-major; as many values as the shape says. */
  readonly data: TypedArray | BitArrays[Node['dtype']];
}

/** A state, its name in the graph, and the values it has. */
export interface StateValues {
  readonly name: string;
  readonly state: State;
  readonly data: TypedArray;
}

/** Reads and writes what a session keeps from step to step: parameters, buffers, and the gradients of the last step. */
export class SessionStates {
  constructor(
    /** The executor; throws DisposedError once the session is disposed of, also while something is being read. */
    private readonly live: () => Executor,
    private readonly source: TracedGraph,
  ) {}

  /** Parameters and buffers, the optimizer's among them, by their names in the graph. */
  get all(): ReadonlyMap<string, State> {
    const { parameters, buffers } = this.graph;
    return new Map([...parameters, ...buffers]);
  }

  /** Overwrites parameters. Throws as `Session.setParameters` does, and then nothing has changed. */
  set(given: Readonly<Record<string, FeedValue | GivenParameter>>): void {
    const executor = this.writable();
    const checked = Object.entries(given).map(([name, value]) => {
      const node = this.parameter(name);
      return { node, values: isParameterValues(value) ? withShape(node, value) : stored(node, value) };
    });
    for (const { node, values } of checked) executor.write(node, values);
  }

  /** Overwrites the model's states with those of a checkpoint. Rejects as `Session.setParameters` does. */
  async load(weights: WeightSource, options: MatchOptions): Promise<void> {
    checkedOptions('setParameters', ['strict', 'ignore'], options);
    const { parameters, buffers } = this.source;
    const states = [...parameters.values(), ...buffers.values()].flatMap(({ node, names = [] }) =>
      names.length > 0 ? [{ node, names, shape: node.shape }] : [],
    );
    this.writable();
    const matches = matchWeights(`setParameters from ${weights.name}`, states, weights.tensors, options);
    const held = this.all;
    for (const [{ node: named }, name] of matches) {
      const state = held.get(leafName(named));
      // The loss's own parameters, say, in a session that only infers.
      if (!state) continue;
      const values = await weights.read(name, state.node.dtype);
      this.writable().write(state.node, stored(state.node, values, name));
    }
  }

  /** Overwrites one of `all`. Throws NameError, ShapeError, DTypeError or UsageError, and then nothing has changed. */
  restore(name: string, value: FeedValue): void {
    const { node } = found('state', name, this.all);
    this.writable().write(node, stored(node, value));
  }

  /** Values of every state, as they are before any later step. Rejects with UsageError in a frozen session. */
  async snapshot(): Promise<StateValues[]> {
    const executor = this.whole();
    const read = async ([name, state]: [string, State]) => ({ name, state, data: await executor.read(state.node) });
    return Promise.all([...this.all].map(read));
  }

  /** Parameters, or those of `names`, by their names in the state dict. Throws NameError, UsageError in a frozen session. */
  parameters(names?: Iterable<string>): Promise<Record<string, ParameterValues>> {
    const { parameters } = this.whole().plan.graph;
    return this.read(names ? [...names].map((name) => found('parameter', name, parameters)) : parameters.values());
  }

  /** Parameters and the model's buffers, by their names in the state dict. Throws UsageError in a frozen session. */
  stateDict(): Promise<Record<string, ParameterValues>> {
    const { parameters, buffers } = this.whole().plan.graph;
    return this.read([...parameters.values(), ...[...buffers.values()].filter(({ names }) => names)]);
  }

  /** The gradient of a parameter, which `Executor.read` reads. Throws NameError where there is none. */
  gradient(name: string): Node {
    const gradient = this.graph.outputs.get(gradientName(name));
    if (gradient) return gradient;
    this.parameter(name);
    throw new NameError(
      `readGradient: no gradient of '${name}'; build the session with { gradients: true }, and note that a parameter ` +
        `that is frozen, or on which the loss does not depend, has none`,
    );
  }

  /** The executor, whose states may be overwritten. Throws UsageError where they may not. */
  private writable(): Executor {
    const executor = this.live();
    if (!executor.state.isFrozen) return executor;
    throw new UsageError(
      'these weights cannot be changed: a session that has them was built with the option freeze, which computed others ' +
        'from them. Dispose of it and build a new one with the new weights, or build it without freeze',
    );
  }

  /** The executor, which has every state of the model. Throws UsageError where it does not. */
  private whole(): Executor {
    const executor = this.live();
    if (!executor.frozen) return executor;
    throw new UsageError(
      'a session built with the option freeze has no state dict: it has what was computed from the weights in place of ' +
        'them. Read them where they are from, or from a session without freeze',
    );
  }

  private get graph(): Graph {
    return this.live().plan.graph;
  }

  private parameter(name: string): Node {
    return found('parameter', name, this.graph.parameters).node;
  }

  private async read(states: Iterable<State>): Promise<Record<string, ParameterValues>> {
    const executor = this.live();
    const entries = [...states].map(async (state) => {
      const { shape, dtype } = state.node;
      return [stateName(state), { shape, dtype, data: await executor.read(state.node) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** The name that files have a state under: its own, or where its state dicts have others, as that of an average, the first of those. */
export function stateName({ node, names = [] }: State): string {
  return names.includes(leafName(node)) ? leafName(node) : (names[0] ?? leafName(node));
}

/** Values as the state's buffer holds them. `name` is for messages. Throws ShapeError or DTypeError. */
function stored(node: Node, value: FeedValue, name = leafName(node), valueShape = node.shape): StoredArray {
  return toStorage(`${node.op} '${name}'`, node, value, { valueShape });
}

function withShape(node: Node, { shape, dtype, data }: GivenParameter): StoredArray {
  // Bits of another format are no bits of this one.
  const bits = dtype === node.dtype ? undefined : bitsIn(dtype, data);
  return stored(node, bits && isHalf(dtype) ? fromHalfBits(dtype, bits) : data, leafName(node), shape);
}

function isParameterValues(value: FeedValue | GivenParameter): value is GivenParameter {
  return typeof value === 'object' && (value as object | null) !== null && 'data' in value;
}
