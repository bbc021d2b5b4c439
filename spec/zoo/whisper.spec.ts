import { afterAll, describe, expect, test } from '@jest/globals';
import { buildInferenceSession, input, StateDictError, trace } from 'meganeura';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { WhisperFeatureExtractor } from '../../lib/zoo/audio/whisper-features.js';
import { Listener } from '../../lib/zoo/whisper/listener.js';
import { Whisper } from '../../lib/zoo/whisper/model.js';
import { checkpointVariant, removeVariants } from './checkpoint-variant.js';
import { Reference } from './reference.js';

const reference = new Reference('whisper-encoder-tiny');
const featureShape = [...reference.shape('input.input_features')] as [number, number, number];
const idsShape = [...reference.shape('input.decoder_input_ids')] as [number, number];
const features = reference.floats('input.input_features');
const ids = reference.integers('input.decoder_input_ids');
/** The first recording. */
const recording = features.slice(0, featureShape[1] * featureShape[2]);
const recordingShape: [number, number, number] = [1, featureShape[1], featureShape[2]];

afterAll(removeVariants);

test('encoder and decoder agree with the reference', async () => {
  const model = await Whisper.fromPretrained(reference.folder);
  const inputs = { features: input(featureShape), ids: input(idsShape, 'i32') };
  const graph = trace(model, inputs, (given) => ({
    embedded: model.model.encoder.embedded(given.features),
    encoded: model.encode(given.features),
    logits: model.forward(given.features, given.ids),
  }));
  using session = await buildInferenceSession(graph);
  session.step({ features, ids });
  reference.expectClose(await session.read('embedded'), 'intermediate.embeddings');
  reference.expectClose(await session.read('encoded'), 'output.last_hidden_state');
  reference.expectClose(await session.read('logits'), 'output.decoder_logits');
});

/** How many tokens there are. */
const vocabularySize = reference.shape('output.decoder_logits')[2]!;

/** Names of tokens as generation_config.json has them, for the vocabulary of the reference. */
const settings = {
  decoder_start_token_id: 1,
  eos_token_id: 2,
  is_multilingual: true,
  lang_to_id: { '<|en|>': 3, '<|de|>': 4, '<|ja|>': 5 },
  task_to_id: { transcribe: 6, translate: 7 },
  // Those behind it are times, and no text.
  no_timestamps_token_id: vocabularySize - 2,
  suppress_tokens: [9, 11],
  begin_suppress_tokens: [10],
};

/** The likeliest tokens by whole sequences, without a cache. */
async function slowTokens(model: Whisper, prompt: number[], barred: (first: boolean) => number[]): Promise<number[]> {
  const length = model.config.targetPositions;
  const graph = trace(model, { features: input(recordingShape), ids: input([1, length], 'i32') }, (given) => ({
    logits: model.forward(given.features, given.ids),
  }));
  using session = await buildInferenceSession(graph);
  const tokens = [...prompt];
  while (tokens.length < length) {
    session.step({ features: recording, ids: Int32Array.from({ length }, (_, i) => tokens[i] ?? 0) });
    const all = await session.read('logits');
    const size = all.length / length;
    const logits = all.slice((tokens.length - 1) * size, tokens.length * size);
    for (const token of barred(tokens.length === prompt.length)) logits[token] = -Infinity;
    const best = logits.indexOf(Math.max(...logits));
    if (model.config.endTokens.includes(best)) break;
    tokens.push(best);
  }
  return tokens.slice(prompt.length);
}

