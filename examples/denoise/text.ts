import { RandomStream, UsageError } from 'meganeura';
import { loadSafetensors } from 'meganeura/hub';
import type { ShapedValues } from 'meganeura/zoo';

/** Embeddings of a prompt and of the empty one, each [1, S, features]. */
export interface Texts {
  readonly prompt: ShapedValues;
  readonly negativePrompt: ShapedValues;
}

/** Tokens that CLIP makes of every text. */
const TOKENS = 77;

/** From a file with the tensors `prompt` and `negative`, as a text encoder gave them. */
export async function readTexts(path: string): Promise<Texts> {
  const file = await loadSafetensors(path);
  const tensor = (name: string): ShapedValues => {
    if (file.has(name)) return { data: file.float32(name), shape: file.entry(name).shape };
    throw new UsageError(
      `${path}: there is no tensor '${name}'; it must have 'prompt' and 'negative', [1, tokens, features]`,
    );
  };
  return { prompt: tensor('prompt'), negativePrompt: tensor('negative') };
}

/** Noise that stands for texts: the model makes something of it, nobody knows what. */
export function madeUpTexts(features: number, seed: number): Texts {
  const shape = [1, TOKENS, features];
  const made = (stream: number): ShapedValues => {
    const random = new RandomStream(seed, stream);
    return { data: Float32Array.from({ length: TOKENS * features }, () => random.normal()), shape };
  };
  return { prompt: made(1), negativePrompt: made(2) };
}
