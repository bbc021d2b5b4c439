/** Bundlers that know `new URL(…, import.meta.url)` copy the file and rewrite the address. */
const defaultUrl = () => new URL('../generated/egglog_bg.wasm', import.meta.url);

/**
 * Compiles the module from a URL, a Response, bytes or a module; from the file beside this package without any.
 * Kinds are told by tag, not by `instanceof`: values may come from another realm.
 */
export async function compile(source) {
  const given = (await source) ?? defaultUrl();
  const kind = typeof given === 'string' ? 'URL' : Object.prototype.toString.call(given).slice('[object '.length, -1);
  switch (kind) {
    case 'URL':
      return isFileInNode(given) ? WebAssembly.compile(await readFile(given)) : compileResponse(await fetch(given));
    case 'Response':
      return compileResponse(given);
    case 'WebAssembly.Module':
      return given;
    default:
      return WebAssembly.compile(given);
  }
}

async function compileResponse(response) {
  if (!response.ok) throw new Error(`egglog-wasm: ${response.url}: ${response.status} ${response.statusText}`);
  const streamable = WebAssembly.compileStreaming && response.headers.get('content-type') === 'application/wasm';
  return streamable ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Node's `fetch` does not open files. */
function isFileInNode(url) {
  return String(url).startsWith('file:') && typeof process === 'object' && Boolean(process.versions?.node);
}

async function readFile(url) {
  // Put together here, so that bundlers for browsers do not look for it.
  const name = ['node:fs', 'promises'].join('/');
  const fs = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return fs.readFile(new URL(url));
}
