import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HubError } from '../../../lib/hub/hub-error.js';
import { openRepository } from '../../../lib/hub/open-repository.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { loadTokenizer } from '../../../lib/zoo/text/load-tokenizer.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tokenizer-'));
  cpSync('spec/reference/tokenizers/bpe', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = async () => loadTokenizer(await openRepository(folder));
const write = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
};

it('reads the tokenizer of a folder, and the chat template from the first file that has one', async () => {
  expect((await load()).encode('hello', { addSpecialTokens: false })).toHaveLength(1);
  expect((await load()).chatTemplate).toBeUndefined();
  write('tokenizer_config.json', JSON.stringify({ chat_template: 'from the configuration' }));
  expect((await load()).chatText([])).toBe('from the configuration');
  write('chat_template.json', JSON.stringify({ chat_template: 'from JSON' }));
  expect((await load()).chatText([])).toBe('from JSON');
  write('chat_template.jinja', 'from Jinja');
  expect((await load()).chatText([])).toBe('from Jinja');
});

it('refuses files that are not what they are called', async () => {
  write('chat_template.json', '{}');
  await expect(load()).rejects.toThrow(ConfigError);
  write('tokenizer.json', 'not JSON');
  await expect(load()).rejects.toThrow(HubError);
  rmSync(path.join(folder, 'tokenizer.json'));
  await expect(load()).rejects.toThrow(/there is no file 'tokenizer.json'/);
});
