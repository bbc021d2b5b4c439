import { describe, expect, it } from '@jest/globals';
import { ValueError } from '../../../lib/ir/errors.js';
import { StopStrings } from '../../../lib/zoo/text/stop-strings.js';
import { sampleValues } from '../../values.js';
import { tinyTokenizer } from './tiny-tokenizers.js';

describe('streamed text', () => {
  it('waits for the rest of a character', async () => {
    const tokenizer = await tinyTokenizer('sentencepiece');
    const ids = [0xe2, 0x82, 0xac].map((byte) => tokenizer.idOf(`<0x${byte.toString(16).toUpperCase()}>`)!);
    const stream = tokenizer.stream();
    expect(ids.map((id) => stream.push(id))).toEqual(['', '', '€']);
    expect(stream.end()).toBe('');
    expect(ids.slice(0, 2).map((id) => stream.push(id))).toEqual(['', '']);
    expect(stream.end()).toBe('\uFFFD');
    expect(stream.push(tokenizer.idOf('▁hello')!)).toBe('hello');
  });

  it('leaves out special tokens, and keeps the spaces around them', async () => {
    const tokenizer = await tinyTokenizer('sentencepiece');
    const [hello, world, end] = ['▁hello', '▁world', '</s>'].map((token) => tokenizer.idOf(token)!);
    const ids = [hello!, ...Array.from({ length: 60 }, () => end!), world!];
    const stream = tokenizer.stream();
    expect(ids.map((id) => stream.push(id)).join('')).toBe('hello world');
  });

  it.each(['bpe', 'wordpiece', 'sentencepiece', 'llama3', 'unigram'] as const)(
    'of random ids is what they decode to: %s',
    async (kind) => {
      const tokenizer = await tinyTokenizer(kind);
      for (const skipSpecialTokens of [true, false]) {
        const ids = Array.from(sampleValues(400, 7), (x) => Math.floor(((x + 1) / 2) * tokenizer.vocabularySize));
        const stream = tokenizer.stream({ skipSpecialTokens });
        const text = ids.map((id) => stream.push(id)).join('') + stream.end();
        expect(text).toBe(tokenizer.decode(ids, { skipSpecialTokens, cleanUp: false }));
      }
    },
  );
});

describe('stop strings', () => {
  const run = (stops: string[], pieces: string[]) => {
    const filter = new StopStrings(stops);
    const shown = pieces.map((piece) => filter.push(piece));
    return { shown, end: filter.end(), stopped: filter.stopped };
  };

  it('are never shown, though they come in parts', () => {
    expect(run(['</end>'], ['a<', '/e', 'nd', '> more', 'x'])).toEqual({
      shown: ['a', '', '', '', ''],
      end: '',
      stopped: true,
    });
  });

  it('give back what only looked like one', () => {
    expect(run(['</end>'], ['a<', '/e', 'x<', 'b'])).toEqual({
      shown: ['a', '', '</ex', '<b'],
      end: '',
      stopped: false,
    });
    expect(run(['aab'], ['a', 'a', 'a', 'b', 'c'])).toEqual({ shown: ['', '', 'a', '', ''], end: '', stopped: true });
    expect(run(['\n\nUser:'], ['hi\n', '\nUse'])).toEqual({ shown: ['hi', ''], end: '\n\nUse', stopped: false });
  });

  it('stop at the first of several, and at none without any', () => {
    expect(run(['world', 'lo'], ['hello world'])).toEqual({ shown: ['hel'], end: '', stopped: true });
    expect(run([], ['hello'])).toEqual({ shown: ['hello'], end: '', stopped: false });
    expect(() => new StopStrings([''])).toThrow(ValueError);
  });

  it('show all text but that from the first stop string on, however it is cut', () => {
    const text = 'abcabdabcababcabd-abcabe';
    const stop = 'abcabe';
    for (let size = 1; size <= text.length; size++) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'g'))!;
      const { shown, stopped } = run([stop], pieces);
      expect([shown.join(''), stopped]).toEqual(['abcabdabcababcabd-', true]);
    }
  });
});
