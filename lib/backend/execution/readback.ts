import { BufferUsage, MapMode } from '../device/constants.js';
import type { Device } from '../device/device.js';
import { DisposedError } from './state.js';

/** Reads under way on a device, to be told when it is lost; one listener a device, since those cannot be removed. */
const underWay = new WeakMap<Device, Set<(error: Error) => void>>();

/** Brings the contents of buffers to the host. */
export class Readback {
  /** Staging buffers that no read uses, by their size in bytes. */
  private readonly free = new Map<number, GPUBuffer[]>();
  private readonly staging = new Set<GPUBuffer>();
  private disposed = false;

  constructor(private readonly device: Device) {}

  /**
   * The bytes of a range as they are once everything submitted so far is done; what is submitted later does not change
   * them. `room`: bytes to allocate for ranges of this kind, which may differ in size.
   *
   * Rejects with DeviceLostError, DeviceError, or DisposedError.
   */
  async read(buffer: GPUBuffer, offset: number, size: number, room = size): Promise<ArrayBuffer> {
    this.throwIfDisposed();
    const { gpu } = this.device;
    const staging = this.free.get(room)?.pop() ?? this.allocate(room);
    const encoder = gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    gpu.queue.submit([encoder.finish()]);
    await this.unlessLost(staging.mapAsync(MapMode.READ, 0, size)).finally(() => this.throwIfDisposed());
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    this.free.set(room, [...(this.free.get(room) ?? []), staging]);
    this.device.check();
    return bytes;
  }

  dispose(): void {
    this.disposed = true;
    for (const buffer of this.staging) buffer.destroy();
  }

  private allocate(size: number): GPUBuffer {
    const usage = BufferUsage.MAP_READ | BufferUsage.COPY_DST;
    const buffer = this.device.gpu.createBuffer({ label: 'read back', size, usage });
    this.staging.add(buffer);
    return buffer;
  }

  /** Disposing destroys the buffers that a read under way waits for. */
  private throwIfDisposed(): void {
    if (this.disposed) throw new DisposedError('the session was disposed of while a read was under way');
  }

  private unlessLost(mapped: Promise<undefined>): Promise<void> {
    const waiting = underWay.get(this.device) ?? watch(this.device);
    return new Promise<void>((resolve, reject) => {
      waiting.add(reject);
      mapped.then(() => resolve(), reject).finally(() => waiting.delete(reject)); // prettier-ignore
    });
  }
}

function watch(device: Device): Set<(error: Error) => void> {
  const waiting = new Set<(error: Error) => void>();
  underWay.set(device, waiting);
  void device.lost.then((error) => {
    for (const reject of waiting) reject(error);
  });
  return waiting;
}
