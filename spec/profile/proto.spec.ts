import { expect, test } from '@jest/globals';
import { bytesOf, doubleOf, numberOf, protoFields, textOf } from '../../lib/profile/proto-reader.js';
import { ProtoWriter } from '../../lib/profile/proto-writer.js';

test('numbers are written as the format says', () => {
  // The examples of https://protobuf.dev/programming-guides/encoding/: 150, 'testing', and a message of the first.
  const number = new ProtoWriter().integer(1, 150);
  expect([...number.bytes]).toEqual([0x08, 0x96, 0x01]);
  expect([...new ProtoWriter().string(2, 'testing').bytes]).toEqual([0x12, 7, ...Buffer.from('testing')]);
  expect([...new ProtoWriter().message(3, number.bytes).bytes]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  // IEEE 754 binary64, lowest byte first; field numbers above 15 take two bytes.
  expect([...new ProtoWriter().double(44, 1).bytes]).toEqual([0xe1, 0x02, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  expect([...new ProtoWriter().fixed64(47, 258).bytes]).toEqual([0xf9, 0x02, 2, 1, 0, 0, 0, 0, 0, 0]);
});

test.each([0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 45 + 12345, Number.MAX_SAFE_INTEGER])(
  'the whole number %s comes back',
  (value) => {
    const [field, flow] = [...protoFields(new ProtoWriter().integer(8, value).fixed64(47, value).bytes)];
    expect([field!.field, numberOf(field!), numberOf(flow!)]).toEqual([8, value, value]);
  },
);

test.each([0, -1.5, 1e-310, Infinity, NaN])('the number %s comes back', (value) => {
  const [field] = [...protoFields(new ProtoWriter().double(5, value).bytes)];
  expect(doubleOf(field!)).toBe(value);
});

test('texts of every length and script come back', () => {
  for (const text of ['', 'µs 千 🙂', 'x'.repeat(100_000)]) {
    const [field] = [...protoFields(new ProtoWriter().string(2, text).bytes)];
    expect(textOf(field!)).toBe(text);
  }
});

test.each([
  ['a number that does not end', [0x08, 0x96]],
  ['a number of too many bytes', [0x08, ...Array.from({ length: 10 }, () => 0xff), 1]],
  ['a length beyond the end', [0x12, 9, 1]],
  ['a fixed number cut off', [0x09, 1, 2]],
  ['a wire type that there is not', [0x0f, 1]],
])('%s is refused', (_, bytes) => {
  expect(() => [...protoFields(Uint8Array.from(bytes))]).toThrow('this is no trace, or a damaged one');
});

test('fields of another type than expected are refused', () => {
  const [text, number] = [...protoFields(new ProtoWriter().string(1, 'a').integer(2, 1).bytes)];
  expect(() => numberOf(text!)).toThrow('field 1 is no number');
  expect(() => doubleOf(text!)).toThrow('field 1 is no number');
  expect(() => bytesOf(number!)).toThrow('field 2 is a number');
});
