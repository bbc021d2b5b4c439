import { readFileSync } from 'node:fs';
import { Tokenizer } from '../../../lib/zoo/text/tokenizer.js';

/** As SmolLM2's, BERT's, Llama 2's and 3's, CLIP's and T5's. */
export type TokenizerKind = 'bpe' | 'wordpiece' | 'sentencepiece' | 'llama3' | 'clip' | 'unigram';

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** One of the tokenizers that Python made. */
export function tinyTokenizer(kind: TokenizerKind): Promise<Tokenizer> {
  const folder = `spec/reference/tokenizers/${kind}`;
  return Tokenizer.create({
    tokenizer: readJson(`${folder}/tokenizer.json`),
    config: readJson(`${folder}/tokenizer_config.json`),
    name: kind,
  });
}
