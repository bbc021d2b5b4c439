import { tileFor, workgroupTiles, type WorkgroupTile } from '../../rewrite/product-tiles.js';
import { affine, type Atom } from '../fusion/affine.js';
import { declareFactors } from './factors.js';
import {
  decodeBatch,
  hoistScalars,
  rowTotalsOf,
  writeEpilogue,
  type Operand,
  type Product,
  type Products,
} from './product.js';
import type { KernelContext, Layout } from './kernel.js';
import type { KernelProfile } from './profile.js';
import type { RowTotals } from './row-totals.js';
import type { KernelWriter } from './writer.js';

/** One vector more a line, so that columns fall into different banks. */
const pitchOf = ({ rows }: WorkgroupTile) => rows + 4;

/** Below this size most of a small tile would be empty. */
const LEAST = 8;

/** Whether the kernel below suits products: on an adapter with workgroup memory, unless there is next to nothing to do. */
export function isForTiles(
  { m, n, terms }: Products,
  { software, maxInvocations, workgroupMemory }: KernelProfile,
): boolean {
  const [{ depth, shared }] = workgroupTiles;
  return (
    !software &&
    maxInvocations >= shared.invocations &&
    workgroupMemory >= 16384 &&
    Math.min(m, n) >= LEAST &&
    terms.every(({ k }) => k >= depth)
  );
}

/**
 * Matrix products by tiles in workgroup memory: 64 × 64 results a workgroup, 4 × 4 an invocation, the operands'
 * tiles of 64 × 16 fetched together. What a GPU wants. Where that gives few workgroups, tiles are of 32 × 32 results and
 * fetched 32 deep, of which each quarter of the invocations sums over a quarter; in the end the quarters meet. Products
 * of one left operand fetch it together.
 */
export function workgroupTileBody(
  context: KernelContext,
  products: Products,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, batch, terms } = products;
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  const shape = tileFor({ m, n, batches }, workgroupTiles);
  const { rows: tile, depth, shared } = shape;
  const { invocations, turns: own } = shared;
  const [side, pitch] = [tile / 4, pitchOf(shape)];
  const quarters = invocations / side ** 2;
  const [tilesM, tilesN] = [Math.ceil(m / tile), Math.ceil(n / tile)];
  writer.line(`if (workgroup >= ${tilesM * tilesN * batches}u) { return; }`);
  writer.line(`let row = ((workgroup / ${tilesN}u) % ${tilesM}u) * ${tile}u;`);
  writer.line(`let column = (workgroup % ${tilesN}u) * ${tile}u;`);
  decodeBatch(batch, writer, `workgroup / ${tilesM * tilesN}u`);
  writer.line(`let tx = local % ${side}u;`);
  writer.line(quarters > 1 ? `let ty = (local / ${side}u) % ${side}u;` : `let ty = local / ${side}u;`);
  if (quarters > 1) writer.line(`let part = local / ${side ** 2}u;`);
  const sumsOf = (term: Product) => [0, 1, 2, 3].map((i) => `c${terms.indexOf(term)}_${i}`);
  for (const sum of terms.flatMap(sumsOf)) writer.line(`var ${sum} = vec4<f32>();`);
  const [start, end] = quarters > 1 ? [`part * ${own}u`, `(part + 1u) * ${own}u`] : ['0u', `${depth}u`];
  const together = ofOneOperand(terms, Math.floor(context.profile.workgroupMemory / (4 * depth * pitch)) - 1);
  let rows: RowsInTile | undefined;
  for (const some of together) {
    const { a, k } = some[0]!;
    const totals = some.map((term) => rowTotalsOf(context, writer, term)).find((found) => found !== undefined);
    if (totals) rows = { totals, sums: totals.declare('rows', 4) };
    const fetches = [
      prepareFetch(writer, a, { name: 'tileA', first: 'row', extent: m, k, shape, rows: totals && rows }),
      ...some.map(({ b }, i) => prepareFetch(writer, b, { name: tileOf(i), first: 'column', extent: n, k, shape })),
    ];
    writer.block(
      `for (var k0 = 0u; k0 < ${k}u; k0 += ${depth}u)`,
      () => {
        for (const fetch of fetches) fetch();
        writer.line('workgroupBarrier();');
        writer.block(
          `for (var kk = ${start}; kk < ${end}; kk++)`,
          () => {
            const element = (name: string, at: string, i: number) => `${name}[kk * ${pitch}u + ${at} * 4u + ${i}u]`;
            const rows = [0, 1, 2, 3].map((i) => element('tileA', 'ty', i));
            some.forEach((term, j) => {
              const columns = [0, 1, 2, 3].map((i) => element(tileOf(j), 'tx', i));
              writer.line(`let x${j} = vec4<f32>(${columns.join(', ')});`);
              sumsOf(term).forEach((sum, i) => writer.line(`${sum} += ${rows[i]} * x${j};`));
              writer.tally.terms(16);
            });
          },
          own,
        );
        writer.line('workgroupBarrier();');
      },
      Math.ceil(k / depth),
    );
  }
  if (rows) shareRows(writer, rows);
  if (quarters > 1) {
    terms.forEach((term, i) => {
      if (i > 0) writer.line('workgroupBarrier();');
      meet(writer, sumsOf(term));
    });
  }
  hoistScalars(context, writer);
  const epilogue = () => {
    const ragged = m % tile !== 0 || n % tile !== 0;
    for (let i = 0; i < 4; i++) {
      const row = `row + ty * 4u + ${i}u`;
      const totals = rows && gatherRow(rows, `ty * 4u + ${i}u`, depth / 4);
      if (lane) {
        const accumulators = terms.map((term) => sumsOf(term)[i]!);
        writeEpilogue(
          context,
          products,
          writer,
          lane,
          { row, column: 'column / 4u + tx', accumulators, totals },
          ragged,
        );
        continue;
      }
      for (let j = 0; j < 4; j++) {
        const accumulators = terms.map((term) => `${sumsOf(term)[i]!}[${j}]`);
        const column = `column + tx * 4u + ${j}u`;
        writeEpilogue(context, products, writer, lane, { row, column, accumulators, totals }, ragged);
      }
    }
  };
  writer.block(quarters > 1 ? 'if (part == 0u)' : '', epilogue, 1 / quarters);
  return {
    workgroupSize: invocations,
    crew: { workgroups: tilesM * tilesN * batches },
    shared: [
      ...['tileA', ...longest(together).map((_, i) => tileOf(i))].map((name) => sharedArray(name, depth * pitch)),
      ...(rows?.sums ?? []).map((_, i) => sharedArray(rowSumsName(i), invocations)),
    ],
  };
}

