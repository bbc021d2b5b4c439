/** The same download in a page of a real browser: fetch, the Cache API, blobs. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasBrowser, runInPage } from '../page.js';
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
let prelude: string;
beforeAll(async () => {
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
  prelude = `
    const map = document.createElement('script');
    map.type = 'importmap';
    map.textContent = ${JSON.stringify(JSON.stringify({ imports }))};
    document.head.append(map);
    const { SafeTensorsModel } = await import('/lib/hub/safetensors-model.js');
    const failure = (promise: Promise<unknown>) => promise.then(
      () => 'none', (error: any) => ({ reason: error.reason, message: error.message }));
    const miscounted = (values: any) => values.findIndex((value: number, i: number) => value !== i);
  `;
});
afterAll(() => {
  packages.closeAllConnections();
  packages.close();
});

let server: HubServer;
afterEach(() => server.stop());

function inPage(code: string): Promise<unknown> {
  const options = { hubUrl: server.url, retryDelay: 1 };
  return runInPage(
    `${prelude} const options = ${JSON.stringify(options)}; export default await (async () => { ${code} })();`,
  );
}

const describeInBrowser = hasBrowser ? describe : describe.skip;

describeInBrowser('in a page', () => {
  test('a model is downloaded, kept, and read without a network', async () => {
    // Over 16 MB, the bytes of a part, and so in two.
    const elements = 5_000_000;
    server = await HubServer.start({ files: tinyRepository(elements) });
    server.fail(WEIGHTS, { kind: 'cut', after: 3_000_000 }, 1);
    const result = await inPage(`
      let last: any;
      const model = await SafeTensorsModel.download('me/tiny', { ...options, onProgress: (p: any) => (last = p) });
      const weight = await model.read('weight', 'f32');
      const kept = await SafeTensorsModel.download('me/tiny', { ...options, offline: true });
      return {
        wrong: miscounted(weight), length: weight.length,
        bias: [...await model.read('bias', 'f32')],
        config: await model.repository.json('config.json'),
        path: String(model.repository.localPath('config.json')),
        done: last.loadedBytes === last.totalBytes,
        again: miscounted(await kept.read('weight', 'f32')),
        files: kept.repository.files,
      };
    `);
    expect(result).toEqual({
      wrong: -1,
      length: elements,
      bias: [1, -2, 0.333984375],
      config: { model_type: 'tiny', hidden_size: 8 },
      path: 'undefined',
      done: true,
      again: -1,
      files: ['config.json', 'tokenizer.json', WEIGHTS],
    });
    const ranges = server.rangesOf(WEIGHTS);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test('what fails is an error, and the next download goes on from the last whole part', async () => {
    server = await HubServer.start({ files: tinyRepository(5_000_000) });
    server.fail(WEIGHTS, { kind: 'cut', after: 18_000_000 }, 1);
    const result = (await inPage(`
      const cut = await failure(SafeTensorsModel.download('me/tiny', { ...options, retries: 0 }));
      const offline = await failure(SafeTensorsModel.download('me/tiny', { ...options, offline: true }));
      const model = await SafeTensorsModel.download('me/tiny', options);
      return { cut, offline, wrong: miscounted(await model.read('weight', 'f32')) };
    `)) as { cut: unknown; offline: unknown; wrong: number };
    expect(result).toEqual({
      cut: {
        reason: 'network',
        message: expect.stringContaining('me/tiny: model.safetensors: the connection') as unknown,
      },
      offline: { reason: 'offline', message: expect.stringContaining('only the cache was looked at') as unknown },
      wrong: -1,
    });
    expect(server.rangesOf(WEIGHTS)).toEqual([undefined, `bytes=${2 ** 24}-`]);
  });

  test('corrupt content is refused, shards are merged, an abort ends it, and the token stays with the Hub', async () => {
    const storage = await HubServer.start({ files: shardedRepository(), largeFrom: 100 });
    server = await HubServer.start({ files: shardedRepository(), largeFrom: 100, token: 'hf_secret' });
    const shard = 'model-00002-of-00002.safetensors';
    server.fail(shard, { kind: 'corrupt' }, 1);
    server.fail(shard, { kind: 'redirect', to: `${storage.url}/me/tiny/resolve/main/${shard}` });
    const result = await inPage(`
      const get = (more: object) => SafeTensorsModel.download('me/tiny', { ...options, token: 'hf_secret', ...more });
      const corrupt = await failure(get({}));
      const refused = await failure(get({ token: false }));
      const aborted = await failure(get({ signal: AbortSignal.abort() }));
      const model = await get({});
      const folder = await failure(SafeTensorsModel.load('./x'));
      return {
        reasons: [corrupt, refused, aborted, folder].map((error: any) => error.reason),
        b: [...await model.read('b', 'f32')],
      };
    `);
    await storage.stop();
    expect(result).toEqual({ reasons: ['wrong-hash', 'unauthorized', 'aborted', 'storage'], b: [10, 11, 12, 13] });
    expect(storage.log.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
