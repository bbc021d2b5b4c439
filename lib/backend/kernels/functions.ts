import type { DType } from '../../ir/dtype.js';
import { GraphError } from '../../ir/errors.js';
import { isHalf } from '../../ir/half.js';
import type { ScalarFunction } from '../../ir/scalar.js';
import { toDType } from '../../ir/scalar-numerics.js';
import { roundedText, type Declare } from './half.js';
import { helpers, isNanText, type Helper, type HelperTypes } from './helpers.js';

/** Lanes a value has: one, or four along the vectorised dimension. */
export type Width = 1 | 4;

/** The text of a call, for one dtype or several: an expression over the arguments, or a function that a kernel declares. */
type Form = { readonly text: (...args: string[]) => string } | { readonly helper: Helper };

/** How a scalar function is written, by the dtype of its arguments; the more special form goes before the general one. */
interface Forms {
  readonly all?: Form;
  readonly float?: Form;
  /** i32 and u32. */
  readonly integer?: Form;
  readonly unsigned?: Form;
}

const text = (write: (...args: string[]) => string): Form => ({ text: write });
const helper = (write: Helper): Form => ({ helper: write });
/** A function that WGSL has for floats, and adapters right for NaN and infinities as well. */
const builtin = (name: string): Forms => ({ float: text((x) => `${name}(${x})`) });

/**
 * WGSL of every scalar function; the type demands all of them. Arguments are expressions of equal width, scalars or
 * vectors: the text means the same for both.
 *
 * WGSL lets drivers assume that there are no NaN and no infinities. Arithmetic passes NaN on all the same; comparisons,
 * minimum and maximum are unsure, so that NaN is told by its bits.
 */
const scalarFunctions: Record<ScalarFunction, Forms> = {
  // WGSL has no minus for u32.
  neg: { all: text((x) => `(-${x})`), unsigned: text((x) => `(0u - ${x})`) },
  abs: { all: text((x) => `abs(${x})`) },
  sign: { float: helper(helpers.sign), integer: text((x) => `sign(${x})`), unsigned: helper(helpers.unsignedSign) },
  exp: { float: helper(helpers.exp) },
  expm1: { float: helper(helpers.expm1) },
  log: { float: helper(helpers.log) },
  log1p: { float: helper(helpers.log1p) },
  sqrt: builtin('sqrt'),
  rsqrt: builtin('inverseSqrt'),
  tanh: { float: helper(helpers.tanh) },
  erf: { float: helper(helpers.erf) },
  sin: { float: helper(helpers.sin) },
  cos: { float: helper(helpers.cos) },
  floor: builtin('floor'),
  ceil: builtin('ceil'),
  round: builtin('round'),
  add: { all: text((a, b) => `(${a} + ${b})`) },
  sub: { all: text((a, b) => `(${a} - ${b})`) },
  mul: { all: text((a, b) => `(${a} * ${b})`) },
  div: { float: helper(helpers.div) },
  floorDivide: {
    float: helper(helpers.floorDivide),
    integer: helper(helpers.integerFloorDivide),
    unsigned: helper(helpers.unsignedDivide),
  },
  remainder: {
    float: helper(helpers.remainder),
    integer: helper(helpers.integerRemainder),
    unsigned: helper(helpers.unsignedRemainder),
  },
  // NVIDIA's compiler (580.159, Hopper) gets `max(max(-a, -b), -c)` of i32 wrong, 2 instead of 0 for zeros and positive
  // numbers; a choice comes out right.
  maximum: { float: helper(helpers.maximum), integer: text((a, b) => `select(${a}, ${b}, ${b} > ${a})`) },
  minimum: { float: helper(helpers.minimum), integer: text((a, b) => `min(${a}, ${b})`) },
  pow: { float: helper(helpers.pow) },
  equal: { all: text((a, b) => `(${a} == ${b})`), float: helper(helpers.equal) },
  less: { float: helper(helpers.less), integer: text((a, b) => `(${a} < ${b})`) },
  lessEqual: { float: helper(helpers.lessEqual), integer: text((a, b) => `(${a} <= ${b})`) },
  isNan: { float: helper(helpers.isNan) },
  isInf: { float: helper(helpers.isInf) },
  isFinite: { float: helper(helpers.isFinite) },
  logicalNot: { all: text((x) => `(!${x})`) },
  logicalAnd: { all: text((a, b) => `(${a} & ${b})`) },
  logicalOr: { all: text((a, b) => `(${a} | ${b})`) },
  logicalXor: { all: text((a, b) => `(${a} != ${b})`) },
  where: { all: text((condition, a, b) => `select(${b}, ${a}, ${condition})`) },
  randomBits: { unsigned: helper(helpers.randomBits) },
};

