/**
 * Says what is to be seen on a picture:
 *
 *     npm run example:classify -- microsoft/resnet-50 cat.jpg
 *
 * Any checkpoint of a ResNet or ViT with a classifier will do. Pictures are read by the package sharp. `--top 3` prints
 * the three best classes, `--json` prints them as JSON.
 */
import { parseArgs } from 'node:util';
import { UsageError } from 'meganeura';
import { loadModel, loadPicture, ResNet, ViT } from 'meganeura/zoo';
import { downloadBar } from './shared/download.js';
import { run } from './shared/run.js';

const BAR = 30;

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { top: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
  });
  const [name, path] = positionals;
  if (name === undefined || path === undefined) {
    throw new UsageError('npm run example:classify -- <repository or folder> <picture> [--top 5] [--json]');
  }
  const picture = await loadPicture(path);
  const download = downloadBar();
  const model = await loadModel(name, { onProgress: download.onProgress, signal }).finally(download.end);
  if (!(model instanceof ResNet || model instanceof ViT)) {
    throw new UsageError(
      `${name} holds a ${model.constructor.name}, which classifies no pictures: name a ResNet or a ViT`,
    );
  }
  const best = await model.classify(picture, { topK: Number(values.top), signal });
  model.dispose();
  if (values.json) {
    console.log(JSON.stringify(best));
    return;
  }
  const width = Math.max(...best.map(({ label }) => label.length));
  for (const { label, probability } of best) {
    const percent = (100 * probability).toFixed(1).padStart(5);
    console.log(`${label.padEnd(width)} ${percent} % ${'█'.repeat(Math.round(BAR * probability))}`);
  }
});
