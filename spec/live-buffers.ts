/** Counts the buffers of the default device that were made since and are not destroyed. Dispose of it. */
import { openDevice } from '../lib/index.js';

export class LiveBuffers {
  private readonly live = new Set<GPUBuffer>();

  private constructor(
    private readonly gpu: GPUDevice,
    private readonly createBuffer: GPUDevice['createBuffer'],
  ) {
    gpu.createBuffer = (descriptor) => this.watch(createBuffer(descriptor));
  }

  static async start(): Promise<LiveBuffers> {
    const { gpu } = await openDevice();
    return new LiveBuffers(gpu, gpu.createBuffer.bind(gpu));
  }

  get count(): number {
    return this.live.size;
  }

  [Symbol.dispose](): void {
    this.gpu.createBuffer = this.createBuffer;
  }

  private watch(buffer: GPUBuffer): GPUBuffer {
    this.live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      this.live.delete(buffer);
      destroy();
    };
    return buffer;
  }
}