/**
 * The call of a scalar function on arguments of `dtype` (the condition of a choice aside). `declare` gets the name and
 * text of a function that the call needs. Throws GraphError where the dtype has no such function.
 */
export function callText(
  fn: ScalarFunction,
  args: readonly string[],
  dtype: DType,
  width: Width,
  declare: Declare,
): string {
  const type = registerType(dtype);
  const { all, float, integer, unsigned } = scalarFunctions[fn];
  const form = { bool: all, f32: float ?? all, i32: integer ?? all, u32: unsigned ?? integer ?? all }[type];
  if (!form) throw new GraphError(`${fn} has no WGSL for ${dtype}`);
  if ('text' in form) return form.text(...args);
  const name = `${fn}_${type}${width === 4 ? 'x4' : ''}`;
  declare(name, form.helper(name, helperTypes(dtype, width)));
  return `${name}(${args.join(', ')})`;
}

/** A value of another dtype, as `castValue` has it; `value` is a name. */
export function castText(value: string, from: DType, to: DType, width: Width, declare: Declare): string {
  if (isHalf(to) && from !== to) return roundedText(to, castText(value, from, 'f32', width, declare), width, declare);
  const [source, target] = [registerType(from), registerType(to)];
  const { T, U } = helperTypes(from, width);
  if (source === target) return value;
  if (source !== 'f32' || target === 'f32') return `${valueType(to, width)}(${value})`;
  // Zero of either sign, by its bits: NaN is true.
  if (target === 'bool') return `((bitcast<${U}>(${value}) << ${U}(1u)) != ${U}(0u))`;
  // The greatest float below the bound: what lies above it is chosen, not converted.
  const [least, below, bound] = target === 'i32' ? [-(2 ** 31), 2 ** 31 - 128, 2 ** 31] : [0, 2 ** 32 - 256, 2 ** 32];
  const R = valueType(to, width);
  const [low, high, over] = [least, below, bound].map((limit) => `${T}(${floatLiteral(limit)})`);
  const held = `select(${R}(clamp(${value}, ${low}, ${high})), ${R}(${literal(bound - 1, to)}), ${value} >= ${over})`;
  return `select(${held}, ${R}(), ${isNanText(value, U)})`;
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

function helperTypes(dtype: DType, width: Width): HelperTypes {
  return { T: valueType(dtype, width), U: valueType('u32', width), B: valueType('bool', width) };
}

/** What {@link literal} calls for infinities and NaN: WGSL refuses constant expressions that have such values. */
export const specialFloat = 'fn special_f32(bits: u32) -> f32 { return bitcast<f32>(bits); }';

/** A constant as WGSL text of the dtype; a kernel whose text has `special_f32` declares {@link specialFloat}. */
export function literal(value: number, dtype: DType): string {
  switch (registerType(dtype)) {
    case 'bool':
      return value !== 0 ? 'true' : 'false';
    case 'i32': {
      const whole = toDType(value, 'i32', 'f32');
      // The most negative i32 has no literal of its own: the minus sign is an operator.
      return whole === -(2 ** 31) ? '(-2147483647i - 1i)' : whole < 0 ? `(${whole}i)` : `${whole}i`;
    }
    case 'u32':
      return `${toDType(value, 'u32', 'f32')}u`;
    case 'f32':
      return floatLiteral(value);
  }
}

function floatLiteral(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return 'special_f32(0x7fc00000u)';
  if (!Number.isFinite(rounded)) return `special_f32(0x${rounded > 0 ? '7' : 'f'}f800000u)`;
  if (Object.is(rounded, -0)) return 'special_f32(0x80000000u)';
  const digits = rounded.toString();
  const written = `${/[.e]/.test(digits) ? digits : `${digits}.0`}f`;
  return rounded < 0 ? `(${written})` : written;
}
