import { nodeModule } from '../ir/node-modules.js';

/**
 * The bytes of a file, or in a page of an address.
 * @param refuse The error to throw when they cannot be read, from the reason.
 */
export async function fileBytes(
  path: string,
  refuse: (reason: string, options: ErrorOptions) => Error,
): Promise<Uint8Array> {
  const files = nodeModule('node:fs/promises');
  try {
    if (files !== undefined) return await files.readFile(path);
    const response = await fetch(path);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new Error(`the server answered ${response.status} ${response.statusText}`);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
