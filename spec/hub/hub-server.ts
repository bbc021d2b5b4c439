/**
 * A server that speaks the Hub's protocol, as far as listing and downloading a repository go, and can be told to fail.
 * https://huggingface.co/docs/hub/api
 */
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with the requests for a file, or (`info`) for what the repository holds. */
export type Fault =
  /** The connection is closed after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The body ends after so many bytes, as if that were all: no length is told. */
  | { readonly kind: 'short'; readonly after: number }
  /** One byte is another; the length is right. */
  | { readonly kind: 'corrupt' }
  /** The body has so many bytes more, or, below 0, fewer; the length told is that of the body. */
  | { readonly kind: 'resized'; readonly by: number }
  /** Nothing comes after so many bytes of the body; with -1 not even a status. */
  | { readonly kind: 'stall'; readonly after: number }
  /** So many bytes at a time, with milliseconds between. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly delay: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Requests for a part get all of the file, with status 200. */
  | { readonly kind: 'no-ranges' }
  /** Requests for a part are refused with status 416. */
  | { readonly kind: 'bad-range' }
  /** Something else is said than what belongs there. */
  | { readonly kind: 'body'; readonly body: string };

export interface RequestRecord {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface HubServerOptions {
  /** `owner/name`. */
  readonly repository?: string;
  /** Contents by path. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Files of at least so many bytes are in LFS, with a sha256. Default 1000. */
  readonly largeFrom?: number;
  /** Without it nothing can be read. */
  readonly token?: string;
  /** Entries to list besides those of the files: what an honest server would not have. */
  readonly extraEntries?: readonly unknown[];
  /** Where the list of files is said to go on. */
  readonly nextPage?: string;
}

export class HubServer {
  readonly commit: string;
  /** Its address. */
  url = '';
  readonly log: RequestRecord[] = [];
  readonly #faults: { path: string; fault: Fault; times: number }[] = [];
  readonly #server: http.Server;
  readonly #repository: string;

  private constructor(private readonly options: HubServerOptions) {
    this.#repository = options.repository ?? 'me/tiny';
    const hash = createHash('sha1');
    for (const [path, bytes] of Object.entries(options.files)) hash.update(path).update(bytes);
    this.commit = hash.digest('hex');
    this.#server = http.createServer((request, response) => this.#serve(request, response));
    // Cut connections are what is tested.
    this.#server.on('clientError', () => undefined);
  }

