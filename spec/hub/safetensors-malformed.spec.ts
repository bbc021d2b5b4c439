import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { SafetensorsError } from '../../lib/hub/safetensors-error.js';
import { SafetensorsFile, loadSafetensors } from '../../lib/hub/safetensors-file.js';
import { parseSafetensors } from '../../lib/hub/safetensors.js';
import { REFERENCE_DIR } from '../reference-dir.js';

interface Case {
  readonly file: string;
  readonly what: string;
  /** What the reference reader gives where it accepts the file. */
  readonly tensors?: Record<string, { readonly dtype: string; readonly shape: number[] }>;
}

const folder = path.join(REFERENCE_DIR, 'malformed');
const { files } = JSON.parse(fs.readFileSync(path.join(folder, 'malformed.json'), 'utf8')) as { files: Case[] };
const good = files.filter(({ what }) => what.startsWith('good: '));
const broken = files.filter((file) => !good.includes(file));
const read = (file: string) => fs.readFileSync(path.join(folder, file));

const DTYPES: Record<string, string> = { F32: 'float32', U8: 'uint8' };

test('there are as many files as there should be', () => {
  expect([good.length, broken.length]).toEqual([7, 56]);
});

describe('good files are read', () => {
  test.each(good)('$file: $what', async ({ file, tensors }) => {
    const bytes = read(file);
    const parsed = parseSafetensors(bytes, file);
    const loaded = await loadSafetensors(path.join(folder, file));
    const summary = parsed.names().map((name) => {
      const { dtype, shape } = parsed.entry(name);
      return [name, { dtype: DTYPES[dtype], shape }] as const;
    });
    expect(new Map(summary)).toEqual(new Map(Object.entries(tensors!)));

    // The data are all that follows the header, in the order of the names.
    const data = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
    for (const tensors of [parsed, loaded]) {
      expect(Buffer.concat(tensors.names().map((name) => tensors.bytes(name)))).toEqual(data);
    }
  });

  test('with their metadata', () => {
    const { metadata } = parseSafetensors(read('ok-metadata-and-padding.safetensors'));
    expect(metadata).toEqual(new Map(Object.entries({ format: 'pt', note: 'é' })));
  });
});

