import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { buildSession, input, NameError, trace, UsageError, ValueError } from '../../lib/index.js';
import { sgd } from '../../lib/train/index.js';
import { ContextLengthError, SmolLM2, SmolVLM2 } from '../../lib/zoo/index.js';
import { LiveBuffers } from '../live-buffers.js';

/** What transformers makes of the models beside it. */
interface Generated {
  readonly chat: readonly {
    readonly name: string;
    readonly prompt: readonly number[];
    readonly options: { readonly max_new_tokens: number; readonly repetition_penalty?: number };
    readonly tokens: readonly number[];
    readonly text: string;
  }[];
  readonly caption: {
    readonly width: number;
    readonly height: number;
    readonly pixels: readonly number[];
    readonly tokens: readonly number[];
    readonly text: string;
  };
}

const folder = path.resolve('spec/reference/generation');
const expected = JSON.parse(fs.readFileSync(path.join(folder, 'generation.json'), 'utf8')) as Generated;

async function joined<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

describe('SmolLM2 with a tokenizer', () => {
  let model: SmolLM2;
  beforeAll(async () => {
    model = await SmolLM2.fromPretrained(path.join(folder, 'chat'));
  });
  afterAll(() => model.dispose());

  const prompts = { chat: 'Why is the sky blue?', plain: 'The sky', penalty: 'Why is the sky blue?' };

  test.each(expected.chat)(
    'writes what transformers writes: $name',
    async ({ name, prompt, options, tokens, text }) => {
      const own = {
        maxNewTokens: options.max_new_tokens,
        ...(options.repetition_penalty !== undefined && { repetitionPenalty: options.repetition_penalty }),
        chat: name !== 'plain',
      };
      expect(await joined(model.generateTokens(prompt, own))).toEqual(tokens);
      const pieces = await joined(model.generate(prompts[name as keyof typeof prompts], own));
      expect(pieces.join('')).toBe(text);
      expect(pieces.length).toBeGreaterThan(1);
    },
  );

  test('says why it ended, and leaves out stop strings that are spread over tokens', async () => {
    const [{ text }] = expected.chat as [Generated['chat'][number]];
    const at = Math.floor(text.length / 2);
    const stop = text.slice(at, at + 3);
    const pieces = model.generate(prompts.chat, { maxNewTokens: 40, stop });
    const shown: string[] = [];
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) shown.push(next.value);
    expect(next.value).toBe('stop');
    expect(shown.join('')).toBe(text.slice(0, text.indexOf(stop)));
    const two = model.generateTokens([5, 6], { maxNewTokens: 2, endTokens: [] });
    const reasons: unknown[] = [];
    for (let step = await two.next(); ; step = await two.next()) {
      reasons.push(step.done);
      if (step.done) {
        expect(step.value).toBe('length');
        break;
      }
    }
    expect(reasons).toEqual([false, false, true]);
  });

  test('draws the same text again from the same seed, another from another', async () => {
    const draw = async (seed: number) =>
      (await joined(model.generateTokens([5, 6, 7], { temperature: 2, topP: 0.95, seed, maxNewTokens: 12 }))).join();
    expect(await draw(1)).toBe(await draw(1));
    expect(await draw(1)).not.toBe(await draw(2));
  });

  test('decodes prompts of many parts as the whole', async () => {
    const prompt = Array.from({ length: 83 }, (_, i) => (i * 37) % 250);
    const tokens = await joined(model.generateTokens(prompt, { maxNewTokens: 1, endTokens: [] }));
    const graph = trace(model, { ids: input([1, prompt.length], 'i32') });
    const session = await buildSession(graph);
    session.step({ ids: prompt });
    const logits = (await session.read('output')).subarray(-model.config.vocabSize);
    expect(tokens).toEqual([logits.indexOf(logits.reduce((a, b) => Math.max(a, b)))]);
    session.dispose();
  });

  test('stops where the context is full', async () => {
    const generator = await model.createGenerator({ contextLength: 8 });
    const pieces = generator.generateTokens([5, 6, 7, 8, 9, 10], { endTokens: [] });
    const tokens: number[] = [];
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) tokens.push(next.value);
    expect([tokens.length, next.value]).toEqual([3, 'context']);
    generator.dispose();
  });

  test.each([
    ['a prompt without tokens', [], {}, ValueError, /the prompt has no tokens/],
    [
      'a prompt longer than the context',
      Array(97).fill(5),
      {},
      ContextLengthError,
      /has 97 tokens, and the context 96/,
    ],
    ['an id out of range', [5, 100000], {}, ValueError, /token 100000 at 1 is out of range: ids are in \[0, \d+\)/],
    ['an option that there is not', [5], { maxTokens: 3 }, NameError, /there is no option 'maxTokens'/],
    ['an option out of range', [5], { maxNewTokens: -1 }, ValueError, /maxNewTokens must be a number of tokens/],
    ['a context that the model cannot have', [5], { contextLength: 1000 }, ValueError, /from 1 to 96/],
  ])('refuses %s', async (_, prompt: number[], options: object, type, message) => {
    const error: unknown = await joined(model.generateTokens(prompt, options)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
  });

  test('refuses a second answer while one is being generated, and goes on after it has ended', async () => {
    const first = model.generateTokens([5], { endTokens: [] });
    await first.next();
    await expect(joined(model.generateTokens([6]))).rejects.toThrow(UsageError);
    await first.return('stop');
    expect(await joined(model.generateTokens([6], { maxNewTokens: 1, endTokens: [] }))).toHaveLength(1);
  });
});

