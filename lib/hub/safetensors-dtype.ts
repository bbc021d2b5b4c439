/**
 * The dtypes of the safetensors format and their bits an element, by increasing alignment as in the reference
 * implementation: its writer sorts tensors by this order, last first.
 * https://github.com/huggingface/safetensors, `enum Dtype` in safetensors/src/tensor.rs
 */
export const SAFETENSORS_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

export type SafetensorsDType = keyof typeof SAFETENSORS_BITS;

/** All dtypes in the order of `SAFETENSORS_BITS`. */
export const SAFETENSORS_DTYPES = Object.keys(SAFETENSORS_BITS) as readonly SafetensorsDType[];

export function isSafetensorsDType(name: string): name is SafetensorsDType {
  return Object.hasOwn(SAFETENSORS_BITS, name);
}

/** The array types that a tensor's elements come in: F16 and BF16 as their bits, BOOL as 0 and 1. */
export const SAFETENSORS_ARRAYS = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
} as const;

export type ArrayDType = keyof typeof SAFETENSORS_ARRAYS;
export type SafetensorsArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** The dtype that an array has unless told otherwise: `Float32Array` is F32, `Uint16Array` U16. */
export function dtypeOfArray(array: SafetensorsArray): ArrayDType {
  const order: readonly ArrayDType[] = ['U8', 'I8', 'I16', 'U16', 'I32', 'U32', 'F32', 'F64', 'I64', 'U64'];
  // By tag and not by class: an array may come from another realm, such as an iframe.
  const dtype = order.find((name) => SAFETENSORS_ARRAYS[name].name === array[Symbol.toStringTag]);
  if (dtype === undefined) throw new TypeError(`expected a typed array, got ${array[Symbol.toStringTag]}`);
  return dtype;
}

/**
 * The elements of a tensor, in the byte order of the machine: little-endian, as in the file, on all that run JavaScript
 * engines with WebGPU. Shares memory with `bytes` where they are aligned.
 */
export function toArray(dtype: ArrayDType, bytes: Uint8Array): SafetensorsArray {
  const type = SAFETENSORS_ARRAYS[dtype];
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / type.BYTES_PER_ELEMENT);
}
