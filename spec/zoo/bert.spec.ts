import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildInferenceSession, input, StateDictError, trace } from 'meganeura';
import { Bert } from '../../lib/zoo/bert/model.js';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { checkpointVariant, removeVariants } from './checkpoint-variant.js';
import { Reference } from './reference.js';
import { readJson, tinyTokenizer } from './text/tiny-tokenizers.js';

const reference = new Reference('bert-tiny');
const [rows, length] = reference.shape('input.input_ids') as [number, number];
const ids = reference.integers('input.input_ids');
const mask = [...reference.integers('input.attention_mask')];
const types = reference.integers('input.token_type_ids');

/** The ids of each text without padding, which stands at the end. */
const texts = Array.from({ length: rows }, (_, row) =>
  [...ids.subarray(row * length, (row + 1) * length)].filter((_, i) => mask[row * length + i] === 1),
);
const tokenTypes = texts.map((text, row) => [...types.subarray(row * length, row * length + text.length)]);

afterAll(removeVariants);

test('a padded batch agrees with the reference, at padded places as well', async () => {
  const model = await Bert.fromPretrained(reference.folder);
  const indices = input([rows, length], 'i32');
  const inputs = { ids: indices, types: indices, mask: input([rows, length], 'bool') };
  const graph = trace(model, inputs, (given) =>
    model.forward(given.ids, { attentionMask: given.mask, tokenTypes: given.types }),
  );
  using session = await buildInferenceSession(graph);
  session.step({ ids, types, mask });
  reference.expectClose(await session.read('lastHiddenState'), 'output.last_hidden_state');
  reference.expectClose(await session.read('poolerOutput'), 'output.pooler_output');
});

describe('sentence embeddings', () => {
  let model: Bert;
  beforeAll(async () => {
    model = await Bert.fromPretrained(reference.folder);
  });
  afterAll(() => model.dispose());
  const flat = (vectors: Float32Array[]) => vectors.flatMap((vector) => [...vector]);

  test('are those of the reference', async () => {
    const normalized = await model.encode(texts, { tokenTypes });
    reference.expectClose(flat(normalized), 'output.sentence_embedding', 2e-5);
    const pooled = await model.encode(texts, { tokenTypes, normalize: false });
    reference.expectClose(flat(pooled), 'output.mean_pooled', 2e-5);
  });

  test('do not depend on what is encoded beside them', async () => {
    const [together, alone] = [await model.encode(texts), await model.encode([texts[1]!], { batchSize: 1 })];
    alone[0]!.forEach((x, i) => expect(x).toBeCloseTo(together[1]![i]!, 5));
    expect(await model.encode([])).toEqual([]);
  });

  test('can be the vector of the first token', async () => {
    const vectors = await model.encode(texts, { tokenTypes, pooling: 'cls', normalize: false });
    const hidden = reference.floats('output.last_hidden_state');
    const width = vectors[0]!.length;
    vectors.forEach((vector, row) => {
      vector.forEach((x, i) => expect(x).toBeCloseTo(hidden[row * length * width + i]!, 4));
    });
  });

  test('bad input is refused, by name', async () => {
    const { maxPositions, vocabSize, tokenTypes: kinds } = model.config;
    const refused = (wrong: unknown, options: object, message: string) =>
      expect(model.encode(wrong as string[], options)).rejects.toThrow(message);
    await refused([[]], {}, `encode: text 0 has 0 tokens: from 1 to ${maxPositions} are possible`);
    await refused([Array(maxPositions + 1).fill(1)], {}, `encode: text 0 has ${maxPositions + 1} tokens`);
    await refused([[1], [2, -1]], {}, `encode: token -1 of text 1 is out of range: ids are in [0, ${vocabSize})`);
    await refused([[1], [vocabSize]], {}, `encode: token ${vocabSize} of text 1 is out of range`);
    const message = `encode: tokenTypes of text 0 must be 2 numbers from 0 to ${kinds - 1}, one a token`;
    await refused([[1, 2]], { tokenTypes: [[0, kinds]] }, message);
    await refused([[1, 2]], { tokenTypes: [[0]] }, message);
    await refused([[1]], { batchSize: 0 }, 'encode: batchSize must be a number of texts, at least 1, got 0');
    await refused([[1]], { pooling: 'max' }, "encode: pooling must be 'mean' or 'cls'");
    await refused([[1]], { normalise: true }, "there is no option 'normalise'");
    await refused(['text'], {}, 'encode: the checkpoint has no tokenizer.json: give token ids, or add the file');
    await refused('text', {}, 'encode takes a list of texts');
    await refused([7], {}, 'encode: text 0 must be text or a list of token ids, got 7');
  });

  test('an aborted call rejects with the reason', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(model.encode(texts, { signal })).rejects.toThrow('enough');
  });
});

