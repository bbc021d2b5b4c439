import { MeganeuraError, ShapeError, UsageError } from '../../ir/errors.js';
import { describeNode, leafName, type State } from '../../ir/graph.js';
import { BufferUsage } from '../device/constants.js';
import { sameShape } from '../../ir/shape.js';
import { bitsIn, isTypedArray, type TypedArray } from '../../ir/typed-array.js';
import type { Device } from '../device/device.js';
import { toStorage } from './feed.js';
import { storageBytes } from '../planning/plan.js';

/** A session was used after `dispose()`. */
export class DisposedError extends MeganeuraError {}

/** What a session does with the states of a store besides reading them, by name. */
export interface StateClaim {
  /** States that its steps change. */
  readonly changes: ReadonlySet<string>;
  /** States that must not change, since others were made of them; undefined where all may. */
  readonly frozen?: FrozenStates | undefined;
}

/** States that were made of others, which have to stay as they are for that long. */
export interface FrozenStates {
  readonly sources: ReadonlySet<string>;
  readonly results: ReadonlySet<string>;
}

/**
 * Buffers of parameters and other state, by name; sessions that are built from one another share them. The last one to
 * let go destroys them.
 */
export class StateStore {
  private readonly entries = new Map<string, { buffer: GPUBuffer; state: State }>();
  /** Those being filled: a session that is built meanwhile waits for them. */
  private readonly pending = new Map<string, Promise<unknown>>();
  private readonly claims = new Set<StateClaim>();
  private holders = 1;

  /** `lender`: a store whose buffers to use, as long as it has them, where it has those that are asked for. */
  constructor(
    private readonly device: Device,
    private readonly lender?: StateStore,
  ) {}

  retain(): this {
    this.holders++;
    return this;
  }

  release(): void {
    if (--this.holders > 0) return;
    for (const { buffer } of this.entries.values()) buffer.destroy();
    this.entries.clear();
  }

  /** Whether some states may not be written to. */
  get isFrozen(): boolean {
    return [...this.claims].some(({ frozen }) => frozen);
  }

  /**
   * Holds until the result is called. Then what was made of frozen states is destroyed, unless another claim has it too:
   * what it was made of may change from then on. Throws UsageError where steps would change what must not change.
   */
  claim(claim: StateClaim): () => void {
    for (const other of this.claims) {
      const changed = (a: StateClaim, b: StateClaim) => [...a.changes].find((name) => b.frozen?.sources.has(name));
      const name = changed(other, claim);
      if (name !== undefined) {
        throw new UsageError(
          `the option freeze needs weights that stay as they are, but the steps of a session that shares them change ` +
            `'${name}': leave out freeze, or build the session from the trained state dict, without the option weights`,
        );
      }
      const fixed = changed(claim, other);
      if (fixed !== undefined) {
        throw new UsageError(
          `steps would change '${fixed}', and a session that shares it was built with the option freeze: dispose of ` +
            `that session first, or build this one without the option weights`,
        );
      }
    }
    this.claims.add(claim);
    return () => {
      if (!this.claims.delete(claim)) return;
      for (const name of claim.frozen?.results ?? []) {
        if ([...this.claims].some(({ frozen }) => frozen?.results.has(name))) continue;
        this.entries.get(name)?.buffer.destroy();
        this.entries.delete(name);
      }
    };
  }

  /** The buffer of a state, made and filled with its initial values when it is new. */
  async obtain(state: State): Promise<GPUBuffer> {
    const name = leafName(state.node);
    // Whoever fills it may fail, and then it is this one's turn.
    for (let other = this.pending.get(name); other; other = this.pending.get(name)) await other.catch(() => undefined);
    const known = this.entries.get(name) ?? this.lender?.entries.get(name);
    if (known) return checkedSame(known, state);
    const made = this.make(name, state).finally(() => this.pending.delete(name));
    this.pending.set(name, made);
    return made;
  }

  private async make(name: string, state: State): Promise<GPUBuffer> {
    const size = storageBytes(state.node);
    this.device.requireBuffer(size, `${state.node.op} '${name}'`);
    // Before the buffer, which nobody would destroy if the initial values turned out not to fit.
    const given = await state.initial();
    if (this.holders <= 0) throw new DisposedError('the session was disposed of while its weights were being read');
    const { dtype } = state.node;
    const isStored = isTypedArray(dtype, given) || bitsIn(dtype, given) !== undefined;
    const initial = toStorage(
      `${state.node.op} '${name}'`,
      state.node,
      isStored ? (given as TypedArray) : Array.from(given),
    );
    const buffer = this.device.gpu.createBuffer({
      label: name,
      size,
      usage: BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST,
      mappedAtCreation: true,
    });
    new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength));
    buffer.unmap();
    this.entries.set(name, { buffer, state });
    return buffer;
  }

  bytes(kind: 'parameter' | 'buffer'): number {
    return [...this.entries.values()]
      .filter(({ state }) => state.node.op === kind)
      .reduce((sum, { buffer }) => sum + buffer.size, 0);
  }
}

function checkedSame({ buffer, state: { node } }: { buffer: GPUBuffer; state: State }, other: State): GPUBuffer {
  if (sameShape(node.shape, other.node.shape) && node.dtype === other.node.dtype) return buffer;
  throw new ShapeError(`shared weights: ${describeNode(other.node)} is ${describeNode(node)} in the other session`);
}
