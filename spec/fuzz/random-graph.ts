import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { MeganeuraError } from '../../lib/ir/errors.js';
import { Graph, leafName, type AttributeValue, type Node, type State } from '../../lib/ir/graph.js';
import type { OpDefinition } from '../../lib/ir/ops/define.js';
import { opList } from '../../lib/ir/ops/index.js';
import { elementCount } from '../../lib/ir/shape.js';
import type { AttributePattern } from '../../lib/ir/signature.js';
import { sampleValues } from '../values.js';

/** A random graph and values for its leaves. */
export interface RandomGraph {
  readonly graph: Graph;
  readonly values: Record<string, Float64Array>;
}

/** Jumps, where a rounding error becomes a different result. */
const discontinuous = new Set([
  'floor',
  'ceil',
  'round',
  'sign',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);
/** Need operands away from zero. */
const positiveOnly = new Set(['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal', 'div', 'pow']);
const SIZES = [1, 2, 3, 4, 5, 8, 12];
const INDEX_LIMIT = 3;

/** The graph of a seed: the same seed, the same graph. Some have gradients, some update a parameter. */
export function randomGraph(seed: number): RandomGraph {
  return new Generator(seed).generate();
}

class Generator {
  private readonly builder = new GraphBuilder();
  private readonly leaves: Node[] = [];
  private readonly pool: Node[] = [];
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 12345) >>> 0;
  }

  generate(): RandomGraph {
    for (let i = 0; i < 2 + this.below(3); i++) this.leaf(i === 0 ? 'parameter' : 'input', `x${i}`);
    const indices = this.builder.leaf('input', 'indices', [this.pick(SIZES)], 'i32');
    this.leaves.push(indices);
    this.pool.push(indices);
    const wanted = 3 + this.below(28);
    for (let tries = 0; tries < 40 * wanted && this.pool.length < wanted + this.leaves.length; tries++) this.grow();
    return { graph: this.graph(), values: this.values() };
  }

  private graph(): Graph {
    const { g } = this.builder;
    const made = this.pool.filter((node) => !this.leaves.includes(node));
    const outputs = new Map(made.slice(-3).map((node, i) => [`y${i}`, node]));
    const parameter = this.leaves[0]!;
    const updates = new Map<string, Node>();
    const last = made.findLast((node) => isFloat(node.dtype));
    if (last && this.below(2) === 0) {
      const [gradient] = gradients(this.builder, g.mean(g.square(last)), [parameter]);
      if (gradient) updates.set('x0', g.sub(parameter, g.mul(gradient, g.scalar(0.1, parameter))));
    }
    const inputs = this.leaves.slice(1).map((leaf) => [leafName(leaf), leaf] as const);
    const state: State = { node: parameter, initial: () => new Float64Array(elementCount(parameter.shape)) };
    return new Graph({ inputs: new Map(inputs), parameters: new Map([['x0', state]]), outputs, updates });
  }

  private values(): Record<string, Float64Array> {
    return Object.fromEntries(
      this.leaves.map((leaf, i) => {
        const unit = sampleValues(elementCount(leaf.shape), this.below(1e6) + i);
        const values = leaf.dtype === 'i32' ? unit.map((value) => Math.floor(((value + 1) / 2) * INDEX_LIMIT)) : unit;
        return [leafName(leaf), Float64Array.from(Float32Array.from(values))];
      }),
    );
  }

  /** Tries to add one operation on what is there. */
  private grow(): void {
    const op = this.pick(opList);
    if (discontinuous.has(op.name)) return;
    const operands = op.signature.operands.map(() => this.pick(this.pool));
    const [first] = operands;
    if (first && op.signature.operands.length > 1 && this.below(2) === 0) {
      // Operands that fit by chance are rare: make the second one's shape that of the first.
      const twin = this.pool.filter((node) => node.shape.join() === first.shape.join());
      operands[1] = this.pick(twin);
    }
    try {
      const { g } = this.builder;
      const safe = operands.map((node) =>
        positiveOnly.has(op.name) && isFloat(node.dtype) ? g.add(g.abs(node), g.scalar(0.5, node)) : node,
      );
      const attrs = Object.fromEntries(
        op.signature.attributes.map((pattern) => [pattern.name, this.attribute(pattern, op, first)]),
      );
      const node = this.builder.add(op.name, safe, attrs);
      if (elementCount(node.shape) > 4000) return;
      // Values stay small, so that tolerances mean something.
      const calm = isFloat(node.dtype) && this.below(3) === 0 ? g.tanh(node) : node;
      if (!this.pool.includes(calm)) this.pool.push(calm);
    } catch (error) {
      if (!(error instanceof MeganeuraError)) throw error;
    }
  }

  private attribute(
    { kind, words }: AttributePattern,
    op: OpDefinition,
    operand: Node | undefined,
  ): AttributeValue | undefined {
    const shape = operand?.shape ?? [];
    const rank = shape.length;
    switch (kind) {
      case 'bool':
        return this.below(2) === 0;
      case 'float':
        return 0.5;
      case 'word':
        return this.pick(words!);
      case 'int':
        return this.pick(SIZES);
      case 'dtype':
        return this.pick(['f32', 'f32', 'i32']);
      case 'axis':
        return rank === 0 ? 0 : this.below(rank);
      case 'newAxis':
        return this.below(rank + 1);
      case 'axes':
        return this.below(3) === 0 ? undefined : [rank === 0 ? 0 : this.below(rank)];
      case 'permutation':
        return shape.map((_, axis) => axis).sort(() => this.below(3) - 1);
      case 'shape':
        if (op.name === 'broadcastTo')
          return [
            ...(this.below(2) ? [this.pick(SIZES)] : []),
            ...shape.map((size) => (size === 1 ? this.pick(SIZES) : size)),
          ];
        return this.below(2) ? [-1, ...shape.slice(rank - 1)] : [...shape.slice(0, Math.max(0, rank - 2)), -1];
    }
  }

  private leaf(kind: 'input' | 'parameter', name: string): void {
    const shape = Array.from({ length: this.below(4) }, () => this.pick(SIZES));
    const leaf = this.builder.leaf(kind, name, shape, 'f32');
    this.leaves.push(leaf);
    this.pool.push(leaf);
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}
