/**
 * Code in a page of a real browser: headless Chromium from `@sparticuz/chromium`, with WebGPU on its software GPU. The
 * page gets this repository's modules as they are, transpiled one by one.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';

/** Chromium that needs no system packages is made for linux x64. */
export const hasBrowser = process.platform === 'linux' && process.arch === 'x64';

const UNPACKED = path.resolve('node_modules/.cache/meganeura/chromium');

/** Unpacks Chromium and the libraries that it needs; in a process of its own, since it changes the environment. */
const FIND = `
  const { default: chromium } = await import('@sparticuz/chromium');
  const executable = await chromium.executablePath();
  console.log(JSON.stringify({ executable, libraries: process.env.LD_LIBRARY_PATH, fonts: process.env.FONTCONFIG_PATH }));
`;

interface Chromium {
  executable: string;
  libraries: string;
  fonts: string;
}

async function findChromium(): Promise<Chromium> {
  mkdirSync(UNPACKED, { recursive: true });
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', FIND], {
    // The package unpacks its libraries where it takes the machine for one of Amazon's.
    env: { ...process.env, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x', TMPDIR: UNPACKED },
  });
  return JSON.parse(stdout) as Chromium;
}

/**
 * Runs a module's code in a page, and gives what it exports as `default`, as JSON.
 * @param code TypeScript; it imports this repository's modules as `/lib/….js`.
 * @param files What the server has besides, by path: `/picture.png`.
 * @throws What the code throws, as an error with its stack; an error when the page is silent for `timeout` milliseconds.
 */
export async function runInPage(
  code: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  timeout = 40_000,
): Promise<unknown> {
  const [value] = await runInPages([code], files, timeout);
  return value;
}

/**
 * As {@link runInPage}, for one page that is loaded anew for each code: in the next one is what the browser has kept, and
 * nothing else. `timeout` is for all of them.
 */
export async function runInPages(
  codes: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  timeout = 40_000,
): Promise<unknown[]> {
  const chromium = await findChromium();
  const profile = mkdtempSync(path.join(UNPACKED, 'profile-'));
  const values: unknown[] = [];
  let end: (outcome: { error?: string }) => void = () => undefined;
  const ended = new Promise<{ error?: string }>((resolve) => (end = resolve));
  const server = http.createServer((request, response) => {
    serve(request, response, { code: codes[values.length] ?? '', files }, (answer) => {
      const { value, error } = JSON.parse(answer) as { value?: unknown; error?: string };
      values.push(value);
      if (error === undefined && values.length < codes.length) return true;
      end(error === undefined ? {} : { error });
      return false;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    chromium.executable,
    [
      ...['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-dev-shm-usage'],
      ...['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', `--user-data-dir=${profile}`],
      `http://127.0.0.1:${port}/`,
    ],
    {
      env: { ...process.env, LD_LIBRARY_PATH: chromium.libraries, FONTCONFIG_PATH: chromium.fonts },
      stdio: 'ignore',
      // A process group: those that keep the cache end with it.
      detached: true,
    },
  );
  const gone = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page did not answer for ${timeout} ms`)), timeout);
  });
  try {
    const { error } = await Promise.race([ended, silence]);
    if (error !== undefined) throw new Error(`in the page: ${error}`);
    return values;
  } finally {
    clearTimeout(timer);
    endGroup(browser.pid);
    await gone;
    server.close();
    server.closeAllConnections();
    // Until the last of them is gone, files may be written.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
  const answer = async () => {
    try {
      return { value: (await import('/code.js')).default };
    } catch (error) {
      return { error: String(error?.stack ?? error) };
    }
  };
  const response = await fetch('/answer', { method: 'POST', body: JSON.stringify(await answer()) });
  if (await response.text() === 'next') location.reload();
</script>`;

interface Served {
  readonly code: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { code, files }: Served,
  /** Whether the page is to be loaded again. */
  report: (answer: string) => boolean,
): void {
  const url = request.url ?? '/';
  const send = (type: string, body: string | Uint8Array) =>
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  const file = files[url];
  if (url === '/') send('text/html', PAGE);
  else if (url === '/answer') {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end(report(Buffer.concat(parts).toString()) ? 'next' : 'end');
    });
  } else if (file !== undefined) send('application/octet-stream', file);
  else if (url === '/code.js') send('text/javascript', transpiled(code));
  else if (/^\/lib\/[\w./-]+\.js$/.test(url) && !url.includes('..')) {
    send('text/javascript', transpiled(readFileSync(`.${url.replace(/js$/, 'ts')}`, 'utf8')));
  } else response.writeHead(404).end();
}

function transpiled(source: string): string {
  const { code } = transformSync(source, {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, useDefineForClassFields: false },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  return code;
}
