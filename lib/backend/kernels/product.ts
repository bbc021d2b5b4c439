import { isLeaf, type Node } from '../../ir/graph.js';
import { addAffine, affine, coefficientOf, type Affine, type Atom } from '../fusion/affine.js';
import { computedShape } from '../fusion/group.js';
import { broadcastIndex, throughViews, type Space } from '../fusion/space.js';
import { factorsOf } from './factors.js';
import type { KernelContext } from './kernel.js';
import { isVectorOffset, offsetOf } from './offsets.js';
import { RowTotals } from './row-totals.js';
import { masked, widened, type Value } from './values.js';
import type { KernelWriter } from './writer.js';

/** The matrix products of a kernel, all of which give an [m, n] matrix for each index of the batch. */
export interface Products {
  readonly m: number;
  readonly n: number;
  readonly batch: readonly Atom[];
  readonly terms: readonly Product[];
}

/** A matrix product in terms of its operands' storage; transposed and broadcast operands are only other strides. */
export interface Product {
  readonly node: Node;
  readonly k: number;
  readonly a: Operand;
  readonly b: Operand;
}

export interface Operand {
  /** The element in row (a) or column (b) `outer` at `inner` of the summed dimension, or four along `lane`. */
  load(writer: KernelWriter, outer: Affine, inner: Affine, lane: Atom | undefined): Value;
  /** The direction in which four elements are one aligned vector. */
  readonly contiguous: 'inner' | 'outer' | 'none';
  /** The direction in which neighbours are neighbours in memory, aligned or not. */
  readonly dense: 'inner' | 'outer';
  /** What the dimensions are made of, where elements are read one by one and several dimensions were made one. */
  readonly factors: { readonly outer: readonly number[]; readonly inner: readonly number[] };
}

/** What the group's contractions multiply, and how it lies in memory. */
export function describeProducts({ group, stored }: KernelContext): Products {
  const { atoms } = group.space;
  return {
    m: atoms.at(-2)!.extent,
    n: atoms.at(-1)!.extent,
    batch: atoms.slice(0, -2),
    terms: group.contractions.map((node) => describeProduct(node, group.space, stored)),
  };
}

/** The atoms are the indices of the product's elements. */
export function describeProduct(
  node: Node,
  { algebra, atoms }: Pick<Space, 'algebra' | 'atoms'>,
  stored: ReadonlySet<Node>,
): Product {
  const [x, y] = [node.inputs[0]!, node.inputs[1]!];
  const [m, k, n] = [x.shape.at(-2)!, x.shape.at(-1)!, y.shape.at(-1)!];
  const batch = atoms.slice(0, -2);
  const operand = (input: Node, outerExtent: number, index: <T>(outer: T, inner: T) => T[]): Operand => {
    const leading = broadcastIndex(
      input.shape.slice(0, -2),
      batch.map((atom) => affine(atom)),
    );
    const source = (outer: Affine, inner: Affine) => throughViews(algebra, input, [...leading, ...index(outer, inner)]);
    const load: Operand['load'] = (writer, outer, inner, lane) => {
      const { node: tensor, index: at, masks } = source(outer, inner);
      if (!isLeaf(tensor) && !stored.has(tensor)) {
        const value = writer.along(lane, () => writer.value(input, [...leading, ...index(outer, inner)]));
        return lane ? widened(value, tensor.dtype) : value;
      }
      return masked(writer.load(tensor, offsetOf(tensor, at), lane), masks, tensor.dtype, lane);
    };
    const probes = { outer: { text: 'probe_outer', extent: outerExtent }, inner: { text: 'probe_inner', extent: k } };
    const { node: tensor, index: at } = source(affine(probes.outer), affine(probes.inner));
    const probe = offsetOf(tensor, at);
    const contiguous =
      k % 4 === 0 && isVectorOffset(probe, probes.inner)
        ? 'inner'
        : outerExtent % 4 === 0 && isVectorOffset(probe, probes.outer)
          ? 'outer'
          : 'none';
    const [row, column] = [input.shape.length - 2, input.shape.length - 1];
    const [outerAxis, innerAxis] = index(0, 1)[0] === 0 ? [row, column] : [column, row];
    const factors =
      contiguous === 'none'
        ? { outer: factorsOf(input, outerAxis), inner: factorsOf(input, innerAxis) }
        : { outer: [outerExtent], inner: [k] };
    // Along the last of the factors, where there are several.
    const last = { text: 'probe_last', extent: factors.outer.at(-1)! };
    const rest = { text: 'probe_rest', extent: outerExtent / Math.max(last.extent, 1) };
    const near = offsetOf(
      tensor,
      source(addAffine(affine(rest, last.extent), affine(last)), affine(probes.inner)).index,
    );
    return { load, contiguous, dense: coefficientOf(near, last) === 1 ? 'outer' : 'inner', factors };
  };
  return {
    node,
    k,
    a: operand(x, m, (outer, inner) => [outer, inner]),
    b: operand(y, n, (outer, inner) => [inner, outer]),
  };
}

