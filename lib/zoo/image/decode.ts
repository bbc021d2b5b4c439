import { fileBytes } from '../file-bytes.js';
import { PictureError, undecodable, type Picture } from './picture.js';

/**
 * A picture from the bytes of a PNG, JPEG, WebP or what else the platform knows, upright as its EXIF data says: by
 * `sharp` in Node, by the browser in a page. It is RGBA where the file has transparency (always in a page), else RGB.
 * @param name What messages call it.
 * @throws {PictureError} When it is no picture.
 * @throws {MissingPackageError} In Node without `sharp`.
 */
export async function decodePicture(bytes: Uint8Array, name = 'the picture'): Promise<Picture> {
  if (bytes.length === 0) throw new PictureError(`${name}: expected the bytes of a picture, got none`);
  if (hasCanvas()) return decodeInPage(bytes, name);
  const { decodeInNode } = await import('./decode-node.js');
  return decodeInNode(bytes, name);
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

async function decodeInPage(bytes: Uint8Array, name: string): Promise<Picture> {
  try {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    try {
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      if (context === null) throw new Error('this browser gives no 2d context to read pixels with');
      context.drawImage(bitmap, 0, 0);
      return { data: context.getImageData(0, 0, width, height).data, width, height };
    } finally {
      bitmap.close();
    }
  } catch (cause) {
    throw undecodable(name, cause);
  }
}

function hasCanvas(): boolean {
  const platform: { createImageBitmap?: unknown; OffscreenCanvas?: unknown } = globalThis;
  return platform.createImageBitmap !== undefined && platform.OffscreenCanvas !== undefined;
}
