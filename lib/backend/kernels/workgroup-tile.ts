import { affine, type Atom } from '../fusion/affine.js';
import { declareFactors } from './factors.js';
import { decodeBatch, hoistScalars, writeEpilogue, type Operand, type Product } from './product.js';
import type { KernelContext, Layout } from './kernel.js';
import type { KernelWriter } from './writer.js';

/** Rows and columns of the result that a workgroup computes, and depth of one round. */
const TILE = 64;
const DEPTH = 16;
const INVOCATIONS = 256;
/** One element more a line, so that columns fall into different banks. */
const PITCH = TILE + 4;

/**
 * A matrix product by tiles in workgroup memory: 64 × 64 results a workgroup, 4 × 4 an invocation, the operands'
 * tiles of 64 × 16 fetched together. What a GPU wants.
 */
export function workgroupTileBody(
  context: KernelContext,
  product: Product,
  writer: KernelWriter,
  lane: Atom | undefined,
): Layout {
  const { m, n, k, batch, a, b } = product;
  const [tilesM, tilesN] = [Math.ceil(m / TILE), Math.ceil(n / TILE)];
  const batches = batch.reduce((count, { extent }) => count * extent, 1);
  writer.line(`if (workgroup >= ${tilesM * tilesN * batches}u) { return; }`);
  writer.line(`let row = ((workgroup / ${tilesN}u) % ${tilesM}u) * ${TILE}u;`);
  writer.line(`let column = (workgroup % ${tilesN}u) * ${TILE}u;`);
  decodeBatch(batch, writer, `workgroup / ${tilesM * tilesN}u`);
  writer.line('let tx = local % 16u;');
  writer.line('let ty = local / 16u;');
  for (let i = 0; i < 4; i++) writer.line(`var c${i} = vec4<f32>();`);
  const fetches = [
    prepareFetch(writer, a, { name: 'tileA', first: 'row', extent: m, k }),
    prepareFetch(writer, b, { name: 'tileB', first: 'column', extent: n, k }),
  ];
  writer.block(`for (var k0 = 0u; k0 < ${k}u; k0 += ${DEPTH}u)`, () => {
    for (const fetch of fetches) fetch();
    writer.line('workgroupBarrier();');
    writer.block(`for (var kk = 0u; kk < ${DEPTH}u; kk++)`, () => {
      const element = (tile: string, at: string, i: number) => `${tile}[kk * ${PITCH}u + ${at} * 4u + ${i}u]`;
      writer.line(`let x = vec4<f32>(${[0, 1, 2, 3].map((i) => element('tileB', 'tx', i)).join(', ')});`);
      for (let i = 0; i < 4; i++) writer.line(`c${i} += ${element('tileA', 'ty', i)} * x;`);
    });
    writer.line('workgroupBarrier();');
  });
  hoistScalars(context, writer);
  const ragged = m % TILE !== 0 || n % TILE !== 0;
  for (let i = 0; i < 4; i++) {
    const row = `row + ty * 4u + ${i}u`;
    if (lane) {
      writeEpilogue(context, product, writer, lane, { row, column: 'column / 4u + tx', accumulator: `c${i}` }, ragged);
      continue;
    }
    for (let j = 0; j < 4; j++) {
      const result = { row, column: `column + tx * 4u + ${j}u`, accumulator: `c${i}[${j}]` };
      writeEpilogue(context, product, writer, lane, result, ragged);
    }
  }
  return {
    workgroupSize: INVOCATIONS,
    workgroupCount: tilesM * tilesN * batches,
    declarations: ['tileA', 'tileB'].map((name) => `var<workgroup> ${name}: array<f32, ${DEPTH * PITCH}>;`),
  };
}

/** Writes the copying of 64 rows (or columns) × 16 of an operand into a tile, laid out [16][64]; past the edge is 0. */
type Fetch = () => void;

interface Tile {
  readonly name: string;
  /** The first row or column of the tile, and how many the operand has. */
  readonly first: string;
  readonly extent: number;
  readonly k: number;
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
  { name, first, extent, k }: Tile,
): void {
  writer.block('', () => {
    const outer: Atom = { text: 'outer', extent };
    const inner: Atom = { text: 'inner', extent: k };
    writer.line(`let o = ${alongInner ? 'local / 4u' : '(local % 16u) * 4u'};`);
    writer.line(`let i = ${alongInner ? '(local % 4u) * 4u' : 'local / 16u'};`);
    // Loads stay inside the operand; what lies outside is replaced by zero.
    writer.line(`let inside = ${first} + o < ${extent}u && k0 + i < ${k}u;`);
    writer.line(`let outer = ${clamped(`${first} + o`, extent)};`);
    writer.line(`let inner = ${clamped('k0 + i', k)};`);
    const lane = alongInner ? inner : outer;
    writer.line(`let ${lane.text}q = ${lane.text} / 4u;`);
    const { text } = operand.load(writer, affine(outer), affine(inner), lane);
    writer.line(`let x = select(vec4<f32>(), ${text}, inside);`);
    for (let j = 0; j < 4; j++) {
      const place = alongInner ? `(i + ${j}u) * ${PITCH}u + o` : `i * ${PITCH}u + o + ${j}u`;
      writer.line(`${name}[${place}] = x[${j}];`);
    }
  });
}

/** Four elements an invocation, those of neighbouring invocations beside each other in memory where there is a way. */
function fetchElements(writer: KernelWriter, operand: Operand, { name, first, extent, k }: Tile): Fetch {
  const alongInner = operand.dense === 'inner';
  const steps = [0, 1, 2, 3];
  const place = (own: string, step: number) => (step === 0 ? own : `${own} + ${step}u`);
  // Where the outer index is another one for each of the four, the inner one is the same, and the other way round.
  const outerOf = (step: number) => (alongInner ? place(`local / ${DEPTH}u`, step * (TILE / 4)) : `local % ${TILE}u`);
  const innerOf = (step: number) => (alongInner ? `local % ${DEPTH}u` : place(`local / ${TILE}u`, step * (DEPTH / 4)));
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
        writer.line(`${name}[(${innerOf(step)}) * ${PITCH}u + ${outerOf(step)}] = select(0.0f, ${text}, ${inside});`);
      }
    });
}

/** An index, or the last one where it is past that. */
function clamped(index: string, extent: number): string {
  return `min(${index}, ${Math.max(extent, 1) - 1}u)`;
}
