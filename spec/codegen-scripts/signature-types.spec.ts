import { describe, expect, test } from '@jest/globals';
import { callSignatures } from '../../codegen-scripts/signature-types.js';
import type { ViewOp } from '../../lib/ir/ops/record.js';
import { parseSignature } from '../../lib/ir/signature.js';
import { Editor } from '../types/editor.js';

/** The declarations that a record of the op table with that signature gives. */
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
  return callSignatures(record)
    .map(({ typeParameters, parameters, result }) => {
      const types = typeParameters.map(
        (t) => `${t.isConst ? 'const ' : ''}${t.name} extends ${t.constraint}${t.default ? ` = ${t.default}` : ''}`,
      );
      const values = parameters.map((p) => `${p.name}${p.optional ? '?' : ''}: ${p.type}`);
      return `export declare function ${name}<${types.join(', ')}>(${values.join(', ')}): ${result};\n`;
    })
    .join('');
}

const convolution =
  'x[n c h w]:float, kernel[o c/groups kh kw]:float, bias[o]:float?, stride: pair = 1, padding: pair = 0, ' +
  'dilation: pair = 1, groups: int = 1 -> [n o (h+2*padding.0-dilation.0*(kh-1)-1)/stride.0+1 ' +
  '(w+2*padding.1-dilation.1*(kw-1)-1)/stride.1+1]';

const source = `
import type { Add, Divide, Divisible, KnownSize, Multiply, Shift, Subtract } from '../../lib/dsl/shapes/arithmetic.js';
import type { AxisOf } from '../../lib/dsl/shapes/axes.js';
import type {
  Dim, Guard, Pair, PairElement, SameDim, SameDType, SameShape, ShapeOf, Show, UnknownShape, WhenDecided,
} from '../../lib/dsl/shapes/dim.js';
import type { Concat, DTypeOf, OneDType, ShapesOf } from '../../lib/dsl/shapes/lists.js';
import type { Slide } from '../../lib/dsl/shapes/windows.js';
import type { DType, FloatDType, NumericDType } from '../../lib/ir/dtype.js';
import type { Tensor } from '../../lib/index.js';
declare function f32<const S extends Dim[]>(...shape: S): Tensor<S, 'f32'>;
declare function i32<const S extends Dim[]>(...shape: S): Tensor<S, 'i32'>;
${declare('conv2d', convolution)}
${declare('upsample', 'x[...b h w]:float, size: pair -> [...b size.0 size.1]')}
${declare('shuffle', 'x[...b c h w], factor: int -> [...b c/(factor*factor) h*factor w*factor]')}
${declare('attention', 'q[b h s d], k[b h t d], v[b h t e], mask[...m]:any?, causal: bool = false -> [b h s e]')}
${declare('embedding', 'table[v d], ids[...s]:i32<v -> [...s d]')}
${declare('drawn', 'step[]:i32, shape: shape -> [...shape]:f32')}
${declare('join', 'xs[...s]*, axis: axis = 0 -> concat(s, axis)')}
${declare('largest', 'x[...s]:number, k: int, axis: axis = -1 -> [...slide(s, axis, k)]:i32')}
${declare('unknown', 'x[...s] -> noRule(s)')}
declare const stride: number;
const strided = conv2d(f32('n', 3, 224, 224), f32(64, 3, 7, 7), { stride: 2, padding: [3, 3], bias: f32(64) });
//    ^?
const grouped = conv2d(strided, f32(64, 1, 3, 3), { groups: 64, padding: 1 });
//    ^?
const named = conv2d(f32('n', 3, 'h', 'w'), f32(8, 3, 5, 5), { padding: [2, 0] });
//    ^?
const dilated = conv2d(f32(1, 3, 9, 9), f32(8, 3, 3, 3), { dilation: [2, 4] });
//    ^?
const open = conv2d(f32(1, 3, 9, 9), f32(8, 3, 3, 3), { stride });
//    ^?
const sized = upsample(f32(3, 8, 8), [16, 'w']);
//    ^?
const shuffled = shuffle(f32('b', 12, 5, 'w'), 2);
//    ^?
const attended = attention(f32(2, 8, 's', 64), f32(2, 8, 't', 64), f32(2, 8, 't', 32), { mask: i32(1), causal: true });
//    ^?
const embedded = embedding(f32(1000, 64), i32('b', 's'));
//    ^?
const random = drawn(i32(), [3, 'batch']);
//    ^?
const joined = join([f32('b', 3), f32('b', 4), f32('b', 'n')], { axis: 1 });
//    ^?
const parts = join(null! as Tensor<['b', 3], 'f32'>[]);
//    ^?
const best = largest(f32('b', 10), 3);
//    ^?
const nobody = unknown(f32(3));
//    ^?
export class Block<In extends Dim, Out extends Dim> {
  declare readonly kernel: Tensor<[Out, In, 3, 3], 'f32'>;
  declare readonly bias: Tensor<[Out], 'f32'> | undefined;
  forward<B extends Dim[], N extends Dim>(x: Tensor<[...B, In], 'f32'>, y: Tensor<[...B, Out], 'f32'>, image: Tensor<[N, In, 8, 8], 'f32'>) {
    const both = join([x, y], { axis: -1 });
    //    ^?
    const three = join([x, x, y], { axis: -1 });
    //    ^?
    const four = join([x, x, x, y], { axis: -1 });
    //    ^?
    const few = largest(x, 5);
    //    ^?
    const filtered = conv2d(image, this.kernel, { padding: 1, bias: this.bias });
    //    ^?
  }
}
const inBlock = new Block<3, 4>().forward(f32(2, 3), f32(2, 4), f32(1, 3, 8, 8));
conv2d(f32(1, 64, 8, 8), f32(64, 3, 3, 3));
conv2d(f32(1, 64, 8, 8), f32(64, 21, 3, 3), { groups: 3 });
conv2d(f32(1, 64, 8, 8), f32(10, 64, 3, 3), { bias: f32(11) });
attention(f32(2, 8, 4, 64), f32(2, 8, 5, 64), f32(2, 8, 6, 64));
join([f32(2, 3), f32(5, 4)], { axis: 1 });
join([f32(2, 3), i32(2, 3)]);
join([f32(2, 3), f32(2, 3)], { axis: 2 });
largest(f32(2, 3), 1, { axis: -3 });
`;

