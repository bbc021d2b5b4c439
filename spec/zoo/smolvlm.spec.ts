import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { buildSession, input, trace } from '../../lib/index.js';
import { SmolVLM2 } from '../../lib/zoo/index.js';
import { Reference } from './reference.js';

const reference = new Reference('smolvlm2-tiny');

/** Of the stored pictures those that are not all 0: transformers leaves the others out, as they fill up a batch. */
function pictures(): { data: Float32Array; shape: [number, number, number, number] } {
  const [batch, images, ...size] = reference.shape('input.pixel_values') as [number, number, number, number, number];
  const all = reference.floats('input.pixel_values');
  const elements = size[0] * size[1] * size[2];
  const each = Array.from({ length: batch * images }, (_, i) => all.subarray(i * elements, (i + 1) * elements));
  const real = each.filter((picture) => picture.some((value) => value !== 0));
  return { data: Float32Array.from(real.flatMap((picture) => Array.from(picture))), shape: [real.length, ...size] };
}

describe('smolvlm2-tiny', () => {
  test('gives the logits, the loss and the gradients of transformers', async () => {
    const model = await SmolVLM2.fromPretrained(reference.folder);
    const [batch, length] = reference.shape('input.input_ids') as [number, number];
    const { data, shape } = pictures();
    const inputs = {
      ids: input([batch, length], 'i32'),
      labels: input([batch, length], 'i32'),
      pixelValues: input(shape),
    };
    const graph = trace(model, inputs, ({ ids, labels, pixelValues }) => ({
      vision: model.model.visionModel.forward(pixelValues),
      features: model.imageFeatures(pixelValues),
      logits: model.forward(ids, { pixelValues }),
      loss: model.loss(ids, labels, { pixelValues }),
    }));
    const session = await buildSession(graph, { gradients: true });
    const feeds = { ids: reference.integers('input.input_ids'), labels: reference.integers('input.labels') };
    session.step({ ...feeds, pixelValues: data });
    reference.expectClose(await session.read('vision'), 'intermediate.vision_last_hidden_state');
    reference.expectClose(await session.read('features'), 'output.image_features');
    reference.expectClose(await session.read('logits'), 'output.logits');
    reference.expectLoss(await session.read('loss'));
    await reference.expectGradients(session);
    session.dispose();
  });

  test('reads configurations of old and new spelling alike', () => {
    const read = (name: string) =>
      SmolVLM2.parseConfig(JSON.parse(fs.readFileSync(`${reference.folder}/${name}`, 'utf8')));
    expect(read('config.v4.json')).toEqual(read('config.json'));
  });
});
