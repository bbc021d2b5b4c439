/** Which versions of what are installed. Node only. */
import { nodeProcess, requiredNodeModule } from '../ir/node-modules.js';

/** A package that only part of the library needs, and the part. */
export interface OptionalPackage {
  readonly name: string;
  readonly purpose: string;
  /** Undefined where it is not installed. */
  readonly version: string | undefined;
}

const PURPOSES: Readonly<Record<string, string>> = {
  webgpu: 'GPUs in Node',
  '@sparticuz/chromium': 'a software GPU, on linux x64',
  '@huggingface/tokenizers': 'tokenizers',
  '@huggingface/jinja': 'chat templates',
  sharp: 'pictures',
};

/** Of this library, of Node and of the packages that it is made of. */
export interface Versions {
  readonly meganeura: string;
  readonly node: string;
  /** Such as `linux x64`. */
  readonly platform: string;
  readonly 'egglog-wasm': string | undefined;
  readonly optional: readonly OptionalPackage[];
}

/** Reads the manifests of what is installed, as seen from the library and from the working directory. */
export function installedVersions(): Versions {
  const process = nodeProcess();
  return {
    meganeura: ownManifest().version,
    node: process?.versions?.node ?? 'unknown',
    platform: `${process?.platform ?? 'unknown'} ${process?.arch ?? ''}`.trim(),
    'egglog-wasm': versionOf('egglog-wasm'),
    optional: Object.entries(PURPOSES).map(([name, purpose]) => ({ name, purpose, version: versionOf(name) })),
  };
}

/** What the library's own package.json says. */
export function ownManifest(): {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
} {
  return readManifest(ownManifestFile()) as ReturnType<typeof ownManifest>;
}

/** The folder of the clone that the library runs from; undefined where it is installed. */
export function cloneFolder(): string | undefined {
  const path = requiredNodeModule('node:path');
  const folder = path.dirname(ownManifestFile());
  return path.basename(path.dirname(folder)) === 'node_modules' ? undefined : folder;
}

function ownManifestFile(): string {
  const { createRequire } = requiredNodeModule('node:module');
  // The package by its own name: the files of a build lie deeper than those that it is built from.
  return createRequire(import.meta.url).resolve('meganeura/package.json');
}

/** Which version of a package is installed, as seen from the library or from the working directory. */
export function versionOf(name: string): string | undefined {
  const { createRequire } = requiredNodeModule('node:module');
  const fs = requiredNodeModule('node:fs');
  const path = requiredNodeModule('node:path');
  const manifest = [import.meta.url, path.join(process.cwd(), 'package.json')]
    .flatMap((from) => createRequire(from).resolve.paths(name) ?? [])
    .map((folder) => path.join(folder, name, 'package.json'))
    .find((file) => fs.existsSync(file));
  return manifest === undefined ? undefined : (readManifest(manifest) as { version?: string }).version;
}

function readManifest(file: string): unknown {
  return JSON.parse(requiredNodeModule('node:fs').readFileSync(file, 'utf8'));
}
