import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat, type DType } from '../../lib/ir/dtype.js';
import { MeganeuraError } from '../../lib/ir/errors.js';
import { isHalf } from '../../lib/ir/half.js';
import { Graph, leafName, type Node, type State } from '../../lib/ir/graph.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { casesToTry } from '../op-cases/generate.js';
import type { OpCase, Range } from '../op-cases/op-case.js';
import { sampleValues } from '../values.js';

/** A random graph and values for its leaves. */
export interface RandomGraph {
  readonly graph: Graph;
  readonly values: Record<string, Float64Array>;
}

/** Jumps, where a rounding error becomes a different result; and results too large to compare. */
const left: ReadonlySet<OpName> = new Set<OpName>([
  ...(['floor', 'ceil', 'round', 'sign', 'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const),
  ...(['floorDivide', 'remainder', 'isNan', 'isInf', 'isFinite'] as const),
]);
/** Divide by a deviation: of equal values that is rounding noise. */
const deviating: ReadonlySet<OpName> = new Set<OpName>(['std', 'layerNorm', 'groupNorm']);
const SIZES = [1, 2, 3, 4, 5, 8, 12, 17, 33, 64, 65];
const MOST_ELEMENTS = 4000;

/** The graph of a seed: the same seed, the same graph. Some have gradients, some update parameters. */
export function randomGraph(seed: number): RandomGraph {
  return new Generator(seed).generate();
}

class Generator {
  private readonly builder = new GraphBuilder();
  private readonly leaves: Node[] = [];
  private readonly ranges = new Map<Node, Range>();
  private readonly made: Node[] = [];
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 12345) >>> 0;
  }

  generate(): RandomGraph {
    for (let i = 0; i < 2 + this.below(3); i++) {
      const shape = Array.from({ length: this.below(4) }, () => this.pick(SIZES));
      this.leaf(i < 2 ? 'parameter' : 'input', elementCount(shape) > MOST_ELEMENTS ? [7] : shape, 'f32', [-1, 1]);
    }
    const wanted = 3 + this.below(28);
    for (let tries = 0; tries < 10 * wanted && this.made.length < wanted; tries++) this.grow();
    return { graph: this.graph(), values: this.values() };
  }

  private graph(): Graph {
    const made = this.made.slice(-3);
    const parameters = this.leaves.filter(({ op }) => op === 'parameter');
    const updates = this.updates(parameters);
    // Some read what the parameters become.
    const [next] = this.below(2) === 0 ? updates.values() : [];
    const outputs = new Map([...made, ...(next ? [this.fitted(next, [7])] : [])].map((node, i) => [`y${i}`, node]));
    const inputs = this.leaves.filter(({ op }) => op === 'input').map((leaf) => [leafName(leaf), leaf] as const);
    const states = parameters.map((node): [string, State] => [
      leafName(node),
      { node, initial: () => new Float64Array(elementCount(node.shape)) },
    ]);
    return new Graph({ inputs: new Map(inputs), parameters: new Map(states), outputs, updates });
  }

  /** None, steps along gradients, values that swap their places, or some elements at places that an input tells. */
  private updates(parameters: readonly Node[]): Map<string, Node> {
    const { g } = this.builder;
    const last = this.made.findLast((node) => isFloat(node.dtype) && elementCount(node.shape) > 0);
    const updates = new Map<string, Node>();
    if (last && this.below(2) === 0) {
      const found = gradients(this.builder, g.mean(g.square(last)), parameters);
      parameters.forEach((parameter, i) => {
        if (found[i]) updates.set(leafName(parameter), g.sub(parameter, g.mul(found[i], g.scalar(0.1, parameter))));
      });
    } else if (this.below(3) === 0) {
      const [a, b] = parameters;
      updates.set(leafName(a!), this.fitted(b!, a!.shape));
      updates.set(leafName(b!), g.neg(this.fitted(a!, b!.shape)));
    } else {
      for (const parameter of parameters) {
        if (parameter.shape.length > 0 && elementCount(parameter.shape) > 0) {
          updates.set(leafName(parameter), this.overwritten(parameter, this.below(3) === 0 ? 2 : 1));
        }
      }
    }
    return updates;
  }

  /** With elements overwritten, once or twice, by something that was made; perhaps in part outside. */
  private overwritten(node: Node, times: number): Node {
    const axis = this.below(node.shape.length);
    const size = node.shape[axis]!;
    const shape = node.shape.map((own, i) => (i === axis ? 1 + this.below(size) : own));
    const sources = [...this.leaves, ...this.made].filter(({ dtype }) => dtype === node.dtype);
    const position = this.leaf('input', [], 'i32', [-2, size + 1]);
    const written = this.builder.g.writeAt(node, this.fitted(this.pick(sources), shape), position, axis);
    return times > 1 ? this.overwritten(written, times - 1) : written;
  }

  private values(): Record<string, Float64Array> {
    return Object.fromEntries(
      this.leaves.map((leaf, i) => {
        const [low, high] = this.ranges.get(leaf)!;
        const values = sampleValues(elementCount(leaf.shape), this.below(1e6) + i).map((unit) => {
          if (leaf.dtype === 'bool') return unit > 0 ? 1 : 0;
          const value = low + ((unit + 1) / 2) * (high - low);
          return isFloat(leaf.dtype) ? Math.fround(value) : Math.floor(value);
        });
        return [leafName(leaf), values];
      }),
    );
  }

  /** Adds one operation on what is there, in the shapes and with the attributes of one of its cases. */
  private grow(): void {
    const name = this.pick(Object.keys(ops) as OpName[]);
    if (left.has(name)) return;
    // What 16 bits are rounded to depends on what is stored.
    const entry = this.pick(casesToTry(name).filter(({ dtypes = [] }) => !dtypes.some(isHalf)));
    try {
      const { g } = this.builder;
      const operands = entry.shapes.map((shape, i) => this.operand(entry, shape, i));
      if (deviating.has(name)) operands[0] = g.add(operands[0]!, this.leaf('input', entry.shapes[0]!, 'f32', [-1, 1]));
      const node = this.builder.add(name, operands, entry.attrs ?? {});
      if (elementCount(node.shape) > MOST_ELEMENTS) return;
      // Values stay small, so that tolerances mean something.
      this.made.push(isFloat(node.dtype) && this.below(3) === 0 ? g.tanh(node) : node);
    } catch (error) {
      if (!(error instanceof MeganeuraError)) throw error;
    }
  }

  /** Something of that shape, dtype and range: floats are made from what is there, by views and a map. */
  private operand({ dtypes, range = [-1, 1], ranges }: OpCase, shape: Shape, i: number): Node {
    const { g } = this.builder;
    const dtype = dtypes?.[i] ?? dtypes?.[0] ?? 'f32';
    const [low, high] = ranges?.[i] ?? range;
    const known = [...this.leaves, ...this.made].filter((node) => node.dtype === dtype);
    if (dtype !== 'f32') {
      const same = this.made.filter((node) => node.dtype === dtype);
      const isIndex = dtype === 'i32' && low === 0;
      if (same.length === 0 || isIndex || this.below(2) === 0) return this.leaf('input', shape, dtype, [low, high]);
      return this.fitted(this.pick(same), shape);
    }
    const alike = known.filter((node) => node.shape.join() === shape.join());
    const source = this.pick(alike.length > 0 && this.below(2) === 0 ? alike : known);
    const fitted = this.fitted(source, shape);
    if (low === -1 && high === 1) return fitted;
    // Into the range that the operation is defined on.
    const unit = g.add(g.mul(g.tanh(fitted), g.scalar(0.5, fitted)), g.scalar(0.5, fitted));
    return g.add(g.mul(unit, g.scalar(high - low, unit)), g.scalar(low, unit));
  }

  /** A tensor in another shape: its elements in order, cut off or with zeros behind them; broadcast where it is one. */
  private fitted(node: Node, shape: Shape): Node {
    const { g } = this.builder;
    if (node.shape.join() === shape.join()) return node;
    const [have, want] = [elementCount(node.shape), elementCount(shape)];
    if (have === 1 && this.below(2) === 0) return g.broadcastTo(g.reshape(node, []), shape);
    const flat = g.reshape(this.below(3) === 0 && node.shape.length === 2 ? g.transpose(node) : node, [have]);
    if (have === want) return g.reshape(flat, shape);
    const cut = have > want ? g.slice(flat, 0, { start: this.below(have - want + 1), stop: have }) : flat;
    const whole = have > want ? g.slice(cut, 0, { stop: want }) : g.padAxis(cut, 0, { high: want - have });
    return g.reshape(this.below(4) === 0 ? g.flip(whole) : whole, shape);
  }

  private leaf(kind: 'input' | 'parameter', shape: Shape, dtype: DType, range: Range): Node {
    const leaf = this.builder.leaf(kind, `x${this.leaves.length}`, shape, dtype);
    this.leaves.push(leaf);
    this.ranges.set(leaf, range);
    return leaf;
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}
