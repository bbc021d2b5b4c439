import type { DType } from '../../ir/dtype.js';
import { GraphError } from '../../ir/errors.js';
import { isHalf, type HalfDType } from '../../ir/half.js';
import { registerType, valueType } from './functions.js';
import { elementOfWord, halfBitsText, vectorOfWords, wordsOfVector, type Declare } from './half.js';

/** How a kernel sees a buffer. */
export interface BufferForm {
  readonly dtype: DType;
  /** By four elements at once; else by single ones. */
  readonly vector: boolean;
  /** Words of packed elements are changed by halves, which different invocations own. */
  readonly atomic: boolean;
  /** f16 is a type of its own; see `KernelProfile`. */
  readonly nativeF16: boolean;
}

/** The dtype of elements that lie two in a word, where kernels cannot name their type. */
export function packedDType({ dtype, nativeF16 }: Pick<BufferForm, 'dtype' | 'nativeF16'>): HalfDType | undefined {
  return isHalf(dtype) && !(dtype === 'f16' && nativeF16) ? dtype : undefined;
}

/** The WGSL type of the buffer's elements: truth values take a word, floats of 16 bits a half. */
export function storageType(form: BufferForm): string {
  const { dtype, vector, atomic } = form;
  if (packedDType(form)) return vector ? 'vec2<u32>' : atomic ? 'atomic<u32>' : 'u32';
  const type = dtype === 'bool' ? 'u32' : dtype === 'f16' ? 'f16' : registerType(dtype);
  return vector ? `vec4<${type}>` : type;
}

/** What the buffer holds at `at`, an element or a vector of four, as a value in registers. */
export function loadText(form: BufferForm, buffer: string, at: string, declare: Declare): string {
  const { dtype, vector, atomic } = form;
  const packed = packedDType(form);
  if (packed) {
    if (vector) return vectorOfWords(packed, `${buffer}[${at}]`, declare);
    const word = `${buffer}[(${at}) / 2u]`;
    return elementOfWord(packed, atomic ? `atomicLoad(&${word})` : word, at, declare);
  }
  const width = vector ? 4 : 1;
  if (dtype === 'bool') return `(${buffer}[${at}] != ${valueType('u32', width)}())`;
  return dtype === 'f16' ? `${valueType('f32', width)}(${buffer}[${at}])` : `${buffer}[${at}]`;
}

/** Statements that put a value of registers there; `at` and `value` are names or short. */
export function storeLines(form: BufferForm, buffer: string, at: string, value: string, declare: Declare): string[] {
  const { dtype, vector, atomic } = form;
  const packed = packedDType(form);
  const width = vector ? 4 : 1;
  const place = `${buffer}[${at}]`;
  if (packed) {
    if (vector) return [`${place} = ${wordsOfVector(packed, value, declare)};`];
    if (!atomic) throw new GraphError(`${buffer}: halves of words are stored atomically`);
    // Each invocation touches its own half only, so that the order of invocations is of no matter.
    const [word, shift] = [`&${buffer}[(${at}) / 2u]`, `(((${at}) & 1u) * 16u)`];
    return [
      `atomicAnd(${word}, 0xffff0000u >> ${shift});`,
      `atomicOr(${word}, ${halfBitsText(packed, value, 1, declare)} << ${shift});`,
    ];
  }
  if (dtype === 'bool') return [`${place} = ${valueType('u32', width)}(${value});`];
  if (dtype !== 'f16') return [`${place} = ${value};`];
  const words = vector ? wordsOfVector(dtype, value, declare) : halfBitsText(dtype, value, 1, declare);
  return [`${place} = ${vector ? `bitcast<vec4<f16>>(${words})` : `bitcast<vec2<f16>>(${words}).x`};`];
}
