import { GraphBuilder } from '../ir/build.js';
import { NameError, TraceError, ValueError } from '../ir/errors.js';
import type { Node, State } from '../ir/graph.js';
import { resolveSize } from './dims.js';
import type { Dim } from './shapes/dim.js';
import type { StateTensor } from './state.js';

/** The buffer that counts the steps of a graph with random numbers. */
export const RANDOM_STEP = 'random.step';

/** The trace that is running, if any: operations have no other way to know where their nodes belong. */
let current: TraceContext | undefined;

/** Everything one trace collects. */
export class TraceContext {
  readonly builder = new GraphBuilder();
  readonly inputs = new Map<string, Node>();
  readonly parameters = new Map<string, State>();
  readonly buffers = new Map<string, State>();
  readonly updates = new Map<string, Node>();
  private readonly leaves = new Map<StateTensor, Node>();
  private randomSteps: Node | undefined;

  /** `dims`: the numbers that names in shapes stand for. Throws ValueError for what is no size. */
  constructor(private readonly dims: ReadonlyMap<string, number>) {
    for (const [name, size] of dims) {
      if (!Number.isInteger(size) || size < 0) throw new ValueError(`dims: '${name}' must be a size, got ${size}`);
    }
  }

  /** The number a dimension stands for. Throws NameError for a name that `dims` does not bind. */
  size(dim: Dim, where: string): number {
    return resolveSize(dim, this.dims, where);
  }

  /** Adds an input. Throws NameError when the name is taken. */
  declareInput(name: string, node: Node): void {
    this.refuseTaken(name, 'input');
    this.inputs.set(name, node);
  }

  /**
   * Adds a parameter or buffer; `names` are all that the model's state dict has it under, if it is part of the model.
   * Throws NameError when the name is taken.
   */
  declareState(name: string, state: StateTensor, names?: readonly string[]): void {
    this.refuseTaken(name, state.kind);
    const node = this.builder.leaf(state.kind, name, state.sizes(name), state.dtype);
    this.leaves.set(state, node);
    const states = state.kind === 'parameter' ? this.parameters : this.buffers;
    states.set(name, { node, initial: () => state.initialData(), ...(names && { names }) });
  }

  /** The leaf of a parameter or buffer. Throws TraceError when the traced model does not hold it. */
  leaf(state: StateTensor): Node {
    const node = this.leaves.get(state);
    if (node) return node;
    throw new TraceError(
      `${state.describe()} does not belong to the traced model: make its module a field of the model given to ` +
        `trace(model, …), found through fields, arrays, records and Maps, not through #private fields`,
    );
  }

  /** The number of the step, u32 from 0: a buffer that every step counts up. Throws NameError when the name is taken. */
  randomStep(): Node {
    const known = this.randomSteps;
    if (known) return known;
    this.refuseTaken(RANDOM_STEP, 'buffer');
    const { g } = this.builder;
    const node = this.builder.leaf('buffer', RANDOM_STEP, [], 'u32');
    this.buffers.set(RANDOM_STEP, { node, initial: () => Uint32Array.of(0) });
    this.updates.set(RANDOM_STEP, g.add(node, g.scalar(1, node)));
    return (this.randomSteps = node);
  }

  /** What already has this name. */
  holderOf(name: string): 'an input' | 'a parameter' | 'a buffer' | undefined {
    if (this.inputs.has(name)) return 'an input';
    if (this.parameters.has(name)) return 'a parameter';
    return this.buffers.has(name) ? 'a buffer' : undefined;
  }

  private refuseTaken(name: string, kind: string): void {
    const holder = this.holderOf(name);
    if (holder) throw new NameError(`${kind} '${name}': the name is taken by ${holder}`);
  }
}

/** Runs `body` with `trace` as the running one. */
export function runTrace<T>(trace: TraceContext, body: () => T): T {
  const outer = current;
  current = trace;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** The running trace. Throws TraceError when there is none; `what` was called too early or too late. */
export function currentTrace(what: string): TraceContext {
  if (current) return current;
  throw new TraceError(
    `${what} was called outside of a trace: tensors exist only while trace() runs a model's forward or the function ` +
      `given to it`,
  );
}
