import { MeganeuraError, ShapeError, ValueError } from '../../ir/errors.js';

/** Bytes or a file that are no picture, or not one that can be read. */
export class PictureError extends MeganeuraError {}

/** @internal The error for bytes that the platform's decoder refuses. */
export function undecodable(name: string, cause: unknown): PictureError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PictureError(`${name}: this is no picture that can be read (PNG, JPEG and WebP can): ${reason}`, {
    cause,
  });
}

/**
 * A picture in memory: rows from the top, each from the left, bytes RGB or RGBA in sRGB. A canvas' `ImageData` is one.
 * How many channels it has follows from the length of `data`.
 */
export interface Picture {
  /** `[height, width, 3 or 4]` */
  readonly data: Uint8ClampedArray;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/**
 * How many bytes a pixel has.
 * @throws {ShapeError} For a picture whose data does not fit its size.
 */
export function channelsOf({ data, width, height }: Picture): 3 | 4 {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new ShapeError(`a picture must be one pixel or more in width and height, got ${width} × ${height}`);
  }
  const channels = data.length / (width * height);
  if (channels === 3 || channels === 4) return channels;
  throw new ShapeError(
    `a picture of ${width} × ${height} pixels has ${width * height * 3} bytes (RGB) or ${width * height * 4} (RGBA), ` +
      `got ${data.length}`,
  );
}

/** RGB only, over white where it is transparent, as transformers' `convert_to_rgb`; itself where it is RGB. */
export function toRgb(picture: Picture): Picture {
  if (channelsOf(picture) === 3) return picture;
  const { data, width, height } = picture;
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[pixel * 4 + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = (data[pixel * 4 + channel]! * alpha + 255 * (255 - alpha)) / 255;
    }
  }
  return { data: rgb, width, height };
}

/**
 * A part of a picture. What lies outside of it is black, and transparent if it has an alpha channel.
 * @throws {ValueError} For a part that has no pixels.
 */
export function crop(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const channels = channelsOf(picture);
  for (const [name, value] of Object.entries({ left, top, width, height })) {
    if (Number.isSafeInteger(value) && (value >= 1 || name === 'left' || name === 'top')) continue;
    throw new ValueError(`crop: ${name} must be a whole number of pixels, got ${value}`);
  }
  const data = new Uint8ClampedArray(width * height * channels);
  const [from, to] = [Math.max(left, 0), Math.min(left + width, picture.width)];
  for (let y = Math.max(top, 0); y < Math.min(top + height, picture.height) && from < to; y++) {
    const row = picture.data.subarray((y * picture.width + from) * channels, (y * picture.width + to) * channels);
    data.set(row, ((y - top) * width + from - left) * channels);
  }
  return { data, width, height };
}

/** The middle of a picture; where it is smaller there is black around it (transformers' `center_crop`). */
export function centerCrop(picture: Picture, width: number, height: number): Picture {
  // Rounded down also below 0: an odd rest is on the far side of what is cut off, on the near side of what is added.
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  return crop(picture, left, top, width, height);
}
