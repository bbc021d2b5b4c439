/**
 * Writes what a model says of a picture:
 *
 *     npm run example:caption -- HuggingFaceTB/SmolVLM2-256M-Video-Instruct cat.jpg "What is this?"
 *
 * Pictures are read by the package sharp. `--max-tokens 50` does what it says.
 */
import { parseArgs } from 'node:util';
import { UsageError } from 'meganeura';
import { loadPicture, SmolVLM2 } from 'meganeura/zoo';
import { downloadBar } from './shared/download.js';
import { run } from './shared/run.js';

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'max-tokens': { type: 'string', default: '100' } },
  });
  const [name, path, prompt = 'Describe this picture.'] = positionals;
  if (name === undefined || path === undefined) {
    throw new UsageError('npm run example:caption -- <repository or folder> <picture> ["prompt"]');
  }
  const picture = await loadPicture(path);
  const download = downloadBar();
  const model = await SmolVLM2.fromPretrained(name, { onProgress: download.onProgress, signal }).finally(download.end);
  const options = { images: [picture], maxNewTokens: Number(values['max-tokens']), signal };
  for await (const piece of model.generate(prompt, options)) process.stdout.write(piece);
  process.stdout.write('\n');
  model.dispose();
});
