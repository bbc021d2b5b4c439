import { afterAll, describe, expect, test } from '@jest/globals';
import path from 'node:path';
import { REFERENCE_DIR } from '../reference-dir.js';
import { Bert } from '../../lib/zoo/bert/model.js';
import { SmolLM2 } from '../../lib/zoo/llama/smollm2.js';
import { loadModel } from '../../lib/zoo/load-model.js';
import { UnknownModelError } from '../../lib/zoo/model-kinds.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';
import { SmolVLM2 } from '../../lib/zoo/smolvlm/smolvlm2.js';
import { StableDiffusionUNet } from '../../lib/zoo/unet/model.js';
import { ViT } from '../../lib/zoo/vit/model.js';
import { Whisper } from '../../lib/zoo/whisper/model.js';
import { checkpointVariant, removeVariants } from './checkpoint-variant.js';

const folder = (name: string) => path.join(REFERENCE_DIR, name);

afterAll(removeVariants);

describe('loadModel', () => {
  test.each([
    ['bert-tiny', Bert],
    ['llama-smollm2-tiny', SmolLM2],
    ['resnet-tiny', ResNet],
    ['resnet-torchvision-tiny', ResNet],
    ['sd-unet-tiny', StableDiffusionUNet],
    ['smolvlm2-tiny', SmolVLM2],
    ['vit-tiny', ViT],
    ['whisper-encoder-tiny', Whisper],
  ])('of %s gives the class for it', async (name, expected) => {
    const model = await loadModel(folder(name));
    expect(model).toBeInstanceOf(expected);
    expect(model.training).toBe(false);
    expect(model.repository?.has('config.json')).toBe(true);
  });

  test('knows a model by its type where the class is another', async () => {
    const other = checkpointVariant(folder('bert-tiny'), {
      name: (name) => `bert.${name}`,
      config: { architectures: ['BertForMaskedLM'] },
    });
    expect(await loadModel(other)).toBeInstanceOf(Bert);
  });

  test('is what a class says that is asked to load another', async () => {
    await expect(SmolLM2.fromPretrained(folder('vit-tiny'))).rejects.toThrow(
      /config.json: it is for 'ViTModel', 'vit'; SmolLM2 takes llama, LlamaForCausalLM; loadModel\(\) takes the class that fits/,
    );
  });

  test('names the supported models for another', async () => {
    const other = checkpointVariant(folder('bert-tiny'), {
      config: { architectures: ['LlamaForCausalLN'], model_type: 'gpt2' },
    });
    const error: unknown = await loadModel(other).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnknownModelError);
    expect((error as Error).message).toContain(
      "config.json: it is for 'LlamaForCausalLN', 'gpt2' (did you mean 'LlamaForCausalLM'?); supported are",
    );
    expect((error as Error).message).toContain('WhisperForConditionalGeneration');
    const none = checkpointVariant(folder('bert-tiny'), {
      config: { architectures: undefined, model_type: undefined },
    });
    await expect(loadModel(none)).rejects.toThrow('it does not say which model it is');
    await expect(loadModel('./nothing-here')).rejects.toThrow('nothing-here');
    await expect(loadModel(folder('bert-tiny'), { folders: 'x' } as object)).rejects.toThrow('there is no option');
  });
});
