import type { DType } from '../../lib/ir/dtype.js';
import { isFloat } from '../../lib/ir/dtype.js';
import type { AttributeValue } from '../../lib/ir/graph.js';
import { isHalf, roundToHalf } from '../../lib/ir/half.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import type { AttributePattern } from '../../lib/ir/signature.js';
import type { Random } from './random.js';

const DTYPES: readonly DType[] = ['f32', 'f32', 'f32', 'f32', 'i32', 'u32', 'bool', 'f16', 'bf16'];
const SPECIAL = [0, 1, -1, 0.5, 2, -100, 100];

/** What the tensors of one instance have in common, so that they often fit each other. */
export class Family {
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(private readonly random: Random) {
    const sizes = [1 + random.below(4), 1 + random.below(4)];
    if (random.chance(0.03)) sizes.push(0);
    this.shape = Array.from({ length: random.below(5) }, () => random.pick(sizes));
    this.dtype = random.pick(DTYPES);
  }

  /** The family's shape, or one that is made from it. */
  relatedShape(): Shape {
    const { random, shape } = this;
    const last = shape.slice(-1);
    switch (random.below(15)) {
      case 0:
        return shape.slice(random.below(shape.length + 1));
      case 1:
        return shape.map((size) => (random.chance(0.5) ? 1 : size));
      case 2: {
        const folded = random.below(shape.length + 1);
        return shape.map((size, axis) => (axis === folded ? 1 : size));
      }
      case 3:
        return [...shape.slice(0, -2), ...shape.slice(-2).reverse()];
      case 4:
        return [...last, ...last];
      case 5:
        return last;
      case 6:
        return Array.from({ length: random.below(4) }, () => 1 + random.below(3));
      case 7:
        return shape.slice(-2);
      case 8:
        return shape.slice(-2).reverse();
      case 9:
        return shape.slice(0, -1);
      default:
        return shape;
    }
  }

  /** Mostly the family's dtype. */
  relatedDType(): DType {
    return this.random.chance(0.8) ? this.dtype : this.random.pick(DTYPES);
  }
}

/** Values of a tensor: small ones, and those at which functions are special. All are finite, as kernels assume. */
export function randomValues(random: Random, shape: Shape, dtype: DType): Float64Array {
  return Float64Array.from({ length: elementCount(shape) }, () => randomValue(random, dtype));
}

/** One value that the dtype holds. */
export function randomValue(random: Random, dtype: DType): number {
  if (dtype === 'bool') return random.below(2);
  if (dtype === 'u32') return random.chance(0.03) ? 2 ** 32 - 1 : random.below(12);
  if (dtype === 'i32') return random.chance(0.03) ? random.pick([-(2 ** 31), 2 ** 31 - 1]) : random.below(12) - 5;
  const value = random.chance(0.15) ? random.pick(SPECIAL) : random.unit() * 8 - 4;
  return isHalf(dtype) ? roundToHalf(dtype, value) : isFloat(dtype) ? Math.fround(value) : value;
}

/** An attribute as the IR keeps it, for an operation on a tensor of `shape`; not every one is allowed. */
export function randomAttribute(random: Random, { kind, words }: AttributePattern, shape: Shape): AttributeValue {
  const rank = shape.length;
  const axes = shape.map((_, axis) => axis - rank);
  switch (kind) {
    case 'bool':
      return random.chance(0.5);
    case 'word':
      return random.pick(words!);
    case 'dtype':
      return random.pick(DTYPES);
    case 'float':
      return Math.fround(random.unit() * 4 - 2);
    case 'int':
      return random.below(5);
    case 'axis':
      return -1 - random.below(Math.max(rank, 1));
    case 'newAxis':
      return -1 - random.below(rank + 1);
    case 'axes':
      return random
        .shuffled(axes)
        .slice(0, random.chance(0.5) ? 1 : 1 + random.below(rank))
        .sort((a, b) => a - b);
    case 'permutation':
      return random.shuffled(axes);
    case 'shape':
      return randomShape(random, shape);
    case 'ints':
    case 'pair':
      return Array.from({ length: kind === 'pair' ? 2 : random.below(4) }, () => random.below(3));
    case 'text':
      return '';
  }
}

/** A shape that a tensor of `shape` may be reshaped or broadcast to. */
function randomShape(random: Random, shape: Shape): Shape {
  const front = Array.from({ length: random.below(3) }, () => 1 + random.below(3));
  const count = elementCount(shape);
  switch (random.below(5)) {
    case 0:
      return [count];
    case 1:
      return [...shape].reverse();
    case 2:
      return count % 2 === 0 ? [2, count / 2] : [1, count];
    case 3:
      return shape;
    default:
      return [...front, ...shape.map((size) => (size === 1 ? 1 + random.below(3) : size))];
  }
}
