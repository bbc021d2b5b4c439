import type { DType, FloatDType } from '../ir/dtype.js';
import { DTypeError, NameError, ShapeError } from '../ir/errors.js';
import { leafName } from '../ir/graph.js';
import { sameShape, showShape } from '../ir/shape.js';
import { currentTrace } from './context.js';
import { zeros } from './init.js';
import type { Dim } from './shapes/dim.js';
import { parameter, type InitialValues, type Parameter, type ParameterOf, type StateBuffer } from './state.js';
import type { Tensor } from './tensor.js';

/**
 * A parameter of the graph being traced, f32 unless `dtype` is given, for models that are plain functions. Names in its
 * shape are bound as those of inputs are. Throws TraceError outside of a trace, NameError when the name is taken.
 */
export function namedParameter<const S extends Dim[]>(
  name: string,
  shape: readonly [...S],
  initial?: InitialValues,
): Parameter<S>;
export function namedParameter<const S extends Dim[], D extends FloatDType>(
  name: string,
  shape: readonly [...S],
  initial: InitialValues,
  dtype: D,
): ParameterOf<S, D>;
export function namedParameter(
  name: string,
  shape: readonly Dim[],
  initial: InitialValues = zeros(),
  dtype: FloatDType = 'f32',
): ParameterOf {
  const trace = currentTrace('namedParameter');
  const sizes: Dim[] = shape.map((dim) => trace.size(dim, `parameter '${name}'`));
  const made = parameter(sizes, initial, dtype);
  trace.declareState(name, made, [name]);
  return made;
}

/**
 * Ends each step with `buffer := value`. Within a step the buffer keeps the value it had before; all updates take
 * effect together, at the end. Throws TraceError outside of a trace and for buffers that the traced model does not hold,
 * NameError for a second update, ShapeError and DTypeError when the value does not fit.
 */
export function update<S extends Dim[], D extends DType>(
  buffer: StateBuffer<S, D>,
  value: Tensor<S, NoInfer<D>>,
): void {
  const trace = currentTrace('update');
  const [target, source] = [buffer.nodeIn(trace), value.nodeIn(trace)];
  const name = leafName(target);
  if (trace.updates.has(name)) throw new NameError(`update: buffer '${name}' is updated twice in one step`);
  if (!sameShape(target.shape, source.shape)) {
    throw new ShapeError(
      `update: buffer '${name}' has shape ${showShape(target.shape)}, the value ${showShape(source.shape)}`,
    );
  }
  if (target.dtype !== source.dtype) {
    throw new DTypeError(`update: buffer '${name}' is ${target.dtype} but the value is ${source.dtype}; cast it first`);
  }
  trace.updates.set(name, source);
}
