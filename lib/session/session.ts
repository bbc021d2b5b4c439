/// <reference lib="esnext.disposable" preserve="true" />
// The declaration names `Symbol.dispose`, which users whose `lib` is older have not.

import type { Executor, MemoryUse } from '../backend/execution/executor.js';
import { toStorage, type FeedValue, type IndexBound, type StoredArray } from '../backend/execution/feed.js';
import { DisposedError, type StateStore } from '../backend/execution/state.js';
import type { Device } from '../backend/device/device.js';
import { checkedOptions, describeValue } from '../dsl/emit.js';
import type { TracedGraph } from '../dsl/traced-graph.js';
import { isWeightSource, matchWeights, type MatchOptions, type WeightSource } from '../dsl/weights.js';
import { closeNames, NameError, UsageError, ValueError } from '../ir/errors.js';
import { leafName, type Node, type State, type TensorType } from '../ir/graph.js';
import { fromHalfBits, isHalf } from '../ir/half.js';
import { bitsIn, type BitArrays, type TypedArray } from '../ir/typed-array.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import type { CompileReport } from './report.js';
import type { TrainingDescription } from './training-description.js';
import { gradientName } from './training-graph.js';

/** A parameter's shape, dtype and values, row-major. */
export interface ParameterValues {
  readonly shape: readonly number[];
  readonly dtype: Node['dtype'];
  readonly data: TypedArray;
}

/** What a parameter may be given: f16 and bf16 as their bits as well. */
export interface GivenParameter extends Omit<ParameterValues, 'data'> {
  readonly data: TypedArray | BitArrays[Node['dtype']];
}

/** @internal What a session needs to go on as if it had never ended. */
export interface SessionSnapshot {
  readonly inputs: ReadonlyMap<string, number>;
  readonly states: readonly { readonly state: State; readonly data: TypedArray }[];
}

/**
 * A compiled graph on a device. `step` submits one fixed list of dispatches and does not wait; `read` does.
 * Made by `buildSession` and `buildInferenceSession`. Every method throws DisposedError after `dispose()`, and
 * DeviceLostError once the device is lost.
 */
export class Session<in Feeds extends object = never, out Values extends object = object> {
  /** Inputs that `setInput` gave values to stay as they are until it is called again. */
  private readonly set = new Map<string, StoredArray>();
  /** Those of them that the last step was given other values for. */
  private readonly overridden = new Set<string>();
  private disposed = false;
  private stepped = false;

  /** @internal Use `buildSession` or `buildInferenceSession`. */
  constructor(
    private readonly executor: Executor,
    /** The graph as traced, from which other sessions can be built that share this one's weights. */
    readonly source: TracedGraph,
    private readonly bounds: ReadonlyMap<string, IndexBound>,
    private readonly compileReport: CompileReport,
    /** @internal What its steps train with; undefined where they train nothing. */
    readonly training?: TrainingDescription,
  ) {
    for (const [name, value] of executor.plan.graph.inputDefaults) this.setLeaf('input', this.input(name), name, value);
  }

  get device(): Device {
    return this.executor.device;
  }

  /** Shape and dtype of every input, by name: what `step` and `setInput` take. */
  get inputs(): ReadonlyMap<string, TensorType> {
    return this.executor.plan.graph.inputs;
  }

  /** Shape and dtype of every output, by name: what `read` and `record` take. */
  get outputs(): ReadonlyMap<string, TensorType> {
    return this.executor.plan.graph.outputs;
  }

  /** Shape and dtype of every parameter, by name. */
  get parameterTypes(): ReadonlyMap<string, TensorType> {
    return new Map([...this.executor.plan.graph.parameters].map(([name, { node }]) => [name, node]));
  }

  /** Whether a step changes parameters: the session was built with an optimizer. */
  get trains(): boolean {
    return this.trainedParameters.length > 0;
  }

