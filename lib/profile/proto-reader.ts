import { ProfileError } from './errors.js';
import { WireType } from './proto-writer.js';

const text = new TextDecoder();

/** One field of a message. `value`: whole numbers and the bits of fixed ones as a bigint, everything else as its bytes. */
export interface ProtoField {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

/** The fields of a message in the order in which they were written. Throws ProfileError for bytes that are none. */
export function* protoFields(bytes: Uint8Array): Generator<ProtoField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): number => {
    if (count > bytes.length - at) throw broken(`a field of ${count} bytes at ${at} of ${bytes.length}`);
    at += count;
    return at - count;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[take(1)]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken(`a number of more than 10 bytes before ${at}`);
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case WireType.VARINT:
        yield { field, value: varint() };
        break;
      case WireType.FIXED64:
        yield { field, value: view.getBigUint64(take(8), true) };
        break;
      case WireType.FIXED32:
        yield { field, value: BigInt(view.getUint32(take(4), true)) };
        break;
      case WireType.LENGTH: {
        const length = Number(varint());
        const start = take(length);
        yield { field, value: bytes.subarray(start, start + length) };
        break;
      }
      default:
        throw broken(`a field of type ${tag & 7n} at ${at}`);
    }
  }
}

/** The number that a field holds. Throws ProfileError where it holds something else. */
export function numberOf({ field, value }: ProtoField): number {
  if (typeof value === 'bigint') return Number(value);
  throw broken(`field ${field} is no number`);
}

/** The number in the bits of a field of type double. Throws ProfileError where it holds something else. */
export function doubleOf({ field, value }: ProtoField): number {
  if (typeof value !== 'bigint') throw broken(`field ${field} is no number`);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value);
  return view.getFloat64(0);
}

/** The bytes that a field holds: a message. Throws ProfileError where it holds a number. */
export function bytesOf({ field, value }: ProtoField): Uint8Array {
  if (typeof value !== 'bigint') return value;
  throw broken(`field ${field} is a number`);
}

/** The text that a field holds. Throws ProfileError where it holds a number. */
export function textOf(field: ProtoField): string {
  return text.decode(bytesOf(field));
}

function broken(detail: string): ProfileError {
  return new ProfileError(`this is no trace, or a damaged one: ${detail}`);
}
