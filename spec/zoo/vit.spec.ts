import { afterAll, describe, expect, test } from '@jest/globals';
import { buildInferenceSession, input, softmax, StateDictError, trace, UsageError } from 'meganeura';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { ImageProcessor } from '../../lib/zoo/image/image-processor.js';
import { PictureError, type Picture } from '../../lib/zoo/image/picture.js';
import { encodePng } from '../../lib/zoo/image/png.js';
import { ViT } from '../../lib/zoo/vit/model.js';
import { checkpointVariant, removeVariants } from './checkpoint-variant.js';
import { Reference } from './reference.js';

const reference = new Reference('vit-tiny');
const shape = [...reference.shape('input.pixel_values')] as [number, number, number, number];
const pixels = reference.floats('input.pixel_values');

afterAll(removeVariants);

/** The output of that name for the reference's pixels. */
async function outputOf(
  model: ViT,
  name: 'lastHiddenState' | 'poolerOutput',
  { freeze }: { freeze?: boolean } = {},
): Promise<Float32Array> {
  const graph = trace(model, { pixels: input(shape) }, (given) => model.forward(given.pixels));
  using session = await buildInferenceSession(graph, { outputs: [name], ...(freeze && { freeze }) });
  session.step({ pixels });
  return await session.read(name);
}

test('agrees with the reference', async () => {
  const model = await ViT.fromPretrained(reference.folder);
  reference.expectClose(await outputOf(model, 'poolerOutput'), 'output.pooler_output');
  reference.expectClose(await outputOf(model, 'lastHiddenState', { freeze: true }), 'output.last_hidden_state');
});

/** The reference as a classifier: the pooler serves as one, so that its logits are the pooler's output before the tanh. */
const asClassifier = (files: Readonly<Record<string, unknown>> = {}) =>
  checkpointVariant(reference.folder, {
    name: (name) => (name.startsWith('pooler.dense') ? name.replace('pooler.dense', 'classifier') : `vit.${name}`),
    config: {
      architectures: ['ViTForImageClassification'],
      id2label: Object.fromEntries(
        Array.from({ length: reference.shape('output.pooler_output')[1]! }, (_, i) => [i, `class ${i}`]),
      ),
    },
    files,
  });

describe('checkpoints of other classes', () => {
  test('a classifier has its weights under vit., and no pooler', async () => {
    const model = await ViT.fromPretrained(asClassifier());
    const graph = trace(model, { pixels: input(shape) }, (given) => ({ logits: model.logits(given.pixels) }));
    using session = await buildInferenceSession(graph);
    session.step({ pixels });
    reference.expectClose((await session.read('logits')).map(Math.tanh), 'output.pooler_output');
    expect(model.labels?.[3]).toBe('class 3');
  });

  test('a model without pooler gives none; one saved within another is found', async () => {
    const folder = checkpointVariant(reference.folder, {
      name: (name) => (name.startsWith('pooler') ? undefined : `vit.${name}`),
    });
    const model = await ViT.fromPretrained(folder);
    trace(model, { pixels: input(shape) }, (given) => {
      const output = model.forward(given.pixels);
      expect(Object.keys(output)).toEqual(['lastHiddenState']);
      return output;
    });
    expect(() => trace(model, { pixels: input(shape) }, (given) => ({ logits: model.logits(given.pixels) }))).toThrow(
      UsageError,
    );
    await expect(model.classify('picture.png')).rejects.toThrow('the model has no classifier');
  });

  test('weights that are missing are listed', async () => {
    const folder = checkpointVariant(reference.folder, { name: (name) => (/layernorm/.test(name) ? undefined : name) });
    const error: unknown = await ViT.fromPretrained(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateDictError);
    expect((error as StateDictError).missing).toEqual(
      expect.arrayContaining(['layernorm.weight', 'encoder.layer.0.layernorm_before.bias']),
    );
  });
});

