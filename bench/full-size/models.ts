import { input, trace, type TracedGraph } from 'meganeura';
import { Bert, ResNet, SmolLM2, SmolVLAActionExpert, SmolVLM2, StableDiffusionUNet, ViT, Whisper } from 'meganeura/zoo';

/** A model of the zoo as it is on the Hub, with initial weights. */
export interface FullSize {
  readonly name: string;
  readonly parameterCount: () => number;
  /** The graph of one forward step. */
  readonly trace: () => TracedGraph;
}

function fullSize<M extends { parameterCount(): number }>(
  name: string,
  make: () => M,
  traced: (model: M) => TracedGraph,
): FullSize {
  let made: M | undefined;
  const model = () => (made ??= make());
  return { name, parameterCount: () => model().parameterCount(), trace: () => traced(model()) };
}

/** config.json of HuggingFaceTB/SmolLM2-135M. */
export const smolLM2 = {
  vocab_size: 49152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 8192,
  rope_theta: 100000,
  tie_word_embeddings: true,
  eos_token_id: 0,
};

/** config.json of HuggingFaceTB/SmolVLM2-256M-Video-Instruct. */
const smolVLM2 = {
  text_config: { ...smolLM2, vocab_size: 49280 },
  vision_config: {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 512,
    patch_size: 16,
  },
  scale_factor: 4,
  image_token_id: 49190,
};

/** unet/config.json of Stable Diffusion 1.5. */
const unet = {
  _class_name: 'UNet2DConditionModel',
  in_channels: 4,
  out_channels: 4,
  sample_size: 64,
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 2,
  attention_head_dim: 8,
  cross_attention_dim: 768,
  norm_num_groups: 32,
  norm_eps: 1e-5,
  flip_sin_to_cos: true,
  freq_shift: 0,
};

/** config.json of openai/whisper-tiny. */
const whisper = {
  architectures: ['WhisperForConditionalGeneration'],
  model_type: 'whisper',
  vocab_size: 51865,
  num_mel_bins: 80,
  d_model: 384,
  encoder_layers: 4,
  encoder_attention_heads: 6,
  encoder_ffn_dim: 1536,
  decoder_layers: 4,
  decoder_attention_heads: 6,
  decoder_ffn_dim: 1536,
  max_source_positions: 1500,
  max_target_positions: 448,
  activation_function: 'gelu',
  decoder_start_token_id: 50258,
  eos_token_id: 50257,
  pad_token_id: 50257,
};

/** config.json of bert-base-uncased. */
const bert = {
  architectures: ['BertModel'],
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};

/** config.json of google/vit-base-patch16-224-in21k. */
const vit = {
  architectures: ['ViTModel'],
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  image_size: 224,
  patch_size: 16,
  num_channels: 3,
  layer_norm_eps: 1e-12,
  qkv_bias: true,
};

export const fullSizes: readonly FullSize[] = [
  fullSize(
    'smollm2-135m',
    () => SmolLM2.fromConfig(smolLM2),
    (model) => trace(model.eval(), { ids: input([1, 128], 'i32') }),
  ),
  fullSize(
    'smolvlm2-256m',
    () => SmolVLM2.fromConfig(smolVLM2),
    (model) =>
      trace(
        model.eval(),
        { ids: input([1, 96], 'i32'), pixelValues: input([1, 3, 512, 512]) },
        ({ ids, pixelValues }) => ({
          output: model.forward(ids, { pixelValues }),
        }),
      ),
  ),
  fullSize(
    'resnet-50',
    () => ResNet.fromConfig({ architecture: 'resnet50', num_classes: 1000 }),
    (model) => trace(model.eval(), { pixels: input([1, 3, 224, 224]) }),
  ),
  fullSize(
    'bert-base',
    () => Bert.fromConfig(bert),
    (model) =>
      trace(model.eval(), { ids: input([1, 128], 'i32') }, ({ ids }) => ({
        output: model.forward(ids).lastHiddenState,
      })),
  ),
  fullSize(
    'vit-base',
    () => ViT.fromConfig(vit),
    (model) =>
      trace(model.eval(), { pixels: input([1, 3, 224, 224]) }, ({ pixels }) => ({
        output: model.forward(pixels).lastHiddenState,
      })),
  ),
  fullSize(
    'whisper-tiny',
    () => Whisper.fromConfig(whisper),
    (model) =>
      trace(model.eval(), { features: input([1, 80, 3000]), ids: input([1, 4], 'i32') }, ({ features, ids }) => ({
        output: model.forward(features, ids),
      })),
  ),
  fullSize(
    'sd-unet-1.5',
    () => StableDiffusionUNet.fromConfig(unet),
    (model) =>
      trace(
        model.eval(),
        { sample: input([1, 4, 64, 64]), timestep: input([1], 'i32'), text: input([1, 77, 768]) },
        ({ sample, timestep, text }) => ({ output: model.forward(sample, timestep, text) }),
      ),
  ),
  fullSize(
    'smolvla-expert',
    () => SmolVLAActionExpert.fromConfig({}),
    (model) =>
      trace(model.eval(), { actions: input([1, 50, 32]), time: input([1, 1, 1440]), context: input([1, 16, 320]) }),
  ),
];
