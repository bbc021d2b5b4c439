import { affine, type Atom } from '../fusion/affine.js';
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
  writer.block(`for (var k0 = 0u; k0 < ${k}u; k0 += ${DEPTH}u)`, () => {
    fetchTile(writer, a, 'tileA', 'row', m, k);
    fetchTile(writer, b, 'tileB', 'column', n, k);
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

/** Copies 64 rows (or columns) × 16 of an operand into `tile`, laid out [16][64]; what is past the edge is 0. */
function fetchTile(
  writer: KernelWriter,
  operand: Operand,
  tile: string,
  first: string,
  extent: number,
  k: number,
): void {
  writer.block('', () => {
    const outer: Atom = { text: 'outer', extent };
    const inner: Atom = { text: 'inner', extent: k };
    const place = (o: string, i: string) => {
      writer.line(`let o = ${o};`);
      writer.line(`let i = ${i};`);
      // Loads stay inside the operand; what lies outside is replaced by zero.
      writer.line(`let inside = ${first} + o < ${extent}u && k0 + i < ${k}u;`);
      writer.line(`let outer = min(${first} + o, ${Math.max(extent, 1) - 1}u);`);
      writer.line(`let inner = min(k0 + i, ${Math.max(k, 1) - 1}u);`);
    };
    if (operand.contiguous === 'inner') {
      place('local / 4u', '(local % 4u) * 4u');
      writer.line('let innerq = inner / 4u;');
      const { text } = operand.load(writer, affine(outer), affine(inner), inner);
      writer.line(`let x = select(vec4<f32>(), ${text}, inside);`);
      for (let j = 0; j < 4; j++) writer.line(`${tile}[(i + ${j}u) * ${PITCH}u + o] = x[${j}];`);
    } else if (operand.contiguous === 'outer') {
      place('(local % 16u) * 4u', 'local / 16u');
      writer.line('let outerq = outer / 4u;');
      const { text } = operand.load(writer, affine(outer), affine(inner), outer);
      writer.line(`let x = select(vec4<f32>(), ${text}, inside);`);
      for (let j = 0; j < 4; j++) writer.line(`${tile}[i * ${PITCH}u + o + ${j}u] = x[${j}];`);
    } else {
      writer.block(`for (var e = local; e < ${TILE * DEPTH}u; e += ${INVOCATIONS}u)`, () => {
        place(`e / ${DEPTH}u`, `e % ${DEPTH}u`);
        const { text } = operand.load(writer, affine(outer), affine(inner), undefined);
        writer.line(`${tile}[i * ${PITCH}u + o] = select(0.0f, ${text}, inside);`);
      });
    }
  });
}
