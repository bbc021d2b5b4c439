import { affine, type Affine, type Atom } from '../fusion/affine.js';
import type { KernelContext, Layout } from './kernel.js';
import { decodeBatch, hoistScalars, writeEpilogue, type Product } from './product.js';
import type { KernelProfile } from './profile.js';
import type { KernelWriter } from './writer.js';

const INVOCATIONS = 128;
/** More rows have enough work for each element of b that tiles are better. */
const MOST_ROWS = 8;
/** Invocations that keep a large GPU busy while it waits for memory. */
const ENOUGH = 2 ** 18;
/** Neighbours that read one stretch of memory: 64 bytes at least. */
const FEWEST_TOGETHER = 4;

/** Whether the kernel below suits a product: few rows, on an adapter with workgroup memory. */
export function isForSlices({ m, k, b }: Product, profile: KernelProfile): boolean {
  const { software, maxInvocations, workgroupMemory } = profile;
  const bytes = INVOCATIONS * m * 16;
  const fits = maxInvocations >= INVOCATIONS && workgroupMemory >= bytes;
  return !software && fits && m > 0 && m <= MOST_ROWS && k >= 16 && b.contiguous !== 'none';
}

/**
 * The product of a few rows with a matrix, which is bound by reading the matrix: decoding a token. Four columns (one
 * where they do not divide by four) belong to several invocations of a workgroup, each of which sums over a slice of the
 * inner dimension, all rows at once, so that every element of the matrix is read once, by whole vectors and beside its
 * neighbours; the slices' sums meet in workgroup memory. The fewer columns there are, the more slices.
 */
export function sliceTileBody(
  context: KernelContext,
  product: Product,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, k, batch, a, b } = product;
  const alongInner = b.contiguous === 'inner';
  const columns = lane ? n / 4 : n;
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  const steps = alongInner ? k / 4 : k;
  const slices = slicesOf(steps, columns * batches, alongInner);
  const across = INVOCATIONS / slices;
  const tiles = Math.ceil(columns / across);
  const rows = Array.from({ length: m }, (_, i) => i);
  const type = lane ? 'vec4<f32>' : 'f32';

  writer.line(`if (workgroup >= ${tiles * batches}u) { return; }`);
  // Neighbours read what is beside each other: along the inner dimension, or along the columns.
  writer.line(`let slice = ${alongInner ? `local % ${slices}u` : `local / ${across}u`};`);
  writer.line(`let beside = ${alongInner ? `local / ${slices}u` : `local % ${across}u`};`);
  writer.line(`let wanted = (workgroup % ${tiles}u) * ${across}u + beside;`);
  writer.line(`let column = min(wanted, ${Math.max(columns, 1) - 1}u);`);
  decodeBatch(batch, writer, `workgroup / ${tiles}u`);
  for (const i of rows) writer.line(`var c${i} = ${type}();`);

  const inner: Atom = { text: 'k', extent: k };
  const load = (text: string) => {
    const name = writer.name('x');
    writer.line(`let ${name} = ${text};`);
    return name;
  };
  const row = (i: number): Affine => ({ constant: i, terms: new Map() });
  if (alongInner) {
    const names = Array.from({ length: lane ? 4 : 1 }, (_, j): Atom => ({ text: `n${j}`, extent: n }));
    names.forEach(({ text }, j) => writer.line(`let ${text} = ${lane ? `column * 4u + ${j}u` : 'column'};`));
    writer.block(`for (var kq = slice; kq < ${steps}u; kq += ${slices}u)`, () => {
      writer.line('let k = kq * 4u;');
      const of = names.map((name) => load(b.load(writer, affine(name), affine(inner), inner).text));
      for (const i of rows) {
        const x = load(a.load(writer, row(i), affine(inner), inner).text);
        const sums = of.map((y) => `dot(${x}, ${y})`).join(', ');
        writer.line(`c${i} += ${lane ? `vec4<f32>(${sums})` : sums};`);
      }
    });
  } else {
    const first: Atom = { text: 'n0', extent: n };
    writer.line('let n0q = column;');
    writer.line('let n0 = column * 4u;');
    writer.block(`for (var k = slice; k < ${steps}u; k += ${slices}u)`, () => {
      const y = load(b.load(writer, affine(first), affine(inner), first).text);
      for (const i of rows) writer.line(`c${i} += ${a.load(writer, row(i), affine(inner), undefined).text} * ${y};`);
    });
  }
  const sharedOf = (i: number) => `${lane ? 'vectors' : 'sums'}${i}`;
  meet(writer, rows, sharedOf, slices, alongInner ? 1 : across);

  hoistScalars(context, writer);
  writer.block(slices > 1 ? 'if (slice == 0u)' : '', () => {
    const ragged = columns % across !== 0;
    for (const i of rows) {
      const result = { row: `${i}u`, column: 'wanted', accumulator: `c${i}` };
      writeEpilogue(context, product, writer, lane, result, ragged);
    }
  });
  return {
    workgroupSize: INVOCATIONS,
    crew: { workgroups: tiles * batches },
    shared: slices > 1 ? rows.map((i) => ({ name: sharedOf(i), element: type, length: INVOCATIONS })) : [],
  };
}

/** Adds up the slices, which lie `stride` invocations apart, into those of slice 0: a tree. */
function meet(
  writer: KernelWriter,
  rows: readonly number[],
  sharedOf: (row: number) => string,
  slices: number,
  stride: number,
): void {
  if (slices === 1) return;
  for (const i of rows) writer.line(`${sharedOf(i)}[local] = c${i};`);
  for (let half = slices / 2; half >= 1; half /= 2) {
    writer.line('workgroupBarrier();');
    writer.block(`if (slice < ${half}u)`, () => {
      for (const i of rows) {
        writer.line(`c${i} += ${sharedOf(i)}[local + ${half * stride}u];`);
        if (half > 1) writer.line(`${sharedOf(i)}[local] = c${i};`);
      }
    });
  }
}

/** A power of two: enough to keep the adapter busy, no more than there is work for. */
function slicesOf(steps: number, columns: number, alongInner: boolean): number {
  const most = alongInner ? INVOCATIONS : INVOCATIONS / FEWEST_TOGETHER;
  const least = alongInner ? 16 : 1;
  const wanted = Math.max(least, 2 ** Math.ceil(Math.log2(ENOUGH / Math.max(columns, 1))));
  const useful = 2 ** Math.floor(Math.log2(Math.max(steps, 1)));
  return Math.min(wanted, useful, most);
}
