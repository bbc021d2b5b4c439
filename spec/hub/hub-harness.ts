import { afterEach, beforeEach } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HubError } from '../../lib/hub/hub-error.js';
import { SafeTensorsModel, type DownloadOptions } from '../../lib/hub/safetensors-model.js';
import { HubServer, type HubServerOptions } from './hub-server.js';
import { tinyRepository } from './tiny-model.js';

export const REPOSITORY = 'me/tiny';
export const WEIGHTS = 'model.safetensors';

/** A cache folder, made for each test and removed after it, and the servers that the test starts. */
export class HubHarness {
  cacheDir = '';
  readonly #servers: HubServer[] = [];

  constructor() {
    beforeEach(() => {
      this.cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-'));
    });
    afterEach(async () => {
      await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
      fs.rmSync(this.cacheDir, { recursive: true });
    });
  }

  /** The folder of the repository in the cache. */
  get root(): string {
    return path.join(this.cacheDir, 'models--me--tiny');
  }

  get server(): HubServer {
    const server = this.#servers.at(-1);
    if (server === undefined) throw new Error('start a server first');
    return server;
  }

  async start(options: Partial<HubServerOptions> = {}): Promise<HubServer> {
    const server = await HubServer.start({ files: tinyRepository(), ...options });
    this.#servers.push(server);
    return server;
  }

  /** What a test passes, unless it is about that: no token of who runs the tests, and hardly any waiting. */
  get options(): DownloadOptions {
    return { hubUrl: this.server.url, cacheDir: this.cacheDir, token: false, offline: false, retryDelay: 1 };
  }

  download(options: DownloadOptions = {}): Promise<SafeTensorsModel> {
    return SafeTensorsModel.download(REPOSITORY, { ...this.options, ...options });
  }

  /** Names of the files in the cache, without the folder of the repository. */
  cached(cacheDir = this.cacheDir): string[] {
    const root = path.join(cacheDir, 'models--me--tiny');
    if (!fs.existsSync(root)) return [];
    return fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Those that are no whole file. */
  leftOvers(): string[] {
    return this.cached().filter((name) => name.endsWith('.incomplete') || name.endsWith('.tmp'));
  }
}

/** The error that a promise is rejected with. */
export async function hubErrorOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
  if (error instanceof HubError) return error;
  throw new Error(`expected a HubError, got ${String((error as Error | undefined)?.stack ?? error)}`);
}