describe('classify', () => {
  /** A picture with a gradient. */
  const picture = (width: number, height: number, step: number): Picture => ({
    width,
    height,
    data: Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => (i * step) % 256),
  });
  const pictures = [picture(20, 30, 7), picture(41, 33, 3)];
  const preprocessing = {
    image_processor_type: 'ViTImageProcessor',
    size: { height: shape[2], width: shape[3] },
    image_mean: [0.5, 0.4, 0.3],
    image_std: [0.5, 0.6, 0.7],
  };

  test('gives the likeliest classes of pictures, and reuses sessions', async () => {
    const model = await ViT.fromPretrained(asClassifier({ 'preprocessor_config.json': preprocessing }));
    const given = ImageProcessor.fromConfig(preprocessing).process(pictures);
    const graph = trace(model, { pixels: input([2, 3, shape[2], shape[3]]) }, (of) => ({
      probabilities: softmax(model.logits(of.pixels)),
    }));
    using session = await buildInferenceSession(graph);
    session.step({ pixels: given.data });
    const expected = await session.read('probabilities');
    const classes = expected.length / 2;

    const both = await model.classify(pictures, { topK: classes });
    expect(both).toHaveLength(2);
    both.forEach((classified, i) => {
      expect(classified).toHaveLength(classes);
      for (const [place, { label, index, probability }] of classified.entries()) {
        expect(label).toBe(`class ${index}`);
        expect(probability).toBeCloseTo(expected[i * classes + index]!, 5);
        expect(probability).toBeLessThanOrEqual(classified[place - 1]?.probability ?? 1);
      }
    });
    const png = await encodePng(pictures[1]!);
    const alone = await model.classify(png, { topK: 2 });
    expect(alone.map(({ index }) => index)).toEqual(both[1]!.slice(0, 2).map(({ index }) => index));
    expect(await model.classify([])).toEqual([]);
    await expect(model.classify(Uint8Array.of(1, 2, 3))).rejects.toThrow(PictureError);
    await expect(model.classify(png, { topK: 0 })).rejects.toThrow('topK must be a number of classes, at least 1');
    await expect(model.classify(png, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    model.dispose();
  });

  test('asks for the configuration of the preprocessing', async () => {
    const model = await ViT.fromPretrained(asClassifier());
    await expect(model.classify(pictures[0]!)).rejects.toThrow('has no preprocessor_config.json');
  });
});

describe('configurations', () => {
  // ViTModel(ViTConfig()) and ViTForImageClassification with 1000 classes, of transformers.
  test.each([
    [{}, 86_389_248],
    [{ architectures: ['ViTForImageClassification'], num_labels: 1000 }, 86_567_656],
  ])('%j has %i parameters', (config, count) => {
    expect(ViT.fromConfig(config).parameterCount()).toBe(count);
  });

  test('images of another size are refused, as the positions are for one', () => {
    const model = ViT.fromConfig({ hidden_size: 8, num_attention_heads: 2, image_size: [8, 16], patch_size: 4 });
    const forward = (height: number) =>
      trace(model, { pixels: input([2, 3, height, 16]) }, (given) => model.forward(given.pixels));
    expect(forward(8).outputTypes.lastHiddenState.shape).toEqual([2, 9, 8]);
    expect(() => forward(12)).toThrow('images must be [N, 3, 8, 16]');
  });

  test.each([
    [{ model_type: 'deit' }, "model_type: expected one of 'vit'"],
    [{ hidden_size: 10, num_attention_heads: 4 }, 'num_attention_heads: expected a divisor of hidden_size (10), got 4'],
    [{ image_size: 8 }, 'image_size: expected at least a patch (16 × 16), got 8'],
    [{ patch_size: [4] }, 'patch_size: expected a whole number of pixels, or a height and a width, got [4]'],
  ])('%j is refused', (config, message) => {
    expect(() => ViT.fromConfig(config)).toThrow(ConfigError);
    expect(() => ViT.fromConfig(config)).toThrow(`config.json: ${message}`);
  });
});
