import { afterAll, beforeAll, test } from '@jest/globals';
import { openDevice } from '../../lib/backend/device/open.js';
import type { Device } from '../../lib/backend/device/device.js';
import type { KernelProfile } from '../../lib/backend/kernels/profile.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { CHECK_TIMEOUT, checkOp } from '../check-op.js';

/** Tests every operation on the device against the interpreter, with kernels for an adapter that is other in `changes`. */
export function checkKernels(changes: Partial<KernelProfile>): void {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(() => device.dispose());
  const names = Object.keys(ops) as OpName[];
  test.each(names)('%s', (name) => checkOp(name, { on: 'device', device, changes }), CHECK_TIMEOUT);
}
