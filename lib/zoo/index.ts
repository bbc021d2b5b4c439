/** The entry `meganeura/zoo`: models that load checkpoints, and what prepares their inputs and outputs. */
// Sessions write traces where the environment asks for them, also in a program that imports this entry alone.
import '../profile/register.js';

export { AudioError, type Audio } from './audio/audio.js';
export { resample as resampleAudio } from './audio/resample.js';
export { decodeWav, loadWav } from './audio/wav.js';
export { WhisperFeatureExtractor, type InputFeatures } from './audio/whisper-features.js';
export { Bert, type BertOptions, type BertOutput } from './bert/model.js';
export type { EncodeOptions as SentenceOptions, Texts } from './bert/sentence-encoder.js';
export type { Pooling } from './bert/sentence-settings.js';
export { ConfigError } from './config-fields.js';
export { DDIMScheduler, type DDIMStepOptions } from './diffusion/ddim.js';
export { EulerDiscreteScheduler } from './diffusion/euler.js';
export { schedulerFromConfig } from './diffusion/load-scheduler.js';
export { gaussianNoise, type PredictionType, type TimestepSpacing } from './diffusion/noise-schedule.js';
export type { Scheduler, SchedulerStep } from './diffusion/scheduler.js';
export type { Past } from './generation/decoder-cache.js';
export type { ModelGenerateOptions } from './generation/generative-model.js';
export {
  ContextLengthError,
  TextGenerator,
  type FinishReason,
  type GenerateOptions,
  type GeneratorOptions,
  type Prompt,
} from './generation/text-generator.js';
export { decodePicture, loadPicture } from './image/decode.js';
export { ImageProcessor, type PixelValues } from './image/image-processor.js';
export { expandImages, imagePrompt, type ImageTokens } from './image/image-prompt.js';
export { loadPreprocessorConfig } from './image/load-preprocessor-config.js';
export { centerCrop, crop, PictureError, toRgb, type Picture } from './image/picture.js';
export { encodePng } from './image/png.js';
export { resize as resizePicture, type ResizeFilter } from './image/resize.js';
export { TilingImageProcessor, type TiledPixelValues, type TileGrid } from './image/tiling-processor.js';
export { LlamaModel, nextTokenLoss, type DecoderOptions } from './llama/model.js';
export { SmolLM2 } from './llama/smollm2.js';
export { MissingPackageError } from './optional-package.js';
export { PretrainedModel, type CheckpointForm, type PretrainedOptions } from './pretrained.js';
export type { RunOptions } from './session-pool.js';
export { ResNet } from './resnet/model.js';
export { SmolVLAActionExpert } from './smolvla/model.js';
export { SmolVLM2, type CaptionOptions, type SmolVLMOptions } from './smolvlm/smolvlm2.js';
export {
  ChatTemplate,
  ChatTemplateError,
  type ChatContent,
  type ChatMessage,
  type ChatOptions,
} from './text/chat-template.js';
export { loadTokenizer } from './text/load-tokenizer.js';
export { Sampler, samplingFromConfig, type SamplingOptions } from './text/sampler.js';
export { StopStrings } from './text/stop-strings.js';
export { TextStream } from './text/text-stream.js';
export {
  Tokenizer,
  type DecodeOptions,
  type EncodeOptions,
  type SpecialTokenName,
  type TokenizerParts,
} from './text/tokenizer.js';
export { StableDiffusionUNet } from './unet/model.js';
export type { DenoiseOptions, DenoiseStep, ShapedValues } from './unet/denoise.js';
export { ViT, type ViTOutput } from './vit/model.js';
export type { Classification, ClassifyOptions, PictureSource } from './image-classifier.js';
export { Whisper } from './whisper/model.js';
export type { WhisperTask } from './whisper/generation-settings.js';
export type { TranscribedWindow, TranscribeOptions, Transcription } from './whisper/transcriber.js';
export { StableDiffusionDecoder, type DecodeLatentsOptions } from './vae/model.js';
export { latentPicture } from './diffusion/latent-picture.js';
export { loadModel, type ZooModel } from './load-model.js';
export { UnknownModelError } from './model-kinds.js';
