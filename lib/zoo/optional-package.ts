import { MeganeuraError } from '../ir/errors.js';

/** A package that only part of the library needs is not installed. */
export class MissingPackageError extends MeganeuraError {}

/**
 * What to do where an optional peer of this package cannot be imported:
 * `await import('sharp').catch(missingPackage('sharp', 'pictures'))`. Bundlers see the import, and by the `catch` that it may
 * fail when the program runs.
 * @param name Of the package on npm.
 * @param purpose What it is needed for: 'tokenizers'.
 * @returns What throws MissingPackageError.
 */
export function missingPackage(name: string, purpose: string): (cause: unknown) => never {
  return (cause) => {
    throw new MissingPackageError(
      `${purpose} need the package '${name}', and it could not be loaded: npm install ${name} (${String(cause)})`,
      { cause },
    );
  };
}
