/** The same download in a page of a real browser: fetch, the Cache API, blobs. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasBrowser, runInPages } from '../page.js';
import { WEIGHTS } from './hub-harness.js';
import { HubServer } from './hub-server.js';
import { shardedRepository, tinyRepository } from './tiny-model.js';

/** What bundlers would resolve: packages that lib imports, and those that these do, as files below node_modules. */
const PACKAGES = {
  'reflect-metadata/lite': 'reflect-metadata/ReflectLite.js',
  '@huggingface/hub': '@huggingface/hub/dist/browser/index.mjs',
  '@huggingface/xetchunk-wasm': '@huggingface/xetchunk-wasm/dist/esm/index.js',
  '@huggingface/blake3-jit': '@huggingface/blake3-jit/dist/esm/index.js',
  'gearhash-jit': 'gearhash-jit/dist/esm/index.js',
};

let packages: http.Server;
async function servePackages(): Promise<string> {
  packages = http.createServer((request, response) => {
    const file = new URL(request.url ?? '/', 'http://localhost').pathname;
    readFile(`node_modules${file}`).then(
      (body) =>
        response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => packages.listen(0, '127.0.0.1', resolve));
  const { port } = packages.address() as AddressInfo;
  const imports = Object.fromEntries(
    Object.entries(PACKAGES).map(([name, file]) => [name, `http://127.0.0.1:${port}/${file}`]),
  );
  return `
    const map = document.createElement('script');
    map.type = 'importmap';
    map.textContent = ${JSON.stringify(JSON.stringify({ imports }))};
    document.head.append(map);
    const { SafeTensorsModel } = await import('/lib/hub/safetensors-model.js');
    const failure = (promise: Promise<unknown>) => promise.then(
      () => 'none', (error: any) => ({ reason: error.reason, message: error.message }));
    const miscounted = (values: any) => values.findIndex((value: number, i: number) => value !== i);
  `;
}

/** Over 16 MB, the bytes of a part, and so in two. */
const ELEMENTS = 5_000_000;
const SHARD = 'model-00002-of-00002.safetensors';

const describeInBrowser = hasBrowser ? describe : describe.skip;

describeInBrowser('in a page', () => {
  let whole: HubServer;
  let cut: HubServer;
  let sharded: HubServer;
  let storage: HubServer;
  let answers: unknown[];

  beforeAll(async () => {
    whole = await HubServer.start({ files: tinyRepository(ELEMENTS) });
    whole.fail(WEIGHTS, { kind: 'cut', after: 3_000_000 }, 1);
    cut = await HubServer.start({ files: tinyRepository(ELEMENTS), repository: 'me/cut' });
    cut.fail(WEIGHTS, { kind: 'cut', after: 18_000_000 }, 1);
    const shards = { files: shardedRepository(), largeFrom: 100, repository: 'me/shards' };
    storage = await HubServer.start(shards);
    sharded = await HubServer.start({ ...shards, token: 'hf_secret' });
    sharded.fail(SHARD, { kind: 'corrupt' }, 1);
    sharded.fail(SHARD, { kind: 'redirect', to: `${storage.url}/me/shards/resolve/main/${SHARD}` });

    const prelude = await servePackages();
    const code = (server: HubServer, body: string) => {
      const options = JSON.stringify({ hubUrl: server.url, retryDelay: 1 });
      return `${prelude} const options = ${options}; export default await (async () => { ${body} })();`;
    };
    answers = await runInPages([
      code(
        whole,
        `
        let last: any;
        const model = await SafeTensorsModel.download('me/tiny', { ...options, onProgress: (p: any) => (last = p) });
        const weight = await model.read('weight', 'f32');
        return {
          wrong: miscounted(weight), length: weight.length,
          bias: [...await model.read('bias', 'f32')],
          config: await model.repository.json('config.json'),
          path: String(model.repository.localPath('config.json')),
          done: last.loadedBytes === last.totalBytes,
        };`,
      ),
      code(
        whole,
        `
        const nowhere = { ...options, hubUrl: 'https://hub.invalid', offline: true };
        const kept = await SafeTensorsModel.download('me/tiny', nowhere);
        return { wrong: miscounted(await kept.read('weight', 'f32')), files: kept.repository.files };`,
      ),
      code(
        cut,
        `
        const cut = await failure(SafeTensorsModel.download('me/cut', { ...options, retries: 0 }));
        const offline = await failure(SafeTensorsModel.download('me/cut', { ...options, offline: true }));
        return { cut, offline };`,
      ),
      code(
        cut,
        `
        const model = await SafeTensorsModel.download('me/cut', options);
        return miscounted(await model.read('weight', 'f32'));`,
      ),
      code(
        sharded,
        `
        const get = (more: object) =>
          SafeTensorsModel.download('me/shards', { ...options, token: 'hf_secret', ...more });
        const corrupt = await failure(get({}));
        const refused = await failure(get({ token: false }));
        const aborted = await failure(get({ signal: AbortSignal.abort() }));
        const model = await get({});
        const folder = await failure(SafeTensorsModel.load('./x'));
        return {
          reasons: [corrupt, refused, aborted, folder].map((error: any) => error.reason),
          b: [...await model.read('b', 'f32')],
        };`,
      ),
    ]);
  }, 60_000);
  afterAll(async () => {
    packages.closeAllConnections();
    packages.close();
    for (const server of [whole, cut, sharded, storage]) await server.stop();
  });

  test('a model is downloaded and kept: after the page was loaded anew it is read without a network', () => {
    expect(answers[0]).toEqual({
      wrong: -1,
      length: ELEMENTS,
      bias: [1, -2, 0.333984375],
      config: { model_type: 'tiny', hidden_size: 8 },
      path: 'undefined',
      done: true,
    });
    expect(whole.rangesOf(WEIGHTS)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(answers[1]).toEqual({ wrong: -1, files: ['config.json', 'tokenizer.json', WEIGHTS] });
  });

  test('what fails is an error, and the next page goes on from the last whole part', () => {
    expect(answers[2]).toEqual({
      cut: {
        reason: 'network',
        message: expect.stringContaining('me/cut: model.safetensors: the connection') as unknown,
      },
      offline: { reason: 'offline', message: expect.stringContaining('only the cache was looked at') as unknown },
    });
    expect(answers[3]).toBe(-1);
    expect(cut.rangesOf(WEIGHTS)).toEqual([undefined, `bytes=${2 ** 24}-`]);
  });

  test('corrupt content is refused, shards are merged, an abort ends it, and the token stays with the Hub', () => {
    expect(answers[4]).toEqual({
      reasons: ['wrong-hash', 'unauthorized', 'aborted', 'storage'],
      b: [10, 11, 12, 13],
    });
    expect(storage.log.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
