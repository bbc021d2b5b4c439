import type { AttributeValue } from '../../lib/ir/graph.js';
import { operandPattern } from '../../lib/ir/operands.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import type { AttributePattern, DimExpression, DimPattern, Signature } from '../../lib/ir/signature.js';
import type { OpCase } from './op-case.js';

/** Odd ones, 1, and those around the sizes of vectors, tiles and workgroups. */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33, 63, 64, 65];
/** Of operands and results, so that the reference interpreter takes milliseconds. */
export const MOST_ELEMENTS = 2000;
const HIGHEST_RANK = 4;

type Attrs = Record<string, AttributeValue>;

/** Makes cases from a signature: the same seed, the same case. */
export class CaseGenerator {
  private readonly sizes = new Map<string, number>();
  private readonly spreads = new Map<string, Shape>();
  private state: number;

  constructor(
    private readonly signature: Signature,
    private readonly seed: number,
  ) {
    this.state = Math.imul(seed + 1, 2654435761) >>> 0;
    for (let i = 0; i < 3; i++) this.below(2);
  }

  /**
   * A case with the number of operands, dtypes, ranges and other attributes of `like`, on shapes of its own; undefined
   * where they become too large. Not every one is within what the operation takes.
   */
  generate(like: OpCase): OpCase | undefined {
    const attrs: Attrs = { ...like.attrs };
    // Attributes that are the result's shape, or a size of it, are free.
    for (const { name, kind } of this.signature.attributes) {
      const { dims } = this.signature.result;
      if (kind === 'int' && dims.some((dim) => isName(dim, name))) attrs[name] = this.size();
      const isShape = kind === 'shape' && dims.some((dim) => dim.kind === 'spread' && dim.name === name);
      if (isShape) attrs[name] = this.shapeOf(this.seed % (HIGHEST_RANK + 1));
    }
    const shapes = like.shapes.map((_, i) => this.shape(operandPattern(this.signature, i).dims, attrs));
    const drawn = this.signature.attributes.flatMap((pattern) => {
      const value = this.attribute(pattern, shapes[0] ?? [], attrs[pattern.name]);
      return value === undefined ? [] : [[pattern.name, value] as const];
    });
    const result = Object.fromEntries(drawn);
    const ranges = shapes.map((_, i) => {
      const limit = this.indexLimit(i, shapes[0]!, result);
      return limit === undefined ? (like.ranges?.[i] ?? like.range ?? ([-1, 1] as const)) : ([0, limit] as const);
    });
    if (shapes.some((shape) => elementCount(shape) > MOST_ELEMENTS)) return undefined;
    return { ...like, shapes, ranges, attrs: result };
  }

  /** What an operand's values are below, where they are indices: into a named dimension, or along `axis` of the first. */
  private indexLimit(operand: number, first: Shape, attrs: Attrs): number | undefined {
    const { indexes, dtype } = operandPattern(this.signature, operand);
    if (indexes !== undefined) return this.sizes.get(indexes) ?? (attrs[indexes] as number);
    return dtype === 'i32' && typeof attrs['axis'] === 'number' ? first.at(attrs['axis']) : undefined;
  }

  private shape(dims: readonly DimPattern[], attrs: Attrs): Shape {
    return dims.flatMap((dim) => {
      if (dim.kind === 'expression') return [this.evaluate(dim.expression, attrs)];
      return dim.kind === 'spread' ? this.spread(dim.name) : [];
    });
  }

  /** Spreads of one name are the same; those that broadcast are of one shape with sizes of 1 and without its front. */
  private spread(name: string): Shape {
    const joined = this.signature.result.dims.some(
      (dim) => dim.kind === 'shapeFunction' && dim.name === 'broadcast' && dim.args.includes(name),
    );
    const key = joined ? '' : name;
    if (!this.spreads.has(key)) {
      this.spreads.set(key, this.shapeOf(this.seed % (HIGHEST_RANK + 1)));
    }
    const whole = this.spreads.get(key)!;
    if (key !== '' || this.below(3) === 0) return whole;
    return whole.slice(this.below(whole.length + 1)).map((size) => (this.below(3) === 0 ? 1 : size));
  }

  private evaluate(expression: DimExpression, attrs: Attrs): number {
    switch (expression.kind) {
      case 'integer':
        return expression.value;
      case 'name': {
        const [name, element] = expression.name.split('.') as [string, string?];
        const attribute = attrs[name];
        if (typeof attribute === 'number') return attribute;
        if (Array.isArray(attribute)) return attribute[Number(element)] as number;
        const known = this.sizes.get(name) ?? this.size();
        this.sizes.set(name, known);
        return known;
      }
      case 'binary': {
        const [a, b] = [this.evaluate(expression.a, attrs), this.evaluate(expression.b, attrs)];
        return { '+': a + b, '-': a - b, '*': a * b, '/': Math.floor(a / b) }[expression.operator];
      }
    }
  }

  /** Attributes that go with shapes are drawn; the others stay what the case has. */
  private attribute(
    { kind, words }: AttributePattern,
    shape: Shape,
    given: AttributeValue | undefined,
  ): AttributeValue | undefined {
    const rank = shape.length;
    const axes = shape.map((_, axis) => axis);
    switch (kind) {
      case 'bool':
        return this.below(2) === 0;
      case 'word':
        return this.pick(words!);
      case 'axis':
        return rank === 0 ? given : this.below(2 * rank) - rank;
      case 'newAxis':
        return this.below(2 * (rank + 1)) - rank - 1;
      case 'axes': {
        const some = this.shuffled(axes).slice(0, 1 + this.below(rank));
        return this.below(4) === 0 ? undefined : some;
      }
      case 'permutation':
        return this.shuffled(axes);
      case 'shape':
        return this.target(shape) ?? given;
      default:
        return given;
    }
  }

  /** A shape that `shape` can be reshaped or broadcast to. */
  private target(shape: Shape): Shape | undefined {
    const [result] = this.signature.result.dims;
    const name = result?.kind === 'shapeFunction' ? result.name : undefined;
    if (name === 'broadcastTo') {
      const front = Array.from({ length: this.below(3) }, () => 1 + this.below(4));
      return [...front, ...shape.map((size) => (size === 1 ? this.pick(SIZES) : size))];
    }
    if (name !== 'reshape') return undefined;
    const count = elementCount(shape);
    const divisors = SIZES.filter((size) => count % size === 0);
    const [a, b] = [this.pick(divisors), this.pick(divisors)];
    const found = [[-1], [a, -1], [...shape].reverse(), [count / b, b], [a, 1, -1], count % (a * b) === 0 ? [a, b, -1] : [-1, 1]]; // prettier-ignore
    return this.pick(found.filter((sizes) => count > 0 || !sizes.includes(-1)));
  }

  /** Sizes of that rank; an empty tensor now and then. */
  private shapeOf(rank: number): Shape {
    const sizes = Array.from({ length: rank }, () => this.size());
    if (rank > 0 && this.below(10) === 0) sizes[this.below(rank)] = 0;
    return sizes;
  }

  private size(): number {
    return this.pick(SIZES);
  }

  private shuffled(values: readonly number[]): number[] {
    const left = [...values];
    return values.map(() => left.splice(this.below(left.length), 1)[0]!);
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** An integer in [0, limit), by a linear congruential generator (Numerical Recipes, 7.1). */
  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}

const isName = (dim: DimPattern, name: string) =>
  dim.kind === 'expression' && dim.expression.kind === 'name' && dim.expression.name === name;
