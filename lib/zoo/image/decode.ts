import type { Sharp } from 'sharp';
import { fileBytes } from '../file-bytes.js';
import { optionalPackage } from '../optional-package.js';
import { PictureError, type Picture } from './picture.js';

/**
 * A picture from the bytes of a PNG, JPEG, WebP or what else the platform knows, upright as its EXIF data says: by
 * `sharp` in Node, by the browser in a page. It is RGBA where the file has transparency (always in a page), else RGB.
 * @param name What messages call it.
 * @throws {PictureError} When it is no picture.
 * @throws {MissingPackageError} In Node without `sharp`.
 */
export async function decodePicture(bytes: Uint8Array, name = 'the picture'): Promise<Picture> {
  if (bytes.length === 0) throw new PictureError(`${name}: expected the bytes of a picture, got none`);
  return hasCanvas() ? decodeInPage(bytes, name) : decodeInNode(bytes, name);
}

/**
 * A picture from a file, or in a page from an address. Throws as {@link decodePicture}.
 * @throws {PictureError} When it cannot be read, too.
 */
export async function loadPicture(path: string): Promise<Picture> {
  const refuse = (reason: string, options: ErrorOptions) =>
    new PictureError(`${path}: the picture cannot be read: ${reason}`, options);
  return decodePicture(await fileBytes(path, refuse), path);
}

async function decodeInNode(bytes: Uint8Array, name: string): Promise<Picture> {
  const { default: sharp } = await optionalPackage('sharp', 'pictures', () => import('sharp'));
  try {
    // EXIF's orientation first. Grey and CMYK become RGB, 16 bits 8.
    const upright: Sharp = sharp(bytes).rotate().toColourspace('srgb');
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  } catch (cause) {
    throw noPicture(name, cause);
  }
}

async function decodeInPage(bytes: Uint8Array, name: string): Promise<Picture> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  } catch (cause) {
    throw noPicture(name, cause);
  }
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) throw new PictureError(`${name}: this browser gives no 2d context to read pixels with`);
    context.drawImage(bitmap, 0, 0);
    return { data: context.getImageData(0, 0, width, height).data, width, height };
  } finally {
    bitmap.close();
  }
}

function noPicture(name: string, cause: unknown): PictureError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PictureError(`${name}: this is no picture that can be read (PNG, JPEG and WebP can): ${reason}`, {
    cause,
  });
}

function hasCanvas(): boolean {
  const platform: { createImageBitmap?: unknown; OffscreenCanvas?: unknown } = globalThis;
  return platform.createImageBitmap !== undefined && platform.OffscreenCanvas !== undefined;
}
