import { scalar, variable } from '../../ir/scalar.js';
import { affineText, type Atom } from '../fusion/affine.js';
import { attentionShape, type Attention, type AttentionShape, type InnerProduct } from '../fusion/attention.js';
import { ATTENTION_INVOCATIONS, attentionLayout, type AttentionLayout } from './attention-layout.js';
import { SoftmaxWriter } from './attention-softmax.js';
import { FOUR, sumOf, WeightsWriter } from './attention-weights.js';
import { factorsOf } from './factors.js';
import { writeKernel, type Kernel, type KernelContext, type Layout } from './kernel.js';
import { decodeBatch, describeProduct, describeProducts, hoistScalars, writeEpilogue } from './product.js';
import type { Product, Products } from './product.js';
import { fetchTile } from './tile-fetch.js';
import type { Value } from './values.js';
import type { KernelWriter } from './writer.js';

const QUOTIENT = scalar.div(variable(0), variable(1));

const vectorOf = (element: (j: number) => string) => `vec4<f32>(${FOUR.map(element).join(', ')})`;

/**
 * Products of softmax weights and values, scores included (FlashAttention, Dao 2023, arXiv:2307.08691): a workgroup has
 * some rows, and goes through the keys a tile at a time. Each row keeps the greatest score so far and the sum of e to
 * the scores less that; when a greater one comes, what was summed before is scaled down (Milakov and Gimelshein 2018,
 * arXiv:1805.02867). Scores are maps of the product of queries and keys, whatever these are. Gradients, whose weights are
 * maps of two such products and of what is known of each row, have nothing to scale.
 */
export function attentionKernel(context: KernelContext, attention: Attention): Kernel {
  const { group } = context;
  const [node, ...followers] = group.members;
  const lane = node!.shape.at(-1)! % 4 === 0 ? group.space.atoms.at(-1) : undefined;
  const kind = attention.softmax ? 'attention' : 'attention gradient';
  const label = [kind, ...[node!, ...followers].map(({ op }) => op)].join(' ');
  return writeKernel(context, label, lane, (writer, chosen) => new Body(context, attention, writer, chosen).write());
}

class Body {
  private readonly shape: AttentionShape;
  private readonly layout: AttentionLayout;
  private readonly weights: WeightsWriter;
  private readonly softmax: SoftmaxWriter | undefined;

  constructor(
    private readonly context: KernelContext,
    private readonly attention: Attention,
    private readonly writer: KernelWriter,
    private readonly lane: Atom | undefined,
  ) {
    this.shape = attentionShape(context.group.contractions[0]!, attention);
    this.layout = attentionLayout(this.shape, context.profile);
    const row = context.group.space.atoms.at(-2)!;
    this.weights = new WeightsWriter(writer, attention, row, this.shape, this.layout);
    this.softmax = attention.softmax && new SoftmaxWriter(this.weights, attention.softmax, this.layout);
  }

  write(): Layout {
    const { context, attention, writer, shape, layout, weights, softmax } = this;
    const { workgroups, groups, across, parts } = layout;
    const products = describeProducts(context);
    const tiles = Math.ceil(shape.rows / layout.rows);
    writer.line(`if (workgroup >= ${workgroups}u) { return; }`);
    writer.line(`let row = (workgroup % ${tiles}u) * ${layout.rows}u;`);
    decodeBatch(products.batch, writer, `workgroup / ${tiles}u`);
    writer.line(`let tx = local % ${groups}u;`);
    writer.line(`let ty = local / ${groups}u;`);
    writer.line(`let vector = ${across < groups ? `tx % ${across}u` : 'tx'};`);
    if (parts > 1) writer.line(`let part = tx / ${across}u;`);
    softmax?.begin();
    const sums = FOUR.map((i) => this.vectors.map((g) => `o${i}_${g}`));
    for (const sum of sums.flat()) writer.line(`var ${sum} = vec4<f32>();`);
    const inner = attention.products.map((product, p) => this.describeInner(product, p));
    const turn = () => {
      inner.forEach((product, p) => this.multiplyInner(product, p));
      if (softmax) softmax.weigh(sums);
      else weights.weigh();
      this.addValues(products.terms[0]!);
    };
    const turns = Math.ceil(shape.keys / layout.keys);
    writer.block(`for (var start = 0u; start < ${shape.keys}u; start += ${layout.keys}u)`, turn, turns);
    softmax?.end();
    if (attention.kept.length > 0) softmax?.keep(shape.rows);
    this.meet();
    hoistScalars(context, writer);
    writer.block(parts > 1 ? 'if (part == 0u)' : '', () => this.writeResults(products), 1 / parts);
    const shared = Object.entries(layout.memory).map(([name, length]) => ({ name, element: 'f32', length }));
    return { workgroupSize: ATTENTION_INVOCATIONS, crew: { workgroups }, shared };
  }

  /** Numbers of the vectors of values that an invocation has sums for. */
  private get vectors(): readonly number[] {
    return Array.from({ length: this.layout.vectors }, (_, g) => g);
  }

  /** An inner product, by indices of its batch of its own. */
  private describeInner({ node, index }: InnerProduct, p: number): Product {
    const atoms = node.shape.map((extent, axis): Atom => ({ text: `inner${p}_${axis}`, extent }));
    for (const [axis, atom] of atoms.slice(0, -2).entries()) {
      this.writer.line(`let ${atom.text} = ${affineText(index[axis]!)};`);
    }
    const { group, stored } = this.context;
    return describeProduct(node, { algebra: group.space.algebra, atoms }, stored);
  }

