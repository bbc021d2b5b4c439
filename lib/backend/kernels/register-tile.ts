import { affine, type Affine, type Atom } from '../fusion/affine.js';
import { decodeBatch, shifted, hoistScalars, writeEpilogue, type Product } from './product.js';
import type { KernelContext, Layout } from './kernel.js';
import type { KernelWriter } from './writer.js';

/**
 * A matrix product without workgroup memory: each invocation keeps a tile of rows × columns of the result in
 * registers and reads its operands straight from the buffers, by vectors where they are contiguous. What a software
 * adapter wants, and small products everywhere.
 */
export function registerTileBody(
  context: KernelContext,
  product: Product,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, k, batch, a, b } = product;
  const rows = tileRows(m, context.profile.software ? 4 : 2);
  const columns = tileColumns(n, lane, context.profile.software ? 8 : 4);
  const [tilesM, tilesN] = [Math.ceil(m / rows), Math.ceil(n / columns)];
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  const total = tilesM * tilesN * batches;
  const workgroupSize = Math.min(context.profile.software ? 16 : 64, context.profile.maxInvocations);

  writer.line(`let id = workgroup * ${workgroupSize}u + local;`);
  writer.line(`if (id >= ${total}u) { return; }`);
  writer.line(`let row = ((id / ${tilesN}u) % ${tilesM}u) * ${rows}u;`);
  writer.line(`let column = (id % ${tilesN}u) * ${columns}u;`);
  decodeBatch(batch, writer, `id / ${tilesM * tilesN}u`);

  // Rows and columns past the edge read the last ones instead; their results are not stored.
  const clampedRows = indices(writer, 'm', 'row', rows, m);
  const clampedColumns = indices(writer, 'n', 'column', columns, n);
  const rowVectors = a.contiguous === 'outer' && m % rows === 0 && rows % 4 === 0;
  const columnVectors = b.contiguous === 'outer' && lane !== undefined;
  const innerA = a.contiguous === 'inner';
  const innerB = b.contiguous === 'inner';
  // Four rounds of the loop in one: on a software adapter, turning around costs as much as a round.
  const step = k % 4 === 0 ? 4 : 1;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  if (rowVectors) quarters(writer, clampedRows);
  if (columnVectors) quarters(writer, clampedColumns);

  const accumulator = (i: number, j: number) => `c${i}_${j}`;
  const perVector = columnVectors ? 4 : 1;
  for (const i of range(rows)) {
    for (const j of range(columns / perVector)) {
      writer.line(`var ${accumulator(i, j)} = ${columnVectors ? 'vec4<f32>()' : '0.0f'};`);
    }
  }

  const inner: Atom = { text: 'k', extent: k };
  writer.block(step === 4 ? `for (var kq = 0u; kq < ${k / 4}u; kq++)` : `for (var k = 0u; k < ${k}u; k++)`, () => {
    if (step === 4) writer.line('let k = kq * 4u;');
    const load = (text: string) => {
      const name = writer.name('x');
      writer.line(`let ${name} = ${text};`);
      return name;
    };
    const at = (kk: number): Affine => shifted(affine(inner), kk);
    const wholeA = innerA ? clampedRows.map((row) => load(a.load(writer, affine(row), at(0), inner).text)) : [];
    const wholeB =
      innerB && !columnVectors
        ? clampedColumns.map((column) => load(b.load(writer, affine(column), at(0), inner).text))
        : [];
    if (wholeA.length > 0 && wholeB.length > 0) {
      for (const i of range(rows)) {
        for (const j of range(columns)) writer.line(`${accumulator(i, j)} += dot(${wholeA[i]}, ${wholeB[j]});`);
      }
      return;
    }
    for (const kk of range(step)) {
      const elementsA = innerA
        ? wholeA.map((vector) => `${vector}[${kk}]`)
        : rowVectors
          ? everyFourth(clampedRows).flatMap((row) => {
              const vector = load(a.load(writer, affine(row), at(kk), row).text);
              return range(4).map((i) => `${vector}[${i}]`);
            })
          : clampedRows.map((row) => load(a.load(writer, affine(row), at(kk), undefined).text));
      const elementsB = columnVectors
        ? everyFourth(clampedColumns).map((column) => load(b.load(writer, affine(column), at(kk), column).text))
        : innerB
          ? wholeB.map((vector) => `${vector}[${kk}]`)
          : clampedColumns.map((column) => load(b.load(writer, affine(column), at(kk), undefined).text));
      for (const i of range(rows)) {
        elementsB.forEach((element, j) => writer.line(`${accumulator(i, j)} += ${elementsA[i]} * ${element};`));
      }
    }
  });

  hoistScalars(context, writer);
  const ragged = m % rows !== 0 || n % columns !== 0;
  for (const i of range(rows)) {
    if (!lane) {
      for (const j of range(columns)) {
        const result = { row: `row + ${i}u`, column: `column + ${j}u`, accumulator: accumulator(i, j) };
        writeEpilogue(context, product, writer, lane, result, ragged);
      }
      continue;
    }
    for (const j of range(columns / 4)) {
      const parts = range(4).map((lane) => accumulator(i, j * 4 + lane));
      const whole = columnVectors ? accumulator(i, j) : `vec4<f32>(${parts.join(', ')})`;
      const result = { row: `row + ${i}u`, column: `column / 4u + ${j}u`, accumulator: whole };
      writeEpilogue(context, product, writer, lane, result, ragged);
    }
  }
  return { workgroupSize, workgroupCount: Math.ceil(total / workgroupSize) };
}

/** Rows of a tile: a divisor where one is near, so that no work is wasted. */
function tileRows(m: number, preferred: number): number {
  if (m <= preferred) return Math.max(m, 1);
  return [preferred, preferred + 1, preferred - 1, 2].find((rows) => rows > 1 && m % rows === 0) ?? preferred;
}

function tileColumns(n: number, lane: Atom | undefined, preferred: number): number {
  if (lane) return n % preferred === 0 ? preferred : 4;
  return [4, 5, 3, 2].find((columns) => n % columns === 0 && n / columns >= 4) ?? Math.min(2, Math.max(n, 1));
}

/** Names the indices `first`, `first` + 1, …, none past the last one. */
function indices(writer: KernelWriter, prefix: string, first: string, count: number, extent: number): Atom[] {
  return Array.from({ length: count }, (_, i) => {
    const text = `${prefix}${i}`;
    const exact = i === 0 ? first : `${first} + ${i}u`;
    writer.line(`let ${text} = ${extent % count === 0 ? exact : `min(${exact}, ${Math.max(extent, 1) - 1}u)`};`);
    return { text, extent };
  });
}

function everyFourth(atoms: readonly Atom[]): Atom[] {
  return atoms.filter((_, i) => i % 4 === 0);
}

function quarters(writer: KernelWriter, atoms: readonly Atom[]): void {
  for (const { text } of everyFourth(atoms)) writer.line(`let ${text}q = ${text} / 4u;`);
}
