import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NameError, UsageError, ValueError } from '../../../lib/ir/errors.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { MissingPackageError, missingPackage } from '../../../lib/zoo/optional-package.js';
import { ChatTemplate, ChatTemplateError, type ChatMessage } from '../../../lib/zoo/text/chat-template.js';
import { Tokenizer } from '../../../lib/zoo/text/tokenizer.js';
import { readJson, tinyTokenizer, type TokenizerKind } from './tiny-tokenizers.js';

interface Expected {
  kinds: Record<
    TokenizerKind,
    { cases: { text: string; ids: number[]; plain: number[]; decoded: string; skipped: string }[]; pair: number[] }
  >;
  chats: {
    name: string;
    template: string;
    messages: ChatMessage[];
    generate: boolean;
    tools: object[] | null;
    text: string;
  }[];
}

const expected = readJson('spec/reference/tokenizers/tokenizers.json') as Expected;

describe.each(['bpe', 'wordpiece', 'sentencepiece', 'llama3', 'unigram'] as const)(
  'a tokenizer of the kind %s',
  (kind) => {
    let tokenizer: Tokenizer;
    beforeAll(async () => {
      tokenizer = await tinyTokenizer(kind);
    });
    const { cases, pair } = expected.kinds[kind];

    it.each(cases)('encodes and decodes as Python does: $text', ({ text, ids, plain, decoded, skipped }) => {
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.encode(text, { addSpecialTokens: false })).toEqual(plain);
      expect(tokenizer.decode(ids)).toBe(decoded);
      expect(tokenizer.decode(Int32Array.from(ids), { skipSpecialTokens: true })).toBe(skipped);
    });

    it('encodes pairs', () => {
      expect(tokenizer.encode('hello world', { pair: 'Why is the sky blue?' })).toEqual(pair);
    });

    it('streams every text as it decodes it at once, and shows no half character', () => {
      for (const { ids } of cases) {
        const all = Array.from({ length: 5 }, () => ids).flat();
        const stream = tokenizer.stream({ skipSpecialTokens: false });
        const pieces = all.map((id) => stream.push(id));
        for (const piece of pieces) expect(piece).not.toContain('\uFFFD');
        expect(pieces.join('') + stream.end()).toBe(tokenizer.decode(all, { cleanUp: false }));
      }
    });
  },
);

it('a tokenizer of the kind clip encodes as Python does, and its words end with spaces', async () => {
  const tokenizer = await tinyTokenizer('clip');
  for (const { text, ids } of expected.kinds.clip.cases) expect(tokenizer.encode(text)).toEqual(ids);
  // CLIPTokenizer of transformers does so too; the class that made the reference leaves `</w>` where it is.
  expect(tokenizer.decode(tokenizer.encode('Hello world'), { skipSpecialTokens: true })).toBe('hello world');
});

describe('special tokens and vocabulary', () => {
  it('are those of the files', async () => {
    const tokenizer = await tinyTokenizer('wordpiece');
    const { model } = readJson('spec/reference/tokenizers/wordpiece/tokenizer.json') as { model: { vocab: object } };
    expect(tokenizer.vocabularySize).toBe(Object.keys(model.vocab).length);
    expect(tokenizer.specialId('cls')).toBe(2);
    expect(tokenizer.specialId('bos')).toBeUndefined();
    expect(tokenizer.tokenOf(3)).toBe('[SEP]');
    expect(tokenizer.idOf('[MASK]')).toBe(4);
    expect(tokenizer.encodeTyped('hello', { pair: 'world' }).types).toEqual([0, 0, 0, 1, 1]);
  });

  it('may be written as objects', async () => {
    const config = { eos_token: { content: '</s>', lstrip: false } };
    const files = readJson('spec/reference/tokenizers/sentencepiece/tokenizer.json');
    expect((await Tokenizer.create({ tokenizer: files, config })).specialId('eos')).toBe(2);
  });
});

describe('chat templates', () => {
  it.each(expected.chats)('render as in transformers: $name', async ({ template, messages, generate, tools, text }) => {
    const [tokenizer, config] = ['tokenizer.json', 'tokenizer_config.json'].map((file) =>
      readJson(`spec/reference/tokenizers/bpe/${file}`),
    );
    const chat = await Tokenizer.create({ tokenizer, config, chatTemplate: template });
    expect(chat.chatText(messages, { addGenerationPrompt: generate, ...(tools && { tools }) })).toBe(text);
  });

  it('can be one of several, and read the date', async () => {
    const tokenizer = readJson('spec/reference/tokenizers/bpe/tokenizer.json');
    const config = {
      chat_template: [
        { name: 'tool_use', template: 'tools' },
        { name: 'default', template: '{{ strftime_now("%Y") }} {{ messages[0].content }} {{ mood }}' },
      ],
    };
    const chat = await Tokenizer.create({ tokenizer, config });
    const text = chat.chatText([{ role: 'user', content: 'hi' }], { variables: { mood: 'well' } });
    expect(text).toBe(`${new Date().getFullYear()} hi well`);
    expect(chat.encodeChat([{ role: 'user', content: 'hi' }], { variables: { mood: 'well' } })).toEqual(
      chat.encode(text),
    );
  });

  it('say why they refuse', async () => {
    const raising = await ChatTemplate.create("{{ raise_exception('roles must alternate') }}", 'tiny');
    expect(() => raising.render([])).toThrow(ChatTemplateError);
    expect(() => raising.render([])).toThrow('tiny: the chat template refuses the conversation: roles must alternate');
    await expect(ChatTemplate.create('{% if %}', 'tiny')).rejects.toThrow(/tiny: the chat template cannot be parsed/);
    const wrong: unknown = [{ role: 'user' }];
    expect(() => raising.render(wrong as ChatMessage[])).toThrow('message 0 must have a role and a content');
  });
});

describe('bad input', () => {
  it('is refused with the name of the file, the token or the package', async () => {
    const bpe = await tinyTokenizer('bpe');
    await expect(Tokenizer.create({ tokenizer: [], name: 'here' })).rejects.toThrow(
      new ConfigError('here: tokenizer.json must hold an object'),
    );
    await expect(Tokenizer.create({ tokenizer: { model: 1 } })).rejects.toThrow(ConfigError);
    expect(() => bpe.decode([420])).toThrow(new ValueError('bpe: 420 is no token: ids are whole numbers in 0 … 419'));
    expect(() => bpe.decode([1.5])).toThrow(ValueError);
    expect(bpe.decode([])).toBe('');
    const number: unknown = 3;
    expect(() => bpe.encode(number as string)).toThrow(UsageError);
    expect(() => bpe.chatText([])).toThrow(NameError);
    const missing = Promise.reject(new Error('not found')).catch(missingPackage('sharp', 'pictures'));
    await expect(missing).rejects.toThrow(MissingPackageError);
    await expect(missing).rejects.toThrow(
      "pictures need the package 'sharp', and it could not be loaded: npm install sharp (Error: not found)",
    );
  });

  it('is a text that no token stands for', async () => {
    const tokenizer = JSON.parse(readFileSync('spec/reference/tokenizers/wordpiece/tokenizer.json', 'utf8')) as {
      model: { vocab: Record<string, number>; unk_token: string };
      added_tokens: { content: string }[];
    };
    tokenizer.added_tokens = [];
    tokenizer.model.unk_token = '[NONE]';
    const bare = await Tokenizer.create({ tokenizer, name: 'bare' });
    expect(() => bare.encode('ж')).toThrow(UsageError);
  });
});
