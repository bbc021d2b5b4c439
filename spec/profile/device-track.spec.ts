import { expect, test } from '@jest/globals';
import type { KernelFacts } from '../../lib/ir/recorder.js';
import { DeviceTrack } from '../../lib/profile/device-track.js';
import { ProtoWriter } from '../../lib/profile/proto-writer.js';
import { TraceWriter } from '../../lib/profile/trace-writer.js';
import { decodeTrace } from './official.js';

const kernel: KernelFacts = { label: 'map add', scope: 'a', operations: 1, workgroups: 1, bytes: 3000, flops: 1000 };
const MILLISECOND = 1_000_000;

/** A device whose clock is `offset` nanoseconds ahead of this thread's, and a host to see what it wrote. */
function start(offset: number) {
  const bytes = new ProtoWriter();
  const writer = new TraceWriter((packet) => bytes.append(packet));
  const values: [string, number, number][] = [];
  let flows = 0;
  const host = {
    writer,
    process: writer.process(1, 'test'),
    nextFlow: () => ++flows,
    value: (_: number, name: string, value: number, time: number) => values.push([name, value, time]),
  };
  // 1 byte and half an operation a nanosecond.
  const device = new DeviceTrack(
    host,
    { name: 'GPU', timestamps: true, peak: { bandwidth: 1000, arithmetic: 500 } },
    0,
  );
  const began = Math.round(performance.now() * 1e6);
  /** Stamps of the device at these milliseconds after `began`. */
  const stamps = (...milliseconds: number[]) =>
    BigUint64Array.from(milliseconds, (at) => BigInt(began + at * MILLISECOND + offset));
  const kernels = () => {
    const { slices } = decodeTrace(bytes.bytes);
    return slices.filter(({ category }) => category === 'kernel').map(({ begin, end }) => [begin - began, end - began]);
  };
  /** Lets the time pass until those milliseconds after `began`. */
  const until = async (milliseconds: number) => {
    while (performance.now() * 1e6 < began + milliseconds * MILLISECOND)
      await new Promise((done) => setTimeout(done, 1));
  };
  return { device, stamps, kernels, until, values, began, submitted: (at: number) => began / 1e6 + at, bytes };
}

test.each([0, 7e15, -3e5])('a clock that is %s ns ahead is brought to this one', async (offset) => {
  const { device, stamps, kernels, until, submitted } = start(offset);
  expect(device.aligned).toBe(false);
  // The delays between submit and begin are 3, 1 and 2 ms: the least is taken for none.
  for (const [at, began] of [[0, 3], [10, 11], [20, 22]] as const) device.align(submitted(at), stamps(began)[0]!); // prettier-ignore
  expect(device.aligned).toBe(true);
  const step = device.step(1, 1, [kernel, kernel]);
  await until(50);
  step.done(submitted(30), stamps(35, 36, 38, 41), {});
  expect(kernels()).toEqual([[34, 35], [37, 40]].map((times) => times.map((time) => time * MILLISECOND))); // prettier-ignore
});

test('results that come in another order are written in that of the submits, values with them', async () => {
  const { device, stamps, kernels, until, submitted, values, began } = start(1000);
  device.align(submitted(0), stamps(0)[0]!);
  const [first, second, third] = [1, 2, 3].map((number) => device.step(1, number, [kernel]));
  let isSettled = false;
  const settled = device.settled().then(() => (isSettled = true));
  await until(30);
  third!.done(submitted(3), stamps(8, 9), { loss: 3 });
  second!.lost();
  await until(31);
  expect(kernels()).toEqual([]);
  expect(isSettled).toBe(false);
  first!.done(submitted(1), stamps(2, 4), { loss: 1 });
  await settled;
  expect(kernels()).toEqual([[2, 4], [8, 9]].map((times) => times.map((time) => time * MILLISECOND))); // prettier-ignore
  expect(values).toEqual([
    ['loss', 1, began + 4 * MILLISECOND],
    ['loss', 3, began + 9 * MILLISECOND],
  ]);
});

test('stamps that cannot be are moved to where they can', async () => {
  const { device, stamps, kernels, until, submitted } = start(0);
  device.align(submitted(0), stamps(0)[0]!);
  const step = device.step(1, 1, [kernel, kernel]);
  await until(30);
  // The first ends before it begins, and the second begins before that: as of clocks that differ between cores.
  step.done(submitted(1), stamps(5, 4, 3, 7), {});
  expect(kernels()).toEqual([[5, 5], [5, 7]].map((times) => times.map((time) => time * MILLISECOND))); // prettier-ignore
});

test('a clock that runs away is caught: nothing begins before its submit or ends after it was seen', async () => {
  const { device, stamps, kernels, until, submitted, bytes, began } = start(0);
  device.align(submitted(0), stamps(0)[0]!);
  const early = device.step(1, 1, [kernel]);
  await until(20);
  early.done(submitted(10), stamps(8, 9), {});
  const late = device.step(1, 2, [kernel]);
  late.done(submitted(12), stamps(90, 91), {});
  const [first, second] = kernels();
  expect(first![0]).toBe(10 * MILLISECOND);
  expect(second![1]).toBeLessThanOrEqual(performance.now() * 1e6 - began);
  expect(() => decodeTrace(bytes.bytes)).not.toThrow();
});

test('the share of peak is that of the rate that bounds the kernel', async () => {
  const { device, stamps, until, submitted, bytes } = start(0);
  device.align(submitted(0), stamps(0)[0]!);
  const bound = { ...kernel, flops: 4000 };
  const step = device.step(1, 1, [kernel, bound, kernel]);
  await until(20);
  // 10 µs, 16 µs, and no time at all, of which nothing can be said.
  step.done(submitted(1), stamps(2, 2.01, 3, 3.016, 4, 4), {});
  const kernels = decodeTrace(bytes.bytes).slices.filter(({ category }) => category === 'kernel');
  expect(kernels.map(({ details }) => details['share of peak'])).toEqual([0.3, 0.5, undefined]);
});
