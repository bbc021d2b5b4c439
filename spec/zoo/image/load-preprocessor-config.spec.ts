import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HubError } from '../../../lib/hub/hub-error.js';
import { openRepository } from '../../../lib/hub/open-repository.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { loadPreprocessorConfig } from '../../../lib/zoo/image/load-preprocessor-config.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'processor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = async () => loadPreprocessorConfig(await openRepository(folder), 'image_processor');
const write = (name: string, json: unknown) => {
  writeFileSync(path.join(folder, name), JSON.stringify(json));
};

it('is in one of two files', async () => {
  write('config.json', {});
  await expect(load()).rejects.toThrow(HubError);
  write('processor_config.json', { image_seq_len: 4 });
  await expect(load()).rejects.toThrow(ConfigError);
  write('processor_config.json', { image_processor: { size: 1 } });
  expect(await load()).toEqual({ size: 1 });
  write('preprocessor_config.json', { size: 2 });
  expect(await load()).toEqual({ size: 2 });
});
