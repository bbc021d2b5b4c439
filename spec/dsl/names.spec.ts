import { expect, test } from '@jest/globals';
import { snakeCase } from '../../lib/dsl/names.js';

test.each([
  ['weight', 'weight'],
  ['qProj', 'q_proj'],
  ['selfAttn', 'self_attn'],
  ['fc1', 'fc1'],
  ['conv2dIn', 'conv2d_in'],
  ['lnF', 'ln_f'],
  ['QKVProj', 'qkv_proj'],
  ['already_snake', 'already_snake'],
])('%s is %s in a state dict', (attribute, name) => {
  expect(snakeCase(attribute)).toBe(name);
});