const sharedArray = (name: string, length: number) => ({ name, element: 'f32', length });

/** Sums of the rows that an invocation fetches of the left operand: in each round a vector of the same row. */
interface RowsInTile {
  readonly totals: RowTotals;
  readonly sums: readonly string[];
}

const rowSumsName = (reduction: number) => `rowSums${reduction}`;

/** Puts everybody's sums where all find them. */
function shareRows(writer: KernelWriter, { totals, sums }: RowsInTile): void {
  totals.fold(sums, 4).forEach((sum, i) => writer.line(`${rowSumsName(i)}[local] = ${sum};`));
  writer.line('workgroupBarrier();');
}

/** What the invocations that fetched a row, `across` neighbours, found. */
function gatherRow({ totals, sums }: RowsInTile, row: string, across: number): string[] {
  const found = sums.map((_, i) => {
    const parts = Array.from({ length: across }, (_, j) => `${rowSumsName(i)}[(${row}) * ${across}u + ${j}u]`);
    return parts.reduce((a, b) => totals.combine(i, a, b));
  });
  return totals.finish(found);
}

/** Products in the order in which they are summed, those of one left operand beside each other, `most` at a time. */
function ofOneOperand(terms: readonly Product[], most: number): Product[][] {
  const together: Product[][] = [];
  for (const term of terms) {
    const [left] = term.node.inputs;
    const known = together.find((some) => some[0]!.node.inputs[0] === left && some.length < most);
    if (known) known.push(term);
    else together.push([term]);
  }
  return together;
}

const longest = <T>(lists: readonly T[][]) => lists.reduce((a, b) => (b.length > a.length ? b : a));

const tileOf = (product: number) => `tileB${product}`;

/**
 * Adds up the four parts of a small tile's `sums`: each pair of rows of them goes through one of two tiles, which nobody
 * reads any more.
 */
function meet(writer: KernelWriter, sums: readonly string[]): void {
  const count = 64;
  const lanes = [0, 1, 2, 3];
  const place = (i: number, j: number) =>
    `${i < 2 ? 'tileA' : tileOf(0)}[${((i % 2) * 4 + j) * count}u + local % ${count}u]`;
  for (const from of [3, 2, 1]) {
    writer.block(`if (part == ${from}u)`, () => {
      sums.forEach((sum, i) => {
        for (const j of lanes) writer.line(`${place(i, j)} = ${sum}[${j}];`);
      });
    });
    writer.line('workgroupBarrier();');
    writer.block('if (part == 0u)', () => {
      sums.forEach((sum, i) => writer.line(`${sum} += vec4<f32>(${lanes.map((j) => place(i, j)).join(', ')});`));
    });
    if (from > 1) writer.line('workgroupBarrier();');
  }
}

