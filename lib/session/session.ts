/// <reference lib="esnext.disposable" preserve="true" />
// The declaration names `Symbol.dispose`, which users whose `lib` is older have not.

import type { Executor } from '../backend/execution/executor.js';
import type { MemoryUse } from '../backend/execution/plan-buffers.js';
import type { FeedValue, IndexBound } from '../backend/execution/feed.js';
import { DisposedError, type StateStore } from '../backend/execution/state.js';
import type { Device } from '../backend/device/device.js';
import { describeValue } from '../dsl/emit.js';
import type { TracedGraph } from '../dsl/traced-graph.js';
import { isWeightSource, type MatchOptions, type WeightSource } from '../dsl/weights.js';
import { NameError, UsageError, ValueError } from '../ir/errors.js';
import type { Node, TensorType } from '../ir/graph.js';
import type { TypedArray } from '../ir/typed-array.js';
import { recorded, type Recorder } from '../ir/recorder.js';
import { found } from './named.js';
import type { CompileReport } from './report.js';
import { SessionInputs } from './session-inputs.js';
import { SessionStates, type GivenParameter, type ParameterValues } from './session-states.js';
import type { TrainingDescription } from './training-description.js';

/**
 * A compiled graph on a device. `step` submits one fixed list of dispatches and does not wait; `read` does.
 * Made by `buildSession` and `buildInferenceSession`. Every method throws DisposedError after `dispose()`, and
 * DeviceLostError once the device is lost.
 */
export class Session<in Feeds extends object = never, out Values extends object = object> {
  /** @internal What its inputs are given. */
  readonly given: SessionInputs;
  /** @internal What it keeps from step to step. */
  readonly held: SessionStates;
  private disposed = false;
  private stepped = false;

  /** @internal Use `buildSession` or `buildInferenceSession`. */
  constructor(
    private readonly executor: Executor,
    /** The graph as traced, from which other sessions can be built that share this one's weights. */
    readonly source: TracedGraph,
    bounds: ReadonlyMap<string, IndexBound>,
    private readonly compileReport: CompileReport,
    /** @internal What its steps train with; undefined where they train nothing. */
    readonly training?: TrainingDescription,
  ) {
    const live = () => this.live();
    this.given = new SessionInputs(live, bounds);
    this.held = new SessionStates(live, source);
  }

  /** The GPU that it runs on. */
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

  /** Shape and dtype of every parameter, by name; in a session built with the option `freeze` of those that it still has. */
  get parameterTypes(): ReadonlyMap<string, TensorType> {
    const { frozen, plan } = this.executor;
    const own = [...plan.graph.parameters].filter(([name]) => !frozen?.results.has(name));
    return new Map(own.map(([name, { node }]) => [name, node]));
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

  /** Whether `dispose` was called: from then on whatever uses it throws. */
  get isDisposed(): boolean {
    return this.disposed;
  }

  /** @internal The storage of parameters and buffers, for sessions that share it. */
  get state(): StateStore {
    return this.live().state;
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
    this.executor.device.check();
    this.given.write(feeds);
    this.executor.step();
    this.stepped = true;
  }

  /** Gives an input values that stay from step to step, such as the learning rate. Throws as `step` does. */
  setInput(name: (keyof Feeds & string) | (string & {}), value: FeedValue): void {
    this.given.set(name, value);
  }

  /** Overwrites a parameter. Throws as `setParameters` does, and then nothing has changed. */
  setParameter(name: string, value: FeedValue): void {
    this.setParameters({ [name]: value });
  }

  /**
   * Overwrites parameters by their names in the state dict; what is left out stays. All or none: throws NameError for an
   * unknown name, ShapeError for a wrong number of values, DTypeError, or UsageError where a session that has the weights
   * was built with the option `freeze`, before anything has changed.
   */
  setParameters(values: Readonly<Record<string, FeedValue | GivenParameter>>): void;
  /**
   * Overwrites parameters and the model's buffers with those of a checkpoint, read one at a time, so that the host holds
   * no more than the largest. Rejects with StateDictError, listing all, where names or shapes do not fit, before
   * anything has changed; with what reading throws, and then those before it have been overwritten; with UsageError as
   * above.
   */
  setParameters(weights: WeightSource, options?: MatchOptions): Promise<void>;
  setParameters(
    values: Readonly<Record<string, FeedValue | GivenParameter>> | WeightSource,
    options: MatchOptions = {},
  ): void | Promise<void> {
    this.live().device.check();
    if (isWeightSource(values)) return handled(this.held.load(values, options));
    this.held.set(values);
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
   * names that there are not, UsageError in a session built with the option `freeze`.
   */
  parameters(names?: Iterable<string>): Promise<Record<string, ParameterValues>> {
    return handled(this.held.parameters(names));
  }

  /**
   * Every parameter, and every buffer of the model, by its name in the state dict, read back from the device. Throws
   * UsageError in a session built with the option `freeze`: it has what was made of them.
   */
  stateDict(): Promise<Record<string, ParameterValues>> {
    return handled(this.held.stateDict());
  }

  /**
   * The gradient of a parameter in the last step, in sessions built with `gradients: true`.
   * Throws NameError for an unknown parameter, or when the session keeps no gradients, UsageError before the first step.
   */
  readGradient(name: string): Promise<TypedArray> {
    const gradient = this.held.gradient(name);
    this.requireStep(`readGradient('${name}')`);
    return handled(this.executor.read(gradient));
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
