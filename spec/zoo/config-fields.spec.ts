import { describe, expect, it } from '@jest/globals';
import { ConfigError, ConfigFields } from '../../lib/zoo/config-fields.js';

const fields = new ConfigFields(
  { size: 3, share: 0.5, on: true, kind: 'linear', list: [1, 2], inner: { size: 'x' }, nothing: null, constructor: 1 },
  'config.json',
);

describe('fields of a configuration', () => {
  it('are read with their types, and null is as good as missing', () => {
    expect([fields.integer('size'), fields.number('share'), fields.boolean('on')]).toEqual([3, 0.5, true]);
    expect([fields.string('kind'), fields.oneOf('kind', ['linear', 'cosine'])]).toEqual(['linear', 'linear']);
    expect(fields.numbers('list', 2)).toEqual([1, 2]);
    expect([fields.has('nothing'), fields.has('missing'), fields.has('toString')]).toEqual([false, false, false]);
    expect([fields.integer('nothing', 7), fields.string('missing', 'a')]).toEqual([7, 'a']);
    expect(fields.fields('missing', true).has('size')).toBe(false);
  });

  it('that are wrong are refused by file and name', () => {
    const refused = (read: () => unknown) => expect(read);
    refused(() => fields.integer('share')).toThrow(
      new ConfigError('config.json: share: expected a whole number, at least 0, got 0.5'),
    );
    refused(() => fields.integer('size', undefined, 4)).toThrow('a whole number, at least 4, got 3');
    refused(() => fields.number('missing')).toThrow('config.json: missing: expected a number, got nothing');
    refused(() => fields.boolean('size')).toThrow('expected true or false, got 3');
    refused(() => fields.string('list')).toThrow('expected text, got [1,2]');
    refused(() => fields.numbers('list', 3)).toThrow('expected a list of 3 numbers, got [1,2]');
    refused(() => fields.oneOf('kind', ['linera', 'cosine'])).toThrow('got "linear": did you mean \'linera\'?');
    refused(() => fields.fields('inner').integer('size')).toThrow('config.json: inner: size: expected a whole number');
    refused(() => fields.fields('list')).toThrow('expected an object, got [1,2]');
    refused(() => fields.onlyOff({ on: false })).toThrow('on: expected false (nothing else is supported), got true');
    for (const json of [null, [], 'x', undefined]) expect(() => new ConfigFields(json, 'c')).toThrow(ConfigError);
  });
});