/** Writes the copying of rows (or columns) of an operand into a tile, laid out [depth][pitch]; past the edge is 0. */
type Fetch = () => void;

interface Tile {
  readonly name: string;
  /** The first row or column of the tile, and how many the operand has. */
  readonly first: string;
  readonly extent: number;
  readonly k: number;
  readonly shape: WorkgroupTile;
  readonly rows?: RowsInTile | undefined;
}

/** Declares what stays the same from round to round, and returns what writes one round. */
function prepareFetch(writer: KernelWriter, operand: Operand, tile: Tile): Fetch {
  return operand.contiguous === 'none'
    ? fetchElements(writer, operand, tile)
    : () => fetchVectors(writer, operand, operand.contiguous === 'inner', tile);
}

function fetchVectors(
  writer: KernelWriter,
  operand: Operand,
  alongInner: boolean,
  { name, first, extent, k, shape, rows }: Tile,
): void {
  const [across, pitch] = [alongInner ? shape.depth / 4 : shape.rows / 4, pitchOf(shape)];
  writer.block('', () => {
    const outer: Atom = { text: 'outer', extent };
    const inner: Atom = { text: 'inner', extent: k };
    const [line, vector] = [`local / ${across}u`, `(local % ${across}u) * 4u`];
    writer.line(`let o = ${alongInner ? line : vector};`);
    writer.line(`let i = ${alongInner ? vector : line};`);
    // Loads stay inside the operand; what lies outside is replaced by zero.
    writer.line(`let inside = ${first} + o < ${extent}u && k0 + i < ${k}u;`);
    writer.line(`let outer = ${clamped(`${first} + o`, extent)};`);
    writer.line(`let inner = ${clamped('k0 + i', k)};`);
    const lane = alongInner ? inner : outer;
    writer.line(`let ${lane.text}q = ${lane.text} / 4u;`);
    const { text } = operand.load(writer, affine(outer), affine(inner), lane);
    rows?.totals.add(rows.sums, affine(outer), affine(inner), lane, 'inside');
    writer.line(`let x = select(vec4<f32>(), ${text}, inside);`);
    for (let j = 0; j < 4; j++) {
      const place = alongInner ? `(i + ${j}u) * ${pitch}u + o` : `i * ${pitch}u + o + ${j}u`;
      writer.line(`${name}[${place}] = x[${j}];`);
    }
  });
}

/** Four elements an invocation, those of neighbouring invocations beside each other in memory where there is a way. */
function fetchElements(writer: KernelWriter, operand: Operand, { name, first, extent, k, shape }: Tile): Fetch {
  const { rows: tile, depth } = shape;
  const alongInner = operand.dense === 'inner';
  const steps = [0, 1, 2, 3];
  const place = (own: string, step: number) => (step === 0 ? own : `${own} + ${step}u`);
  // Where the outer index is another one for each of the four, the inner one is the same, and the other way round.
  const outerOf = (step: number) => (alongInner ? place(`local / ${depth}u`, step * (tile / 4)) : `local % ${tile}u`);
  const innerOf = (step: number) => (alongInner ? `local % ${depth}u` : place(`local / ${tile}u`, step * (depth / 4)));
  const declared = (text: string, factors: readonly number[]) => {
    const at = writer.name('at');
    writer.line(`let ${at} = ${text};`);
    return declareFactors(writer, at, factors);
  };
  const outers = steps
    .slice(0, alongInner ? 4 : 1)
    .map((step) => declared(clamped(`${first} + ${outerOf(step)}`, extent), operand.factors.outer));
  return () =>
    writer.block('', () => {
      const inners = steps
        .slice(0, alongInner ? 1 : 4)
        .map((step) => declared(clamped(`k0 + ${innerOf(step)}`, k), operand.factors.inner));
      for (const step of steps) {
        const { text } = operand.load(
          writer,
          outers[alongInner ? step : 0]!,
          inners[alongInner ? 0 : step]!,
          undefined,
        );
        const inside = `${first} + ${outerOf(step)} < ${extent}u && k0 + ${innerOf(step)} < ${k}u`;
        writer.line(
          `${name}[(${innerOf(step)}) * ${pitchOf(shape)}u + ${outerOf(step)}] = select(0.0f, ${text}, ${inside});`,
        );
      }
    });
}

/** An index, or the last one where it is past that. */
function clamped(index: string, extent: number): string {
  return `min(${index}, ${Math.max(extent, 1) - 1}u)`;
}
