import type { Node } from '../../ir/graph.js';
import { scalar, variable } from '../../ir/scalar.js';
import { affineText, type Atom } from '../fusion/affine.js';
import { attentionShape, type Attention, type AttentionShape } from '../fusion/attention.js';
import { factorsOf } from './factors.js';
import { literal } from './functions.js';
import { writeKernel, type Kernel, type KernelContext, type Layout } from './kernel.js';
import { decodeBatch, describeProduct, describeProducts, hoistScalars, writeEpilogue } from './product.js';
import type { KernelProfile } from './profile.js';
import { fetchTile } from './tile-fetch.js';
import { widened, type KernelWriter, type Value } from './writer.js';

/** Scores that a workgroup has at a time: 4 × 4 an invocation. */
interface Tile {
  readonly rows: number;
  readonly keys: number;
}

const INVOCATIONS = 128;
/** The more workgroups a tile gives, the fewer rows share what is read of keys and values. */
const TILES: readonly Tile[] = [
  { rows: 64, keys: 32 },
  { rows: 32, keys: 64 },
  { rows: 16, keys: 128 },
];
/** Workgroups that keep a large GPU busy. */
const ENOUGH = 160;
/** Up to so many rows a kernel that has many workgroups for the keys of each is better. */
const FEW_ROWS = 8;
/** Columns of values: each invocation has four rows of its share of them in registers. */
const MOST_COLUMNS = 160;
/** Bytes of workgroup memory that every GPU has, and that suffice. */
const LEAST_MEMORY = 16384;
const LOWEST = literal(-(2 - 2 ** -23) * 2 ** 127, 'f32');
const FOUR = [0, 1, 2, 3] as const;

/** Whether the kernel below suits an attention: on an adapter with workgroup memory, for more than a few rows. */
export function suitsAttention(
  { rows, width }: AttentionShape,
  { software, maxInvocations, workgroupMemory }: KernelProfile,
): boolean {
  const able = !software && maxInvocations >= INVOCATIONS && workgroupMemory >= LEAST_MEMORY;
  return able && rows > FEW_ROWS && width <= MOST_COLUMNS;
}

/**
 * Products of softmax weights and values, scores included (FlashAttention, Dao 2023, arXiv:2307.08691): a workgroup has
 * some rows, and goes through the keys a tile at a time. Each row keeps the greatest score so far and the sum of e to
 * the scores less that; when a greater one comes, what was summed before is scaled down (Milakov and Gimelshein 2018,
 * arXiv:1805.02867). Scores are maps of the product of queries and keys, whatever these are.
 */
export function attentionKernel(context: KernelContext, attention: Attention): Kernel {
  const { group } = context;
  const [node, ...followers] = group.members;
  const lane = node!.shape.at(-1)! % 4 === 0 ? group.space.atoms.at(-1) : undefined;
  const label = ['attention', ...[node!, ...followers].map(({ op }) => op)].join(' ');
  return writeKernel(context, label, lane, (writer, chosen) => new Body(context, attention, writer, chosen).write());
}

class Body {
  private readonly shape: AttentionShape;
  private readonly tile: Tile;
  /** Invocations beside each other that share four rows. */
  private readonly groups: number;
  /** Vectors of values an invocation has sums for; where there are fewer than invocations, `parts` of these share one. */
  private readonly vectors: number;
  private readonly parts: number;
  /** Of vectors that queries and keys are multiplied along, and keys whose values are multiplied, in one round. */
  private readonly depth: number;
  private readonly memory: { tileA: number; tileB: number; weights: number };

  constructor(
    private readonly context: KernelContext,
    private readonly attention: Attention,
    private readonly writer: KernelWriter,
    private readonly lane: Atom | undefined,
  ) {
    const { group, profile } = context;
    this.shape = attentionShape(group.contractions[0]!, attention);
    const batches = group.space.atoms.slice(0, -2).reduce((count, { extent }) => count * extent, 1);
    const workgroups = ({ rows }: Tile) => Math.ceil(this.shape.rows / rows) * batches;
    this.tile = TILES.find((tile) => workgroups(tile) >= ENOUGH) ?? TILES.at(-1)!;
    this.groups = this.tile.keys / 4;
    const columns = Math.ceil(this.shape.width / 4);
    this.vectors = Math.ceil(columns / this.groups);
    this.parts = Math.max(1, Math.floor(this.groups / columns));
    const { tileA, tileB, weights } = this.memoryFor(16);
    this.depth = 4 * (tileA + tileB + weights) <= profile.workgroupMemory ? 16 : 8;
    this.memory = this.memoryFor(this.depth);
  }

  /** Vectors of values that invocations beside each other have. */
  private get across(): number {
    return this.parts > 1 ? Math.ceil(this.shape.width / 4) : this.groups;
  }

