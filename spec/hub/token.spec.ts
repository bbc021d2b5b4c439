/** The token goes to the Hub and nowhere else: to no other server, into no message, into no file. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { HubHarness, hubErrorOf, WEIGHTS } from './hub-harness.js';
import { miscounted, tinyRepository } from './tiny-model.js';

const TOKEN = 'hf_SecretOfTheTest';
const hub = new HubHarness();

const VARIABLES = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH', 'HF_HOME', 'HF_HUB_DISABLE_IMPLICIT_TOKEN'];
const before = VARIABLES.map((name) => [name, process.env[name]] as const);
beforeEach(() => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
  process.env['HF_HOME'] = hub.cacheDir;
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

describe('a private repository', () => {
  test('is downloaded with the token that is passed', async () => {
    await hub.start({ token: TOKEN });
    const model = await hub.download({ token: TOKEN });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(inspect(model, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });

  test.each([
    ['HF_TOKEN', TOKEN],
    ['HUGGING_FACE_HUB_TOKEN', TOKEN],
    ['HF_TOKEN_PATH', 'file'],
    ['HF_HOME', 'file'],
  ])('is downloaded with the token of %s', async (variable, value) => {
    await hub.start({ token: TOKEN });
    fs.writeFileSync(path.join(hub.cacheDir, 'token'), value === 'file' ? `${TOKEN}\n` : 'hf_other');
    if (variable !== 'HF_HOME') process.env[variable] = value === 'file' ? path.join(hub.cacheDir, 'token') : value;
    await hub.download({ token: undefined });
  });

  test('is refused without one, and with another', async () => {
    await hub.start({ token: TOKEN });
    const none = await hubErrorOf(hub.download());
    expect(none.reason).toBe('unauthorized');
    expect(none.message).toContain('give a token by { token }, the variable HF_TOKEN, or `hf auth login`');
    process.env['HF_TOKEN'] = TOKEN;
    expect((await hubErrorOf(hub.download({ token: false }))).reason).toBe('unauthorized');
    process.env['HF_HUB_DISABLE_IMPLICIT_TOKEN'] = '1';
    expect((await hubErrorOf(hub.download({ token: undefined }))).reason).toBe('unauthorized');
    const wrong = await hubErrorOf(hub.download({ token: 'hf_wrongOne' }));
    expect(wrong.reason).toBe('unauthorized');
    expect(wrong.message).toContain('the token was refused: make a new one at http://127.0.0.1');
    expect(wrong.message).not.toContain('hf_wrongOne');
  });
});

describe('the token', () => {
  test('is not sent on to another server', async () => {
    const storage = await hub.start();
    await hub.start({ token: TOKEN });
    hub.server.fail(WEIGHTS, {
      kind: 'redirect',
      to: `${storage.url}/me/tiny/resolve/main/${WEIGHTS}?Signature=secret`,
    });
    const model = await hub.download({ token: TOKEN });
    expect(miscounted(await model.read('weight', 'f32'))).toBe(-1);
    expect(storage.log).toHaveLength(1);
    expect(storage.log.map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(hub.server.log.every(({ authorization }) => authorization === `Bearer ${TOKEN}`)).toBe(true);
  });

  test('is sent on by redirects within the Hub, as when a repository has moved', async () => {
    await hub.start({ token: TOKEN });
    hub.server.fail('config.json', { kind: 'redirect', to: `/me/tiny/resolve/${hub.server.commit}/config.json` }, 1);
    await hub.download({ token: TOKEN });
  });

  test('nor to a server that the list of files goes on at', async () => {
    const other = await hub.start();
    await hub.start({ token: TOKEN, nextPage: `${other.url}/api/models/me/tiny/tree/main` });
    await hub.download({ token: TOKEN });
    expect(other.log.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('is in no message, whatever fails, and no file', async () => {
    await hub.start({ token: TOKEN });
    const texts: string[] = [];
    const note = async (promise: Promise<unknown>) => {
      const error = await hubErrorOf(promise);
      texts.push(inspect(error, { depth: 20, showHidden: true }), error.message, JSON.stringify(error));
    };
    hub.server.fail(WEIGHTS, { kind: 'status', status: 400, headers: { 'x-error-message': `bad token ${TOKEN}` } }, 1);
    await note(hub.download({ token: TOKEN }));
    hub.server.fail(WEIGHTS, { kind: 'status', status: 401, headers: { 'x-error-message': `bad token ${TOKEN}` } }, 1);
    await note(hub.download({ token: TOKEN }));
    hub.server.fail(WEIGHTS, { kind: 'cut', after: 10 });
    await note(hub.download({ token: TOKEN, retries: 0 }));
    // No header can hold these; engines show them in their errors.
    await note(hub.download({ token: `${TOKEN}\nX: y` }));
    await note(hub.download({ token: `${TOKEN}é` }));
    await note(hub.download({ token: TOKEN, fetch: () => Promise.reject(new Error(`with ${TOKEN}`)), retries: 0 }));
    expect(texts.join('\n')).not.toContain(TOKEN);
    expect(texts[1]).toContain('bad token <token>');
    for (const name of hub.cached()) {
      expect(fs.readFileSync(path.join(hub.root, name)).includes(TOKEN)).toBe(false);
    }
  });

  test('addresses with a password are refused, without showing it', async () => {
    await hub.start();
    const error = await hubErrorOf(hub.download({ hubUrl: 'https://me:hunter2@example.com' }));
    expect(error.message).toBe('hubUrl: give example.com without user, password or query; use { token }');
    expect((await hubErrorOf(hub.download({ hubUrl: 'ftp://example.com' }))).reason).toBe('invalid-name');
  });

  test('signatures of addresses that are redirected to are in no message', async () => {
    const storage = await hub.start();
    await storage.stop();
    await hub.start({ files: tinyRepository() });
    hub.server.fail(WEIGHTS, { kind: 'redirect', to: `${storage.url}/x?Signature=secret` });
    const error = await hubErrorOf(hub.download({ retries: 0 }));
    expect(error.message).not.toContain('secret');
    expect(error.reason).toBe('network');
  });
});
