import { describe, expect, test } from '@jest/globals';
import { buildInferenceSession, buildSession, crossEntropy, input, StateDictError, trace, UsageError } from 'meganeura';
import { sgd } from 'meganeura/train';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { SafeTensorsModel } from '../../lib/hub/safetensors-model.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';
import { Reference } from './reference.js';

/** A network with what it takes, as sizes of one reference say. */
async function referenceModel(name: string) {
  const reference = new Reference(name);
  const model = await ResNet.fromPretrained(reference.folder);
  const pixels = input([...reference.shape('input.pixel_values')] as [number, number, number, number]);
  const labels = input([...reference.shape('input.labels')] as [number], 'i32');
  const feeds = { pixels: reference.floats('input.pixel_values'), labels: reference.integers('input.labels') };
  return { reference, model, inputs: { pixels, labels }, feeds };
}

describe.each(['resnet-tiny', 'resnet-torchvision-tiny'])('%s', (name) => {
  // One of them with frozen weights: batch norms are in the convolutions'.
  test('evaluates as the reference does', async () => {
    const { reference, model, inputs, feeds } = await referenceModel(name);
    expect(model.training).toBe(false);
    const graph = trace(model, inputs, ({ pixels }) => ({
      logits: model.forward(pixels),
      hidden: model.features(pixels),
    }));
    using session = await buildInferenceSession(graph, { freeze: name === 'resnet-torchvision-tiny' });
    session.step({ pixels: feeds.pixels });
    reference.expectClose(await session.read('logits'), 'output.logits');
    reference.expectClose(await session.read('hidden'), 'intermediate.last_hidden_state');
  });

  test('trains as the reference does: batch statistics, gradients, running statistics after a step', async () => {
    const { reference, model, inputs, feeds } = await referenceModel(name);
    model.train();
    const graph = trace(model, inputs, ({ pixels, labels }) => {
      const logits = model.forward(pixels);
      return { logits, loss: crossEntropy(logits, labels) };
    });
    using session = await buildSession(graph, { gradients: true, optimizer: sgd({ learningRate: 0 }) });
    session.step(feeds);
    reference.expectClose(await session.read('logits'), 'output.logits_training');
    reference.expectLoss(await session.read('loss'));
    await reference.expectGradients(session);
    const state = await session.stateDict();
    const norm = name === 'resnet-tiny' ? 'resnet.embedder.embedder.normalization' : 'bn1';
    reference.expectClose(state[`${norm}.running_mean`]!.data, 'output.running_mean_after');
    reference.expectClose(state[`${norm}.running_var`]!.data, 'output.running_var_after');
  }, 300_000);
});

/** `num_batches_tracked` is of i32 here. */
const namesOf = (model: ResNet) => Object.keys(model.stateDict());