  private multiplyInner({ node, a, b, k }: Product, p: number): void {
    const { writer, shape, layout } = this;
    const { depth } = layout;
    const rank = node.shape.length;
    const operands = [
      { operand: a, factors: factorsOf(node.inputs[0]!, rank - 1) },
      { operand: b, factors: factorsOf(node.inputs[1]!, rank - 2) },
    ] as const;
    const [rows, keys] = this.attention.products[p]!.isTransposed ? [operands[1], operands[0]] : operands;
    const inner = { first: 'along', count: depth, extent: k };
    const tileA = {
      name: 'tileA',
      outer: { first: 'row', count: layout.rows, extent: shape.rows },
      inner: { ...inner, factors: rows.factors },
    };
    const tileB = {
      name: 'tileB',
      outer: { first: 'start', count: layout.keys, extent: shape.keys },
      inner: { ...inner, factors: keys.factors },
    };
    for (const i of FOUR) writer.line(`var ${sumOf(p, i)} = vec4<f32>();`);
    const multiply = () => {
      writer.line(`let x = ${vectorOf((j) => `tileB[kk * ${layout.keys + 4}u + tx * 4u + ${j}u]`)};`);
      for (const i of FOUR) writer.line(`${sumOf(p, i)} += tileA[kk * ${layout.rows + 4}u + ty * 4u + ${i}u] * x;`);
      writer.tally.terms(16);
    };
    const turn = () => {
      fetchTile(writer, rows.operand, tileA, ATTENTION_INVOCATIONS);
      fetchTile(writer, keys.operand, tileB, ATTENTION_INVOCATIONS);
      writer.line('workgroupBarrier();');
      writer.block(`for (var kk = 0u; kk < ${depth}u; kk++)`, multiply, depth);
      writer.line('workgroupBarrier();');
    };
    writer.block(`for (var along = 0u; along < ${k}u; along += ${depth}u)`, turn, Math.ceil(k / depth));
  }

  /** Adds values, by the weights that lie in workgroup memory. */
  private addValues({ b }: Product): void {
    const { writer, shape, layout } = this;
    const { depth, parts, columns } = layout;
    const inBounds = shape.keys % layout.keys === 0 ? '' : ` && start + first < ${shape.keys}u`;
    const multiply = () => {
      for (const g of this.vectors) {
        const at = `kk * ${columns + 4}u + (vector + ${g * layout.groups}u) * 4u`;
        writer.line(`let x${g} = ${vectorOf((j) => `tileB[${at} + ${j}u]`)};`);
      }
      for (const i of FOUR) {
        writer.line(`let w${i} = weights[(first + kk) * ${layout.rows + 1}u + ty * 4u + ${i}u];`);
        for (const g of this.vectors) writer.line(`o${i}_${g} += w${i} * x${g};`);
      }
      writer.tally.terms(16 * layout.vectors);
    };
    const turn = () => {
      const outer = { first: '0u', count: columns, extent: shape.width };
      const inner = { first: 'start + first', count: depth, extent: shape.keys, factors: [shape.keys] };
      fetchTile(writer, b, { name: 'tileB', outer, inner }, ATTENTION_INVOCATIONS);
      writer.line('workgroupBarrier();');
      const start = parts > 1 ? 'part' : '0u';
      writer.block(`for (var kk = ${start}; kk < ${depth}u; kk += ${parts}u)`, multiply, Math.ceil(depth / parts));
      writer.line('workgroupBarrier();');
    };
    const turns = Math.ceil(layout.keys / depth);
    writer.block(`for (var first = 0u; first < ${layout.keys}u${inBounds}; first += ${depth}u)`, turn, turns);
  }

  /** Adds up the sums of invocations that have the same columns. */
  private meet(): void {
    const { writer, layout } = this;
    const { parts, across } = layout;
    const place = (i: number, j: number) => `weights[((ty * ${across}u + vector) * 4u + ${i}u) * 4u + ${j}u]`;
    for (let from = parts - 1; from > 0; from--) {
      writer.block(`if (part == ${from}u)`, () => {
        for (const i of FOUR) for (const j of FOUR) writer.line(`${place(i, j)} = o${i}_0[${j}];`);
      });
      writer.line('workgroupBarrier();');
      writer.block('if (part == 0u)', () => {
        for (const i of FOUR) writer.line(`o${i}_0 += ${vectorOf((j) => place(i, j))};`);
      });
      if (from > 1) writer.line('workgroupBarrier();');
    }
  }

  /** Divides by the sums of weights where there are any, and stores what the group makes of it. */
  private writeResults(products: Products): void {
    const { context, writer, shape, layout, lane } = this;
    const ragged = shape.rows % layout.rows !== 0 || shape.width !== layout.columns;
    for (const i of FOUR) {
      const row = `row + ty * 4u + ${i}u`;
      for (const g of this.vectors) {
        const name = this.resultOf(i, g);
        const column = `vector + ${g * layout.groups}u`;
        const results = lane
          ? [{ row, column, accumulators: [name] }]
          : FOUR.map((j) => ({ row, column: `(${column}) * 4u + ${j}u`, accumulators: [`${name}[${j}]`] }));
        for (const result of results) writeEpilogue(context, products, writer, lane, result, ragged);
      }
    }
  }

  /** The name of a vector of results, of sums that are complete. */
  private resultOf(i: number, g: number): string {
    const { writer } = this;
    const sum = `o${i}_${g}`;
    if (!this.softmax) return sum;
    const name = writer.name('y');
    const sums: Value[] = [
      { text: sum, width: 4 },
      { text: `total${i}`, width: 1 },
    ];
    writer.line(`let ${name} = ${writer.apply(QUOTIENT, sums, ['f32', 'f32'], 4)};`);
    return name;
  }
}
