import { describe, expect, test } from '@jest/globals';
import { SignatureTypes } from '../../codegen-scripts/signature-types.js';
import type { ViewOp } from '../../lib/ir/ops/define.js';
import { parseSignature } from '../../lib/ir/signature.js';
import { Editor } from '../types/editor.js';

/** The declaration that a record of the op table with that signature gives. */
function declare(name: string, signatureText: string): string {
  const record: ViewOp = {
    kind: 'view',
    name,
    signatureText,
    signature: parseSignature(signatureText),
    doc: '',
    source: (_, index) => [...index],
    gradient: 'none',
  };
  const { typeParameters, parameters, result } = new SignatureTypes(record).signature();
  const types = typeParameters.map((t) => `${t.name} extends ${t.constraint}${t.default ? ` = ${t.default}` : ''}`);
  const values = parameters.map((p) => `${p.name}${p.optional ? '?' : ''}: ${p.type}`);
  return `export declare function ${name}<${types.join(', ')}>(${values.join(', ')}): ${result};\n`;
}

const convolution =
  'x[n c h w], kernel[o c/groups kh kw], stride: int = 1, padding: int = 0, groups: int = 1 -> ' +
  '[n o (h+2*padding-kh)/stride+1 (w+2*padding-kw)/stride+1]';

const source = `
import type { Add, Divide, Multiply, Subtract } from '../../lib/dsl/shapes/arithmetic.js';
import type { Dim, SameDim, SameDType } from '../../lib/dsl/shapes/dim.js';
import type { DType, Tensor } from '../../lib/index.js';
declare function f32<const S extends Dim[]>(...shape: S): Tensor<S, 'f32'>;
${declare('conv2d', convolution)}
${declare('attention', 'q[b h s d], k[b h t d], v[b h t e], causal: bool = false -> [b h s e]')}
${declare('embedding', 'table[v d], ids[...s]:i32<v -> [...s d]')}
const strided = conv2d(f32('n', 3, 224, 224), f32(64, 3, 7, 7), { stride: 2, padding: 3 });
//    ^?
const grouped = conv2d(strided, f32(64, 1, 3, 3), { groups: 64, padding: 1 });
//    ^?
const named = conv2d(f32('n', 3, 'h', 'w'), f32(8, 3, 5, 5));
//    ^?
const attended = attention(f32(2, 8, 's', 64), f32(2, 8, 't', 64), f32(2, 8, 't', 32));
//    ^?
const embedded = embedding(f32(1000, 64), null! as Tensor<['b', 's'], 'i32'>);
//    ^?
conv2d(f32(1, 64, 8, 8), f32(64, 3, 3, 3));
attention(f32(2, 8, 4, 64), f32(2, 8, 5, 64), f32(2, 8, 6, 64));
`;

describe('signatures of operations that the table may get', () => {
  const editor = new Editor(source);

  test('give shapes by arithmetic over dimensions and attributes', () => {
    expect(editor.hovers()).toEqual({
      strided: 'const strided: Tensor<["n", 64, 112, 112], "f32">',
      grouped: 'const grouped: Tensor<["n", 64, 112, 112], "f32">',
      named: 'const named: Tensor<["n", 8, number, number], "f32">',
      attended: 'const attended: Tensor<[2, 8, "s", 32], "f32">',
      embedded: 'const embedded: Tensor<["b", "s", 64], "f32">',
    });
  });

  test('give messages on the offending argument', () => {
    const mistakes = editor
      .mistakes()
      .map(({ at, message }) => [at, /"(.*)"/.exec(message.split("type '").at(-1)!)?.[1]]);
    expect(mistakes).toEqual([
      ['f32(64, 3, 3, 3)', 'conv2d: dimension 1 of kernel must be 64, not 3'],
      ['f32(2, 8, 6, 64)', 'attention: t is 5 in k but 6 in v'],
    ]);
  });

  test('that cannot be typed are refused when generated', () => {
    expect(() => declare('odd', 'x[...s] -> [n]')).toThrow("odd: 'n' is used before it is bound");
    expect(() => declare('odd', 'x[k k_y], y[k] -> [k]')).toThrow('odd: two type parameters named K_y');
  });
});
