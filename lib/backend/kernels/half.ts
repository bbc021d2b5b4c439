import type { HalfDType } from '../../ir/half.js';
import type { Width } from './functions.js';

/**
 * WGSL for floats of 16 bits that lie two in a word. Rounding is integer arithmetic: WGSL's own conversions may round
 * either way, and leave open what becomes of numbers that are too large.
 */

/** Gets the name and text of a function that a kernel needs. */
export type Declare = (name: string, text: string) => void;

type Conversion = (name: string, T: string, U: string) => string;

/** From f32 to 16 bits, to nearest, ties to even: the steps of lib/ir/half.ts. */
const toBits: Readonly<Record<HalfDType, Conversion>> = {
  f16: (name, T, U) => `fn ${name}(x: ${T}) -> ${U} {
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
  bf16: (name, T, U) => `fn ${name}(x: ${T}) -> ${U} {
  let word = bitcast<${U}>(x);
  let rounded = (word + ${U}(0x7fffu) + ((word >> ${U}(16u)) & ${U}(1u))) >> ${U}(16u);
  return select(rounded, (word >> ${U}(16u)) | ${U}(0x40u), (word & ${U}(0x7fffffffu)) > ${U}(0x7f800000u));
}`,
};

/** The values of the lower and the upper 16 bits of a word. */
const fromWord: Readonly<Record<HalfDType, (word: string) => string>> = {
  f16: (word) => `unpack2x16float(${word})`,
  bf16: (word) => `bitcast<vec2<f32>>(vec2<u32>(${word} << 16u, ${word} & 0xffff0000u))`,
};

/** The lower 16 bits of words: those of `value`, rounded. */
export function halfBitsText(dtype: HalfDType, value: string, width: Width, declare: Declare): string {
  const name = `${dtype}_bits${width === 4 ? '_x4' : ''}`;
  declare(name, width === 4 ? toBits[dtype](name, 'vec4<f32>', 'vec4<u32>') : toBits[dtype](name, 'f32', 'u32'));
  return `${name}(${value})`;
}

/** A value in registers, rounded to what the dtype has. */
export function roundedText(dtype: HalfDType, value: string, width: Width, declare: Declare): string {
  if (width === 4) return vectorOfWords(dtype, wordsOfVector(dtype, value, declare), declare);
  return elementOfWord(dtype, halfBitsText(dtype, value, 1, declare), '0u', declare);
}

/** The element at `at` of a packed tensor, given the word it is in: word `at` / 2. */
export function elementOfWord(dtype: HalfDType, word: string, at: string, declare: Declare): string {
  const name = `${dtype}_element`;
  const value = fromWord[dtype]('(word >> ((at & 1u) * 16u))');
  declare(name, `fn ${name}(word: u32, at: u32) -> f32 { return ${value}.x; }`);
  return `${name}(${word}, ${at})`;
}

/** The four elements of two words. */
export function vectorOfWords(dtype: HalfDType, words: string, declare: Declare): string {
  const name = `${dtype}_unpack`;
  const values = ['words.x', 'words.y'].map(fromWord[dtype]).join(', ');
  declare(name, `fn ${name}(words: vec2<u32>) -> vec4<f32> { return vec4<f32>(${values}); }`);
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
