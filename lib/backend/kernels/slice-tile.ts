import { rowSlices } from '../../rewrite/product-tiles.js';
import { affine, type Affine, type Atom } from '../fusion/affine.js';
import type { KernelContext, Layout } from './kernel.js';
import { decodeBatch, rowTotalsOf, writeResults, type Product, type Products } from './product.js';
import type { KernelProfile } from './profile.js';
import type { KernelWriter } from './writer.js';

const { rows: MOST_ROWS, workgroup: INVOCATIONS } = rowSlices;

/** Whether the kernel below suits products: few rows, on an adapter with workgroup memory, and right operands that lie alike. */
export function isForSlices({ m, terms }: Products, profile: KernelProfile): boolean {
  const { software, maxInvocations, workgroupMemory } = profile;
  const bytes = INVOCATIONS * m * 16;
  const fits = maxInvocations >= INVOCATIONS && workgroupMemory >= bytes;
  const { contiguous } = terms[0]!.b;
  const areSliced = contiguous !== 'none' && terms.every(({ k, b }) => k >= 16 && b.contiguous === contiguous);
  return !software && fits && m > 0 && m <= MOST_ROWS && areSliced;
}

/**
 * Products of a few rows with a matrix, which are bound by reading the matrix: decoding a token. Four columns (one
 * where they do not divide by four) belong to several invocations of a workgroup, each of which sums over a slice of the
 * inner dimension, all rows at once, so that every element of the matrix is read once, by whole vectors and beside its
 * neighbours; the slices' sums meet in workgroup memory. The fewer columns there are, the more slices. One product is
 * summed after the other.
 */
export function sliceTileBody(
  context: KernelContext,
  products: Products,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, batch, terms } = products;
  const alongInner = terms[0]!.b.contiguous === 'inner';
  const columns = lane ? n / 4 : n;
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  const stepsOf = ({ k }: Product) => (alongInner ? k / 4 : k);
  const slices = slicesOf(Math.min(...terms.map(stepsOf)), columns * batches, alongInner);
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
  const names = Array.from({ length: alongInner && lane ? 4 : 1 }, (_, j): Atom => ({ text: `n${j}`, extent: n }));
  if (!alongInner) writer.line('let n0q = column;');
  names.forEach(({ text }, j) => writer.line(`let ${text} = ${lane ? `column * 4u + ${j}u` : 'column'};`));
  const sharedOf = (i: number) => `${lane ? 'vectors' : 'sums'}${i}`;
  const sumsOf = (term: Product) => rows.map((i) => `c${terms.indexOf(term)}_${i}`);
  let totals: string[][] | undefined;
  for (const term of terms) {
    const width = alongInner ? 4 : 1;
    const rowTotals = rowTotalsOf(context, writer, term);
    const rowSums = rowTotals && rows.map((i) => rowTotals.declare(`rows${i}`, width));
    for (const sum of sumsOf(term)) writer.line(`var ${sum} = ${type}();`);
    const step = alongInner ? 'kq' : 'k';
    const turn = () => {
      if (alongInner) writer.line('let k = kq * 4u;');
      addRound(writer, term, sumsOf(term), names, alongInner);
      const inner: Atom = { text: 'k', extent: term.k };
      rowSums?.forEach((sums, i) => rowTotals!.add(sums, rowIndex(i), affine(inner), alongInner ? inner : undefined));
      writer.tally.terms(m * (lane ? 4 : 1) * (alongInner ? 4 : 1));
    };
    writer.block(
      `for (var ${step} = slice; ${step} < ${stepsOf(term)}u; ${step} += ${slices}u)`,
      turn,
      Math.ceil(stepsOf(term) / slices),
    );
    // The sums of the product before may still be read.
    if (slices > 1 && term !== terms[0]) writer.line('workgroupBarrier();');
    const apart = alongInner ? 1 : across;
    meet(writer, { sums: sumsOf(term), sharedOf, combine: (a, b) => `${a} + ${b}` }, slices, apart);
    if (!rowTotals) continue;
    const folded = rowSums!.map((sums) => declared(writer, rowTotals.fold(sums, width)));
    folded[0]!.forEach((_, i) => {
      writer.line('workgroupBarrier();');
      const sums = folded.map((row) => row[i]!);
      meet(writer, { sums, sharedOf: (row) => `rowSums${row}`, combine: (a, b) => rowTotals.combine(i, a, b) }, slices, apart); // prettier-ignore
    });
    totals = folded.map((sums) => rowTotals.finish(sums));
  }

  const storing = { only: 'slice == 0u', share: 1 / slices, ragged: columns % across !== 0 };
  writeResults(context, products, writer, lane, storing, (store) => {
    for (const i of rows) {
      const accumulators = terms.map((term) => sumsOf(term)[i]!);
      store({ row: `${i}u`, column: 'wanted', accumulators, totals: totals?.[i] });
    }
  });
  return {
    workgroupSize: INVOCATIONS,
    crew: { workgroups: tiles * batches },
    shared:
      slices > 1
        ? rows.flatMap((i) => [
            { name: sharedOf(i), element: type, length: INVOCATIONS },
            ...(totals ? [{ name: `rowSums${i}`, element: 'f32', length: INVOCATIONS }] : []),
          ])
        : [],
  };
}

