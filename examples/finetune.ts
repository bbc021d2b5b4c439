/**
 * Fine-tunes a language model on the text of a file, by adapters of low rank (LoRA), and shows what it writes before and after:
 *
 *     npm run example:finetune -- HuggingFaceTB/SmolLM2-135M shakespeare.txt
 *
 * Writes the adapter to out/finetune, in the form that PEFT reads. `--full` trains all weights, and writes the whole model.
 * `--targets q_proj,v_proj`, `--rank 8`, `--alpha 16`, `--epochs 1`, `--batch 4`, `--length 128` (tokens a sample),
 * `--learning-rate 1e-3`, `--prompt "Once"`, `--max-tokens 60` (0: shows nothing), `--seed 1` and `--out folder` do what they
 * say.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSession, input, manualSeed, trace, UsageError, type Session } from 'meganeura';
import { saveParameters } from 'meganeura/hub';
import { adamW, Batches, cosineSchedule, lora, saveLora, Trainer } from 'meganeura/train';
import { SmolLM2 } from 'meganeura/zoo';
import { readText, samplesOf } from './finetune/text.js';
import { downloadBar } from './shared/download.js';
import { run } from './shared/run.js';

await run(async (signal) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      targets: { type: 'string', default: 'q_proj,v_proj' },
      rank: { type: 'string', default: '8' },
      alpha: { type: 'string', default: '16' },
      epochs: { type: 'string', default: '1' },
      batch: { type: 'string', default: '4' },
      length: { type: 'string', default: '128' },
      'learning-rate': { type: 'string' },
      prompt: { type: 'string' },
      'max-tokens': { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'out/finetune' },
    },
  });
  const [name, file] = positionals;
  if (name === undefined || file === undefined) {
    throw new UsageError('npm run example:finetune -- <repository or folder> <text file>');
  }
  const [epochs, batch, seed] = [values.epochs, values.batch, values.seed].map(Number) as [number, number, number];
  const { full, out } = values;
  if (path.resolve(out) === path.resolve(name)) throw new UsageError('--out is the folder of the model itself');

  const text = await readText(file);
  const download = downloadBar();
  const model = await SmolLM2.fromPretrained(name, { onProgress: download.onProgress, signal }).finally(download.end);
  const generator = await model.createGenerator();
  const ids = [...generator.encode(text, { chat: false })];
  generator.dispose();
  const samples = samplesOf(ids, { length: Number(values.length), batch, most: model.config.maxPositions });

  manualSeed(seed);
  const adapters = full
    ? undefined
    : lora(model, {
        targets: values.targets.split(',').map((end) => `*.${end}`),
        rank: Number(values.rank),
        alpha: Number(values.alpha),
      });
  const batches = new Batches({ ids: samples }, { size: batch, shuffle: true, seed });
  // No decay for norms and biases, where weights are trained; else nothing but the adapters.
  const groups = adapters ? [adapters.frozen] : [{ parameters: /norm\.weight$|bias$/, weightDecay: 0 }];
  const learningRate = Number(values['learning-rate'] ?? (full ? 1e-4 : 1e-3));
  const graph = trace(model, { ids: input([batch, samples.shape[1]], 'i32') }, ({ ids }) => ({
    loss: model.loss(ids, ids),
  }));
  using session = await buildSession(graph, {
    optimizer: adamW({ learningRate, groups }),
    clip: { norm: 1 },
    signal,
  });
  const trained = adapters?.parameterCount() ?? model.parameterCount();
  console.log(
    `${ids.length} tokens; ${trained.toLocaleString('en-US')} of ${model.parameterCount().toLocaleString('en-US')} parameters are trained`,
  );

  const maxNewTokens = Number(values['max-tokens']);
  const prompt = values.prompt ?? text.trimStart().slice(0, 24);
  /** With the weights that are being trained: nothing is copied. */
  const write = async (title: string) => {
    if (maxNewTokens === 0) return;
    const contextLength = Math.min(512, model.config.maxPositions);
    const sampling = { maxNewTokens, chat: false, temperature: 0, endTokens: [] };
    let written = '';
    for await (const piece of model.generate(prompt, { ...sampling, contextLength, weights: session, signal })) {
      written += piece;
    }
    console.log(`\n${title}: ${prompt}▸${written}`);
  };

  await write('before');
  const steps = epochs * Math.floor(batches.samples / batch);
  const trainer = new Trainer(session, {
    epochs,
    learningRate: cosineSchedule({ learningRate, warmupSteps: Math.floor(steps / 10), totalSteps: steps }),
  });
  const { losses, seconds } = await trainer.fit(batches, { signal });
  await write('after');
  const [first, last] = [losses[0]!, losses.at(-1)!];
  console.log(`\nloss ${first.toFixed(3)} → ${last.toFixed(3)} in ${losses.length} steps, ${seconds.toFixed(1)} s`);

  if (adapters) await saveLora(adapters, out, { weights: session, baseModel: name, taskType: 'CAUSAL_LM' });
  else await saveModel(model, session, out);
  console.log(`wrote ${out}`);
  model.dispose();
});

/** Weights, configuration and tokenizer: a folder that `fromPretrained` takes. */
async function saveModel(model: SmolLM2, session: Session, out: string): Promise<void> {
  await fs.mkdir(out, { recursive: true });
  await saveParameters(session, path.join(out, 'model.safetensors'), { format: 'pt' });
  const files = model.repository?.files.filter((file) => /^[^/]+\.(?:json|jinja|txt)$/.test(file)) ?? [];
  for (const file of files.filter((name) => !name.endsWith('.index.json'))) {
    await fs.writeFile(path.join(out, file), await model.repository!.bytes(file));
  }
}