describe('sessions of a model', () => {
  test('use the weights of one that trains, without a copy', async () => {
    const config = JSON.parse(fs.readFileSync(path.join(folder, 'chat/config.json'), 'utf8')) as object;
    const model = SmolLM2.fromConfig({ ...config, initializer_range: 0.2 });
    const graph = trace(model, { ids: input([1, 8], 'i32') }, ({ ids }) => ({ loss: model.loss(ids, ids) }));
    const training = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
    const before = training.memory().parameters;
    const ids = [3, 1, 4, 15, 9, 2, 6, 5];
    for (let step = 0; step < 60; step++) training.step({ ids });
    const options = { weights: training, maxNewTokens: 7, endTokens: [] };
    expect(await joined(model.generateTokens(ids.slice(0, 1), options))).toEqual(ids.slice(1));
    expect(training.memory().parameters).toBe(before);
    model.dispose();
    training.step({ ids });
    training.dispose();
  });

  test('go when a call that made them is aborted; memory is where it was', async () => {
    const model = await SmolLM2.fromPretrained(path.join(folder, 'chat'));
    using buffers = await LiveBuffers.start();
    const controller = new AbortController();
    const tokens: number[] = [];
    const run = async () => {
      for await (const token of model.generateTokens([5, 6], { endTokens: [], signal: controller.signal })) {
        tokens.push(token);
        if (tokens.length === 3) controller.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(tokens).toHaveLength(3);
    expect(buffers.count).toBe(0);
  });
});

describe('SmolVLM2 with a tokenizer and an image processor', () => {
  const { width, height, pixels, text } = expected.caption;
  const picture = { data: Uint8ClampedArray.from(pixels), width, height };

  test('writes what transformers writes of a picture, as text and as conversation', async () => {
    const model = await SmolVLM2.fromPretrained(path.join(folder, 'caption'));
    const options = { images: [picture], maxNewTokens: 24 };
    expect((await joined(model.generate('What is this?', options))).join('')).toBe(text);
    const content = [{ type: 'image' }, { type: 'text', text: 'What is this?' }];
    expect((await joined(model.generate([{ role: 'user', content }], options))).join('')).toBe(text);
    await expect(joined(model.generate([{ role: 'user', content: 'What is this?' }], options))).rejects.toThrow(
      /0 places for pictures \(<image>\), and there are 1/,
    );
    expect((await joined(model.generate('What is this?', { maxNewTokens: 2 }))).length).toBeGreaterThan(0);
    model.dispose();
  });
});