  private get columns(): number {
    return this.across * this.vectors * 4;
  }

  /** Numbers in workgroup memory. */
  private memoryFor(depth: number): { tileA: number; tileB: number; weights: number } {
    const { rows, keys } = this.tile;
    return {
      // Queries, or what the invocations of a row have to tell each other.
      tileA: Math.max(depth * (rows + 4), this.groups * rows),
      // Keys, or values.
      tileB: depth * (Math.max(keys, this.columns) + 4),
      weights: keys * (rows + 1),
    };
  }

  write(): Layout {
    const { context, writer, shape, tile, groups, lane } = this;
    const products = describeProducts(context);
    const { batch } = products;
    const tiles = Math.ceil(shape.rows / tile.rows);
    const workgroups = tiles * batch.reduce((count, { extent }) => count * extent, 1);
    writer.line(`if (workgroup >= ${workgroups}u) { return; }`);
    writer.line(`let row = (workgroup % ${tiles}u) * ${tile.rows}u;`);
    decodeBatch(batch, writer, `workgroup / ${tiles}u`);
    writer.line(`let tx = local % ${groups}u;`);
    writer.line(`let ty = local / ${groups}u;`);
    const across = this.across;
    writer.line(`let vector = ${across < groups ? `tx % ${across}u` : 'tx'};`);
    if (this.parts > 1) writer.line(`let part = tx / ${across}u;`);
    for (const i of FOUR) {
      writer.line(`var greatest${i} = ${LOWEST};`);
      writer.line(`var total${i} = 0.0f;`);
      for (let g = 0; g < this.vectors; g++) writer.line(`var o${i}_${g} = vec4<f32>();`);
    }
    const scores = this.describeScores();
    const turn = () => {
      for (const i of FOUR) writer.line(`var c${i} = vec4<f32>();`);
      this.multiplyKeys(scores);
      for (const i of FOUR) this.writeScores(i);
      this.raiseGreatest();
      for (const i of FOUR) this.writeWeights(i);
      this.addValues(products.terms[0]!);
    };
    const turns = Math.ceil(shape.keys / tile.keys);
    writer.block(`for (var start = 0u; start < ${shape.keys}u; start += ${tile.keys}u)`, turn, turns);
    this.meet();
    hoistScalars(context, writer);
    for (const i of FOUR) {
      for (let g = 0; g < this.vectors; g++) {
        const sums: Value[] = [
          { text: `o${i}_${g}`, width: 4 },
          { text: `total${i}`, width: 1 },
        ];
        writer.line(`let y${i}_${g} = ${writer.apply(QUOTIENT, sums, ['f32', 'f32'], 4)};`);
      }
    }
    writer.block(this.parts > 1 ? 'if (part == 0u)' : '', () => {
      const ragged = shape.rows % tile.rows !== 0 || shape.width % this.columns !== 0;
      for (const i of FOUR) {
        const row = `row + ty * 4u + ${i}u`;
        for (let g = 0; g < this.vectors; g++) {
          const column = `vector + ${g * groups}u`;
          const results = lane
            ? [{ row, column, accumulators: [`y${i}_${g}`] }]
            : FOUR.map((j) => ({ row, column: `(${column}) * 4u + ${j}u`, accumulators: [`y${i}_${g}[${j}]`] }));
          for (const result of results) writeEpilogue(context, products, writer, lane, result, ragged);
        }
      }
    });
    const shared = Object.entries(this.memory).map(([name, length]) => ({ name, element: 'f32', length }));
    return { workgroupSize: INVOCATIONS, crew: { workgroups }, shared };
  }

  /** The product of queries and keys, by indices of its batch of its own. */
  private describeScores() {
    const { node, index } = this.attention.product;
    const atoms = node.shape.map((extent, axis): Atom => ({ text: `scores${axis}`, extent }));
    for (const [axis, atom] of atoms.slice(0, -2).entries()) {
      this.writer.line(`let ${atom.text} = ${affineText(index[axis]!)};`);
    }
    const { group, stored } = this.context;
    return describeProduct(node, { algebra: group.space.algebra, atoms }, stored);
  }

