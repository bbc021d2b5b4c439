import type { HalfDType } from '../../ir/half.js';
import type { Width } from './functions.js';

/**
 * WGSL for floats of 16 bits, as integer arithmetic on their bits: WGSL's own conversions may round either way, flush
 * subnormal numbers to zero, and leave open what becomes of numbers that are too large.
 */

/** Gets the name and text of a function that a kernel needs. */
export type Declare = (name: string, text: string) => void;

interface Types {
  readonly T: string;
  readonly U: string;
}

/** From f32 to 16 bits, to nearest, ties to even, and back: the same steps as in lib/ir/half.ts. */
const conversions: Record<HalfDType, { bits: (name: string, types: Types) => string; value: typeof f16Value }> = {
  f16: {
    bits: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${U} {
  let word = bitcast<${U}>(x);
  let size = word & ${U}(0x7fffffffu);
  let normal = (size - ${U}(0x37fff001u) + ((size >> ${U}(13u)) & ${U}(1u))) >> ${U}(13u);
  let mantissa = (size & ${U}(0x7fffffu)) | ${U}(0x800000u);
  let shift = min(${U}(126u) - (size >> ${U}(23u)), ${U}(25u));
  let tiny = (mantissa + ((${U}(1u) << shift) >> ${U}(1u)) - ${U}(1u) + ((mantissa >> shift) & ${U}(1u))) >> shift;
  let finite = select(normal, tiny, size < ${U}(0x38800000u));
  let held = select(finite, ${U}(0x7c00u), size >= ${U}(0x47800000u));
  return ((word >> ${U}(16u)) & ${U}(0x8000u)) | select(held, ${U}(0x7e00u), size > ${U}(0x7f800000u));
}`,
    value: f16Value,
  },
  bf16: {
    bits: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${U} {
  let word = bitcast<${U}>(x);
  let rounded = (word + ${U}(0x7fffu) + ((word >> ${U}(16u)) & ${U}(1u))) >> ${U}(16u);
  return select(rounded, (word >> ${U}(16u)) | ${U}(0x40u), (word & ${U}(0x7fffffffu)) > ${U}(0x7f800000u));
}`,
    value: (name, { T, U }) => `fn ${name}(bits: ${U}) -> ${T} { return bitcast<${T}>(bits << ${U}(16u)); }`,
  },
};

/** Subnormal numbers as whole multiples of 2⁻²⁴, which f32 has as normal ones. */
function f16Value(name: string, { T, U }: Types): string {
  return `fn ${name}(bits: ${U}) -> ${T} {
  let size = (bits & ${U}(0x7fffu)) << ${U}(13u);
  let normal = size + select(${U}(0x38000000u), ${U}(0x70000000u), size >= ${U}(0x0f800000u));
  let tiny = bitcast<${U}>(${T}(bits & ${U}(0x3ffu)) * 5.9604644775390625e-8f);
  return bitcast<${T}>(select(normal, tiny, size < ${U}(0x00800000u)) | ((bits & ${U}(0x8000u)) << ${U}(16u)));
}`;
}

const suffix = (width: Width) => (width === 4 ? '_x4' : '');
const types = (width: Width): Types => (width === 4 ? { T: 'vec4<f32>', U: 'vec4<u32>' } : { T: 'f32', U: 'u32' });

/** The lower 16 bits of words: those of `value`, rounded. */
export function halfBitsText(dtype: HalfDType, value: string, width: Width, declare: Declare): string {
  const name = `${dtype}_bits${suffix(width)}`;
  declare(name, conversions[dtype].bits(name, types(width)));
  return `${name}(${value})`;
}

/** The value of 16 bits, the others of the word being 0. */
function halfValueText(dtype: HalfDType, bits: string, width: Width, declare: Declare): string {
  const name = `${dtype}_value${suffix(width)}`;
  declare(name, conversions[dtype].value(name, types(width)));
  return `${name}(${bits})`;
}

/** A value in registers, rounded to what the dtype has. */
export function roundedText(dtype: HalfDType, value: string, width: Width, declare: Declare): string {
  return halfValueText(dtype, halfBitsText(dtype, value, width, declare), width, declare);
}

/** The element at `at` of a tensor packed two a word, given the word it is in: word `at` / 2. */
export function elementOfWord(dtype: HalfDType, word: string, at: string, declare: Declare): string {
  const name = `${dtype}_element`;
  const value = halfValueText(dtype, '(word >> ((at & 1u) * 16u)) & 0xffffu', 1, declare);
  declare(name, `fn ${name}(word: u32, at: u32) -> f32 { return ${value}; }`);
  return `${name}(${word}, ${at})`;
}

/** The four elements of two words. */
export function vectorOfWords(dtype: HalfDType, words: string, declare: Declare): string {
  const name = `${dtype}_unpack`;
  const halves = 'vec4<u32>(words.x & 0xffffu, words.x >> 16u, words.y & 0xffffu, words.y >> 16u)';
  declare(name, `fn ${name}(words: vec2<u32>) -> vec4<f32> { return ${halfValueText(dtype, halves, 4, declare)}; }`);
  return `${name}(${words})`;
}

/** Two words of four elements, rounded. */
export function wordsOfVector(dtype: HalfDType, vector: string, declare: Declare): string {
  const name = `${dtype}_pack`;
  const bits = halfBitsText(dtype, 'x', 4, declare);
  declare(
    name,
    `fn ${name}(x: vec4<f32>) -> vec2<u32> {
  let bits = ${bits};
  return bits.xz | (bits.yw << vec2<u32>(16u));
}`,
  );
  return `${name}(${vector})`;
}
