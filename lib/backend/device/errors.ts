import { MeganeuraError } from '../../ir/errors.js';

/** No WebGPU adapter could be opened; the message says what to install. */
export class NoAdapterError extends MeganeuraError {}

/** Use of a device after it was lost (driver reset, unplugged, out of memory) or disposed. */
export class DeviceLostError extends MeganeuraError {}

/** What kind of fault the GPU reported: a call that breaks WebGPU's rules, no memory left, or anything else. */
export type DeviceFault = 'validation' | 'out-of-memory' | 'internal';

/** A fault that the GPU reported for work submitted earlier. */
export class DeviceError extends MeganeuraError {
  constructor(
    readonly fault: DeviceFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Something larger than the device allows: a tensor, a workgroup, a number of bindings. */
export class DeviceLimitError extends MeganeuraError {}
