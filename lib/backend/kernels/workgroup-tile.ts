import { tileFor, workgroupTiles } from '../../rewrite/product-tiles.js';
import type { Atom } from '../fusion/affine.js';
import type { KernelContext, Layout } from './kernel.js';
import { decodeBatch, rowTotalsOf, writeResults, type Product, type Products } from './product.js';
import type { KernelProfile } from './profile.js';
import type { RowTotals } from './row-totals.js';
import { pitchOf, prepareFetch, type ElementInTile, type FetchedTile } from './tile-fetch.js';
import type { KernelWriter } from './writer.js';

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
  const { rows: tile, depth, shared } = tileFor({ m, n, batches }, workgroupTiles);
  const { invocations, turns: own } = shared;
  const [side, pitch] = [tile / 4, pitchOf(tile)];
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
    const rowsHere = totals && { totals, sums: totals.declare('rows', 4) };
    const addToRows = rowsHere && ((...at: ElementInTile) => rowsHere.totals.add(rowsHere.sums, ...at, 'inside'));
    rows ??= rowsHere;
    const tileOfOperand = (name: string, first: string, extent: number): FetchedTile => ({
      name,
      outer: { first, count: tile, extent },
      inner: { first: 'k0', count: depth, extent: k, factors: [k] },
    });
    const fetches = [
      prepareFetch(writer, a, tileOfOperand('tileA', 'row', m), invocations, addToRows),
      ...some.map(({ b }, i) => prepareFetch(writer, b, tileOfOperand(tileOf(i), 'column', n), invocations)),
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
  const ragged = m % tile !== 0 || n % tile !== 0;
  const storing = { only: 'part == 0u', share: 1 / quarters, ragged };
  writeResults(context, products, writer, lane, storing, (store) => {
    for (let i = 0; i < 4; i++) {
      const row = `row + ty * 4u + ${i}u`;
      const totals = rows && gatherRow(rows, `ty * 4u + ${i}u`, depth / 4);
      const sums = terms.map((term) => sumsOf(term)[i]!);
      if (lane) {
        store({ row, column: 'column / 4u + tx', accumulators: sums, totals });
        continue;
      }
      for (let j = 0; j < 4; j++) {
        const accumulators = sums.map((sum) => `${sum}[${j}]`);
        store({ row, column: `column + tx * 4u + ${j}u`, accumulators, totals });
      }
    }
  });
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
