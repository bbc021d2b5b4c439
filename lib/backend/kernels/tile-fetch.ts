import { addAffine, affine, type Affine, type Atom } from '../fusion/affine.js';
import { declareFactors } from './factors.js';
import type { Operand } from './product.js';
import type { KernelWriter } from './writer.js';

/** Some of an operand's indices: the text of the first, how many, and how many the operand has. */
interface Stretch {
  readonly first: string;
  /** A multiple of 4. */
  readonly count: number;
  readonly extent: number;
}

/** Some of an operand's inner indices, and the sizes of the dimensions that became that one, see {@link factorsOf}. */
interface InnerStretch extends Stretch {
  readonly factors: readonly number[];
}

export interface FetchedTile {
  /** An array of f32 in workgroup memory. */
  readonly name: string;
  readonly outer: Stretch;
  readonly inner: InnerStretch;
}

/** Numbers from line to line of a tile: one vector more than it has, so that columns fall into different banks. */
export const pitchOf = (count: number) => count + 4;

/** The element at `inner` of the row or column `outer`, or the four along `lane`. */
export type ElementInTile = readonly [outer: Affine, inner: Affine, lane: Atom | undefined];

/**
 * Writes the copying of a tile of an operand into workgroup memory by all invocations of a workgroup: element [inner][outer]
 * lies at inner · pitchOf(outer.count) + outer. Past the edge is 0.
 * `also`: what else is to be done with each vector; `inside` tells whether it is one of the operand's.
 */
export function fetchTile(
  writer: KernelWriter,
  operand: Operand,
  { name, outer, inner }: FetchedTile,
  invocations: number,
  also?: (...element: ElementInTile) => void,
): void {
  const width = operand.contiguous === 'none' ? 1 : 4;
  const alongInner = width === 4 ? operand.contiguous === 'inner' : operand.dense === 'inner';
  const across = (alongInner ? inner.count : outer.count) / width;
  const count = (outer.count * inner.count) / width;
  const loop = count === invocations ? '' : `for (var f = local; f < ${count}u; f += ${invocations}u)`;
  const copy = () => {
    const f = loop === '' ? 'local' : 'f';
    const [line, vector] = [`${f} / ${across}u`, `(${f} % ${across}u)${width === 4 ? ' * 4u' : ''}`];
    writer.line(`let o = ${alongInner ? line : vector};`);
    writer.line(`let i = ${alongInner ? vector : line};`);
    writer.line(`let inside = ${outer.first} + o < ${outer.extent}u && ${inner.first} + i < ${inner.extent}u;`);
    // Loads stay inside the operand; what lies outside is replaced by zero.
    const outerAtom: Atom = { text: 'outer', extent: outer.extent };
    writer.line(`let outer = ${clamped(`${outer.first} + o`, outer.extent)};`);
    writer.line(`let inner = ${clamped(`${inner.first} + i`, inner.extent)};`);
    const innerAtoms = atomsOf(writer, inner);
    const lane = width === 4 ? (alongInner ? innerAtoms.last : outerAtom) : undefined;
    if (lane) writer.line(`let ${lane.text}q = ${lane.text} / 4u;`);
    const { text } = operand.load(writer, affine(outerAtom), innerAtoms.index, lane);
    also?.(affine(outerAtom), innerAtoms.index, lane);
    const pitch = pitchOf(outer.count);
    if (!lane) {
      writer.line(`${name}[i * ${pitch}u + o] = select(0.0f, ${text}, inside);`);
      return;
    }
    writer.line(`let x = select(vec4<f32>(), ${text}, inside);`);
    for (let j = 0; j < 4; j++) {
      const place = alongInner ? `(i + ${j}u) * ${pitch}u + o` : `i * ${pitch}u + o + ${j}u`;
      writer.line(`${name}[${place}] = x[${j}];`);
    }
  };
  writer.block(loop, copy, Math.ceil(count / invocations));
}

/** The index `inner`, taken apart where that leaves vectors whole: into the last dimension's and that of all others. */
function atomsOf(writer: KernelWriter, { extent, factors }: InnerStretch): { index: Affine; last: Atom } {
  const size = factors.at(-1)!;
  const whole: Atom = { text: 'inner', extent };
  if (factors.length === 1 || size % 4 !== 0) return { index: affine(whole), last: whole };
  const [rest, last]: [Atom, Atom] = [
    { text: 'inner_rest', extent: extent / size },
    { text: 'inner_last', extent: size },
  ];
  writer.line(`let ${rest.text} = inner / ${size}u;`);
  writer.line(`let ${last.text} = inner % ${size}u;`);
  return { index: addAffine(affine(rest, size), affine(last)), last };
}

/**
 * Declares what stays the same while tiles follow one another along the inner dimension, and returns what writes the copying
 * of one, as `fetchTile` does. Of what is read one by one, each of the invocations copies four elements. `also` is for
 * operands that are read by vectors.
 */
export function prepareFetch(
  writer: KernelWriter,
  operand: Operand,
  tile: FetchedTile,
  invocations: number,
  also?: (...element: ElementInTile) => void,
): () => void {
  return operand.contiguous === 'none'
    ? fetchElements(writer, operand, tile)
    : () => fetchTile(writer, operand, tile, invocations, also);
}

/** Four elements an invocation, those of neighbouring invocations beside each other in memory where there is a way. */
function fetchElements(writer: KernelWriter, operand: Operand, { name, outer, inner }: FetchedTile): () => void {
  const alongInner = operand.dense === 'inner';
  const steps = [0, 1, 2, 3];
  const place = (own: string, step: number) => (step === 0 ? own : `${own} + ${step}u`);
  // Where the outer index is another one for each of the four, the inner one is the same, and the other way round.
  const outerOf = (step: number) =>
    alongInner ? place(`local / ${inner.count}u`, step * (outer.count / 4)) : `local % ${outer.count}u`;
  const innerOf = (step: number) =>
    alongInner ? `local % ${inner.count}u` : place(`local / ${outer.count}u`, step * (inner.count / 4));
  const declared = (text: string, factors: readonly number[]) =>
    declareFactors(writer, writer.let('at', text), factors);
  const outers = steps
    .slice(0, alongInner ? 4 : 1)
    .map((step) => declared(clamped(`${outer.first} + ${outerOf(step)}`, outer.extent), operand.factors.outer));
  return () =>
    writer.block('', () => {
      const inners = steps
        .slice(0, alongInner ? 1 : 4)
        .map((step) => declared(clamped(`${inner.first} + ${innerOf(step)}`, inner.extent), operand.factors.inner));
      for (const step of steps) {
        const at = [outers[alongInner ? step : 0]!, inners[alongInner ? 0 : step]!] as const;
        const { text } = operand.load(writer, ...at, undefined);
        const [o, i] = [outerOf(step), innerOf(step)];
        const inside = `${outer.first} + ${o} < ${outer.extent}u && ${inner.first} + ${i} < ${inner.extent}u`;
        writer.line(`${name}[(${i}) * ${pitchOf(outer.count)}u + ${o}] = select(0.0f, ${text}, ${inside});`);
      }
    });
}

/** An index, or the last one where it is past that. */
function clamped(index: string, extent: number): string {
  return `min(${index}, ${Math.max(extent, 1) - 1}u)`;
}
