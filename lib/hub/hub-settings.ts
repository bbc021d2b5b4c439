/** What the environment says of the Hub: the variables and files of Python's huggingface_hub. In pages there are none. */
import { HubError } from './hub-error.js';
import { environmentVariable, nodeModule } from '../ir/node-modules.js';

const DEFAULT_URL = 'https://huggingface.co';

/**
 * The address of the Hub, without a `/` at its end: the option, else `HF_ENDPOINT`, else huggingface.co.
 * @throws {HubError} `invalid-name`, for what is no address of a web server, or holds a user or a password.
 */
export function hubAddress(option: string | undefined): string {
  const text = (option ?? environmentVariable('HF_ENDPOINT') ?? DEFAULT_URL).replace(/\/+$/, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new HubError('invalid-name', `hubUrl must be an address such as ${DEFAULT_URL}, got '${text.slice(0, 80)}'`);
  }
  // Not shown: it is a secret.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new HubError('invalid-name', `hubUrl: give ${url.host} without user, password or query; use { token }`);
  }
  return text;
}

/** Whether no network may be used: the option, else `HF_HUB_OFFLINE`. */
export function isOffline(option: boolean | undefined): boolean {
  return option ?? (isTrue('HF_HUB_OFFLINE') || isTrue('TRANSFORMERS_OFFLINE'));
}

/**
 * The token to send: the option, else `HF_TOKEN`, else the file that `hf auth login` writes. False sends none.
 * @throws {HubError} `unauthorized`, for a token that no header can hold; it is not shown.
 */
export async function accessToken(option: string | false | undefined): Promise<string | undefined> {
  if (option === false || (option === undefined && isTrue('HF_HUB_DISABLE_IMPLICIT_TOKEN'))) return undefined;
  const variable = environmentVariable('HF_TOKEN') ?? environmentVariable('HUGGING_FACE_HUB_TOKEN');
  const token = (option ?? variable ?? (await tokenFile()))?.trim();
  if (token === undefined || token === '') return undefined;
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  throw new HubError('unauthorized', 'the token holds spaces or characters beyond ASCII: it is no token of the Hub');
}

/**
 * The folder of the cache: the option, else `HF_HUB_CACHE`, else `hub` in `HF_HOME`, by default
 * `~/.cache/huggingface/hub`. Node only.
 */
export function cacheFolder(option: string | undefined): string {
  if (option !== undefined) return expanded(option);
  const given = environmentVariable('HF_HUB_CACHE') ?? environmentVariable('HUGGINGFACE_HUB_CACHE');
  return given === undefined ? joined(home(), 'hub') : expanded(given);
}

function home(): string {
  const given = environmentVariable('HF_HOME');
  if (given !== undefined) return expanded(given);
  const cache = environmentVariable('XDG_CACHE_HOME');
  return joined(cache === undefined ? joined(userHome(), '.cache') : expanded(cache), 'huggingface');
}

async function tokenFile(): Promise<string | undefined> {
  const fs = nodeModule('node:fs/promises');
  if (fs === undefined) return undefined;
  const given = environmentVariable('HF_TOKEN_PATH');
  const path = given === undefined ? joined(home(), 'token') : expanded(given);
  // Without it, and where it may not be read, there is no token: what needs one says so.
  return fs.readFile(path, 'utf8').catch(() => undefined);
}

/** `~` and variables, as Python's expanduser and expandvars have them. */
function expanded(path: string): string {
  return path
    .replace(/^~(?=$|[\\/])/, () => userHome())
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (text, plain?: string, braced?: string) => {
      return environmentVariable(plain ?? braced ?? '') ?? text;
    });
}

function userHome(): string {
  return nodeModule('node:os')?.homedir() ?? '~';
}

function joined(...parts: readonly string[]): string {
  return nodeModule('node:path')?.join(...parts) ?? parts.join('/');
}

function isTrue(variable: string): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(environmentVariable(variable)?.toUpperCase() ?? '');
}
