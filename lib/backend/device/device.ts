import { DeviceError, DeviceLimitError, DeviceLostError, type DeviceFault } from './errors.js';
import { deviceInfo, describeDevice, formatBytes, type DeviceInfo } from './info.js';

/**
 * A GPU that is open: what it is, what it can do, and what went wrong on it.
 * Get one from `openDevice()`.
 */
export class Device {
  /** Its names, features and limits. */
  readonly info: DeviceInfo;
  /** Resolves when the device is lost or disposed, to the error that later use throws. Never rejects. */
  readonly lost: Promise<DeviceLostError>;

  readonly #gpu: GPUDevice;
  readonly #owned: boolean;
  #firstFault: DeviceError | undefined;
  readonly #onFault = (event: GPUUncapturedErrorEvent) => this.#collect(event);
  #faultCount = 0;
  #lostError: DeviceLostError | undefined;
  #resolveLost: (error: DeviceLostError) => void = () => {};

  /**
   * @param gpu The device to wrap.
   * @param adapter What its adapter says of itself.
   * @param owned Whether `dispose()` destroys `gpu`: true only where the library opened it.
   */
  constructor(gpu: GPUDevice, adapter: Partial<GPUAdapterInfo> | undefined, owned: boolean) {
    this.#gpu = gpu;
    this.#owned = owned;
    this.info = deviceInfo(adapter);
    this.lost = new Promise((resolve) => (this.#resolveLost = resolve));
    gpu.addEventListener('uncapturederror', this.#onFault);
    void gpu.lost.then(({ reason, message }) => this.#end(lostError(this.info.name, reason, message)));
  }

  /**
   * The WebGPU device.
   * @throws {DeviceLostError} After the device was lost or disposed.
   */
  get gpu(): GPUDevice {
    this.#throwIfLost();
    return this.#gpu;
  }

  /** Whether it was lost or disposed: from then on whatever uses it throws. */
  get isLost(): boolean {
    return this.#lostError !== undefined;
  }

  /** What may be asked for: these are the adapter's own limits, not WebGPU's defaults. Bytes, threads or counts. */
  get limits(): GPUSupportedLimits {
    return this.#gpu.limits;
  }

  /** Names of the optional features that are on, such as `shader-f16`. */
  get features(): ReadonlySet<string> {
    return this.#gpu.features;
  }

  /** One line: `SwiftShader (software, Vulkan), 1 GiB buffers, f16 no, subgroups 4, timestamps`. */
  describe(): string {
    return describeDevice(this.info, this.limits, this.features);
  }

  /**
   * Throws the first fault that the GPU has reported since the last call, and forgets them all.
   * Faults arrive late: `settled()` waits for them.
   *
   * @throws {DeviceLostError} After the device was lost or disposed.
   * @throws {DeviceError} For a fault in work submitted before.
   */
  check(): void {
    this.#throwIfLost();
    const [first, others] = [this.#firstFault, this.#faultCount - 1];
    this.#firstFault = undefined;
    this.#faultCount = 0;
    if (first === undefined) return;
    if (others === 0) throw first;
    throw new DeviceError(first.fault, `${first.message} (and ${others} more)`, { cause: first.cause });
  }

  /**
   * Waits until the GPU has done all that was submitted, then does as `check()`.
   * @throws {DeviceLostError} @throws {DeviceError}
   */
  async settled(): Promise<void> {
    await Promise.race([this.gpu.queue.onSubmittedWorkDone(), this.lost]);
    this.check();
  }

  /**
   * Checks that a storage buffer can be as large as `what` needs.
   * @param bytes Size of the buffer.
   * @param what What it is for, such as `parameter embed.weight [49152, 576] f32`.
   * @throws {DeviceLimitError} Naming the limit that is too small.
   */
  requireBuffer(bytes: number, what: string): void {
    for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const) {
      if (bytes <= this.limits[limit]) continue;
      throw new DeviceLimitError(
        `${what} needs ${formatBytes(bytes)} (${bytes} bytes) in one buffer, but ${this.info.name} allows ` +
          `${formatBytes(this.limits[limit])} (${limit}); split it, or use a smaller dtype, batch or model`,
      );
    }
  }

  /**
   * Ends the use of this device: later use throws DeviceLostError. Destroys the WebGPU device, with all its buffers,
   * only if the library made it; one that was passed in stays with whoever made it. Harmless when repeated.
   */
  dispose(): void {
    this.#gpu.removeEventListener('uncapturederror', this.#onFault);
    this.#end(new DeviceLostError(`${this.info.name} was used after dispose(); open a device with openDevice()`));
    if (this.#owned) this.#gpu.destroy();
  }

  #throwIfLost(): void {
    if (this.#lostError !== undefined) throw this.#lostError;
  }

  #end(error: DeviceLostError): void {
    this.#lostError ??= error;
    this.#resolveLost(this.#lostError);
  }

  #collect(event: GPUUncapturedErrorEvent): void {
    if (this.#owned) event.preventDefault(); // Else printed as well; whoever passed a device in may want that.
    this.#faultCount++;
    const { error } = event;
    // Later ones mostly follow from the first: an invalid shader makes an invalid pipeline, and so on.
    this.#firstFault ??= new DeviceError(faultOf(error), `${this.info.name}: ${error.message}`, { cause: error });
  }
}

/** By name: the classes are globals that Node lacks, and differ between realms. */
function faultOf(error: GPUError): DeviceFault {
  switch (error.constructor.name) {
    case 'GPUValidationError':
      return 'validation';
    case 'GPUOutOfMemoryError':
      return 'out-of-memory';
    default:
      return 'internal';
  }
}

function lostError(name: string, reason: GPUDeviceLostReason, message: string): DeviceLostError {
  const detail = [reason === 'unknown' ? '' : reason, message].filter(Boolean).join(': ') || 'no reason given';
  return new DeviceLostError(
    `${name} was lost (${detail}); open it again with openDevice() and build the session anew`,
  );
}
