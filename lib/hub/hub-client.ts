import { HubError, type HubErrorReason } from './hub-error.js';
import { noteRetryAfter, Retry, type RetryPolicy } from './retry.js';
import { Watch } from './watch.js';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;
/** Of one answer that lists files, and of one that says why not. */
const MAX_LIST_BYTES = 2 ** 26;
const MAX_REFUSAL_BYTES = 2 ** 14;
/** Statuses of trouble that may pass: timeouts, too many requests, and whatever a server or what stands before it fails with. */
const MAY_PASS: readonly number[] = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524];

export interface ClientOptions extends RetryPolicy {
  readonly token: string | undefined;
  /** In place of the global one. */
  readonly fetch: typeof fetch | undefined;
  /** Milliseconds without an answer or data after which a connection is given up. */
  readonly stallTimeout: number;
}

export interface RequestOptions {
  /** What messages say was being done. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** An answer with a status below 300, or 416 where that was asked for; `chunks` must be gone through, or ended. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it comes. Throws HubError `network` when it is cut off or stalls, `aborted`. */
  readonly chunks: () => AsyncGenerator<Uint8Array, void>;
  /** Ends the request. */
  readonly cancel: () => void;
}

/** Talks to one Hub on behalf of one repository: the token goes to that server only, and into no message. */
export class HubClient {
  readonly #options: ClientOptions;
  readonly #origin: string;

  constructor(
    readonly hubUrl: string,
    /** `owner/name`. */
    readonly repository: string,
    options: ClientOptions,
  ) {
    this.#options = options;
    this.#origin = new URL(hubUrl).origin;
  }

  retry(signal: AbortSignal | undefined): Retry {
    return new Retry(this.#options, signal);
  }

  /**
   * Makes one request. Throws HubError: `network` for what may pass, else what the server's refusal means.
   */
  async request(url: string, options: RequestOptions): Promise<Answer> {
    const watch = new Watch(options.what, this.#options.stallTimeout, options.signal);
    try {
      const response = await this.follow(new URL(url), options, watch);
      if (!response.ok && response.status !== 416) throw await this.refusal(response, options, watch);
      return this.answer(response, options, watch);
    } catch (error) {
      watch.end();
      throw this.unreachable(error, options.what, url);
    }
  }

  /**
   * `fetch` for the package that lists repositories: tries again what may pass, and throws HubError for what does not.
   * `signal` ends all requests made by it.
   */
  fetchFor(what: string, signal: AbortSignal | undefined): typeof fetch {
    return async (url, init) => {
      const retry = this.retry(signal);
      const headers = Object.fromEntries(new Headers(init?.headers));
      for (;;) {
        try {
          const answer = await this.request(url instanceof Request ? url.url : String(url), { what, headers, signal });
          const chunks: BlobPart[] = [];
          let bytes = 0;
          for await (const chunk of answer.chunks()) {
            bytes += chunk.length;
            if (bytes > MAX_LIST_BYTES) throw new HubError('malformed', `${what}: the answer has no end`);
            chunks.push(new Uint8Array(chunk));
          }
          return new Response(new Blob(chunks), { status: answer.status, headers: answer.headers });
        } catch (error) {
          await retry.after(error);
        }
      }
    };
  }

  /** Redirects are followed here, so that the token goes to no other server. */
  private async follow(start: URL, { what, headers }: RequestOptions, watch: Watch): Promise<Response> {
    const { token, fetch: given } = this.#options;
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const authorization =
        token !== undefined && url.origin === this.#origin ? { Authorization: `Bearer ${token}` } : {};
      const get = (redirect: 'manual' | 'follow') =>
        watch.wait(
          (given ?? fetch)(url.href, { headers: { ...headers, ...authorization }, redirect, signal: watch.signal }),
        );
      let response = await get('manual');
      // Pages do not learn where to. Browsers drop the token themselves: https://fetch.spec.whatwg.org/#http-redirect-fetch
      if (response.type === 'opaqueredirect') response = await get('follow');
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return response;
      response.body?.cancel().catch(() => undefined);
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url.href);
    }
    throw new HubError('malformed', `${what}: the server redirects to nowhere, or in circles`);
  }