/** One row (or vector of a row) of results: its accumulators and where it goes. */
export interface Result {
  /** Text of the row index, and of the column's (of the vector's, when the kernel has a lane). */
  readonly row: string;
  readonly column: string;
  /** That of each product. */
  readonly accumulators: readonly string[];
  /** What the group's sums of rows come to, where it has any. */
  readonly totals?: readonly string[] | undefined;
}

/**
 * Computes and stores the group's members from the products' sums. `ragged`: the tile may reach past the matrix, so that
 * the store must be guarded.
 */
export function writeEpilogue(
  { group }: KernelContext,
  { m, n, terms }: Products,
  writer: KernelWriter,
  lane: Atom | undefined,
  { row, column, accumulators, totals = [] }: Result,
  ragged: boolean,
): void {
  const { atoms } = group.space;
  const [rowAtom, columnAtom] = [atoms.at(-2)!, atoms.at(-1)!];
  const columns = lane ? n / 4 : n;
  const head = ragged ? `if (${row} < ${m}u && ${column} < ${columns}u)` : '';
  writer.block(head, () => {
    writer.line(`let ${rowAtom.text} = ${row};`);
    if (lane) {
      writer.line(`let ${columnAtom.text}q = ${column};`);
      writer.line(`let ${columnAtom.text} = ${columnAtom.text}q * 4u;`);
    } else writer.line(`let ${columnAtom.text} = ${column};`);
    terms.forEach(({ node }, i) => {
      writer.define(node, group.space.indexOf(node.shape)!, { text: accumulators[i]!, width: lane ? 4 : 1 });
    });
    totals.forEach((text, i) => {
      const node = group.rowSums!.reductions[i]!;
      writer.define(node, group.rowSums!.indexOf(node.shape)!, { text, width: 1 });
    });
    // What an attention keeps besides is no member, and stored before.
    const outputs = group.outputs.filter((output) => group.members.includes(output));
    writer.storeAll(outputs, (output) => group.space.indexOf(computedShape(output))!);
  });
}

/** Who stores the results of a workgroup: those of whom `only` is true, a `share` of all. */
export interface Storing {
  readonly only: string;
  readonly share: number;
  /** As `writeEpilogue` has it. */
  readonly ragged: boolean;
}

/** Computes and stores the results that `body` hands over, by some of a workgroup's invocations. */
export function writeResults(
  context: KernelContext,
  products: Products,
  writer: KernelWriter,
  lane: Atom | undefined,
  { only, share, ragged }: Storing,
  body: (store: (result: Result) => void) => void,
): void {
  hoistScalars(context, writer);
  const store = (result: Result) => writeEpilogue(context, products, writer, lane, result, ragged);
  writer.block(share < 1 ? `if (${only})` : '', () => body(store), share);
}

/** What writes the group's sums of rows beside `term`, if it is there that they are found. */
export function rowTotalsOf({ group: { rowSums } }: KernelContext, writer: KernelWriter, term: Product) {
  return rowSums?.product === term.node ? new RowTotals(writer, rowSums) : undefined;
}

/** Loads single numbers that the epilogue uses, such as the learning rate, once and not for every result. */
export function hoistScalars({ group, stored }: KernelContext, writer: KernelWriter): void {
  for (const input of group.members.flatMap((member) => member.inputs)) {
    const single = input.shape.length === 0 && (isLeaf(input) || stored.has(input));
    if (single && input.op !== 'constant' && !group.members.includes(input)) writer.value(input, []);
  }
}

/** Splits a linear id into the batch dimensions' indices. */
export function decodeBatch(batch: readonly Atom[], writer: KernelWriter, position: string): void {
  let rest = position;
  [...batch].reverse().forEach((atom, i) => {
    writer.line(`let ${atom.text} = ${i === batch.length - 1 ? rest : `(${rest}) % ${atom.extent}u`};`);
    rest = `(${rest}) / ${atom.extent}u`;
  });
}