const rowIndex = (i: number): Affine => ({ constant: i, terms: new Map() });

/** Variables with the values of expressions. */
function declared(writer: KernelWriter, texts: readonly string[]): string[] {
  return texts.map((text) => {
    const name = writer.name('sum');
    writer.line(`var ${name} = ${text};`);
    return name;
  });
}

/** Adds to each row's sum what the elements at `k`, or the vector of them, give. `columns`: one, or the four of a vector. */
function addRound(
  writer: KernelWriter,
  { k, a, b }: Product,
  sums: readonly string[],
  columns: readonly Atom[],
  alongInner: boolean,
): void {
  const inner: Atom = { text: 'k', extent: k };
  const load = (text: string) => writer.let('x', text);
  const lane = alongInner ? inner : columns[0]!;
  const ofColumns = columns.map((column) => load(b.load(writer, affine(column), affine(inner), lane).text));
  sums.forEach((sum, i) => {
    const x = load(a.load(writer, rowIndex(i), affine(inner), alongInner ? inner : undefined).text);
    const terms = ofColumns.map((y) => (alongInner ? `dot(${x}, ${y})` : `${x} * ${y}`));
    writer.line(`${sum} += ${terms.length > 1 ? `vec4<f32>(${terms.join(', ')})` : terms[0]};`);
  });
}

/** Sums of the rows, where they meet, and how two of them become one. */
interface Meeting {
  readonly sums: readonly string[];
  readonly sharedOf: (row: number) => string;
  readonly combine: (a: string, b: string) => string;
}

/** Adds up the slices' sums, which lie `stride` invocations apart, into those of slice 0: a tree. */
function meet(writer: KernelWriter, { sums, sharedOf, combine }: Meeting, slices: number, stride: number): void {
  if (slices === 1) return;
  sums.forEach((sum, i) => writer.line(`${sharedOf(i)}[local] = ${sum};`));
  for (let half = slices / 2; half >= 1; half /= 2) {
    writer.line('workgroupBarrier();');
    writer.block(`if (slice < ${half}u)`, () => {
      sums.forEach((sum, i) => {
        writer.line(`${sum} = ${combine(sum, `${sharedOf(i)}[local + ${half * stride}u]`)};`);
        if (half > 1) writer.line(`${sharedOf(i)}[local] = ${sum};`);
      });
    });
  }
}

/** A power of two: enough to keep the adapter busy, no more than there is work for. */
function slicesOf(steps: number, columns: number, alongInner: boolean): number {
  const most = alongInner ? INVOCATIONS : rowSlices.slices;
  const least = alongInner ? 16 : 1;
  const wanted = Math.max(least, 2 ** Math.ceil(Math.log2(rowSlices.invocations / Math.max(columns, 1))));
  const useful = 2 ** Math.floor(Math.log2(Math.max(steps, 1)));
  return Math.min(wanted, useful, most);
}
