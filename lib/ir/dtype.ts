/** Element types. f16 and bf16 are storage types: computed with as f32, and rounded when they are stored. */
export type DType = 'f32' | 'f16' | 'bf16' | 'i32' | 'u32' | 'bool';

/** Real numbers: what gradients flow through. */
export type FloatDType = 'f32' | 'f16' | 'bf16';

/** What can be calculated with. */
export type NumericDType = Exclude<DType, 'bool'>;

/** Bytes of one element in a buffer; truth values take a word. */
export const bytesPerElement: Record<DType, number> = { f32: 4, f16: 2, bf16: 2, i32: 4, u32: 4, bool: 4 };

/** Whether values are real numbers, so that gradients can flow through them. */
export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'f32' || dtype === 'f16' || dtype === 'bf16';
}

/** Whether a number is one of the dtype's, apart from the rounding of floats. */
export function holds(dtype: DType, value: number): boolean {
  switch (dtype) {
    case 'i32':
      return value === (value | 0);
    case 'u32':
      return value === value >>> 0;
    case 'bool':
      return value === 0 || value === 1;
    default:
      return true;
  }
}