  private answer(response: Response, { what }: RequestOptions, watch: Watch): Answer {
    const reader = response.body?.getReader();
    const cancel = () => {
      watch.end();
      reader?.cancel().catch(() => undefined);
    };
    const unreachable = (error: unknown) => this.unreachable(error, what, response.url);
    async function* chunks(): AsyncGenerator<Uint8Array, void> {
      try {
        while (reader !== undefined) {
          const { done, value } = await watch.wait(reader.read()).catch((error: unknown) => {
            throw unreachable(error);
          });
          if (done) return;
          yield value;
        }
      } finally {
        cancel();
      }
    }
    return { status: response.status, headers: response.headers, chunks, cancel };
  }

  /** What an answer without success means. */
  private async refusal(response: Response, { what }: RequestOptions, watch: Watch): Promise<HubError> {
    const { status, headers } = response;
    const said = await this.said(response, watch);
    const about = `${what}: ${this.hubUrl} answered ${status}${said}`;
    if (MAY_PASS.includes(status)) {
      const hint = status === 429 ? '; wait, or give a token, which is allowed more requests' : '';
      return noteRetryAfter(new HubError('network', about + hint), headers.get('retry-after'));
    }
    const withToken = this.#options.token !== undefined;
    const howTo = 'give a token by { token }, the variable HF_TOKEN, or `hf auth login`';
    const page = `${this.hubUrl}/${this.repository}`;
    switch (status) {
      case 401:
        return new HubError(
          'unauthorized',
          withToken
            ? `${about}; the token was refused: make a new one at ${this.hubUrl}/settings/tokens, and see that it may read ${this.repository}`
            : `${about}; ${this.repository} is private or gated, or there is no such repository: ${howTo}`,
        );
      case 403:
        return new HubError(
          'forbidden',
          `${about}; ${withToken ? 'the account of the token' : 'without a token one'} may not read ${this.repository}: ` +
            `where it is gated, ask for access at ${page}${withToken ? '' : `, and ${howTo}`}`,
        );
      case 404:
      case 410: {
        const hint = withToken ? '' : `; if it is private, ${howTo}`;
        return new HubError(notFound(headers.get('x-error-code')), about + hint);
      }
      default:
        return new HubError('refused', about);
    }
  }

  /** What a server says besides the status, shortened. */
  private async said(response: Response, watch: Watch): Promise<string> {
    const header = response.headers.get('x-error-message') ?? '';
    const json = /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(await this.start(response, watch))?.[1];
    let text = header;
    try {
      if (text === '' && json !== undefined) text = String(JSON.parse(json));
    } catch {
      // No JSON after all: the status must do.
    }
    return text === '' ? '' : `, "${this.redacted(text).slice(0, 200)}"`;
  }

  /** The first bytes of a body as text; as far as they come. */
  private async start(response: Response, watch: Watch): Promise<string> {
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    try {
      while (reader !== undefined && text.length < MAX_REFUSAL_BYTES) {
        const { done, value } = await watch.wait(reader.read());
        if (done) break;
        text += decoder.decode(value, { stream: true });
      }
    } catch {
      // The status is what matters.
    }
    reader?.cancel().catch(() => undefined);
    return text;
  }

  /** Errors of `fetch` as HubError `network`; those that are one stay as they are. */
  private unreachable(error: unknown, what: string, url: string): unknown {
    if (error instanceof HubError) return error;
    const { message, cause } = error as { message?: unknown; cause?: { code?: unknown; message?: unknown } };
    const why = this.redacted(String(cause?.code ?? cause?.message ?? message));
    // Without the query: addresses of storage are signed there, and whoever has them can read.
    const server = URL.canParse(url) ? new URL(url).host : this.hubUrl;
    const { token } = this.#options;
    const secret =
      token !== undefined && [error, cause].some((part) => String((part as Error | undefined)?.stack).includes(token));
    return new HubError(
      'network',
      `${what}: the connection to ${server} failed: ${why}; check the network, or use what is in the cache by { offline: true }`,
      secret ? {} : { cause: error },
    );
  }

  private redacted(text: string): string {
    const { token } = this.#options;
    return token === undefined ? text : text.replaceAll(token, '<token>');
  }
}

/** The Hub's codes; mirrors may leave them out. */
function notFound(code: string | null): HubErrorReason {
  switch (code) {
    case 'RevisionNotFound':
      return 'revision-not-found';
    case 'EntryNotFound':
      return 'file-not-found';
    default:
      return 'repository-not-found';
  }
}
