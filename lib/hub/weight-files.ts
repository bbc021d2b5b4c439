/** Which files of a repository hold its weights, and what each tensor lies in. */
import { HubError } from './hub-error.js';
import { safePath } from './paths.js';
import type { FetchOptions, Repository } from './repository.js';
import { quote } from './strict-json.js';

/** Names that weights have, of transformers and of diffusers, first of all those that are looked for. */
const WEIGHTS = ['model.safetensors', 'diffusion_pytorch_model.safetensors'] as const;
const INDEX = '.index.json';

export interface WeightFiles {
  /** Paths of the safetensors files. */
  readonly files: readonly string[];
  /** The file that says where each tensor is, where there are several, and what it says: names of tensors to paths. */
  readonly index?: { readonly path: string; readonly places: ReadonlyMap<string, string> };
}

/**
 * Finds the weights of a repository: one file, or the shards that an index lists.
 * @param wanted The file or the index, for weights that are not named as transformers and diffusers name them.
 * @throws {HubError} `file-not-found`; `missing-shard`, naming all; `malformed` and `unsafe-path` for an index.
 */
export async function findWeights(
  repository: Repository,
  wanted: string | undefined,
  options: FetchOptions,
): Promise<WeightFiles> {
  const candidates = wanted === undefined ? WEIGHTS.flatMap((name) => [name, name + INDEX]) : [wanted];
  const path = candidates.find((name) => repository.has(name));
  if (path === undefined) throw notFound(repository, candidates);
  if (!path.endsWith(INDEX)) return { files: [path] };
  const places = parseIndex(await repository.json(path, options), path, `${repository.name}/${path}`);
  const files = [...new Set(places.values())].sort();
  const missing = files.filter((file) => !repository.has(file));
  if (missing.length > 0) {
    throw repository.missing(
      'missing-shard',
      `${repository.name}: ${path} lists ${files.length} files, of which ${missing.length} are missing: ` +
        `${missing.join(', ')}; get them, or the whole repository again`,
    );
  }
  return { files, index: { path, places } };
}

/** Files are named as seen from the folder of the index. */
function parseIndex(json: unknown, path: string, where: string): Map<string, string> {
  const fail = (problem: string): never => {
    throw new HubError('malformed', `${where}: ${problem}; get it again`);
  };
  const map = isRecord(json) ? json['weight_map'] : undefined;
  if (!isRecord(map)) return fail('expected an object with weight_map, names of tensors to names of files');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const places = new Map<string, string>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string') return fail(`expected the name of a file for tensor ${quote(tensor)}`);
    places.set(tensor, folder + safePath(file, where));
    if (!file.endsWith('.safetensors')) return fail(`expected names of safetensors files, got ${quote(file)}`);
  }
  return places.size > 0 ? places : fail('expected a weight_map that is not empty');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notFound(repository: Repository, candidates: readonly string[]): HubError {
  const others = repository.files.filter((file) => /\.safetensors(?:\.index\.json)?$/.test(file));
  const pickled = repository.files.filter((file) => /(?:^|\/)[^/]*\.(?:bin|pt|pth|ckpt|h5|msgpack|gguf)$/.test(file));
  const hint =
    others.length > 0
      ? `there ${others.length === 1 ? 'is' : 'are'} ${others.slice(0, 8).join(', ')}: name the file with ` +
        `{ weights }, its folder with { folder }`
      : pickled.length > 0
        ? `there is ${pickled[0]}, which is not read: convert it to safetensors`
        : `its files are ${repository.files.slice(0, 8).join(', ') || 'none'}`;
  const message = `${repository.name}: there are no weights in it, which are ${candidates.join(' or ')}; ${hint}`;
  return repository.missing('file-not-found', message);
}
