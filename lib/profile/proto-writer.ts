/** The wire format of protocol buffers, as far as traces need it: https://protobuf.dev/programming-guides/encoding/ */

/** How the value of a field is written. */
export const WireType = { VARINT: 0, FIXED64: 1, LENGTH: 2, FIXED32: 5 } as const;

const text = new TextEncoder();
const float = new DataView(new ArrayBuffer(8));

/** Appends fields of one message to a buffer that grows. Whole numbers are safe integers, at least 0. */
export class ProtoWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  /** What was written so far; valid until the next call. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  clear(): this {
    this.length = 0;
    return this;
  }

  /** A field of type uint32, uint64, bool or enum, or int32 or int64 of at least 0. */
  integer(field: number, value: number): this {
    this.tag(field, WireType.VARINT);
    this.varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.tag(field, WireType.FIXED64);
    float.setFloat64(0, value, true);
    return this.append(new Uint8Array(float.buffer));
  }

  fixed64(field: number, value: number): this {
    this.tag(field, WireType.FIXED64);
    float.setBigUint64(0, BigInt(value), true);
    return this.append(new Uint8Array(float.buffer));
  }

  string(field: number, value: string): this {
    return this.message(field, text.encode(value));
  }

  /** A field that is a message, or bytes. */
  message(field: number, bytes: Uint8Array): this {
    this.tag(field, WireType.LENGTH);
    this.varint(bytes.length);
    return this.append(bytes);
  }

  /** Fields that are encoded already. */
  append(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  private tag(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  /** Seven bits a byte, lowest first; by division, since numbers have more than 32 bits. */
  private varint(value: number): void {
    this.reserve(10);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + bytes));
    larger.set(this.bytes);
    this.buffer = larger;
  }
}
