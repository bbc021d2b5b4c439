import { missingPackage } from '../optional-package.js';
import { undecodable, type Picture } from './picture.js';

/** Not spelled out where it is imported, so that bundlers for browsers do not look for it. */
const SHARP = ['sharp'].join('');

/**
 * A picture from the bytes of a file, by `sharp`. In a file of its own, so that pages do not load it.
 * @throws {PictureError} When it is no picture.
 * @throws {MissingPackageError} Without `sharp`.
 */
export async function decodeInNode(bytes: Uint8Array, name: string): Promise<Picture> {
  const loading = import(/* webpackIgnore: true */ /* @vite-ignore */ SHARP) as Promise<typeof import('sharp')>;
  const { default: sharp } = await loading.catch(missingPackage(SHARP, 'pictures'));
  try {
    // EXIF's orientation first. Grey and CMYK become RGB, 16 bits 8.
    const upright = sharp(bytes).rotate().toColourspace('srgb');
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  } catch (cause) {
    throw undecodable(name, cause);
  }
}
