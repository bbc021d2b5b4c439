/** For test files that build the same graphs again and again: each is rewritten once, by the code as it is. */
import { afterAll, beforeAll } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Sessions of the calling test file keep rewritten graphs in a folder of its own, which is removed at its end. */
export function useFreshCache(): void {
  const before = process.env['MEGANEURA_CACHE'];
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meganeura-spec-cache-'));
    process.env['MEGANEURA_CACHE'] = folder;
  });
  afterAll(() => {
    process.env['MEGANEURA_CACHE'] = before;
    fs.rmSync(folder, { recursive: true });
  });
}
