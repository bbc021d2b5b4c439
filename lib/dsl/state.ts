import type { DType, FloatDType } from '../ir/dtype.js';
import { ShapeError, UsageError } from '../ir/errors.js';
import type { InitialData, Node } from '../ir/graph.js';
import { elementCount, showShape, type Shape } from '../ir/shape.js';
import type { TraceContext } from './context.js';
import { emit } from './emit.js';
import type { TensorMethods } from './generated/methods.js';
import { zeros, type Initializer } from './init.js';
import { RandomStream, takeStream } from './random.js';
import type { Dim, UnknownShape } from './shapes/dim.js';
import { Tensor } from './tensor.js';
import { typedArray, type TypedArray } from '../ir/typed-array.js';
import type { WeightSource } from './weights.js';

/** An initializer, or the values themselves, row-major. */
export type InitialValues = Initializer | readonly number[] | TypedArray;

/** Values that a checkpoint holds under a name. */
class StoredValues {
  constructor(
    readonly source: WeightSource,
    readonly name: string,
  ) {}

  read(dtype: DType): Promise<InitialData> {
    return this.source.read(this.name, dtype);
  }
}

/** A tensor with storage that lives from step to step, belonging to a module. */
export abstract class StateTensor<out S extends Dim[] = UnknownShape, out D extends DType = DType> extends Tensor<
  S,
  D
> {
  abstract readonly kind: 'parameter' | 'buffer';
  private readonly place = takeStream();

  constructor(
    shape: S,
    dtype: D,
    private initial: InitialValues | StoredValues,
  ) {
    super(shape, dtype);
  }

  /**
   * The initial values, row-major. Drawn anew at each call, the same each time. Throws UsageError where they are in a
   * checkpoint, which only `initialData` waits for.
   */
  values(): TypedArray {
    const shape = this.sizes(this.kind);
    const { initial } = this;
    if (initial instanceof StoredValues) {
      const { name, source } = initial;
      throw new UsageError(
        `the values of '${name}' are in ${source.name} until a session is built: read them there, by ` +
          `await weights.read('${name}', '${this.dtype}')`,
      );
    }
    const values =
      typeof initial === 'function' ? initial(shape, new RandomStream(this.place.seed, this.place.stream)) : initial;
    this.checkCount(values.length, this.kind);
    return typedArray(this.dtype, values);
  }

  /** What storage is filled with: the values, or a promise of them where a checkpoint has them. */
  initialData(): InitialData | Promise<InitialData> {
    return this.initial instanceof StoredValues ? this.initial.read(this.dtype) : this.values();
  }

  /** Makes the initial values those of a tensor that is read when they are needed. */
  readFrom(source: WeightSource, name: string): void {
    this.initial = new StoredValues(source, name);
  }

  /** Replaces what the initial values come from. */
  initialize(initial: InitialValues): void {
    this.initial = initial;
  }

  /** Replaces the initial values by a copy of these. Throws ShapeError when their number differs. */
  setValues(values: ArrayLike<number>): void {
    this.checkCount(values.length, this.kind);
    this.initial = typedArray(this.dtype, values);
  }

  /**
   * The shape, checked: `name` is the attribute a message names. Throws ShapeError for dimensions that are no sizes,
   * which decorated fields get from a compiler that initialises them before constructor parameters.
   */
  sizes(name: string): Shape {
    const shape: readonly unknown[] = this.shape;
    if (shape.every((size): size is number => typeof size === 'number' && Number.isInteger(size) && size >= 0)) {
      return shape;
    }
    const shown = showShape(shape.map(String));
    const names = shape.filter((size) => typeof size === 'string');
    throw new ShapeError(
      names.length > 0
        ? `${name}: a ${this.kind} of shape ${shown} needs numbers; names are for inputs, which trace binds`
        : `${name}: a ${this.kind} cannot have shape ${shown}. When a dimension comes from a constructor parameter, ` +
            `the compiler must run with "experimentalDecorators": true and "useDefineForClassFields": false, so that ` +
            `fields are initialised after constructor parameters are stored`,
    );
  }

  describe(): string {
    return `a ${this.kind} of shape ${showShape(this.shape.map(String))}`;
  }

  override nodeIn(trace: TraceContext): Node {
    return trace.leaf(this);
  }

  override emit(
    op: keyof TensorMethods,
    operands: readonly unknown[],
    options: object | undefined,
    attributes: object,
  ): Tensor {
    return emit(op, operands, options, attributes);
  }

  private checkCount(count: number, name: string): void {
    const shape = this.sizes(name);
    if (count !== elementCount(shape)) {
      throw new ShapeError(
        `a ${this.kind} of shape ${showShape(shape)} takes ${elementCount(shape)} values, got ${count}`,
      );
    }
  }
}

/** A tensor that training changes, of any floating-point dtype. */
export class ParameterOf<out S extends Dim[] = UnknownShape, out D extends FloatDType = FloatDType> extends StateTensor<
  S,
  D
> {
  override readonly kind = 'parameter';
}

/** A parameter of f32, as they are unless told otherwise. */
export class Parameter<out S extends Dim[] = UnknownShape> extends ParameterOf<S, 'f32'> {}

/** A persistent tensor that training does not change: running statistics, caches. */
export class StateBuffer<out S extends Dim[] = UnknownShape, out D extends DType = DType> extends StateTensor<S, D> {
  override readonly kind = 'buffer';
}

/**
 * A parameter of that shape, f32 unless `dtype` is given, for a field of a module:
 * `@param weight = parameter([3, 4], kaimingUniform())`.
 * `initial` is an initializer or the values, row-major; its values are drawn when storage is made or a state dict asked
 * for, but depend only on `manualSeed` and the order of construction. A shape that is none is reported, with the
 * attribute's name, when the module is traced or asked for its parameters.
 */
export function parameter<const S extends Dim[]>(shape: readonly [...S], initial?: InitialValues): Parameter<S>;
export function parameter<const S extends Dim[], D extends FloatDType>(
  shape: readonly [...S],
  initial: InitialValues,
  dtype: D,
): ParameterOf<S, D>;
export function parameter(
  shape: readonly Dim[],
  initial: InitialValues = zeros(),
  dtype: FloatDType = 'f32',
): ParameterOf {
  return dtype === 'f32' ? new Parameter([...shape], dtype, initial) : new ParameterOf([...shape], dtype, initial);
}

/** A buffer; see `buffer` of decorators.ts. */
export function makeBuffer<S extends Dim[], D extends DType>(
  shape: readonly [...S],
  initial: InitialValues,
  dtype: D,
): StateBuffer<S, D> {
  return new StateBuffer<S, D>([...shape] as S, dtype, initial);
}
