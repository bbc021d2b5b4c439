import { MeganeuraError } from '../ir/errors.js';

/** A package that only part of the library needs is not installed. */
export class MissingPackageError extends MeganeuraError {}

/**
 * Loads a package that is an optional peer of this one.
 * @param name Of the package on npm.
 * @param purpose What it is needed for: 'tokenizers'.
 * @param load Its import, spelled out by the caller, so that bundlers see it.
 * @throws {MissingPackageError} When it cannot be loaded.
 */
export async function optionalPackage<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new MissingPackageError(
      `${purpose} need the package '${name}', and it could not be loaded: npm install ${name} (${String(cause)})`,
      { cause },
    );
  }
}
