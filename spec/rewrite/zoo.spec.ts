import { expect, test } from '@jest/globals';
import { input, manualSeed, mean, square, trace, type Tensor } from 'meganeura';
import type { TracedGraph } from '../../lib/dsl/traced-graph.js';
import { isFloat } from '../../lib/ir/dtype.js';
import type { Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { discreteRates, softwareRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { gradientName, trainingGraph } from '../../lib/session/training-graph.js';
import { Bert } from '../../lib/zoo/bert/model.js';
import { SmolLM2 } from '../../lib/zoo/llama/smollm2.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';
import { SmolVLAActionExpert } from '../../lib/zoo/smolvla/model.js';
import { SmolVLM2 } from '../../lib/zoo/smolvlm/smolvlm2.js';
import { StableDiffusionUNet } from '../../lib/zoo/unet/model.js';
import { StableDiffusionDecoder } from '../../lib/zoo/vae/model.js';
import { ViT } from '../../lib/zoo/vit/model.js';
import { Whisper } from '../../lib/zoo/whisper/model.js';
import { expectClose, sampleValues } from '../values.js';

const loss = (x: Tensor) => mean(square(x as Tensor<[number], 'f32'>));
const sizes = { hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 2, intermediate_size: 12 };
const vocabulary = 11;
const ids = input([1, 5], 'i32');

/** Every model of the zoo, so small that the interpreter takes a second or two for its gradients. */
const models: Record<string, () => TracedGraph> = {
  smollm2: () => {
    const model = SmolLM2.fromConfig({ ...sizes, num_key_value_heads: 1, vocab_size: vocabulary });
    return trace(model, { ids }, (inputs) => ({ loss: loss(model.forward(inputs.ids)) }));
  },
  smolvla: () => {
    const expert = { ...sizes, num_key_value_heads: 1, head_dim: 4, max_action_dim: 3, time_dim: 6, context_dim: 5 };
    const model = SmolVLAActionExpert.fromConfig(expert);
    const inputs = { actions: input([1, 4, 3]), time: input([1, 1, 6]), context: input([1, 3, 5]) };
    return trace(model, inputs, ({ actions, time, context }) => ({
      loss: loss(model.forward(actions, time, context)),
    }));
  },
  bert: () => {
    const model = Bert.fromConfig({ ...sizes, vocab_size: vocabulary });
    return trace(model, { ids }, (inputs) => ({ loss: loss(model.forward(inputs.ids).poolerOutput) }));
  },
  vit: () => {
    const model = ViT.fromConfig({ ...sizes, image_size: 8, patch_size: 4 });
    return trace(model, { pixels: input([1, 3, 8, 8]) }, ({ pixels }) => ({
      loss: loss(model.forward(pixels).poolerOutput),
    }));
  },
  whisper: () => {
    const model = Whisper.fromConfig({
      ...{ d_model: 8, encoder_attention_heads: 2, decoder_attention_heads: 2, encoder_layers: 1, decoder_layers: 1 },
      ...{ encoder_ffn_dim: 8, decoder_ffn_dim: 8, vocab_size: vocabulary, pad_token_id: 0, num_mel_bins: 4 },
      ...{ max_source_positions: 3, max_target_positions: 5 },
    });
    return trace(model, { features: input([1, 4, 6]), ids }, (inputs) => ({
      loss: loss(model.forward(inputs.features, inputs.ids)),
    }));
  },
  resnet: () => {
    const model = ResNet.fromConfig({
      ...{ architectures: ['ResNetForImageClassification'], model_type: 'resnet', layer_type: 'bottleneck' },
      ...{ depths: [1, 1], hidden_sizes: [8, 12], embedding_size: 4, num_labels: 3 },
    });
    return trace(model, { pixels: input([2, 3, 16, 16]) }, ({ pixels }) => ({ loss: loss(model.forward(pixels)) }));
  },
  'sd-unet': () => {
    const model = StableDiffusionUNet.fromConfig({
      ...{ block_out_channels: [4, 8], layers_per_block: 1, attention_head_dim: 2, cross_attention_dim: 6 },
      ...{ down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'], norm_num_groups: 2, sample_size: 4 },
      ...{ up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'] },
    });
    const inputs = { sample: input([1, 4, 4, 4]), timestep: input([1], 'i32'), text: input([1, 3, 6]) };
    return trace(model, inputs, ({ sample, timestep, text }) => ({
      loss: loss(model.forward(sample, timestep, text)),
    }));
  },
  vae: () => {
    const model = StableDiffusionDecoder.fromConfig({
      ...{ _class_name: 'AutoencoderKL', block_out_channels: [4, 4], layers_per_block: 1, norm_num_groups: 2 },
      ...{ down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'] },
      ...{ up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'], latent_channels: 4 },
    });
    return trace(model, { latents: input([1, 4, 3, 3]) }, ({ latents }) => ({ loss: loss(model.forward(latents)) }));
  },
  smolvlm2: () => {
    const model = SmolVLM2.fromConfig({
      ...{ architectures: ['SmolVLMForConditionalGeneration'], model_type: 'smolvlm', image_token_id: 10 },
      ...{ scale_factor: 2, text_config: { ...sizes, num_key_value_heads: 1, vocab_size: vocabulary } },
      vision_config: { ...sizes, image_size: 16, patch_size: 4, num_channels: 3 },
    });
    const inputs = { ids: input([1, 6], 'i32'), pixelValues: input([1, 3, 16, 16]) };
    return trace(model, inputs, ({ ids: tokens, pixelValues }) => ({
      loss: loss(model.forward(tokens, { pixelValues })),
    }));
  },
};

test.each(Object.keys(models))(
  '%s: outputs and gradients are those of the graph that nothing rewrote',
  async (name) => {
    manualSeed(7);
    const graph = trainingGraph(models[name]!(), { loss: 'loss', gradients: true });
    const leaves = [...graph.inputs.values(), ...[...graph.parameters.values()].map(({ node }) => node)];
    const values = Object.fromEntries(leaves.map((leaf, i) => [leaf.attrs['name'] as string, valuesOf(leaf, i)]));
    const expected = interpret(graph, values);
    expect(expected.outputs.has(gradientName([...graph.parameters.keys()][0]!))).toBe(true);
    for (const rates of [discreteRates, softwareRates]) {
      const actual = interpret((await optimize(graph, rates)).graph, values);
      // Constants are folded in f32, everything else is f64.
      for (const [output, reference] of expected.outputs) expectClose(actual.outputs.get(output)!, reference, 1e-5);
      for (const [state, reference] of expected.updates) expectClose(actual.updates.get(state)!, reference, 1e-5);
    }
  },
);

/** Weights that are no zeros, as biases are at first: what depends on them would not show. Indices are small. */
function valuesOf({ shape, dtype }: Node, seed: number): Float64Array {
  const values = sampleValues(elementCount(shape), seed + 1);
  return isFloat(dtype) ? values.map((value) => value / 2) : values.map((value) => Math.floor((value + 1) * 5));
}
