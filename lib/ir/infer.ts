import { DTypeError, GraphError, ShapeError } from './errors.js';
import { isFloat, type DType } from './dtype.js';
import type { Attributes, AttributeValue, TensorType } from './graph.js';
import { checkOperandCount, operandPattern } from './operands.js';
import { sameShape, showShape, type Shape } from './shape.js';
import { shapeFunctions } from './shape-functions.js';
import type { DimExpression, DimPattern, OperandPattern, DTypeClass, Signature } from './signature.js';

/** Names bound by a signature: dimensions, spreads (`...s` under `s`) and attributes, and the operand each is from. */
type Bindings = Map<string, { value: AttributeValue | readonly Shape[]; from: string }>;

/** What an operation's record says of its operands beside the signature. */
interface Rules {
  readonly check?: (operands: readonly TensorType[], attrs: Attributes) => string | undefined;
  readonly usualMistake?: (operands: readonly TensorType[], attrs: Attributes) => string | undefined;
}

/**
 * Shape and dtype of an operation's result. `attrs` are normalized. Throws ShapeError or DTypeError in the words the
 * typed signatures use in the editor, or in those that the record has for a usual mistake.
 */
export function inferType(
  op: string,
  signature: Signature,
  operands: readonly TensorType[],
  attrs: Attributes,
  { check, usualMistake }: Rules = {},
): TensorType {
  checkOperandCount(op, signature, operands);
  let bindings: Bindings;
  try {
    bindings = bindNames(op, signature, operands, attrs);
  } catch (error) {
    const usual = usualMistake?.(operands, attrs);
    throw usual === undefined ? error : new ShapeError(`${op}: ${usual}`);
  }
  // Before the result's sizes, which nobody would understand if they came out negative.
  const wrong = check?.(operands, attrs);
  if (wrong !== undefined) throw new ShapeError(`${op}: ${wrong}`);
  const shape = signature.result.dims.flatMap((dim) => resolveDims(op, dim, bindings));
  if (shape.some((size) => size < 0))
    throw new ShapeError(`${op}: the result would have the shape ${showShape(shape)}`);
  return { shape, dtype: inferDType(op, signature, operands, attrs) };
}

/** Where the signature says that an operand's values are indices: one more than the largest, and what else they may be. */
export function indexLimit(
  op: string,
  signature: Signature,
  operands: readonly TensorType[],
  attrs: Attributes,
  operand: number,
): { limit: number; except?: number } | undefined {
  const { indexes, except } = operandPattern(signature, operand);
  if (indexes === undefined) return undefined;
  const limit = bindNames(op, signature, operands, attrs).get(indexes)?.value as number;
  return { limit, ...(except === undefined ? {} : { except: attrs[except] as number }) };
}

function bindNames(op: string, signature: Signature, operands: readonly TensorType[], attrs: Attributes): Bindings {
  const bindings: Bindings = new Map();
  for (const [name, value] of Object.entries(attrs)) bindings.set(name, { value, from: name });
  const [first] = signature.operands;
  if (first?.list) {
    const [dim] = first.dims;
    const shapes = operands.map(({ shape }) => shape);
    if (dim?.kind === 'spread') bindings.set(dim.name, { value: shapes, from: first.name });
    return bindings;
  }
  operands.forEach(({ shape }, i) => bindOperand(op, signature.operands[i]!, shape, bindings));
  return bindings;
}

const kindOf: Record<DTypeClass, string> = { float: 'of a float dtype', number: 'of a numeric dtype', any: 'a tensor' };

function accepts(dtypes: DTypeClass, dtype: DType): boolean {
  return dtypes === 'any' || (dtypes === 'float' ? isFloat(dtype) : dtype !== 'bool');
}

function inferDType(op: string, signature: Signature, operands: readonly TensorType[], attrs: Attributes): DType {
  let common: { dtype: DType; name: string } | undefined;
  operands.forEach(({ dtype }, i) => {
    const { name: own, list, dtype: expected } = operandPattern(signature, i);
    const name = list ? `${own}[${i}]` : own;
    if (expected === 'any') return;
    if (expected !== undefined) {
      if (dtype !== expected) throw new DTypeError(`${op}: ${name} must be ${expected}, got ${dtype}; cast it first`);
    } else if (common && common.dtype !== dtype) {
      throw new DTypeError(`${op}: ${common.name} is ${common.dtype} but ${name} is ${dtype}; cast one of them`);
    } else {
      if (!accepts(signature.common, dtype)) {
        throw new DTypeError(`${op}: ${name} must be ${kindOf[signature.common]}, got ${dtype}; cast it first`);
      }
      common ??= { dtype, name };
    }
  });
  const { dtype } = signature.result;
  if (dtype !== undefined) return (attrs[dtype] ?? dtype) as DType;
  if (!common) throw new GraphError(`${op}: the signature gives no dtype for the result`);
  return common.dtype;
}

