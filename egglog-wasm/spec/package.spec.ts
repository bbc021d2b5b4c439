import { beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

const WASM = new URL('../generated/egglog_bg.wasm', import.meta.url);
const ENTRY = new URL('../index.js', import.meta.url);
const MEGABYTE = 1e6;

let bytes: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  bytes = new Uint8Array(await readFile(WASM));
});

/** Runs the body of an async function with `egglog` (the package) and `source` in scope, in a thread of its own. */
function inWorker(body: string, source?: unknown): Promise<unknown> {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const egglog = await import(workerData.entry);
    const { source } = workerData;
    parentPort.postMessage(await (async () => { ${body} })());`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { entry: ENTRY.href, source },
    });
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

const RUN = `const egraph = new egglog.EGraph();
  egraph.run('(datatype Math (Num i64) (Neg Math)) (rewrite (Neg (Neg x)) x) (let $n (Neg (Neg (Num 3)))) (run 1)');
  return egraph.run('(extract $n)');`;

test('the module is at most 1.2 MB, gzipped', () => {
  expect(gzipSync(bytes, { level: 9 }).length).toBeLessThanOrEqual(1.2 * MEGABYTE);
});

test('the module holds no path of the machine that built it', () => {
  const text = Buffer.from(bytes).toString('latin1');
  expect(text.match(/\/(?:root|home|Users|tmp|build)\/[\w./-]*/g)).toBeNull();
});

test('in a worker', async () => {
  expect(await inWorker(`await egglog.init(); ${RUN}`)).toEqual(['(Num 3)']);
});

test('a stack overflow in a worker is an error', async () => {
  const body = `await egglog.init();
    try { new egglog.EGraph().run('('.repeat(1e6) + ')'.repeat(1e6)); } catch (error) { return error.kind; }`;
  expect(await inWorker(body)).toBe('panic');
});

test.each(['bytes', 'buffer', 'module', 'response', 'promise'])('init with %s', async (kind) => {
  const source = kind === 'module' ? await WebAssembly.compile(bytes) : bytes;
  const given = {
    bytes: 'source',
    buffer: 'source.buffer',
    module: 'source',
    response: 'new Response(source, { headers: { "content-type": "application/wasm" } })',
    promise: 'Promise.resolve(new Response(source))',
  }[kind];
  expect(await inWorker(`await egglog.init(${given}); ${RUN}`, source)).toEqual(['(Num 3)']);
});

test('init with a URL of a server, and one that it does not have', async () => {
  const server = createServer((request, response) => {
    const found = request.url === '/egglog_bg.wasm';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/wasm' }).end(found ? bytes : undefined);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect(await inWorker(`await egglog.init(source); ${RUN}`, `${base}/egglog_bg.wasm`)).toEqual(['(Num 3)']);
    const missing = inWorker(
      'await egglog.init(new URL(source)).catch((error) => { throw error; });',
      `${base}/none.wasm`,
    );
    await expect(missing).rejects.toThrow(`egglog-wasm: ${base}/none.wasm: 404 Not Found`);
  } finally {
    server.close();
  }
});
