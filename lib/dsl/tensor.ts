import type { DType } from '../ir/dtype.js';
import { TraceError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { showShape } from '../ir/shape.js';
import type { TensorMethods } from './generated/methods.js';
import type { TraceContext } from './context.js';
import { TensorOperations } from './methods.js';
import type { Dim, UnknownDType, UnknownShape } from './shapes/dim.js';

/**
 * A tensor of shape `S` and dtype `D`: what operations take and give while a model is traced. It has no values; those
 * live in a session.
 *
 * Dimensions are number literals, names (`'batch'`) that `trace` binds, or `number` where nothing is known statically.
 * Operations are functions and, where they are about one tensor first of all, methods: `x.matmul(w).relu()`.
 *
 * A plain `Tensor` is one of unknown shape and dtype: everything accepts it, and its shape is checked when traced.
 */
export abstract class Tensor<
  out S extends Dim[] = UnknownShape,
  out D extends DType = UnknownDType,
> extends TensorOperations {
  /**
   * `shape` holds numbers. A named dimension keeps its name in the type, so that `reshape(x, [x.shape[0], -1])` does
   * too, but its value is the number that the trace bound.
   */
  constructor(
    readonly shape: S,
    readonly dtype: D,
  ) {
    super();
  }

  /** The node that stands for this tensor in the graph being traced. Throws TraceError where there is none. @internal */
  abstract nodeIn(trace: TraceContext): Node;

  /** Adds an operation to the running trace, as `emit` of emit.ts, which methods cannot import. @internal */
  abstract emit(
    op: keyof TensorMethods,
    operands: readonly unknown[],
    options: object | undefined,
    attributes: object,
  ): Tensor;

  /** `a + b` and `a > 0` would take tensors for text or NaN without a word. Throws TraceError, but for `${tensor}`. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return `${this.dtype}${showShape(this.shape.map(String))}`;
    throw new TraceError(
      'a tensor has no value while it is traced, so +, *, < and the like do not work on it: use add, mul, less, and ' +
        'where() instead of if',
    );
  }
}
