import { softwareTile } from '../../rewrite/product-tiles.js';
import { affine, shifted, type Affine, type Atom } from '../fusion/affine.js';
import { declareNeighbours, loopsOver } from './factors.js';
import { decodeBatch, hoistScalars, rowTotalsOf, writeEpilogue, type Product, type Products } from './product.js';
import type { KernelContext, Layout } from './kernel.js';
import type { KernelWriter } from './writer.js';

/** For products that are too small to share, on a GPU: more invocations with less to do. */
const SMALL_TILE = { rows: 2, columns: 4 };

/**
 * Matrix products without workgroup memory, one after the other: each invocation keeps a tile of rows × columns of the result in
 * registers and reads its operands straight from the buffers, by vectors where they are contiguous. What a software
 * adapter wants, and small products everywhere.
 */
export function registerTileBody(
  context: KernelContext,
  products: Products,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, batch, terms } = products;
  const preferred = context.profile.software ? softwareTile : SMALL_TILE;
  const rows = tileRows(m, preferred.rows);
  const columns = tileColumns(n, lane, preferred.columns);
  const [tilesM, tilesN] = [Math.ceil(m / rows), Math.ceil(n / columns)];
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  const total = tilesM * tilesN * batches;
  const workgroupSize = Math.min(context.profile.software ? 16 : 64, context.profile.maxInvocations);

  writer.line(`let row = ((invocation / ${tilesN}u) % ${tilesM}u) * ${rows}u;`);
  writer.line(`let column = (invocation % ${tilesN}u) * ${columns}u;`);
  decodeBatch(batch, writer, `invocation / ${tilesM * tilesN}u`);

  let totals: string[][] | undefined;
  const sums = terms.map((term, i) => {
    const name = terms.length > 1 ? `c${i}_` : 'c';
    const rowTotals = rowTotalsOf(context, writer, term);
    const rowSums = rowTotals && range(rows).map((row) => rowTotals.declare(`rows${row}`, 1));
    const ofRow = (row: number, outer: Affine, inner: Affine) =>
      rowTotals?.add(rowSums![row]!, outer, inner, undefined);
    const sum = sumProduct(writer, term, { name, m, n, rows, columns, lane, ofRow });
    totals = rowSums?.map((found) => rowTotals!.finish(found)) ?? totals;
    return sum;
  });

  hoistScalars(context, writer);
  const ragged = m % rows !== 0 || n % columns !== 0;
  for (const i of range(rows)) {
    for (const j of range(lane ? columns / 4 : columns)) {
      const column = lane ? `column / 4u + ${j}u` : `column + ${j}u`;
      const accumulators = sums.map((sum) => sum(i, j));
      writeEpilogue(
        context,
        products,
        writer,
        lane,
        { row: `row + ${i}u`, column, accumulators, totals: totals?.[i] },
        ragged,
      );
    }
  }
  return { workgroupSize, crew: { invocations: total } };
}

interface RegisterTile {
  /** What the names of the sums begin with. */
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly rows: number;
  readonly columns: number;
  readonly lane: Atom | undefined;
  /** Writes what else is to be done with an element of the left operand. */
  readonly ofRow: (row: number, outer: Affine, inner: Affine) => void;
}

/** Sums a product in a tile of registers. Returns the text of the sum in a row and a column, or in a vector of four. */
function sumProduct(
  writer: KernelWriter,
  product: Product,
  tile: RegisterTile,
): (row: number, column: number) => string {
  const { name, rows, columns, lane } = tile;
  const columnVectors = product.b.contiguous === 'outer' && lane !== undefined;
  const accumulator = (i: number, j: number) => `${name}${i}_${j}`;
  for (const i of range(rows)) {
    for (const j of range(columnVectors ? columns / 4 : columns)) {
      writer.line(`var ${accumulator(i, j)} = ${columnVectors ? 'vec4<f32>()' : '0.0f'};`);
    }
  }
  writer.block('', () => addRounds(writer, product, tile, accumulator, columnVectors));
  if (!lane || columnVectors) return accumulator;
  return (i, j) =>
    `vec4<f32>(${range(4)
      .map((part) => accumulator(i, j * 4 + part))
      .join(', ')})`;
}

