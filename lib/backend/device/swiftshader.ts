/**
 * A software GPU for machines that have none. `@sparticuz/chromium` (linux x64) carries SwiftShader, Chromium's Vulkan
 * driver on the CPU, and a Vulkan loader; they are unpacked once into a cache folder. Node only.
 */
import { requiredNodeModule } from '../../ir/node-modules.js';

const { createRequire } = requiredNodeModule('node:module');
const fs = requiredNodeModule('node:fs');
const os = requiredNodeModule('node:os');
const path = requiredNodeModule('node:path');
const zlib = requiredNodeModule('node:zlib');

const PACKAGE = '@sparticuz/chromium';
const ARCHIVE = 'bin/swiftshader.tar.br';

/** Files unpacked; the driver's path in the manifest is relative to the manifest. */
const MANIFEST = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';
const FILES = [MANIFEST, LOADER, 'libvk_swiftshader.so'];

/** Absolute paths of what was unpacked. */
export interface SwiftShader {
  /** The Vulkan driver manifest, for `VK_ADD_DRIVER_FILES`. */
  readonly manifest: string;
  /** A Vulkan loader, for systems without one. */
  readonly loader: string;
}

/**
 * Finds SwiftShader, unpacking it the first time.
 *
 * Safe for processes that do it at once: each unpacks into a folder of its own and renames it into place.
 * @returns `undefined` on platforms other than linux x64 and where `@sparticuz/chromium` is not installed.
 * @throws {Error} of `node:fs` when no folder can be written.
 */
export function findSwiftShader(): SwiftShader | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const source = findPackage();
  if (source === undefined) return undefined;
  const { version } = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8')) as { version: string };
  const folder = unpackOnce(path.join(source, ARCHIVE), `swiftshader-${version}`, cacheFolders(source));
  return { manifest: path.join(folder, MANIFEST), loader: path.join(folder, LOADER) };
}

/** Looks from this file and from the working directory, which differ when the library is linked. */
function findPackage(): string | undefined {
  return [import.meta.url, path.join(process.cwd(), 'package.json')]
    .flatMap((from) => createRequire(from).resolve.paths(PACKAGE) ?? [])
    .map((folder) => path.join(folder, PACKAGE))
    .find((folder) => fs.existsSync(path.join(folder, ARCHIVE)));
}

/** `node_modules/.cache` beside the package, else a folder that only this user can write. */
function* cacheFolders(source: string): Generator<string> {
  yield path.join(source, '..', '..', '.cache', 'meganeura');

  // Other users can write to the shared temporary folder, and what lies here is loaded as code.
  const uid = process.getuid?.() ?? 0;
  const own = path.join(os.tmpdir(), `meganeura-${uid}`);
  fs.mkdirSync(own, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(own);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o022) !== 0) {
    throw new Error(`unpacking SwiftShader: ${own} is not a folder that only its owner, user ${uid}, can write`);
  }
  yield own;
}

/**
 * Unpacks into the folder `name` of the first of `parents` that can be written, unless that is done already.
 * @param archive A brotli-compressed tar file.
 * @returns The folder.
 * @throws {Error} of `node:fs` when none can be written.
 */
export function unpackOnce(archive: string, name: string, parents: Iterable<string>): string {
  let failure: unknown;
  for (const parent of parents) {
    const folder = path.join(parent, name);
    try {
      if (!isComplete(folder)) unpack(archive, folder);
      return folder;
    } catch (error) {
      failure = error; // Not writable: the next parent may be.
    }
  }
  throw failure;
}

function isComplete(folder: string): boolean {
  return FILES.every((file) => fs.existsSync(path.join(folder, file)));
}

function unpack(archive: string, folder: string): void {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const aside = fs.mkdtempSync(`${folder}.`);
  try {
    for (const [name, contents] of untar(zlib.brotliDecompressSync(fs.readFileSync(archive)))) {
      if (FILES.includes(name)) fs.writeFileSync(path.join(aside, name), contents, { mode: 0o755 });
    }
    if (!isComplete(aside)) throw new Error(`unpacking SwiftShader: ${archive} lacks one of ${FILES.join(', ')}`);
    rename(aside, folder);
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

/** Renaming onto a folder that another process has just put there fails, and is as good. */
function rename(aside: string, folder: string): void {
  try {
    fs.renameSync(aside, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
}

/**
 * The files of a tar archive as [base name, contents].
 * Header blocks are 512 bytes: name at 0 (100 bytes), size in octal at 124 (12 bytes); contents are padded to 512.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html ("ustar Interchange Format")
 */
function* untar(tar: Buffer): Generator<[string, Buffer]> {
  const text = (start: number, length: number) => tar.toString('latin1', start, start + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    yield [path.basename(text(at, 100)), tar.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