  static async start(options: HubServerOptions): Promise<HubServer> {
    const server = new HubServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  /** Lets the next requests for a path fail so; `info` is the path of what lists files. */
  fail(path: string, fault: Fault, times = Infinity): void {
    this.#faults.push({ path, fault, times });
  }

  heal(): void {
    this.#faults.length = 0;
  }

  /** The `Range` headers that a file was asked for with, in order. */
  rangesOf(path: string): (string | undefined)[] {
    return this.log.filter((entry) => entry.path.endsWith(`/${path}`)).map(({ range }) => range);
  }

  etag(path: string): string {
    return etagOf(this.options.files[path]!, this.options.largeFrom);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const path = decodeURIComponent(url.pathname);
    const { range, authorization } = request.headers;
    this.log.push({ path, range, authorization });
    // For pages: https://developer.mozilla.org/en-US/docs/Web/HTTP/CORS
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
    response.setHeader('Access-Control-Expose-Headers', '*');
    if (request.method === 'OPTIONS') return void response.end();

    const api = new RegExp(`^/api/models/${this.#repository}(?:/(revision|tree)/([^/]+))?$`).exec(path);
    const file = new RegExp(`^/${this.#repository}/resolve/([^/]+)/(.+)$`).exec(path);
    const fault = this.#take(file?.[2] ?? 'info');
    if (fault?.kind === 'status') {
      response.writeHead(fault.status, { ...fault.headers });
      return void response.end();
    }
    if (fault?.kind === 'redirect') return void response.writeHead(302, { location: fault.to }).end();
    if (fault?.kind === 'body') return void response.end(fault.body);
    if (fault?.kind === 'stall' && fault.after < 0) return;
    if (this.options.token !== undefined && authorization !== `Bearer ${this.options.token}`) {
      refuse(response, 401, authorization === undefined ? 'RepoNotFound' : '', 'Invalid username or password.');
      return;
    }
    if (api === null && file === null) {
      refuse(response, 404, 'RepoNotFound', 'Repository not found');
      return;
    }
    const revision = (api?.[2] ?? file?.[1] ?? 'main').replace(/^refs\/heads\//, '');
    if (revision !== 'main' && revision !== this.commit) {
      refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
      return;
    }
    if (file !== null) {
      this.#send(file[2]!, range, fault, response);
      return;
    }
    response.setHeader('content-type', 'application/json');
    const { nextPage } = this.options;
    if (api?.[1] === 'tree' && nextPage !== undefined) response.setHeader('link', `<${nextPage}>; rel="next"`);
    response.end(JSON.stringify(api?.[1] === 'tree' ? this.#tree() : this.#info()));
  }

  #take(path: string): Fault | undefined {
    const entry = this.#faults.find((candidate) => candidate.path === path && candidate.times > 0);
    if (entry) entry.times--;
    return entry?.fault;
  }

  #info(): unknown {
    const [_id, id] = ['1', this.#repository];
    return {
      _id,
      id,
      sha: this.commit,
      private: false,
      gated: false,
      downloads: 0,
      likes: 0,
      lastModified: '2026-01-01T00:00:00.000Z',
    };
  }

  #tree(): unknown[] {
    const files = Object.entries(this.options.files).map(([path, bytes]) => {
      const large = bytes.length >= (this.options.largeFrom ?? 1000);
      const lfs = { oid: etagOf(bytes, 0), size: bytes.length, pointerSize: 130 };
      return { type: 'file', path, oid: etagOf(bytes, Infinity), size: bytes.length, ...(large && { lfs }) };
    });
    return [...files, ...(this.options.extraEntries ?? [])];
  }

  #send(path: string, range: string | undefined, fault: Fault | undefined, response: http.ServerResponse): void {
    const whole = this.options.files[path];
    if (whole === undefined) {
      refuse(response, 404, 'EntryNotFound', 'Entry not found');
      return;
    }
    const start = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
    const partial = start !== undefined && fault?.kind !== 'no-ranges';
    if (partial && (fault?.kind === 'bad-range' || Number(start) >= whole.length)) {
      return void response.writeHead(416, { 'content-range': `bytes */${whole.length}` }).end();
    }
    let body = Buffer.from(whole.subarray(partial ? Number(start) : 0));
    if (fault?.kind === 'corrupt') body[0]! ^= 255;
    if (fault?.kind === 'resized') body = Buffer.concat([body, Buffer.alloc(Math.max(fault.by, 0))]);
    if (fault?.kind === 'resized' && fault.by < 0) body = body.subarray(0, fault.by);
    const total = whole.length + (fault?.kind === 'resized' ? fault.by : 0);
    response.writeHead(partial ? 206 : 200, {
      'content-type': 'application/octet-stream',
      etag: `"${this.etag(path)}"`,
      'x-repo-commit': this.commit,
      ...(partial && { 'content-range': `bytes ${start}-${total - 1}/${total}` }),
      ...(fault?.kind !== 'short' && { 'content-length': body.length }),
    });
    switch (fault?.kind) {
      case 'cut':
        // A client drops what it has not read yet when the connection breaks: it is given time to.
        response.write(body.subarray(0, fault.after), () => setTimeout(() => response.destroy(), 20));
        return;
      case 'short':
        return void response.end(body.subarray(0, fault.after));
      case 'stall':
        return void response.write(body.subarray(0, fault.after));
      case 'slow': {
        drip(response, body, fault.bytes, fault.delay);
        return;
      }
      default:
        response.end(body);
    }
  }
}

function drip(response: http.ServerResponse, body: Buffer, bytes: number, delay: number): void {
  if (response.destroyed) return;
  response.write(body.subarray(0, bytes));
  if (body.length <= bytes) return void response.end();
  setTimeout(() => drip(response, body.subarray(bytes), bytes, delay), delay);
}

function refuse(response: http.ServerResponse, status: number, code: string, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(code !== '' && { 'x-error-code': code }) });
  response.end(JSON.stringify({ error }));
}

/** The hash that names a content: sha256 of large files, git's sha1 of a blob of others. */
function etagOf(bytes: Uint8Array, largeFrom = 1000): string {
  if (bytes.length >= largeFrom) return createHash('sha256').update(bytes).digest('hex');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