function bindOperand(op: string, pattern: OperandPattern, shape: Shape, bindings: Bindings): void {
  const spreadAt = pattern.dims.findIndex((dim) => dim.kind === 'spread');
  const fixed = pattern.dims.length - (spreadAt >= 0 ? 1 : 0);
  if (spreadAt >= 0 ? shape.length < fixed : shape.length !== fixed) {
    const rank = spreadAt >= 0 ? `at least ${fixed}` : `${fixed}`;
    throw new ShapeError(`${op}: ${pattern.name} must have rank ${rank}, got ${showShape(shape)}`);
  }
  const spreadLength = shape.length - fixed;
  let axis = 0;
  for (const dim of pattern.dims) {
    if (dim.kind === 'spread') {
      bindSpread(op, dim.name, shape.slice(axis, axis + spreadLength), pattern.name, bindings);
      axis += spreadLength;
    } else if (dim.kind === 'expression') {
      bindDim(op, dim.expression, shape[axis]!, axis, pattern.name, bindings);
      axis++;
    }
  }
}

function bindSpread(op: string, name: string, dims: Shape, operand: string, bindings: Bindings): void {
  const bound = bindings.get(name);
  if (!bound) bindings.set(name, { value: dims, from: operand });
  else if (name === '') bound.value = shapeFunctions.broadcast(op, bound.value as Shape, dims);
  else if (!sameShape(bound.value as Shape, dims)) {
    throw new ShapeError(
      `${op}: ...${name} is ${showShape(bound.value as Shape)} in ${bound.from} but ${showShape(dims)} in ${operand}`,
    );
  }
}

function bindDim(
  op: string,
  expression: DimExpression,
  size: number,
  axis: number,
  operand: string,
  bindings: Bindings,
): void {
  if (expression.kind === 'name') {
    const bound = bindings.get(expression.name);
    if (!bound) bindings.set(expression.name, { value: size, from: operand });
    else if (bound.value !== size) {
      throw new ShapeError(
        `${op}: ${expression.name} is ${String(bound.value)} in ${bound.from} but ${size} in ${operand}`,
      );
    }
    return;
  }
  const expected = evaluateDim(op, expression, bindings, true);
  if (expected !== size)
    throw new ShapeError(`${op}: dimension ${axis} of ${operand} must be ${expected}, not ${size}`);
}

function resolveDims(op: string, dim: DimPattern, bindings: Bindings): readonly number[] {
  const bound = (name: string) => {
    const binding = bindings.get(name);
    if (!binding) throw new GraphError(`${op}: the signature uses '${name}' without binding it`);
    return binding.value;
  };
  switch (dim.kind) {
    case 'expression':
      return [evaluateDim(op, dim.expression, bindings)];
    case 'spread': {
      const sizes = bound(dim.name) as Shape;
      if (sizes.some((size) => size < 0)) {
        throw new ShapeError(`${op}: ${dim.name} must have sizes of at least 0, got ${showShape(sizes)}`);
      }
      return sizes;
    }
    case 'shapeFunction': {
      const table: Record<string, ((op: string, ...args: never[]) => number[]) | undefined> = shapeFunctions;
      const shapeFunction = table[dim.name];
      if (!shapeFunction) throw new GraphError(`${op}: unknown shape function '${dim.name}'`);
      return shapeFunction(op, ...(dim.args.map((name) => bindings.get(name)?.value) as never[]));
    }
  }
}

/** `exact`: quotients must be whole, as in what an operand's size has to be. */
function evaluateDim(op: string, expression: DimExpression, bindings: Bindings, exact = false): number {
  switch (expression.kind) {
    case 'integer':
      return expression.value;
    case 'name': {
      const [name, element] = expression.name.split('.') as [string, string?];
      const bound = bindings.get(name)?.value;
      const value = element === undefined ? bound : (bound as readonly number[] | undefined)?.[Number(element)];
      if (typeof value !== 'number') throw new GraphError(`${op}: '${expression.name}' is no size`);
      return value;
    }
    case 'binary': {
      const a = evaluateDim(op, expression.a, bindings, exact);
      const b = evaluateDim(op, expression.b, bindings, exact);
      if (exact && expression.operator === '/' && a % b !== 0) {
        const text = (part: DimExpression) => (part.kind === 'name' ? `${part.name} ` : '');
        throw new ShapeError(`${op}: ${text(expression.a)}${a} does not divide by ${text(expression.b)}${b}`);
      }
      return { '+': a + b, '-': a - b, '*': a * b, '/': Math.floor(a / b) }[expression.operator];
    }
  }
}
