import { describe, expect, test } from '@jest/globals';
import { JsonNumber, JsonSyntaxError, parseStrictJson, type Json } from '../../lib/hub/strict-json.js';

/** As JSON.parse gives it, to compare with that. */
function plain(value: Json): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item as Json)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('what JSON.parse takes', () => {
  test.each([
    'null',
    ' [ true , false , [ ] , { } ] \n\t\r',
    '{"a": {"b": [1, -0, 0.5, 1e3, 1E-2, -12.25e+1]}, "": ""}',
    String.raw`"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00 é😀"`,
    '123456789012345678901234567890',
  ])('%s', (text) => {
    expect(plain(parseStrictJson(text))).toEqual(JSON.parse(text));
  });
});

test('numbers keep their text', () => {
  expect(parseStrictJson('[2, 2.0]')).toEqual([new JsonNumber('2'), new JsonNumber('2.0')]);
});

test('keys are no properties', () => {
  expect(parseStrictJson('{"__proto__": null, "constructor": true}')).toEqual(
    new Map<string, Json>([
      ['__proto__', null],
      ['constructor', true],
    ]),
  );
});

describe('what is refused', () => {
  test.each([
    ['', 'expected a value, got the end at position 0'],
    ['{"a": 1, "\\u0061": 2}', 'key "a" appears twice at position 9'],
    ['{"a": 1,}', 'expected a string, got "}" at position 8'],
    ['{"a" 1}', 'expected ":", got "1" at position 5'],
    ['[1 2]', 'expected "]", got "2" at position 3'],
    ['[1,]', 'expected a value, got "]" at position 3'],
    ['NaN', 'expected a value, got "N" at position 0'],
    ['-Infinity', 'expected a value, got "-" at position 0'],
    ['01', 'expected the end, got "1" at position 1'],
    ['1.', 'expected the end, got "." at position 1'],
    ['+1', 'expected a value, got "+" at position 0'],
    ["'a'", `expected a value, got "'" at position 0`],
    ['"a', 'expected the end of the string, got the end at position 2'],
    ['"a\nb"', 'expected the end of the string, got U+000A at position 2'],
    ['"\\x"', 'expected an escape, got "x" at position 2'],
    ['"\\u00g0"', 'expected four hexadecimal digits after \\u at position 3'],
    ['"\\ud800"', 'unpaired surrogate in a string at position 0'],
    ['[1]//', 'expected the end, got "/" at position 3'],
    ['\ufeff1', 'expected a value, got U+FEFF at position 0'],
    ['[1]\u00a0', 'expected the end, got U+00A0 at position 3'],
    ['['.repeat(70), 'more than 64 levels of nesting at position 65'],
  ])('%p', (text, message) => {
    expect(() => parseStrictJson(text)).toThrow(JsonSyntaxError);
    expect(() => parseStrictJson(text)).toThrow(message);
  });
});