  /** Names of the parameters that a step changes: all that the loss depends on and that are not frozen. */
  get trainedParameters(): readonly string[] {
    const { parameters, updates } = this.executor.plan.graph;
    return [...parameters.keys()].filter((name) => updates.has(name));
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** @internal The storage of parameters and buffers, for sessions that share it. */
  get state(): StateStore {
    return this.live().state;
  }

  /** @internal Every buffer of the graph that was compiled, the optimizer's among them. */
  get buffers(): ReadonlyMap<string, State> {
    return this.executor.plan.graph.buffers;
  }

  /** @internal Who records what this session does. */
  get recorder(): Recorder | undefined {
    return this.executor.recorder;
  }

  /**
   * Runs one step on these inputs; inputs set by `setInput` may be left out, and what is given in their place is for this
   * step only. Returns at once.
   *
   * Throws NameError for unknown or missing inputs, ShapeError for a wrong number of values, DTypeError for values of
   * another kind, ValueError for indices out of bounds (labels, token ids) and hyperparameters that are not finite; then
   * nothing was run.
   */
  step(feeds?: Feeds): void {
    const { recorder } = this.live();
    if (recorder) this.recordedStep(recorder, feeds);
    else this.run(feeds);
  }

  /** Apart, since a function that closes over its arguments allocates room for them. */
  private recordedStep(recorder: Recorder, feeds: Feeds | undefined): void {
    recorded(recorder, 'step', () => this.run(feeds));
  }

  private run(feeds: Feeds | undefined): void {
    const { device, plan, recorder } = this.executor;
    device.check();
    const given = Object.entries<FeedValue>({ ...feeds });
    const checked = given.map(([name, value]) => this.checked('input', this.input(name), name, value));
    const missing = [...plan.graph.inputs.keys()].filter(
      (name) => !this.set.has(name) && !given.some(([key]) => key === name),
    );
    if (missing.length > 0) {
      throw new NameError(`step: no value for input ${quoted(missing)}; pass it to step() or set it by setInput()`);
    }
    const upload = recorder?.begin('upload');
    for (const name of this.overridden) this.executor.write(this.input(name), this.set.get(name)!);
    this.overridden.clear();
    for (const { node, values } of checked) this.executor.write(node, values);
    for (const [name] of given) if (this.set.has(name)) this.overridden.add(name);
    if (upload !== undefined) recorder?.end(upload);
    this.executor.step();
    this.stepped = true;
  }

  /** Gives an input values that stay from step to step, such as the learning rate. Throws as `step` does. */
  setInput(name: (keyof Feeds & string) | (string & {}), value: FeedValue): void {
    this.setLeaf('input', this.input(name), name, value);
  }

  /** Overwrites a parameter. Throws NameError, ShapeError or DTypeError, and then nothing has changed. */
  setParameter(name: string, value: FeedValue): void {
    this.setParameters({ [name]: value });
  }

  /**
   * Overwrites parameters by their names in the state dict; what is left out stays. All or none: throws NameError for an
   * unknown name, ShapeError for a wrong number of values or DTypeError before anything has changed.
   */
  setParameters(values: Readonly<Record<string, FeedValue | GivenParameter>>): void;
  /**
   * Overwrites parameters and the model's buffers with those of a checkpoint, read one at a time, so that the host holds
   * no more than the largest. Rejects with StateDictError, listing all, where names or shapes do not fit, before
   * anything has changed; with what reading throws, and then those before it have been overwritten.
   */
  setParameters(weights: WeightSource, options?: MatchOptions): Promise<void>;
  setParameters(
    values: Readonly<Record<string, FeedValue | GivenParameter>> | WeightSource,
    options: MatchOptions = {},
  ): void | Promise<void> {
    const { device } = this.live();
    device.check();
    if (isWeightSource(values)) return handled(this.readWeights(values, options));
    const checked = Object.entries(values).map(([name, value]) => {
      const node = this.parameter(name);
      if (!isParameterValues(value)) return this.checked('parameter', node, name, value);
      // Bits of another format are no bits of this one.
      const bits = value.dtype === node.dtype ? undefined : bitsIn(value.dtype, value.data);
      const data = bits && isHalf(value.dtype) ? fromHalfBits(value.dtype, bits) : value.data;
      return this.checked('parameter', node, name, data, value.shape);
    });
    for (const { node, values: data } of checked) this.executor.write(node, data);
  }

  private async readWeights(weights: WeightSource, options: MatchOptions): Promise<void> {
    checkedOptions('setParameters', ['strict', 'ignore'], options);
    const { parameters, buffers } = this.source;
    const states = [...parameters.values(), ...buffers.values()].flatMap(({ node, names = [] }) =>
      names.length > 0 ? [{ node, names, shape: node.shape }] : [],
    );
    const matches = matchWeights(`setParameters from ${weights.name}`, states, weights.tensors, options);
    const { graph } = this.executor.plan;
    for (const [{ node }, name] of matches) {
      const held = graph.parameters.get(leafName(node)) ?? graph.buffers.get(leafName(node));
      // The loss's own parameters, say, in a session that only infers.
      if (!held) continue;
      const values = await weights.read(name, held.node.dtype);
      this.live().write(held.node, this.checked(held.node.op, held.node, name, values).values);
    }
  }

  /**
   * Values of an output after the last step, row-major. Throws NameError for an unknown name, UsageError before the
   * first step.
   */
  read<Name extends keyof Values & string>(name: Name): Promise<Values[Name]> {
    const [executor, output] = [this.live(), this.output(name)];
    this.requireStep(`read('${name}')`);
    return handled(executor.read(output)) as Promise<Values[Name]>;
  }

  /**
   * From now on keeps an output's values of the last `capacity` steps on the device, so that reading them costs one wait
   * for many steps. Called again it starts anew; a capacity of 0 ends it. Throws NameError for an unknown name,
   * ValueError for a capacity that is none.
   */
  record(name: keyof Values & string, capacity: number): void {
    const executor = this.live();
    if (!Number.isInteger(capacity) || capacity < 0) {
      throw new ValueError(`record: the capacity is a number of steps, at least 0, got ${capacity}`);
    }
    executor.record(this.output(name), capacity);
  }

  /**
   * Values recorded since the last call (or since `record`), one array a step, oldest first.
   * Throws NameError for an output that is unknown or not recorded.
   */
  readRecord<Name extends keyof Values & string>(name: Name): Promise<Values[Name][]> {
    const executor = this.live();
    const output = this.output(name);
    if (!executor.isRecorded(output)) throw new NameError(`readRecord: '${name}' is not recorded; call record() first`);
    return handled(executor.readRecord(output)) as Promise<Values[Name][]>;
  }

  /**
   * Every parameter by its name in the state dict, or those of `names`, read back from the device. Throws NameError for
   * names that there are not.
   */
  parameters(names?: Iterable<string>): Promise<Record<string, ParameterValues>> {
    const { parameters } = this.live().plan.graph;
    const wanted = names ? [...names].map((name) => found('parameter', name, parameters)) : [...parameters.values()];
    return this.readStates(wanted);
  }

  /** Every parameter, and every buffer of the model, by its name in the state dict, read back from the device. */
  stateDict(): Promise<Record<string, ParameterValues>> {
    const { parameters, buffers } = this.live().plan.graph;
    return this.readStates([...parameters.values(), ...[...buffers.values()].filter(({ names }) => names)]);
  }

  /**
   * @internal Every state of the step, the optimizer's among them, as they are before any later step, and the scalar inputs
   * that the optimizer has, as they were last set.
   */
  async snapshot(): Promise<SessionSnapshot> {
    const { plan } = this.live();
    const { parameters, buffers, inputDefaults } = plan.graph;
    const inputs = new Map([...inputDefaults].map(([name, value]) => [name, this.set.get(name)?.[0] ?? value]));
    const states = [...parameters.values(), ...buffers.values()];
    const values = await handled(Promise.all(states.map(({ node }) => this.executor.read(node))));
    return { inputs, states: states.map((state, i) => ({ state, data: values[i]! })) };
  }

  /** @internal Every state of the step, by its name in the graph. */
  get states(): ReadonlyMap<string, State> {
    const { parameters, buffers } = this.live().plan.graph;
    return new Map([...parameters, ...buffers]);
  }

  /** @internal The optimizer's scalar inputs, by name. */
  get scalarInputs(): readonly string[] {
    return [...this.live().plan.graph.inputDefaults.keys()];
  }

  /** @internal What a scalar input that the optimizer has was last set to; undefined where it has none of that name. */
  scalarInput(name: string): number | undefined {
    const initial = this.live().plan.graph.inputDefaults.get(name);
    return initial === undefined ? undefined : (this.set.get(name)?.[0] ?? initial);
  }

  /** @internal Overwrites one of `states`. Throws as `setParameter` does. */
  restore(name: string, value: FeedValue): void {
    const { node } = found('state', name, this.states);
    this.live().write(node, this.checked(node.op, node, name, value).values);
  }

  private readStates(states: readonly State[]): Promise<Record<string, ParameterValues>> {
    const entries = states.map(async ({ node, names = [] }) => {
      const data = await this.executor.read(node);
      // The average of a parameter has a name of its own, and goes by the parameter's.
      const name = names.includes(leafName(node)) ? leafName(node) : (names[0] ?? leafName(node));
      return [name, { shape: node.shape, dtype: node.dtype, data }] as const;
    });
    return handled(Promise.all(entries).then((all) => Object.fromEntries(all)));
  }

  /**
   * The gradient of a parameter in the last step, in sessions built with `gradients: true`.
   * Throws NameError for an unknown parameter, or when the session keeps no gradients, UsageError before the first step.
   */
  readGradient(name: string): Promise<TypedArray> {
    const { plan } = this.live();
    const gradient = plan.graph.outputs.get(gradientName(name));
    if (gradient) {
      this.requireStep(`readGradient('${name}')`);
      return handled(this.executor.read(gradient));
    }
    this.parameter(name);
    throw new NameError(
      `readGradient: no gradient of '${name}'; build the session with { gradients: true }, and note that a parameter ` +
        `that is frozen, or on which the loss does not depend, has none`,
    );
  }

  /** Bytes on the device, by what they hold. */
  memory(): MemoryUse {
    return this.live().memory();
  }

  /** What the compiler did. */
  report(): CompileReport {
    return this.compileReport;
  }

  /** Frees every buffer that no other session shares. Harmless when repeated. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.executor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private live(): Executor {
    if (this.disposed) throw new DisposedError('the session was used after dispose(): build a new one');
    return this.executor;
  }

  private requireStep(what: string): void {
    if (!this.stepped) throw new UsageError(`${what}: there are no values before the first step(): run one`);
  }

  private setLeaf(kind: string, node: Node, name: string, value: FeedValue): void {
    const { values } = this.checked(kind, node, name, value);
    this.live().write(node, values);
    this.overridden.delete(name);
    // A copy: the caller may go on to use the array.
    this.set.set(name, values.slice());
  }

  private checked(kind: string, node: Node, name: string, value: FeedValue, shape = node.shape) {
    const values = toStorage(`${kind} '${name}'`, node, value, { bound: this.bounds.get(name), valueShape: shape });
    // Of a learning rate that is no number, every parameter would become NaN.
    if (kind === 'input' && this.executor.plan.graph.inputDefaults.has(name) && !Number.isFinite(values[0])) {
      throw new ValueError(`input '${name}': the optimizer needs a finite number, got ${values[0]}`);
    }
    return { node, values };
  }

  private input(name: string): Node {
    return found('input', name, this.executor.plan.graph.inputs);
  }

  private parameter(name: string): Node {
    return found('parameter', name, this.executor.plan.graph.parameters).node;
  }

  private output(name: string): Node {
    return found('output', name, this.executor.plan.graph.outputs);
  }
}

/** Throws UsageError when `value` is no session: `what` wants one, and buildSession() gives a Promise of it. */
export function requireSession(what: string, value: unknown): void {
  if (value instanceof Session) return;
  const got = value instanceof Promise ? 'a Promise: await it' : describeValue(value);
  throw new UsageError(`${what} must be a session, as buildSession() makes it, got ${got}`);
}

/** What a promise nobody waits for ends in is nobody's concern: a rejection would end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function found<T>(kind: string, name: unknown, all: ReadonlyMap<string, T>): T {
  const wanted = String(name);
  const value = all.get(wanted);
  if (value !== undefined) return value;
  const close = closeNames(wanted, all.keys());
  const known = all.size > 0 ? `there are ${quoted([...all.keys()].slice(0, 8))}` : 'there are none';
  throw new NameError(
    `the session has no ${kind} '${wanted}'; ${close.length > 0 ? `did you mean ${quoted(close)}?` : known}`,
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function isParameterValues(value: FeedValue | GivenParameter): value is GivenParameter {
  return typeof value === 'object' && (value as object | null) !== null && 'data' in value;
}