describe('broken files are rejected', () => {
  test.each(broken)('$file: $what', async ({ file }) => {
    expect(() => parseSafetensors(read(file), file)).toThrow(SafetensorsError);
    const onDisk = path.join(folder, file);
    await expect(loadSafetensors(onDisk)).rejects.toThrow(SafetensorsError);
    await expect(SafetensorsFile.open(onDisk)).rejects.toThrow(SafetensorsError);
  });

  test('with messages that say why', () => {
    const messages = broken.map(({ file, what }) => {
      try {
        parseSafetensors(read(file), file.replace('.safetensors', ''));
        return `${file}: accepted`;
      } catch (error) {
        return `${what}\n  ${(error as Error).message}`;
      }
    });
    expect(`\n${messages.join('\n')}\n`).toMatchInlineSnapshot(`
     "
     file of zero bytes
       zero-length-file: expected a header length of 8 bytes, got a file of 0 bytes; the file is malformed, get or write it again
     fewer than the 8 bytes of the length
       short-length-field: expected a header length of 8 bytes, got a file of 3 bytes; the file is malformed, get or write it again
     header of zero bytes
       header-length-zero: expected the header to start with {, got nothing; the file is malformed, get or write it again
     header length runs past the end of the file
       header-length-too-large: expected a header of 141 bytes, got a file with 140 bytes after the length; the file is malformed, get or write it again
     header length above the limit of 100 MB
       header-length-over-limit: expected a header of at most 100000000 bytes, got a length of 100000001; the file is malformed, get or write it again
     header length 2^64 - 1
       header-length-u64-max: expected a header of at most 100000000 bytes, got a length of 18446744073709551615; the file is malformed, get or write it again
     header length cuts the json
       header-length-too-small: expected JSON in the header: expected "]", got the end at position 109; the file is malformed, get or write it again
     file ends inside the header
       header-truncated: expected a header of 112 bytes, got a file with 56 bytes after the length; the file is malformed, get or write it again
     last bytes of the data are missing
       data-truncated: expected 28 bytes of data by the header, got 27: it was cut off; the file is malformed, get or write it again
     no data at all
       data-missing: expected 28 bytes of data by the header, got 0: it was cut off; the file is malformed, get or write it again
     bytes after the last tensor
       data-trailing: expected 28 bytes of data by the header, got 32: something follows the last tensor; the file is malformed, get or write it again
     two tensors share bytes
       offsets-overlap: tensor "b": data_offsets [12, 24] overlap other tensors, which reach to 16; the file is malformed, get or write it again
     two tensors with the same bytes
       offsets-same: tensor "b": data_offsets [0, 16] overlap other tensors, which reach to 16; the file is malformed, get or write it again
     offsets past the end of the data
       offsets-out-of-range: tensor "b": data_offsets [4016, 4028] leave a gap: the data before reach to 16; the file is malformed, get or write it again
     end past the end of the data
       offsets-end-out-of-range: expected 36 bytes of data by the header, got 28: it was cut off; the file is malformed, get or write it again
     begin after end
       offsets-reversed: tensor "b": expected data_offsets begin ≤ end, got [28, 16]; the file is malformed, get or write it again
     negative offset
       offsets-negative: tensor "a": expected integers from 0 to 2^53 − 1 in data_offsets, got -16; the file is malformed, get or write it again
     one offset in place of two
       offsets-one: tensor "a": expected two data_offsets, begin and end, got 1; the file is malformed, get or write it again
     offsets as text
       offsets-text: tensor "a": expected integers from 0 to 2^53 − 1 in data_offsets, got "0"; the file is malformed, get or write it again
     offsets as 0.0 and n.0
       offsets-fraction: tensor "a": expected integers from 0 to 2^53 − 1 in data_offsets, got 0.0; the file is malformed, get or write it again
     no data_offsets
       offsets-missing: tensor "a": its entry lacks data_offsets; the file is malformed, get or write it again
     bytes between two tensors that belong to none
       hole-in-buffer: tensor "b": data_offsets [20, 32] leave a gap: the data before reach to 16; the file is malformed, get or write it again
     first tensor does not start at 0
       hole-at-start: tensor "a": data_offsets [4, 20] leave a gap: the data before reach to 0; the file is malformed, get or write it again
     no such dtype
       dtype-unknown: tensor "a": expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64 for dtype, got "F33"; the file is malformed, get or write it again
     dtype in lower case
       dtype-lower-case: tensor "a": expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64 for dtype, got "f32"; the file is malformed, get or write it again
     dtype is a number
       dtype-number: tensor "a": expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64 for dtype, got 32; the file is malformed, get or write it again
     no dtype
       dtype-missing: tensor "a": its entry lacks dtype; the file is malformed, get or write it again
     shape needs fewer bytes than the offsets give
       shape-mismatch-small: tensor "a": expected 8 bytes for F32 [1, 2], got 16 by data_offsets [0, 16]; the file is malformed, get or write it again
     shape needs more bytes than the offsets give
       shape-mismatch-large: tensor "a": expected 24 bytes for F32 [3, 2], got 16 by data_offsets [0, 16]; the file is malformed, get or write it again
     dtype of another size than the offsets give
       dtype-size-mismatch: tensor "a": expected 32 bytes for F64 [2, 2], got 16 by data_offsets [0, 16]; the file is malformed, get or write it again
     negative sizes whose product fits
       shape-negative: tensor "a": expected integers from 0 to 2^53 − 1 in shape, got -2; the file is malformed, get or write it again
     number of elements overflows 64 bits to 0
       shape-overflow: tensor "a": expected a size in whole bytes below 2^53, got F32 [4294967296, 4294967296]; the file is malformed, get or write it again
     number of bytes overflows 64 bits to the right value
       shape-bytes-overflow: tensor "a": expected integers from 0 to 2^53 − 1 in shape, got 4611686018427387908; the file is malformed, get or write it again
     a size that needs more than 64 bits
       shape-above-u64: tensor "a": expected integers from 0 to 2^53 − 1 in shape, got 18446744073709551616; the file is malformed, get or write it again
     sizes as 2.0
       shape-fraction: tensor "a": expected integers from 0 to 2^53 − 1 in shape, got 2.0; the file is malformed, get or write it again
     shape is text
       shape-text: tensor "a": expected a list of integers for shape, got "2x2"; the file is malformed, get or write it again
     no shape
       shape-missing: tensor "a": its entry lacks shape; the file is malformed, get or write it again
     unknown field in a tensor entry
       entry-extra-field: tensor "a": expected dtype, shape and data_offsets in its entry, got "strides" as well; the file is malformed, get or write it again
     tensor entry is null
       entry-null: tensor "a": expected an object for its entry, got null; the file is malformed, get or write it again
     header is no json
       header-not-json: expected the header to start with {, got "t"; the file is malformed, get or write it again
     closing brace missing
       header-json-broken: expected JSON in the header: expected "}", got the end at position 111; the file is malformed, get or write it again
     trailing comma
       header-trailing-comma: expected JSON in the header: expected a string, got "}" at position 112; the file is malformed, get or write it again
     text after the json
       header-trailing-junk: expected JSON in the header: expected the end, got "{" at position 112; the file is malformed, get or write it again
     header is an array
       header-array: expected the header to start with {, got "["; the file is malformed, get or write it again
     header starts with a space (the format says it starts with '{')
       header-leading-space: expected the header to start with {, got a space; the file is malformed, get or write it again
     byte order mark before the json
       header-bom: expected the header to start with {, got U+FEFF; the file is malformed, get or write it again
     bytes that are no UTF-8
       header-not-utf8: expected the header in UTF-8, got other bytes; the file is malformed, get or write it again
     header padded with zero bytes
       header-nul-padding: expected JSON in the header: expected the end, got U+0000 at position 112; the file is malformed, get or write it again
     NaN in the json
       header-nan: expected JSON in the header: expected a value, got "N" at position 50; the file is malformed, get or write it again
     the same tensor twice
       duplicate-key-same: expected JSON in the header: key "a" appears twice at position 112; the file is malformed, get or write it again
     a name twice, the first entry is not the good one
       duplicate-key-different: expected JSON in the header: key "a" appears twice at position 62; the file is malformed, get or write it again
     a field twice in one entry
       duplicate-field: expected JSON in the header: key "dtype" appears twice at position 20; the file is malformed, get or write it again
     __metadata__ value is no text
       metadata-number: __metadata__: expected text for "version", got 1; the file is malformed, get or write it again
     __metadata__ value is an object
       metadata-nested: __metadata__: expected text for "x", got an object; the file is malformed, get or write it again
     __metadata__ is text
       metadata-text: expected an object for __metadata__, got "pt"; the file is malformed, get or write it again
     header length in big-endian order
       byte-swapped-length: expected a header of at most 100000000 bytes, got a length of 8070450532247928832; the file is malformed, get or write it again
     "
    `);
  });
});
