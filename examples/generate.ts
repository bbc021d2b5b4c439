/**
 * Writes what a language model answers:
 *
 *     npm run example:generate -- HuggingFaceTB/SmolLM2-135M-Instruct "Why is the sky blue?"
 *
 * `--max-tokens 50`, `--temperature 0.7`, `--top-p 0.9`, `--seed 1` do what they say; `--plain` continues the text in place of
 * answering it; `--tokens` takes and prints token ids, for checkpoints without a tokenizer.
 */
import { parseArgs } from 'node:util';
import { UsageError } from 'meganeura';
import { SmolLM2 } from 'meganeura/zoo';
import { downloadBar } from './shared/download.js';
import { run } from './shared/run.js';

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'max-tokens': { type: 'string', default: '200' },
      temperature: { type: 'string' },
      'top-p': { type: 'string' },
      seed: { type: 'string' },
      plain: { type: 'boolean', default: false },
      tokens: { type: 'boolean', default: false },
    },
  });
  const [name, prompt] = positionals;
  if (name === undefined || prompt === undefined) {
    throw new UsageError('npm run example:generate -- <repository or folder> "prompt"');
  }
  const download = downloadBar();
  const model = await SmolLM2.fromPretrained(name, { onProgress: download.onProgress, signal }).finally(download.end);
  const options = {
    maxNewTokens: Number(values['max-tokens']),
    ...(values.temperature !== undefined && { temperature: Number(values.temperature) }),
    ...(values['top-p'] !== undefined && { topP: Number(values['top-p']) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.plain && { chat: false }),
    signal,
  };
  const start = performance.now();
  let first = 0;
  let count = 0;
  const show = (text: string) => {
    if (count++ === 0) first = performance.now();
    process.stdout.write(text);
  };
  if (values.tokens) {
    const ids = prompt.split(/[\s,]+/).map(Number);
    for await (const token of model.generateTokens(ids, options)) show(`${token} `);
  } else {
    for await (const piece of model.generate(prompt, options)) show(piece);
  }
  process.stdout.write('\n');
  const seconds = (performance.now() - first) / 1000;
  const rate = count > 1 ? `, then ${((count - 1) / seconds).toFixed(1)} pieces a second` : '';
  console.error(`first piece after ${((first - start) / 1000).toFixed(1)} s, compilation included${rate}`);
  model.dispose();
});
