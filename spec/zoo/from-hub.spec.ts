import { afterAll, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { buildSession, input, StateDictError, trace } from '../../lib/index.js';
import { HubError, SafeTensorsModel } from '../../lib/hub/index.js';
import { SmolLM2 } from '../../lib/zoo/index.js';
import { HubHarness, REPOSITORY } from '../hub/hub-harness.js';
import { checkpointVariant, removeVariants } from './checkpoint-variant.js';

const hub = new HubHarness();
afterAll(removeVariants);

const folder = path.resolve('spec/reference/generation/chat');
const files = Object.fromEntries(
  fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]),
);

async function written(model: SmolLM2): Promise<string> {
  let text = '';
  for await (const piece of model.generate('Why is the sky blue?', { maxNewTokens: 12 })) text += piece;
  model.dispose();
  return text;
}

test('a model is named by its repository, and writes what it does from a folder, offline too', async () => {
  await hub.start({ files });
  const bytes: number[] = [];
  const options = { ...hub.options, onProgress: ({ loadedBytes }: { loadedBytes: number }) => bytes.push(loadedBytes) };
  const text = await written(await SmolLM2.fromPretrained(REPOSITORY, options));
  expect(bytes.at(-1)).toBe(Object.values(files).reduce((sum, file) => sum + file.length, 0));
  expect(text).toBe(await written(await SmolLM2.fromPretrained(folder)));
  await hub.server.stop();
  expect(await written(await SmolLM2.fromPretrained(REPOSITORY, { ...hub.options, offline: true }))).toBe(text);
});

test('weights alone: one call downloads, one maps', async () => {
  await hub.start({ files });
  const weights = await SafeTensorsModel.download(REPOSITORY, hub.options);
  const model = SmolLM2.fromConfig((await weights.repository.json('config.json')) as object);
  const session = await buildSession(trace(model, { ids: input([1, 4], 'i32') }));
  await session.setParameters(weights);
  const { 'lm_head.weight': head } = await session.parameters();
  expect(head!.data).toEqual(await weights.read('lm_head.weight', 'f32'));
  session.dispose();
});

test('a configuration and weights that disagree are told apart, every name of them', async () => {
  const other = checkpointVariant(folder, {
    config: { intermediate_size: 40, num_hidden_layers: 3 },
    name: (name) => (name === 'model.norm.weight' ? 'model.norm.wight' : name),
  });
  const error: unknown = await SmolLM2.fromPretrained(other).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StateDictError);
  const { missing, unexpected, mismatched } = error as StateDictError;
  expect(missing).toHaveLength(1 + 16);
  expect(missing).toContain('model.layers.2.self_attn.q_proj.bias');
  expect(unexpected).toEqual(['model.norm.wight']);
  expect(mismatched).toHaveLength(2 * 5);
  for (const name of [...missing, ...unexpected]) expect((error as Error).message).toContain(`'${name}'`);
});

test('a download that is aborted leaves no model and no file that passes for whole', async () => {
  await hub.start({ files });
  const controller = new AbortController();
  const options = { ...hub.options, signal: controller.signal, onProgress: () => controller.abort() };
  const error: unknown = await SmolLM2.fromPretrained(REPOSITORY, options).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HubError);
  expect((error as HubError).reason).toBe('aborted');
  expect(await written(await SmolLM2.fromPretrained(REPOSITORY, hub.options))).toBe(
    await written(await SmolLM2.fromPretrained(folder)),
  );
});
