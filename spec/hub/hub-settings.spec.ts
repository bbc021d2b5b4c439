import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { accessToken, cacheFolder, hubAddress, isOffline } from '../../lib/hub/hub-settings.js';
import { isRepositoryName, looksLikePath, safePath } from '../../lib/hub/paths.js';

const own = { ...process.env };
const ours = /^(HF_|HUGGING|XDG_CACHE_HOME|TRANSFORMERS_OFFLINE)/;
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (ours.test(name)) Reflect.deleteProperty(process.env, name);
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in own)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, own);
});

const home = os.homedir();

// As huggingface_hub has it, https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
describe('the cache folder', () => {
  test.each<[string, Record<string, string>, string]>([
    ['by default', {}, path.join(home, '.cache/huggingface/hub')],
    ['with XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    ['with HF_HOME', { XDG_CACHE_HOME: '/x', HF_HOME: '/h' }, '/h/hub'],
    ['with the old name', { HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    ['with HF_HUB_CACHE', { HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/c' }, '/c'],
    ['with ~ and variables', { HF_HOME: '~/a/$HF_TEST/${HF_TEST}', HF_TEST: 'b' }, path.join(home, 'a/b/b/hub')],
    ['with one that is empty', { HF_HUB_CACHE: '' }, path.join(home, '.cache/huggingface/hub')],
  ])('%s', (_name, variables, expected) => {
    Object.assign(process.env, variables);
    expect(cacheFolder(undefined)).toBe(expected);
    expect(cacheFolder('/given')).toBe('/given');
  });
});

test('the address of the Hub', () => {
  expect(hubAddress(undefined)).toBe('https://huggingface.co');
  process.env['HF_ENDPOINT'] = 'https://mirror.example/hf/';
  expect(hubAddress(undefined)).toBe('https://mirror.example/hf');
  expect(hubAddress('http://localhost:8080')).toBe('http://localhost:8080');
  expect(() => hubAddress('huggingface.co')).toThrow(
    "hubUrl must be an address such as https://huggingface.co, got 'hugg",
  );
});

test.each([
  ['1', true],
  ['on', true],
  ['TRUE', true],
  ['yes', true],
  ['0', false],
  ['', false],
])('HF_HUB_OFFLINE=%s', (value, expected) => {
  process.env['HF_HUB_OFFLINE'] = value;
  expect(isOffline(undefined)).toBe(expected);
  expect(isOffline(false)).toBe(false);
});

test('the token', async () => {
  process.env['HF_HOME'] = fs.mkdtempSync(path.join(os.tmpdir(), 'home-'));
  expect(await accessToken(undefined)).toBeUndefined();
  fs.writeFileSync(path.join(process.env['HF_HOME'], 'token'), 'hf_file\n');
  expect(await accessToken(undefined)).toBe('hf_file');
  process.env['HF_TOKEN'] = ' hf_variable ';
  expect(await accessToken(undefined)).toBe('hf_variable');
  expect(await accessToken('hf_option')).toBe('hf_option');
  expect(await accessToken(false)).toBeUndefined();
  fs.rmSync(process.env['HF_HOME'], { recursive: true });
});

describe('names', () => {
  test.each(['gpt2', 'me/tiny', 'HuggingFaceTB/SmolLM2-135M', 'a.b/c_d-e.f'])('of repositories: %s', (name) => {
    expect([isRepositoryName(name), looksLikePath(name)]).toEqual([true, false]);
  });

  test.each(['', 'a/b/c', 'a b', '-a/b', 'a/b-', 'a/.b', 'a--b/c', 'a/..', 'a/b.git', 'x'.repeat(97), 'a/', '/a', 'é'])(
    'of none: %j',
    (name) => expect(isRepositoryName(name)).toBe(false),
  );

  test.each(['./a', '../a', '/a', '~/a', '.', '..', 'C:\\a', 'a\\b'])('that can only be paths: %s', (name) => {
    expect(looksLikePath(name)).toBe(true);
  });

  test.each(['config.json', 'unet/model.safetensors', '.gitattributes', 'a..b/c', 'ä ö.txt'])(
    'of files: %s',
    (name) => {
      expect(safePath(name, 'here')).toBe(name);
    },
  );
});