describe('checkpoints of other classes and versions', () => {
  /** What a checkpoint makes of the texts, and itself. */
  async function encoded(folder: string): Promise<{ model: Bert; vectors: number[] }> {
    const model = await Bert.fromPretrained(folder);
    try {
      return { model, vectors: (await model.encode(texts, { tokenTypes })).flatMap((vector) => [...vector]) };
    } finally {
      model.dispose();
    }
  }

  test('a model with heads, and the names of norms that TensorFlow had; without pooler there is none', async () => {
    const renamed = (name: string) =>
      `bert.${name}`.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');
    const { model, vectors } = await encoded(
      checkpointVariant(reference.folder, { name: (name) => (name.startsWith('pooler') ? undefined : renamed(name)) }),
    );
    reference.expectClose(vectors, 'output.sentence_embedding', 2e-5);
    expect(model.pooler).toBeNull();
    expect(
      model
        .states()
        .flatMap(({ names }) => names)
        .some((name) => name.startsWith('pooler')),
    ).toBe(false);
    trace(model, { ids: input([1, 4], 'i32') }, ({ ids: given }) => {
      const output = model.forward(given);
      expect(Object.keys(output)).toEqual(['lastHiddenState']);
      return output;
    });
  });

  test('weights that are missing are listed, a part of the pooler among them', async () => {
    const folder = checkpointVariant(reference.folder, {
      name: (name) => (/query|pooler.dense.bias/.test(name) ? undefined : name),
    });
    const error: unknown = await Bert.fromPretrained(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateDictError);
    const { missing } = error as StateDictError;
    expect(missing).toContain('encoder.layer.0.attention.self.query.weight');
    expect(missing).toContain('pooler.dense.bias');
  });

  test('what sentence-transformers keeps beside it: the pooling, whether to normalise, how many tokens', async () => {
    const modules = (...kinds: string[]) =>
      kinds.map((kind, idx) => ({ idx, path: `${idx}_${kind}`, type: `sentence_transformers.models.${kind}` }));
    const cls = { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false, pooling_mode_max_tokens: false };
    const folder = checkpointVariant(reference.folder, {
      files: { 'modules.json': modules('Transformer', 'Pooling'), '1_Pooling/config.json': cls },
    });
    const { vectors } = await encoded(folder);
    const width = vectors.length / rows;
    const hidden = reference.floats('output.last_hidden_state');
    expect(vectors[width]).toBeCloseTo(hidden[length * width]!, 4);

    const dense = checkpointVariant(reference.folder, { files: { 'modules.json': modules('Transformer', 'Dense') } });
    await expect(encoded(dense)).rejects.toThrow('modules.json: module 1: type: expected a Transformer, Pooling or');
    const max = checkpointVariant(reference.folder, {
      files: { '1_Pooling/config.json': { pooling_mode_max_tokens: true } },
    });
    await expect(encoded(max)).rejects.toThrow('1_Pooling/config.json: pooling_mode_max_tokens: expected false');
  });

  test('texts are tokenized, and cut to the longest sequence', async () => {
    const tokenizer = readJson('spec/reference/tokenizers/wordpiece/tokenizer.json') as {
      model: { vocab: Record<string, number> };
    };
    const folder = checkpointVariant(reference.folder, {
      files: { 'tokenizer.json': tokenizer, 'sentence_bert_config.json': { max_seq_length: 6, do_lower_case: false } },
      name: (name) => name,
    });
    const model = await Bert.fromPretrained(folder);
    const all = (await tinyTokenizer('wordpiece')).encode('a b c d e f g h');
    expect(all.length).toBeGreaterThan(6);
    const cut = [...all.slice(0, 5), all.at(-1)!];
    const [text] = await model.encode(['a b c d e f g h']);
    const [same] = await model.encode([cut]);
    expect(text).toEqual(same);
    model.dispose();
  });
});

describe('configurations', () => {
  // BertModel(BertConfig()) of transformers, and that of all-MiniLM-L6-v2.
  test.each([
    [{}, 109_482_240],
    [{ hidden_size: 384, intermediate_size: 1536, num_hidden_layers: 6 }, 22_713_216],
  ])('%j has %i parameters', (config, count) => {
    expect(Bert.fromConfig(config).parameterCount()).toBe(count);
  });

  test('more tokens than positions are refused where the model is traced', () => {
    const model = Bert.fromConfig({ hidden_size: 8, num_attention_heads: 2, max_position_embeddings: 4 });
    expect(() => trace(model, { ids: input([1, 5], 'i32') })).toThrow('5 tokens are more than the 4 positions');
  });

  test.each([
    [{ model_type: 'roberta' }, "model_type: expected one of 'bert'"],
    [{ is_decoder: true }, 'is_decoder: expected false (nothing else is supported), got true'],
    [{ position_embedding_type: 'relative_key' }, 'position_embedding_type: expected "absolute"'],
    [{ hidden_size: 10, num_attention_heads: 4 }, 'num_attention_heads: expected a divisor of hidden_size (10), got 4'],
    [{ vocab_size: 0 }, 'vocab_size: expected a whole number, at least 1, got 0'],
    [{ pad_token_id: 40000 }, 'pad_token_id: expected a token, below vocab_size (30522), got 40000'],
  ])('%j is refused', (config, message) => {
    expect(() => Bert.fromConfig(config)).toThrow(ConfigError);
    expect(() => Bert.fromConfig(config)).toThrow(`config.json: ${message}`);
  });
});