describe('signatures of operations that the table may get', () => {
  const editor = new Editor(source);

  test('give shapes by arithmetic over dimensions and attributes', () => {
    expect(editor.hovers()).toEqual({
      strided: 'const strided: Tensor<["n", 64, 112, 112], "f32">',
      grouped: 'const grouped: Tensor<["n", 64, 112, 112], "f32">',
      named: 'const named: Tensor<["n", 8, "h", number], "f32">',
      dilated: 'const dilated: Tensor<[1, 8, 5, 1], "f32">',
      open: 'const open: Tensor<[1, 8, number, number], "f32">',
      sized: 'const sized: Tensor<[3, 16, "w"], "f32">',
      shuffled: 'const shuffled: Tensor<["b", 3, 10, "w*2"], "f32">',
      attended: 'const attended: Tensor<[2, 8, "s", 32], "f32">',
      embedded: 'const embedded: Tensor<["b", "s", 64], "f32">',
      random: 'const random: Tensor<[3, "batch"], "f32">',
      joined: 'const joined: Tensor<["b", "7+n"], "f32">',
      parts: 'const parts: Tensor<[number, 3], "f32">',
      best: 'const best: Tensor<["b", 3], "i32">',
      nobody: 'const nobody: Tensor<any, "f32">',
      both: 'const both: Tensor<[...B, Add<In, Out>], "f32">',
      three: 'const three: Tensor<[...B, Add<Add<In, In>, Out>], "f32">',
      four: 'const four: Tensor<any, "f32">',
      few: 'const few: Tensor<[...B, 5], "i32">',
      filtered: 'const filtered: Tensor<[N, Out, 8, 8], "f32">',
    });
  });

  test('give messages on the offending argument', () => {
    const mistakes = editor
      .mistakes()
      .map(({ at, message }) => [at, /"(.*)"/.exec(message.split("type '").at(-1)!)?.[1] ?? message]);
    expect(mistakes).toEqual([
      ['f32(64, 3, 3, 3)', 'conv2d: dimension 1 of kernel must be 64, not 3'],
      ['f32(64, 21, 3, 3)', 'conv2d: c 64 does not divide by groups 3'],
      ['bias', 'conv2d: o is 10 in kernel but 11 in bias'],
      ['f32(2, 8, 6, 64)', 'attention: t is 5 in k but 6 in v'],
      ['[f32(2, 3), f32(5, 4)]', 'join: dimension 0 is 2 in xs[0] but 5 in xs[1]'],
      ['[f32(2, 3), i32(2, 3)]', 'join: xs[0] is f32 but xs[1] is i32; cast one of them'],
      ['axis', 'join: axis 2 is out of range for [2, 3]'],
      ['axis', 'largest: axis -3 is out of range for [2, 3]'],
    ]);
  });

  test('that cannot be typed are refused when generated', () => {
    expect(() => declare('odd', 'x[...s] -> [n]')).toThrow("odd: 'n' is used before it is bound");
    expect(() => declare('odd', 'x[k k_y], y[k] -> [k]')).toThrow('odd: two type parameters named K_y');
  });
});