  private multiplyKeys({ node, a, b, k }: ReturnType<typeof describeProduct>): void {
    const { writer, shape, tile, depth } = this;
    const along = { first: 'along', count: depth, extent: k };
    const [queries, keyed] = node.inputs as readonly [Node, Node];
    const rank = node.shape.length;
    const multiply = () => {
      writer.line(`let x = ${vectorOf((j) => `tileB[kk * ${tile.keys + 4}u + tx * 4u + ${j}u]`)};`);
      for (const i of FOUR) writer.line(`c${i} += tileA[kk * ${tile.rows + 4}u + ty * 4u + ${i}u] * x;`);
      writer.tally.terms(16);
    };
    const turn = () => {
      const rows = { first: 'row', count: tile.rows, extent: shape.rows };
      const keys = { first: 'start', count: tile.keys, extent: shape.keys };
      fetchTile(
        writer,
        a,
        { name: 'tileA', outer: rows, inner: { ...along, factors: factorsOf(queries, rank - 1) } },
        INVOCATIONS,
      );
      fetchTile(
        writer,
        b,
        { name: 'tileB', outer: keys, inner: { ...along, factors: factorsOf(keyed, rank - 2) } },
        INVOCATIONS,
      );
      writer.line('workgroupBarrier();');
      writer.block(`for (var kk = 0u; kk < ${depth}u; kk++)`, multiply, depth);
      writer.line('workgroupBarrier();');
    };
    writer.block(`for (var along = 0u; along < ${k}u; along += ${depth}u)`, turn, Math.ceil(k / depth));
  }

  /** Computes the scores of a row from the products in `c`, and leaves them there; keys that are not there count nothing. */
  private writeScores(i: number): void {
    const { writer, attention } = this;
    const { product, scores } = attention;
    if (scores.node !== product.node) {
      this.elements(i, (own, width, set) => {
        writer.define(product.node, product.index, { text: own, width });
        set(writer.value(scores.node, scores.index));
      });
    }
    if (this.isRagged) writer.line(`c${i} = select(vec4<f32>(${LOWEST}), c${i}, ${this.inside});`);
  }

  /** Finds the greatest score of each row so far, and scales down what was summed with a smaller one. */
  private raiseGreatest(): void {
    const { writer, tile, groups } = this;
    const place = (i: number, group: string) => `tileA[${group} * ${tile.rows}u + ty * 4u + ${i}u]`;
    for (const i of FOUR) writer.line(`${place(i, 'tx')} = max(max(c${i}.x, c${i}.y), max(c${i}.z, c${i}.w));`);
    writer.line('workgroupBarrier();');
    // Where a score is no number, neither is e to it, whatever is the greatest here.
    for (const i of FOUR) writer.line(`var raised${i} = greatest${i};`);
    const raise = () => {
      for (const i of FOUR) writer.line(`raised${i} = max(raised${i}, ${place(i, 'g')});`);
    };
    writer.block(`for (var g = 0u; g < ${groups}u; g++)`, raise, groups);
    for (const i of FOUR) {
      writer.line(`let lower${i} = greatest${i} - raised${i};`);
      const power: Value = { text: `lower${i}`, width: 1 };
      writer.line(`let scale${i} = ${writer.apply(scalar.exp(variable(0)), [power], ['f32'], 1)};`);
      writer.line(`greatest${i} = raised${i};`);
      writer.line(`total${i} *= scale${i};`);
      for (let g = 0; g < this.vectors; g++) writer.line(`o${i}_${g} *= scale${i};`);
    }
  }

  /** Puts e to the scores of a row, less the greatest, into workgroup memory. */
  private writeWeights(i: number): void {
    const { writer, tile } = this;
    const { scores, max, exp, share, weights } = this.attention;
    writer.line(`var e${i} = vec4<f32>();`);
    this.elements(i, (own, width, _, set) => {
      writer.define(scores.node, scores.index, { text: own, width });
      writer.define(max.node, max.index, { text: `greatest${i}`, width: 1 });
      set(writer.value(exp.node, exp.index));
    });
    if (this.isRagged) writer.line(`e${i} = select(vec4<f32>(), e${i}, ${this.inside});`);
    writer.line(`total${i} += dot(e${i}, vec4<f32>(1.0f));`);
    if (weights.node !== share.node) {
      this.elements(i, (_, width, __, set, e) => {
        writer.define(share.node, share.index, { text: e, width });
        set(writer.value(weights.node, weights.index));
      });
    }
    for (const j of FOUR)
      writer.line(`weights[(tx * 4u + ${j}u) * ${tile.rows + 1}u + ty * 4u + ${i}u] = e${i}[${j}];`);
  }