describe('configurations', () => {
  // The counts of torchvision.models.resnet*, as its documentation lists them.
  test.each([
    ['resnet18', 11_689_512],
    ['resnet34', 21_797_672],
    ['resnet50', 25_557_032],
    ['resnet101', 44_549_160],
    ['resnet152', 60_192_808],
  ])('%s has %i parameters, in both forms', (architecture, count) => {
    const model = ResNet.fromConfig({ architecture, num_classes: 1000 });
    expect(model.parameterCount()).toBe(count);
    expect(model.config.labels).toHaveLength(1000);
    const { block, stages } = model.config;
    const same = ResNet.fromConfig({
      model_type: 'resnet',
      architectures: ['ResNetForImageClassification'],
      layer_type: block,
      depths: stages.map(({ blocks }) => blocks),
      hidden_sizes: stages.map(({ outer }) => outer),
      id2label: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, `class ${i}`])),
    });
    expect(same.parameterCount()).toBe(count);
    expect(same.config.labels?.[999]).toBe('class 999');
  });

  test('names are those of the checkpoints', () => {
    const small = { block: 'basic', layers: [1, 1], planes: [2, 4], stem_width: 2, num_classes: 3 };
    expect(namesOf(ResNet.fromConfig(small)).filter((name) => !/bn|downsample\.1/.test(name))).toEqual([
      'conv1.weight',
      'layer1.0.conv1.weight',
      'layer1.0.conv2.weight',
      'layer2.0.conv1.weight',
      'layer2.0.conv2.weight',
      'layer2.0.downsample.0.weight',
      'fc.weight',
      'fc.bias',
    ]);
    const backbone = { architectures: ['ResNetModel'], model_type: 'resnet', hidden_sizes: [8], depths: [1] };
    const names = namesOf(ResNet.fromConfig(backbone));
    expect(names).toContain('encoder.stages.0.layers.0.layer.2.convolution.weight');
    expect(names).toContain('embedder.embedder.normalization.num_batches_tracked');
  });

  test('a network without classifier has features and no logits', () => {
    const model = ResNet.fromConfig({ architecture: 'resnet18', num_classes: 0 }).eval();
    trace(model, { pixels: input([1, 3, 32, 32]) }, ({ pixels }) => {
      const features = model.features(pixels);
      expect(features.shape).toEqual([1, 512, 1, 1]);
      return { features };
    });
    const logits = () => trace(model, { pixels: input([1, 3, 32, 32]) }, ({ pixels }) => model.forward(pixels));
    expect(logits).toThrow(UsageError);
    expect(logits).toThrow('no classifier');
  });

  test.each([
    [
      { architecture: 'resnet5' },
      'architecture: expected ResNet or one of resnet18, resnet34, resnet50, resnet101, resnet152, got "resnet5": did you mean \'resnet50\'?',
    ],
    [{ architecture: 'resnet50', groups: 32 }, 'groups: expected 1 (nothing else is supported), got 32'],
    [{ architecture: 'resnet50', num_classes: -1 }, 'num_classes: expected a whole number, at least 0, got -1'],
    [{ block: 'basic', layers: [1, 0] }, 'layers: expected a list of whole numbers, at least 1, got [1,0]'],
    [{ block: 'basic', layers: [1, 1], planes: [4] }, 'planes: expected one width for each of 2 layers, got [4]'],
    [{ model_type: 'vit' }, 'model_type: expected one of \'resnet\', got "vit"'],
    [{ model_type: 'resnet', depths: [1] }, 'depths: expected one number for each of 4 stages, got [1]'],
    [{ model_type: 'resnet', depths: [1], hidden_sizes: [3] }, 'hidden_sizes: expected widths of at least 4'],
    [{ model_type: 'resnet', id2label: { 1: 'cat' } }, 'id2label: expected an object with a name for each of'],
  ])('%j is refused', (config, message) => {
    expect(() => ResNet.fromConfig(config)).toThrow(ConfigError);
    expect(() => ResNet.fromConfig(config)).toThrow(`config.json: ${message}`);
  });

  test('pictures are prepared as timm says, and as torchvision does it where it says nothing', () => {
    const timm = { crop_pct: 0.95, interpolation: 'bicubic', input_size: [3, 224, 224], mean: [0.5, 0.5, 0.5] };
    expect(ResNet.fromConfig({ architecture: 'resnet18', pretrained_cfg: timm }).config.preprocessing).toMatchObject({
      size: { shortest_edge: 235 },
      crop_size: { height: 224, width: 224 },
      resample: 3,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.229, 0.224, 0.225],
    });
    // ResNet18_Weights.IMAGENET1K_V1.transforms() of torchvision.
    expect(ResNet.fromConfig({ architecture: 'resnet18' }).config.preprocessing).toMatchObject({
      size: { shortest_edge: 256 },
      crop_size: { height: 224, width: 224 },
      resample: 2,
    });
  });

  test('within blocks it is always ReLU, as in transformers, whatever hidden_act is elsewhere', () => {
    const sizes = { embedding_size: 4, hidden_sizes: [4, 8], depths: [1, 2], num_labels: 2, hidden_act: 'tanh' };
    const model = ResNet.fromConfig({ model_type: 'resnet', ...sizes }).eval();
    const graph = trace(model, { pixels: input([1, 3, 32, 32]) });
    const count = (op: string) => graph.nodes().filter((node) => node.op === op).length;
    expect({ tanh: count('tanh'), relu: count('relu') }).toEqual({ tanh: 1 + 3, relu: 2 * 3 });
  });

  test('an activation that there is not is refused by name', () => {
    expect(() => ResNet.fromConfig({ model_type: 'resnet', hidden_act: 'gelo' })).toThrow("did you mean 'gelu'?");
  });

  test('weights of another size are refused, all of them listed', async () => {
    const { tensors } = await SafeTensorsModel.load(new Reference('resnet-tiny').folder);
    const model = ResNet.fromConfig({ architecture: 'resnet18' });
    const source = { name: 'file', tensors, read: () => Promise.reject(new Error('nothing is read')) };
    const error = errorOf(() => model.loadStateDict(source));
    expect(error).toBeInstanceOf(StateDictError);
    expect((error as StateDictError).missing).toContain('layer1.0.conv1.weight');
    expect((error as StateDictError).unexpected).toHaveLength(tensors.size);
  });
});

function errorOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