/** The loop over the summed dimension. `columnVectors`: a sum is that of four columns. */
function addRounds(
  writer: KernelWriter,
  { k, a, b }: Product,
  { m, n, rows, columns, ofRow }: RegisterTile,
  accumulator: (row: number, column: number) => string,
  columnVectors: boolean,
): void {
  // Rows and columns past the edge read the last ones instead; their results are not stored.
  const clampedRows = indices(writer, 'm', 'row', rows, m);
  const clampedColumns = indices(writer, 'n', 'column', columns, n);
  const rowIndices = declareNeighbours(writer, clampedRows, a.factors.outer);
  const columnIndices = declareNeighbours(writer, clampedColumns, b.factors.outer);
  const rowVectors = a.contiguous === 'outer' && m % rows === 0 && rows % 4 === 0;
  // A sum over several dimensions is a loop over each, which reads by elements.
  const nest = loopsOver(b.factors.inner.length > 1 ? b.factors.inner : a.factors.inner);
  const innerA = nest === undefined && a.contiguous === 'inner';
  const innerB = nest === undefined && b.contiguous === 'inner';
  // Four rounds of the loop in one: on a software adapter, turning around costs as much as a round.
  const step = nest?.step ?? (k % 4 === 0 ? 4 : 1);
  if (rowVectors) quarters(writer, clampedRows);
  if (columnVectors) quarters(writer, clampedColumns);

  const inner: Atom = { text: 'k', extent: k };
  const start = nest?.start ?? affine(inner);
  const rounds = () => {
    writer.tally.terms(rows * columns * step);
    const load = (text: string) => writer.let('x', text);
    const at = (kk: number): Affine => shifted(start, kk);
    for (const kk of range(step)) rowIndices.forEach((row, i) => ofRow(i, row, at(kk)));
    const wholeA = innerA ? rowIndices.map((row) => load(a.load(writer, row, at(0), inner).text)) : [];
    const wholeB =
      innerB && !columnVectors ? columnIndices.map((column) => load(b.load(writer, column, at(0), inner).text)) : [];
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
          : rowIndices.map((row) => load(a.load(writer, row, at(kk), undefined).text));
      const elementsB = columnVectors
        ? everyFourth(clampedColumns).map((column) => load(b.load(writer, affine(column), at(kk), column).text))
        : innerB
          ? wholeB.map((vector) => `${vector}[${kk}]`)
          : columnIndices.map((column) => load(b.load(writer, column, at(kk), undefined).text));
      for (const i of range(rows)) {
        elementsB.forEach((element, j) => writer.line(`${accumulator(i, j)} += ${elementsA[i]} * ${element};`));
      }
    }
  };
  const loops = (rest: readonly Atom[]): void => {
    const [loop] = rest;
    if (!loop) rounds();
    else {
      const { text, extent } = loop;
      writer.block(`for (var ${text} = 0u; ${text} < ${extent}u; ${text}++)`, () => loops(rest.slice(1)), extent);
    }
  };
  if (nest) loops(nest.loops);
  else if (step === 4) {
    const turn = () => {
      writer.line('let k = kq * 4u;');
      rounds();
    };
    writer.block(`for (var kq = 0u; kq < ${k / 4}u; kq++)`, turn, k / 4);
  } else loops([inner]);
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

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function everyFourth(atoms: readonly Atom[]): Atom[] {
  return atoms.filter((_, i) => i % 4 === 0);
}

function quarters(writer: KernelWriter, atoms: readonly Atom[]): void {
  for (const { text } of everyFourth(atoms)) writer.line(`let ${text}q = ${text} / 4u;`);
}