describe('transcription', () => {
  test('token by token, behind a prompt, gives the logits of the reference', async () => {
    const model = await Whisper.fromPretrained(reference.folder);
    const listener = await Listener.create(model, {});
    const size = reference.shape('output.decoder_logits')[2]!;
    const expected = reference.floats('output.decoder_logits');
    // What was heard and written before must leave nothing behind.
    listener.listen(recording.map((x) => 1 - x));
    await listener.start([...ids.subarray(0, 4)]);
    listener.listen(recording);
    const count = idsShape[1];
    for (let at = 2; at < count; at++) {
      const logits = at === 2 ? await listener.start([...ids.subarray(0, 3)]) : await listener.append(ids[at]!);
      logits.forEach((logit, i) => {
        const wanted = expected[at * size + i]!;
        expect(Math.abs(logit - wanted)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(wanted)));
      });
    }
    listener.dispose();
  });

  test('with caches gives the tokens that whole sequences give', async () => {
    const model = await Whisper.fromPretrained(reference.folder);
    const tokens = await model.generate(recording);
    expect(tokens).toEqual(await slowTokens(model, [model.config.startToken], () => []));
    // Again on the same sessions: nothing of the first is left.
    expect(await model.generate(recording, { maxNewTokens: 3 })).toEqual(tokens.slice(0, 3));
    await expect(model.generate(recording, { language: 'fr' })).rejects.toThrow("does not know the language 'fr'");
    await expect(model.generate(recording, { task: 'translate' })).rejects.toThrow('the model cannot translate');
    await expect(model.generate(recording.subarray(1))).rejects.toThrow('a window must have');
    await expect(model.transcribe(recording)).rejects.toThrow('no tokenizer.json');
    model.dispose();
  });

  test('starts with language and task, and leaves out tokens that must not come', async () => {
    const folder = checkpointVariant(reference.folder, { files: { 'generation_config.json': settings } });
    const model = await Whisper.fromPretrained(folder);
    const barred = (first: boolean) => [9, 11, ...(first ? [10] : [])];
    const tokens = await model.generate(recording, { language: 'German', task: 'translate' });
    expect(tokens).toEqual(await slowTokens(model, [1, 4, 7, vocabularySize - 2], barred));
    await expect(model.generate(recording, { language: 'xx' })).rejects.toThrow('it knows en, de, ja');
    model.dispose();
  });

  test('cuts recordings into windows, hears the language, and gives text', async () => {
    const vocabulary = (size: number) =>
      Object.fromEntries(Array.from({ length: size }, (_, id) => [` w${id}`.replace(' ', '\u0120'), id]));
    const tokenizer = {
      version: '1.0',
      normalizer: null,
      post_processor: null,
      added_tokens: [],
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      model: { type: 'BPE', vocab: vocabulary(vocabularySize), merges: [] },
    };
    const frames = featureShape[2];
    const files = {
      'generation_config.json': settings,
      'tokenizer.json': tokenizer,
      'preprocessor_config.json': { feature_size: featureShape[1], chunk_length: frames / 100 },
    };
    const model = await Whisper.fromPretrained(checkpointVariant(reference.folder, { files }));
    const samples = Float32Array.from({ length: 240 * frames }, (_, i) => 0.3 * Math.sin(i * i * 1e-5));
    const heard: string[] = [];
    const { text, language, windows } = await model.transcribe(samples, {
      onWindow: (window) => heard.push(window.text),
    });
    expect(['en', 'de', 'ja']).toContain(language);
    expect(windows.map(({ start, end }) => [start, end])).toEqual([
      [0, frames / 100],
      [frames / 100, (1.5 * frames) / 100],
    ]);
    expect(heard).toEqual(windows.map((window) => window.text));
    expect(heard.map((part) => part.trim())).toEqual(
      windows.map(({ tokens }) => tokens.flatMap((id) => (id < vocabularySize - 1 ? `w${id}` : [])).join(' ')),
    );
    expect(text).toBe(heard.join('').trim());
    const extractor = WhisperFeatureExtractor.fromConfig(files['preprocessor_config.json']);
    const { data } = extractor.extract([{ samples: samples.subarray(160 * frames), sampleRate: 16_000 }]);
    expect(await model.generate(data, { language: language! })).toEqual(windows[1]!.tokens);

    await expect(model.transcribe(new Float32Array(0))).rejects.toThrow('the recording has no samples');
    await expect(model.transcribe(samples, { task: 'sing' as 'translate' })).rejects.toThrow('task must be');
    await expect(model.transcribe(samples, { maxNewTokens: -1 })).rejects.toThrow('maxNewTokens must be');
    model.dispose();
  });

  test('frees everything when aborted', async () => {
    const model = await Whisper.fromPretrained(reference.folder);
    const stop = new AbortController();
    const call = model.generate(recording, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    model.dispose();
  });
});

describe('configurations', () => {
  // WhisperForConditionalGeneration of transformers, with the sizes of whisper-tiny, whisper-base and whisper-large-v3.
  test.each([
    [384, 4, 6, {}, 37_760_640],
    [512, 6, 8, {}, 72_593_920],
    [1280, 32, 20, { vocab_size: 51866, num_mel_bins: 128 }, 1_543_490_560],
  ])('width %i and %i layers have %i heads', (width, layers, heads, more, count) => {
    const sides = ['encoder', 'decoder'].flatMap((side) => [
      [`${side}_layers`, layers],
      [`${side}_attention_heads`, heads],
      [`${side}_ffn_dim`, 4 * width],
    ]);
    const model = Whisper.fromConfig({ d_model: width, ...(Object.fromEntries(sides) as object), ...more });
    expect(model.parameterCount()).toBe(count);
  });

  test('the last layer can have weights of its own', () => {
    const sizes = {
      d_model: 8,
      encoder_attention_heads: 2,
      decoder_attention_heads: 2,
      vocab_size: 50,
      pad_token_id: 0,
    };
    const tied = Whisper.fromConfig(sizes);
    const own = Whisper.fromConfig({ ...sizes, tie_word_embeddings: false });
    expect(own.parameterCount() - tied.parameterCount()).toBe(8 * 50);
  });

  test('features of another length and too many tokens are refused', () => {
    const model = Whisper.fromConfig({
      d_model: 8,
      encoder_attention_heads: 2,
      decoder_attention_heads: 2,
      max_source_positions: 4,
      max_target_positions: 3,
    });
    const forward = (frames: number, tokens: number) =>
      trace(model, { features: input([1, 80, frames]), ids: input([1, tokens], 'i32') });
    expect(forward(8, 3).outputTypes.output.shape).toEqual([1, 3, 51865]);
    expect(() => forward(9, 3)).toThrow('features must be [B, 80, 8]');
    expect(() => forward(8, 4)).toThrow('4 tokens are more than the 3 positions');
  });

  test.each([
    [{ model_type: 'wav2vec2' }, "model_type: expected one of 'whisper'"],
    [{ d_model: 10, encoder_attention_heads: 4 }, 'encoder_attention_heads: expected a divisor of d_model (10), got 4'],
    [{ encoder_layerdrop: 0.1 }, 'encoder_layerdrop: expected 0 (nothing else is supported), got 0.1'],
    [{ suppress_tokens: [-1] }, 'suppress_tokens: expected a token or a list of tokens'],
  ])('%j is refused', (config, message) => {
    expect(() => Whisper.fromConfig(config)).toThrow(ConfigError);
    expect(() => Whisper.fromConfig(config)).toThrow(`config.json: ${message}`);
  });

  test('weights that are missing are listed', async () => {
    const folder = checkpointVariant(reference.folder, { name: (name) => (/out_proj/.test(name) ? undefined : name) });
    const error: unknown = await Whisper.fromPretrained(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateDictError);
    expect((error as StateDictError).missing).toContain('model.decoder.layers.0.encoder_attn.out_proj.bias');
  });
});
