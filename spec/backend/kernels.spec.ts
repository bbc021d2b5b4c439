import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { openDevice } from '../../lib/backend/device/open.js';
import type { Device } from '../../lib/backend/device/device.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { CHECK_TIMEOUT, checkOp } from '../check-op.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

/** Kernels for a GPU run on the software adapter as well, only slower. */
const profiles = [
  { kernels: 'as the adapter wants them', changes: {} },
  { kernels: 'with workgroup memory', changes: { software: false } },
];

describe.each(profiles)('kernels $kernels against the interpreter', ({ changes }) => {
  const names = Object.keys(ops) as OpName[];
  test.each(names)('%s', (name) => checkOp(name, { on: 'device', device, changes }), CHECK_TIMEOUT);
});
