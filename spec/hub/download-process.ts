/** A process that downloads a model: `tsx download-process.ts <options as JSON>`. Prints what became of it. */
import { SafeTensorsModel, type DownloadOptions } from '../../lib/hub/safetensors-model.js';
import { miscounted } from './tiny-model.js';

const { repository, count, ...options } = JSON.parse(process.argv[2]!) as DownloadOptions & {
  repository: string;
  count: number;
};
const model = await SafeTensorsModel.download(repository, {
  ...options,
  onProgress: ({ loadedBytes, file }) => {
    process.stdout.write(`${file} ${loadedBytes}\n`);
  },
});
const wrong = miscounted(await model.read('weight', 'f32'), count);
process.stdout.write(`done ${wrong}\n`);
