import { addAffine, affine, type Affine, type Atom } from '../fusion/affine.js';
import type { Operand } from './product.js';
import type { KernelWriter } from './writer.js';

/** Some of an operand's indices: the text of the first, how many, and how many the operand has. */
export interface Stretch {
  readonly first: string;
  /** A multiple of 4. */
  readonly count: number;
  readonly extent: number;
}

/** Some of an operand's inner indices, and the sizes of the dimensions that became that one, see {@link factorsOf}. */
export interface InnerStretch extends Stretch {
  readonly factors: readonly number[];
}

export interface FetchedTile {
  /** An array of f32 in workgroup memory. */
  readonly name: string;
  readonly outer: Stretch;
  readonly inner: InnerStretch;
}

/**
 * Writes the copying of a tile of an operand into workgroup memory by all invocations of a workgroup: element [inner][outer]
 * lies at inner · (outer.count + 4) + outer, so that those of one line fall into different banks. Past the edge is 0.
 */
export function fetchTile(
  writer: KernelWriter,
  operand: Operand,
  { name, outer, inner }: FetchedTile,
  invocations: number,
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
    writer.line(`let outer = min(${outer.first} + o, ${Math.max(outer.extent, 1) - 1}u);`);
    writer.line(`let inner = min(${inner.first} + i, ${Math.max(inner.extent, 1) - 1}u);`);
    const innerAtoms = atomsOf(writer, inner);
    const lane = width === 4 ? (alongInner ? innerAtoms.last : outerAtom) : undefined;
    if (lane) writer.line(`let ${lane.text}q = ${lane.text} / 4u;`);
    const { text } = operand.load(writer, affine(outerAtom), innerAtoms.index, lane);
    const pitch = outer.count + 4;
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
