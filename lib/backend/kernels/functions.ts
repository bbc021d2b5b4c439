import type { DType } from '../../ir/dtype.js';
import type { ScalarFunction } from '../../ir/scalar.js';

/** Lanes a value has: one, or four along the vectorised dimension. */
export type Width = 1 | 4;

/**
 * WGSL of every scalar function; the type demands all of them. Arguments are expressions of equal width, scalars or
 * vectors: the text must mean the same for both. Names ending in `_` are {@link helperFunctions}, for that width.
 */
export const scalarFunctions: Record<ScalarFunction, (...args: string[]) => string> = {
  neg: (x) => `(-${x})`,
  abs: (x) => `abs(${x})`,
  sign: (x) => `sign(${x})`,
  exp: (x) => `exp(${x})`,
  log: (x) => `log(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  rsqrt: (x) => `inverseSqrt(${x})`,
  tanh: (x) => `tanh_(${x})`,
  floor: (x) => `floor(${x})`,
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b) => `(${a} * ${b})`,
  div: (a, b) => `(${a} / ${b})`,
  maximum: (a, b) => `max(${a}, ${b})`,
  minimum: (a, b) => `min(${a}, ${b})`,
  pow: (a, b) => `pow(${a}, ${b})`,
  equal: (a, b) => `(${a} == ${b})`,
  less: (a, b) => `(${a} < ${b})`,
  lessEqual: (a, b) => `(${a} <= ${b})`,
  logicalNot: (x) => `(!${x})`,
  where: (condition, a, b) => `select(${b}, ${a}, ${condition})`,
};

/**
 * Integer versions where they differ. NVIDIA's compiler (580.159, Hopper) gets `max(max(-a, -b), -c)` of i32 wrong,
 * 2 instead of 0 for zeros and positive numbers; a choice comes out right.
 */
export const integerFunctions: Partial<Record<ScalarFunction, (...args: string[]) => string>> = {
  maximum: (a, b) => `select(${a}, ${b}, ${b} > ${a})`,
};

/**
 * Functions that WGSL has with too little precision, or not at all, by the scalar function they compute; `T` is the type
 * of the argument, and constants are splat by it.
 */
export const helperFunctions: Partial<Record<ScalarFunction, (name: string, T: string) => string>> = {
  // WGSL's tanh may lose all digits near 0 and give NaN for large arguments. Below 0.625 the odd polynomial of Cephes
  // (Moshier 1989, tanhf), above it 1 − 2/(e²ˣ + 1), where e²⁰ is the most that f32 can tell from infinity.
  tanh: (name, T) => `fn ${name}(x: ${T}) -> ${T} {
  let z = x * x;
  let p = (((-5.70498872745e-3f * z + ${T}(2.06390887954e-2f)) * z - ${T}(5.37397155531e-2f)) * z + ${T}(1.33314422036e-1f)) * z - ${T}(3.33332819422e-1f);
  let large = sign(x) * (${T}(1.0f) - 2.0f / (exp(2.0f * min(abs(x), ${T}(10.0f))) + ${T}(1.0f)));
  let y = select(large, x + x * z * p, abs(x) < ${T}(0.625f));
  return select(x, y, abs(x) >= ${T}(0.0f));
}`,
};

/** Types that values have in registers; bf16 and f16 are computed with as f32. */
type RegisterType = 'f32' | 'i32' | 'u32' | 'bool';

export function registerType(dtype: DType): RegisterType {
  return dtype === 'f16' || dtype === 'bf16' ? 'f32' : dtype;
}

/** `vec4<f32>`: the WGSL type of a value in registers. */
export function valueType(dtype: DType, width: Width): string {
  return width === 1 ? registerType(dtype) : `vec4<${registerType(dtype)}>`;
}

/** The WGSL type of an element in a buffer: truth values take a word. */
export function storageType(dtype: DType, width: Width): string {
  const type = dtype === 'bool' ? 'u32' : registerType(dtype);
  return width === 1 ? type : `vec4<${type}>`;
}

/** Greatest finite f32: WGSL lets compilers assume that infinities do not occur, so masks use this instead. */
const GREATEST_F32 = '3.40282346638528859812e+38f';

/** A constant as WGSL text of the dtype. */
export function literal(value: number, dtype: DType): string {
  switch (registerType(dtype)) {
    case 'bool':
      return value !== 0 ? 'true' : 'false';
    case 'i32':
      // The most negative i32 has no literal of its own: the minus sign is an operator.
      return value <= -(2 ** 31) ? `(-2147483647i - 1i)` : `${Math.min(Math.trunc(value), 2 ** 31 - 1)}i`;
    case 'u32':
      return `${Math.min(Math.max(Math.trunc(value), 0), 2 ** 32 - 1)}u`;
    case 'f32':
      return floatLiteral(value);
  }
}

function floatLiteral(value: number): string {
  if (Number.isNaN(value)) return 'bitcast<f32>(0x7fc00000u)';
  if (Math.abs(value) > 3.4028234663852886e38) return value > 0 ? GREATEST_F32 : `-${GREATEST_F32}`;
  const text = Math.fround(value).toString();
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}
