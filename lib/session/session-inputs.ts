import type { Executor } from '../backend/execution/executor.js';
import { toStorage, type FeedValue, type IndexBound, type StoredArray } from '../backend/execution/feed.js';
import { NameError, ValueError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { found, quoted } from './named.js';

/** The inputs of a session: the values they are set to, and those that a step is given in their place. */
export class SessionInputs {
  /** Values that stay as they are until they are set again. */
  private readonly values = new Map<string, StoredArray>();
  /** Those of them that the last step was given other values for. */
  private readonly overridden = new Set<string>();

  /** Sets the inputs that the optimizer has to their initial values. */
  constructor(
    /** The executor; throws DisposedError once the session is disposed of. */
    private readonly live: () => Executor,
    private readonly bounds: ReadonlyMap<string, IndexBound>,
  ) {
    for (const [name, value] of this.initial) this.set(name, value);
  }

  /** Gives an input values that stay from step to step. Throws as `Session.step` does, and then nothing has changed. */
  set(name: string, value: FeedValue): void {
    const { node, values } = this.checked(name, value);
    this.live().write(node, values);
    this.overridden.delete(name);
    // A copy: the caller may go on to use the array.
    this.values.set(name, values.slice());
  }

  /** Writes what the next step reads. Throws as `Session.step` does, and then nothing was written. */
  write(feeds: object | undefined): void {
    const executor = this.live();
    const { plan, recorder } = executor;
    const given = Object.entries<FeedValue>({ ...feeds });
    const checked = given.map(([name, value]) => this.checked(name, value));
    const missing = [...plan.graph.inputs.keys()].filter(
      (name) => !this.values.has(name) && !given.some(([key]) => key === name),
    );
    if (missing.length > 0) {
      throw new NameError(`step: no value for input ${quoted(missing)}; pass it to step() or set it by setInput()`);
    }
    const upload = recorder?.begin('upload');
    for (const name of this.overridden) executor.write(this.node(name), this.values.get(name)!);
    this.overridden.clear();
    for (const { node, values } of checked) executor.write(node, values);
    for (const [name] of given) if (this.values.has(name)) this.overridden.add(name);
    if (upload !== undefined) recorder?.end(upload);
  }

  /** The optimizer's scalar inputs, by name, as they were last set. */
  scalars(): ReadonlyMap<string, number> {
    return new Map([...this.initial.keys()].map((name) => [name, this.scalar(name)!]));
  }

  /** What a scalar input of the optimizer was last set to; undefined where it has none of that name. */
  scalar(name: string): number | undefined {
    return this.initial.has(name) ? this.values.get(name)?.[0] : undefined;
  }

  private get initial(): ReadonlyMap<string, number> {
    return this.live().plan.graph.inputDefaults;
  }

  private checked(name: string, value: FeedValue) {
    const node = this.node(name);
    const values = toStorage(`input '${name}'`, node, value, { bound: this.bounds.get(name) });
    // Of a learning rate that is no number, every parameter would become NaN.
    if (this.initial.has(name) && !Number.isFinite(values[0])) {
      throw new ValueError(`input '${name}': the optimizer needs a finite number, got ${values[0]}`);
    }
    return { node, values };
  }

  private node(name: string): Node {
    return found('input', name, this.live().plan.graph.inputs);
  }
}
