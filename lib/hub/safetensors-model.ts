import { checkedOptions } from '../dsl/emit.js';
import type { WeightSource } from '../dsl/weights.js';
import type { DType } from '../ir/dtype.js';
import { closeNames } from '../ir/errors.js';
import type { TypedArray } from '../ir/typed-array.js';
import { HubError, throwIfAborted } from './hub-error.js';
import { HUB_OPTIONS, isLocal, openHub, openLocal, type HubOptions } from './open-repository.js';
import type { FetchOptions, Repository } from './repository.js';
import { SafetensorsError } from './safetensors-error.js';
import { SafetensorsFile } from './safetensors-file.js';
import type { TensorEntry } from './safetensors-header.js';
import { findWeights, type WeightFiles } from './weight-files.js';

/** Options of {@link SafeTensorsModel.load}. */
export interface LoadOptions {
  /** The file of the weights, or the index of several, where they are not named as transformers or diffusers do it. */
  weights?: string | undefined;
  /** A folder in the repository that holds the model: `unet` of a diffusion pipeline. */
  folder?: string | undefined;
  /** Ends the download when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link SafeTensorsModel.download}. */
export type DownloadOptions = HubOptions & LoadOptions;

const LOAD_OPTIONS = ['weights', 'folder', 'signal'] as const;

/** Files besides the weights that a model needs: configurations, tokenizers, chat templates. */
const COMPANIONS = /^[^/]+\.(?:json|txt|model|jinja)$/;

/**
 * The weights of a model in safetensors files, whose tensors are read one at a time, and the files that came with them.
 * Give it to `module.loadStateDict` or `session.setParameters`. Files are open only while they are read.
 */
export class SafeTensorsModel implements WeightSource {
  /** By name, over all files. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** What the files say of themselves, as `{ format: 'pt' }`. */
  readonly metadata: ReadonlyMap<string, string>;

  private constructor(
    /** The files that the weights came with: `config.json`, `tokenizer.json`. */
    readonly repository: Repository,
    files: readonly SafetensorsFile[],
    private readonly places: ReadonlyMap<string, SafetensorsFile>,
  ) {
    this.tensors = new Map([...places].map(([name, file]) => [name, file.entries.get(name)!]));
    this.metadata = new Map(files.flatMap((file) => [...file.metadata]));
  }

  /**
   * Downloads a model from the Hub: weights, configurations and tokenizer; what the cache has is not downloaded again.
   * In Node files are kept in the cache folder that Python's huggingface_hub uses, in a page in its Cache API.
   *
   * @param name `owner/name`.
   * @throws {HubError} `reason` says why.
   * @throws {SafetensorsError} When a file breaks the format.
   */
  static async download(name: string, options: DownloadOptions = {}): Promise<SafeTensorsModel> {
    checkedOptions('SafeTensorsModel.download', [...HUB_OPTIONS, ...LOAD_OPTIONS], options);
    return SafeTensorsModel.from(await openHub(name, options), options);
  }

  /**
   * Opens the weights in a local folder, or in one safetensors file. Node only.
   * @throws {HubError} `reason` says why.
   * @throws {SafetensorsError} When a file cannot be read or breaks the format.
   */
  static async load(path: string, options: LoadOptions = {}): Promise<SafeTensorsModel> {
    checkedOptions('SafeTensorsModel.load', LOAD_OPTIONS, options);
    const { repository, file } = await openLocal(path);
    return SafeTensorsModel.from(repository, file === undefined ? options : { ...options, weights: file });
  }

  /** Loads what is a folder or a file here, else downloads from the Hub. Throws as those two do. */
  static async open(pathOrName: string, options: DownloadOptions = {}): Promise<SafeTensorsModel> {
    checkedOptions('SafeTensorsModel.open', [...HUB_OPTIONS, ...LOAD_OPTIONS], options);
    if (!(await isLocal(pathOrName))) return SafeTensorsModel.download(pathOrName, options);
    const { weights, folder, signal } = options;
    return SafeTensorsModel.load(pathOrName, { weights, folder, signal });
  }

  /** The weights of a repository that is open. Throws as {@link SafeTensorsModel.download} does. */
  static async from(opened: Repository, options: LoadOptions & FetchOptions = {}): Promise<SafeTensorsModel> {
    const repository = options.folder === undefined ? opened : opened.folder(options.folder);
    const weights = await findWeights(repository, options.weights, { signal: options.signal });
    const companions = repository.files.filter((path) => COMPANIONS.test(path));
    const wanted = [...new Set([...companions, ...weights.files])];
    await repository.fetch(wanted, { onProgress: options.onProgress, signal: options.signal });
    const files: SafetensorsFile[] = [];
    for (const path of weights.files) files.push(await SafetensorsFile.open(await repository.open(path)));
    throwIfAborted(options.signal, `${repository.name}: opening the weights`);
    return new SafeTensorsModel(repository, files, placesOf(repository, weights, files));
  }

  /** The repository or the folder. */
  get name(): string {
    return this.repository.name;
  }

  /**
   * The values of a tensor, row-major: F16 and BF16 for the same dtype as their bits, else as f32 values; F64 rounded;
   * integers as they are, of other widths where they fit. Only this tensor is in the host's memory.
   *
   * @throws {SafetensorsError} For an unknown name, a dtype that it cannot be converted to, or a file that cannot be read.
   */
  async read(name: string, dtype: DType): Promise<TypedArray | Uint16Array> {
    return this.fileOf(name).readValues(name, dtype);
  }

  /**
   * Checks, from the header alone, that `read` could give these values.
   * @throws {SafetensorsError} For an unknown name, or a dtype that the tensor is not converted to.
   */
  checkValues(name: string, dtype: DType): void {
    this.fileOf(name).checkValues(name, dtype);
  }

  private fileOf(name: string): SafetensorsFile {
    const file = this.places.get(name);
    if (file !== undefined) return file;
    const close = closeNames(name, this.places.keys()).map((known) => JSON.stringify(known));
    const hint = close.length > 0 ? `; close: ${close.join(', ')}` : '';
    throw new SafetensorsError(this.name, `there is none of that name among ${this.places.size}${hint}`, name);
  }
}

/** The file of each tensor: an index and the files that it lists must say the same. */
function placesOf(
  repository: Repository,
  { files: paths, index }: WeightFiles,
  files: readonly SafetensorsFile[],
): Map<string, SafetensorsFile> {
  const places = new Map<string, SafetensorsFile>();
  for (const [i, file] of files.entries()) {
    for (const name of file.entries.keys()) {
      // A shard may hold more than the index lists.
      if ((index?.places.get(name) ?? paths[i]) === paths[i]) places.set(name, file);
    }
  }
  const lost = index === undefined ? [] : [...index.places].filter(([name]) => !places.has(name));
  if (lost.length === 0) return places;
  const shown = lost.slice(0, 4).map(([name, path]) => `'${name}' in ${path}`);
  throw new HubError(
    'missing-shard',
    `${repository.name}: ${index?.path} lists tensors that the files do not hold: ${shown.join(', ')}` +
      `${lost.length > shown.length ? ` and ${lost.length - shown.length} more` : ''}; get the repository again`,
  );
}