  private addValues({ b }: ReturnType<typeof describeProduct>): void {
    const { writer, shape, tile, depth, parts, columns } = this;
    const inBounds = shape.keys % tile.keys === 0 ? '' : ` && start + first < ${shape.keys}u`;
    const multiply = () => {
      for (let g = 0; g < this.vectors; g++) {
        const at = `kk * ${columns + 4}u + (vector + ${g * this.groups}u) * 4u`;
        writer.line(`let x${g} = ${vectorOf((j) => `tileB[${at} + ${j}u]`)};`);
      }
      for (const i of FOUR) {
        writer.line(`let w${i} = weights[(first + kk) * ${tile.rows + 1}u + ty * 4u + ${i}u];`);
        for (let g = 0; g < this.vectors; g++) writer.line(`o${i}_${g} += w${i} * x${g};`);
      }
      writer.tally.terms(16 * this.vectors);
    };
    const turn = () => {
      const outer = { first: '0u', count: columns, extent: shape.width };
      const inner = { first: 'start + first', count: depth, extent: shape.keys, factors: [shape.keys] };
      fetchTile(writer, b, { name: 'tileB', outer, inner }, INVOCATIONS);
      writer.line('workgroupBarrier();');
      const start = parts > 1 ? 'part' : '0u';
      writer.block(`for (var kk = ${start}; kk < ${depth}u; kk += ${parts}u)`, multiply, Math.ceil(depth / parts));
      writer.line('workgroupBarrier();');
    };
    const turns = Math.ceil(tile.keys / depth);
    writer.block(`for (var first = 0u; first < ${tile.keys}u${inBounds}; first += ${depth}u)`, turn, turns);
  }

  /** Adds up what the invocations of a row have: totals, and the sums of those that share columns. */
  private meet(): void {
    const { writer, tile, groups, parts, across } = this;
    const place = (i: number, group: string) => `tileA[${group} * ${tile.rows}u + ty * 4u + ${i}u]`;
    for (const i of FOUR) writer.line(`${place(i, 'tx')} = total${i};`);
    writer.line('workgroupBarrier();');
    for (const i of FOUR) writer.line(`total${i} = 0.0f;`);
    const add = () => {
      for (const i of FOUR) writer.line(`total${i} += ${place(i, 'g')};`);
    };
    writer.block(`for (var g = 0u; g < ${groups}u; g++)`, add, groups);
    const sum = (i: number, j: number) => `weights[((ty * ${across}u + vector) * 4u + ${i}u) * 4u + ${j}u]`;
    for (let from = parts - 1; from > 0; from--) {
      writer.block(`if (part == ${from}u)`, () => {
        for (const i of FOUR) for (const j of FOUR) writer.line(`${sum(i, j)} = o${i}_0[${j}];`);
      });
      writer.line('workgroupBarrier();');
      writer.block('if (part == 0u)', () => {
        for (const i of FOUR) writer.line(`o${i}_0 += ${vectorOf((j) => sum(i, j))};`);
      });
      if (from > 1) writer.line('workgroupBarrier();');
    }
  }

  /** Whether four keys that follow one another are all there or none of them. */
  private get byVectors(): boolean {
    return this.shape.keys % 4 === 0;
  }

  private get isRagged(): boolean {
    return this.shape.keys % this.tile.keys !== 0;
  }

  /** Which keys of the own four there are. */
  private get inside(): string {
    const { keys } = this.shape;
    if (this.byVectors) return `start + tx * 4u < ${keys}u`;
    return `vec4<bool>(${FOUR.map((j) => `start + tx * 4u + ${j}u < ${keys}u`).join(', ')})`;
  }

  /**
   * Names row and key, and has the values of own elements computed, all four at once where they are a vector. `body` gets
   * the text of the score and of the weight, and what replaces them.
   */
  private elements(
    i: number,
    body: (
      score: string,
      width: 1 | 4,
      setScore: (value: Value) => void,
      setWeight: (value: Value) => void,
      weight: string,
    ) => void,
  ): void {
    const { writer, shape, attention, byVectors } = this;
    const { key } = attention;
    const row = this.context.group.space.atoms.at(-2)!;
    const at = (text: string, extent: number) => `min(${text}, ${extent - 1}u)`;
    for (const j of byVectors ? [0] : FOUR) {
      writer.block('', () =>
        writer.along(byVectors ? key : undefined, () => {
          writer.line(`let ${row.text} = ${at(`row + ty * 4u + ${i}u`, shape.rows)};`);
          if (byVectors) {
            writer.line(`let ${key.text}q = ${at('start / 4u + tx', shape.keys / 4)};`);
            writer.line(`let ${key.text} = ${key.text}q * 4u;`);
          } else writer.line(`let ${key.text} = ${at(`start + tx * 4u + ${j}u`, shape.keys)};`);
          const part = byVectors ? '' : `[${j}]`;
          const set = (name: string) => (value: Value) => {
            writer.line(`${name}${part} = ${byVectors ? widened(value, 'f32').text : value.text};`);
          };
          body(`c${i}${part}`, byVectors ? 4 : 1, set(`c${i}`), set(`e${i}`), `e${i}${part}`);
        }),
      );
    }
  }
}

const QUOTIENT = scalar.div(variable(0), variable(1));

const vectorOf = (element: (j: number) => string) => `vec4<f32>(${FOUR.map(element).join(', ')})`;
