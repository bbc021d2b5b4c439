import { MeganeuraError, ShapeError } from '../../ir/errors.js';
import { describeNode, leafName, type State } from '../../ir/graph.js';
import { BufferUsage } from '../device/constants.js';
import { sameShape } from '../../ir/shape.js';
import { bitsIn, isTypedArray, type TypedArray } from '../../ir/typed-array.js';
import type { Device } from '../device/device.js';
import { toStorage } from './feed.js';
import { storageBytes } from '../planning/plan.js';

/** A session was used after `dispose()`. */
export class DisposedError extends MeganeuraError {}

/**
 * Buffers of parameters and other state, by name; sessions that are built from one another share them. The last one to
 * let go destroys them.
 */
export class StateStore {
  private readonly entries = new Map<string, { buffer: GPUBuffer; state: State }>();
  /** Those being filled: a session that is built meanwhile waits for them. */
  private readonly pending = new Map<string, Promise<unknown>>();
  private holders = 1;

  constructor(private readonly device: Device) {}

  retain(): this {
    this.holders++;
    return this;
  }

  release(): void {
    if (--this.holders > 0) return;
    for (const { buffer } of this.entries.values()) buffer.destroy();
    this.entries.clear();
  }

  /** The buffer of a state, made and filled with its initial values when it is new. */
  async obtain(state: State): Promise<GPUBuffer> {
    const name = leafName(state.node);
    // Whoever fills it may fail, and then it is this one's turn.
    for (let other = this.pending.get(name); other; other = this.pending.get(name)) await other.catch(() => undefined);
    const known = this.entries.get(name);
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
