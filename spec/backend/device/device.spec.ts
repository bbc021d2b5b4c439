import { afterEach, describe, expect, test } from '@jest/globals';
import { BufferUsage, MapMode } from '../../../lib/backend/device/constants.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { DeviceError, DeviceLimitError, DeviceLostError, NoAdapterError } from '../../../lib/backend/device/errors.js';
import { openDevice } from '../../../lib/backend/device/open.js';

/** An encoder that was finished twice: the second time is a validation fault. */
function provoke(device: Device): void {
  const encoder = device.gpu.createCommandEncoder();
  encoder.finish();
  encoder.finish();
}

describe('openDevice', () => {
  test('shares one device among calls without options, and opens another after its end', async () => {
    const [first, second] = await Promise.all([openDevice(), openDevice()]);
    expect(second).toBe(first);
    first.dispose();
    const third = await openDevice();
    expect(third).not.toBe(first);
    expect(third.isLost).toBe(false);
  });

  test('asks the adapter for all it has', async () => {
    const device = await openDevice();
    const adapter = await navigator.gpu.requestAdapter();
    for (const limit of ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage'] as const) {
      expect([limit, device.limits[limit]]).toEqual([limit, adapter!.limits[limit]]);
    }
    for (const feature of ['timestamp-query', 'shader-f16', 'subgroups'] as const) {
      expect([feature, device.features.has(feature)]).toEqual([feature, adapter!.features.has(feature)]);
    }
  });

  test('takes an injected GPU, which may have no adapter', async () => {
    const device = await openDevice({ gpu: navigator.gpu });
    expect(device).not.toBe(await openDevice());
    device.dispose();

    const blocked = { requestAdapter: () => Promise.resolve(null) } as Partial<GPU> as GPU;
    await expect(openDevice({ gpu: blocked })).rejects.toThrow(NoAdapterError);
    await expect(openDevice({ gpu: blocked, forceFallback: true })).rejects.toThrowErrorMatchingInlineSnapshot(
      `"WebGPU is there, but has no software adapter: check that the GPU is not blocked (chrome://gpu) and its driver is installed"`,
    );
  });

  test('takes an injected device and leaves it alive', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const gpu = await adapter!.requestDevice();
    const device = await openDevice({ device: gpu });
    expect(await openDevice({ device: gpu })).toBe(device);
    device.dispose();
    expect(device.isLost).toBe(true);

    const again = await openDevice({ device: gpu });
    await again.settled();
    gpu.destroy();
    expect(await again.lost).toBeInstanceOf(DeviceLostError);
    expect(() => again.gpu).toThrow(/was lost \(destroyed/);
  });

  test('forces the software adapter', async () => {
    const device = await openDevice({ forceFallback: true });
    expect(device.info.software).toBe(true);
    expect(device.describe()).toMatch(
      /\(software, \w+\), [\d.]+ [GM]iB buffers, f16 (yes|no), subgroups \d+, (no )?timestamps$/,
    );
    device.dispose();
  });
});

describe('Device', () => {
  let device: Device;
  const open = async () => (device = await openDevice({ gpu: navigator.gpu }));
  afterEach(() => device.dispose());

  test('collects faults until they are asked for', async () => {
    await open();
    provoke(device);
    await expect(device.settled()).rejects.toMatchObject({
      fault: 'validation',
      message: expect.stringMatching(/finish/i),
    });
    device.check();

    for (let i = 0; i < 40; i++) provoke(device);
    await expect(device.settled()).rejects.toThrow(/\(and 39 more\)/);
    await device.settled();
  });

  test('calls running out of memory by its name', async () => {
    await open();
    device.gpu.pushErrorScope('out-of-memory');
    const buffer = device.gpu.createBuffer({ size: 16, usage: BufferUsage.STORAGE });
    expect(await device.gpu.popErrorScope()).toBeNull();
    buffer.destroy();
    const oom = Object.assign(new Event('uncapturederror'), { error: new GPUOutOfMemoryError('no room') });
    device.gpu.dispatchEvent(oom);
    expect(() => device.check()).toThrow(expect.objectContaining({ fault: 'out-of-memory' }));
  });

  test('throws a typed error after dispose(), which may be repeated', async () => {
    await open();
    device.dispose();
    device.dispose();
    expect((await device.lost).message).toMatch(/was used after dispose\(\)/);
    expect(() => device.gpu).toThrow(DeviceLostError);
    expect(() => device.check()).toThrow(DeviceLostError);
    await expect(device.settled()).rejects.toThrow(DeviceLostError);
  });

  test('throws a typed error after it was lost', async () => {
    await open();
    device.gpu.destroy();
    await device.lost;
    expect(device.isLost).toBe(true);
    expect(() => device.gpu).toThrow(/open it again with openDevice\(\)/);
  });

  test('names the limit that a buffer exceeds', async () => {
    await open();
    const most = device.limits.maxStorageBufferBindingSize;
    device.requireBuffer(most, 'parameter a');
    expect(() => device.requireBuffer(most + 4, 'parameter b [9]')).toThrow(DeviceLimitError);
    expect(() => device.requireBuffer(most + 4, 'parameter b [9]')).toThrow(
      /^parameter b \[9\] needs .*maxStorageBufferBindingSize/,
    );
  });

  test('computes', async () => {
    await open();
    const { gpu } = device;
    const code = `
      @group(0) @binding(0) var<storage, read_write> x: array<f32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&x)) { x[id.x] = x[id.x] * x[id.x]; }
      }`;
    const pipeline = gpu.createComputePipeline({
      layout: 'auto',
      compute: { module: gpu.createShaderModule({ code }) },
    });
    const x = Float32Array.from({ length: 100 }, (_, i) => i);
    const storage = gpu.createBuffer({
      size: x.byteLength,
      usage: BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST,
    });
    const readback = gpu.createBuffer({ size: x.byteLength, usage: BufferUsage.MAP_READ | BufferUsage.COPY_DST });
    gpu.queue.writeBuffer(storage, 0, x);
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      gpu.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: storage } }],
      }),
    );
    pass.dispatchWorkgroups(2);
    pass.end();
    encoder.copyBufferToBuffer(storage, 0, readback, 0, x.byteLength);
    gpu.queue.submit([encoder.finish()]);
    await readback.mapAsync(MapMode.READ);
    expect(new Float32Array(readback.getMappedRange())).toEqual(x.map((v) => v * v));
    await device.settled();
  });
});

test('the flags are those of the environment', async () => {
  (await openDevice()).check();
  expect(BufferUsage).toEqual({ ...GPUBufferUsage });
  expect(MapMode).toEqual({ ...GPUMapMode });
});

test('faults are DeviceErrors', () => {
  expect(new DeviceError('internal', 'x')).toMatchObject({ name: 'DeviceError', fault: 'internal' });
});
