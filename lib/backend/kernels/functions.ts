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
  expm1: (x) => `expm1_(${x})`,
  log: (x) => `log(${x})`,
  log1p: (x) => `log1p_(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  rsqrt: (x) => `inverseSqrt(${x})`,
  tanh: (x) => `tanh_(${x})`,
  erf: (x) => `erf_(${x})`,
  sin: (x) => `sin_(${x})`,
  cos: (x) => `cos_(${x})`,
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  round: (x) => `round(${x})`,
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b) => `(${a} * ${b})`,
  div: (a, b) => `(${a} / ${b})`,
  maximum: (a, b) => `max(${a}, ${b})`,
  minimum: (a, b) => `min(${a}, ${b})`,
  pow: (a, b) => `pow_(${a}, ${b})`,
  equal: (a, b) => `(${a} == ${b})`,
  less: (a, b) => `(${a} < ${b})`,
  lessEqual: (a, b) => `(${a} <= ${b})`,
  logicalNot: (x) => `(!${x})`,
  logicalAnd: (a, b) => `(${a} & ${b})`,
  logicalOr: (a, b) => `(${a} | ${b})`,
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
  // eˣ − 1 without the cancellation near 0: the series of e, nested.
  expm1: (name, T) => `fn ${name}(x: ${T}) -> ${T} {
  let one = ${T}(1.0f);
  let p = x * (one + x * (one + x * (one + x * (one + x * (one + x * (one + x * (one + x / 8.0f) / 7.0f) / 6.0f) / 5.0f) / 4.0f) / 3.0f) / 2.0f);
  return select(exp(x) - one, p, abs(x) < ${T}(0.5f));
}`,
  // log(1 + x) near 0 as 2 artanh(x/(2 + x)): WGSL's logarithm has an absolute error of 2⁻²¹ around 1.
  log1p: (name, T) => `fn ${name}(x: ${T}) -> ${T} {
  let s = x / (x + ${T}(2.0f));
  let z = s * s;
  let p = ((((z / 11.0f + ${T}(0.1111111111f)) * z + ${T}(0.1428571429f)) * z + ${T}(0.2f)) * z + ${T}(0.3333333333f)) * z;
  return select(log(x + ${T}(1.0f)), 2.0f * (s + s * p), abs(x) < ${T}(0.4f));
}`,
  // Two fits by N. Juffa (https://stackoverflow.com/a/35148199): an odd polynomial near 0, else 1 − e^p(|x|). Beyond 4
  // the result is 1 in f32.
  erf: (name, T) => `fn ${name}(x: ${T}) -> ${T} {
  let t = min(abs(x), ${T}(4.0f));
  let s = t * t;
  let u = ((-1.72853470e-5f * t + ${T}(3.83197126e-4f)) * s + (-3.88396438e-3f * t + ${T}(2.42546219e-2f)));
  let p = (((u * t - ${T}(1.06777877e-1f)) * t - ${T}(6.34846687e-1f)) * t - ${T}(1.28717512e-1f)) * t - t;
  let far = sign(x) * (${T}(1.0f) - exp(p));
  let q = ((((-5.96761703e-4f * s + ${T}(4.99119423e-3f)) * s - ${T}(2.67681349e-2f)) * s + ${T}(1.12819925e-1f)) * s - ${T}(3.76125336e-1f)) * s + ${T}(1.28379166e-1f);
  return select(select(far, q * x + x, abs(x) < ${T}(0.927734375f)), x, x != x);
}`,
  sin: (name, T) => sine(name, T, 0),
  cos: (name, T) => sine(name, T, 1),
  // WGSL's power of a negative base is undefined. Here it has a sign for whole exponents and is NaN for others, as
  // the logarithm is; a⁰ = 1.
  pow: (name, T) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
  let zero = ${T}(0.0f);
  let size = select(pow(abs(a), b), select(1.0f / abs(a), zero, b > zero), a == zero);
  let odd = abs(b) - 2.0f * floor(abs(b) / 2.0f) == ${T}(1.0f);
  let whole = select(select(size, -size, odd), log(a), b != floor(b));
  return select(select(size, whole, a < zero), ${T}(1.0f), b == zero);
}`,
};

/**
 * sin(x + quarters·π/2). WGSL promises its own only for |x| ≤ π, to 2⁻¹¹. Cody and Waite's reduction to [−π/4, π/4] by
 * π/2 in three parts, exact for |x| up to 10⁵, and the polynomials of Cephes (Moshier 1989, sinf).
 */
function sine(name: string, T: string, quarters: 0 | 1): string {
  return `fn ${name}(x: ${T}) -> ${T} {
  let k = round(x * 0.63661977236758134f);
  let r = ((x - k * 1.5703125f) - k * 4.837512969970703125e-4f) - k * 7.54978995489188216e-8f;
  let z = r * r;
  let s = ((-1.9515295891e-4f * z + ${T}(8.3321608736e-3f)) * z - ${T}(1.6666654611e-1f)) * z * r + r;
  let c = ((2.443315711809948e-5f * z - ${T}(1.388731625493765e-3f)) * z + ${T}(4.166664568298827e-2f)) * z * z - 0.5f * z + ${T}(1.0f);
  let turn = k${quarters === 0 ? '' : ` + ${T}(1.0f)`};
  let quadrant = turn - 4.0f * floor(turn * 0.25f);
  let odd = quadrant - 2.0f * floor(quadrant * 0.5f) == ${T}(1.0f);
  let y = select(s, c, odd);
  return select(y, -y, quadrant >= ${T}(2.0f));
}`;
}

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
