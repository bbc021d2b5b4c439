import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ShapeError, ValueError } from '../../../lib/ir/errors.js';
import { decodePicture, loadPicture } from '../../../lib/zoo/image/decode.js';
import { centerCrop, crop, PictureError, toRgb } from '../../../lib/zoo/image/picture.js';
import { encodePng } from '../../../lib/zoo/image/png.js';
import { resize } from '../../../lib/zoo/image/resize.js';
import { fromBase64, picture, reference } from './pictures.js';

describe('pictures are resized as by Pillow, to the byte', () => {
  it.each(reference.resized)('$filter, $width × $height of $channels channels to $to', (one) => {
    const out = resize(picture(one.width, one.height, one.channels), ...one.to, one.filter);
    expect({ ...out, data: [...out.data] }).toEqual({
      width: one.to[0],
      height: one.to[1],
      data: [...fromBase64(one.data)],
    });
  });
});

describe('files', () => {
  it.each(reference.files)('$name is decoded as by Pillow', async ({ bytes, width, height, data, tolerance }) => {
    const decoded = await decodePicture(Uint8Array.from(fromBase64(bytes)));
    const expected = fromBase64(data);
    expect({ width: decoded.width, height: decoded.height }).toEqual({ width, height });
    expect(decoded.data).toHaveLength(expected.length);
    // Decoders of JPEG may round differently.
    decoded.data.forEach((byte, i) => {
      expect(Math.abs(byte - expected[i]!)).toBeLessThanOrEqual(tolerance);
    });
  });

  it.each([3, 4])('PNG of %i channels is read as it was written', async (channels) => {
    const original = picture(13, 11, channels);
    const decoded = await decodePicture(await encodePng(original));
    expect({ ...decoded, data: [...decoded.data] }).toEqual({ ...original, data: [...original.data] });
  });

  it('that are no pictures are refused by name', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'picture-'));
    const file = path.join(folder, 'cat.png');
    writeFileSync(file, 'not a picture');
    try {
      await expect(loadPicture(file)).rejects.toThrow(PictureError);
      await expect(loadPicture(file)).rejects.toThrow(
        `${file}: this is no picture that can be read (PNG, JPEG and WebP can)`,
      );
      await expect(loadPicture(path.join(folder, 'dog.png'))).rejects.toThrow(
        /dog\.png: the picture cannot be read: .*ENOENT/,
      );
      const whole = await encodePng(picture(64, 64));
      await expect(decodePicture(whole.subarray(0, 200), 'half')).rejects.toThrow(PictureError);
      await expect(decodePicture(new Uint8Array(), 'none')).rejects.toThrow(
        'none: expected the bytes of a picture, got none',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('parts of pictures', () => {
  it('are cut out, black where there is nothing', () => {
    const small = picture(2, 2);
    expect(crop(small, 1, 0, 1, 2).data).toEqual(
      Uint8ClampedArray.of(...small.data.subarray(3, 6), ...small.data.subarray(9)),
    );
    const around = crop(small, -1, -1, 3, 2);
    expect([...around.data]).toEqual([...Array.from({ length: 12 }, () => 0), ...small.data.subarray(0, 6)]);
    expect([...crop(small, 5, 5, 1, 1).data]).toEqual([0, 0, 0]);
    expect(() => crop(small, 0, 0, 0, 1)).toThrow(ValueError);
  });

  it('from the middle lie where transformers has them', () => {
    // Widths before and after, and where the left pixel comes to.
    for (const [from, to, left] of [
      [5, 8, 2],
      [4, 7, 2],
      [5, 6, 1],
      [6, 3, -1],
      [7, 4, -1],
    ] as const) {
      const line = {
        data: Uint8ClampedArray.from({ length: from * 3 }, (_, i) => 1 + Math.floor(i / 3)),
        width: from,
        height: 1,
      };
      const cut = centerCrop(line, to, 1);
      const pixels = Array.from({ length: to }, (_, x) => cut.data[x * 3]!);
      expect(pixels).toEqual(pixels.map((_, x) => (x >= left && x < left + from ? 1 + x - left : 0)));
    }
  });
});

it('transparent pixels lie over white', () => {
  const rgb = toRgb({
    data: Uint8ClampedArray.of(10, 20, 30, 0, 10, 20, 30, 255, 0, 100, 255, 51),
    width: 3,
    height: 1,
  });
  expect([...rgb.data]).toEqual([255, 255, 255, 10, 20, 30, 204, 224, 255]);
});

describe('bad input', () => {
  it('is refused with what was expected', () => {
    const bad = { data: new Uint8ClampedArray(5), width: 2, height: 1 };
    expect(() => toRgb(bad)).toThrow(new ShapeError('a picture of 2 × 1 pixels has 6 bytes (RGB) or 8 (RGBA), got 5'));
    expect(() => resize({ ...bad, width: 0 }, 2, 2)).toThrow(ShapeError);
    expect(() => resize(picture(2, 2), 0, 2)).toThrow('width must be a whole number of pixels, at least 1, got 0');
    expect(() => resize(picture(2, 2), 1e6, 1e6)).toThrow('is the picture a thin line?');
    const nearest: string = 'nearest';
    expect(() => resize(picture(2, 2), 1, 1, nearest as 'box')).toThrow(
      "the filter must be one of box, bilinear, hamming, bicubic, lanczos, got 'nearest'",
    );
  });
});
