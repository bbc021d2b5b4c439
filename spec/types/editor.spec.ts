import { beforeAll, describe, expect, test } from '@jest/globals';
import * as composed from '../../lib/dsl/composed.js';
import * as operations from '../../lib/dsl/generated/ops.js';
import { MeganeuraError } from '../../lib/ir/errors.js';
import { input, namedParameter, trace } from '../../lib/index.js';
import { Editor } from './editor.js';
import { expectedHovers, hoveredSource } from './hovers.js';
import { namedMistakes, shapeMistakes } from './shape-mistakes.js';

const prelude = `
import * as composed from '../../lib/dsl/composed.js';
import * as operations from '../../lib/dsl/generated/ops.js';
import type { Dim, Tensor } from '../../lib/index.js';
const { ${Object.keys(operations).join(', ')} } = operations;
const { ${Object.keys(composed).join(', ')} } = composed;
declare function f32<const S extends Dim[]>(...shape: S): Tensor<S, 'f32'>;
declare function i32<const S extends Dim[]>(...shape: S): Tensor<S, 'i32'>;
`;

describe('what the editor says of a mistake', () => {
  const mistakes = [...shapeMistakes, ...namedMistakes];
  let found: ReturnType<Editor['mistakes']>;
  const firstLine = prelude.split('\n').length - 1;
  beforeAll(() => {
    found = new Editor(prelude + mistakes.map(({ call }) => `${call};\n`).join('')).mistakes();
  });

  test.each(mistakes.map((mistake, i) => ({ ...mistake, line: firstLine + i })))('$call', ({ line, at, message }) => {
    const there = found.filter((mistake) => mistake.line === line);
    expect(there).toHaveLength(1);
    expect(there[0]!.at).toBe(at);
    // The message is a literal type, which the last line ends with.
    expect(there[0]!.message.split('\n').at(-1)?.endsWith(`type '"${message}"'.`)).toBe(true);
  });

  test('there are no other mistakes', () => {
    expect(found).toHaveLength(mistakes.length);
  });
});

/** The call, run in a trace on tensors whose types nobody knows. */
function run(call: string): void {
  let count = 0;
  const f32 = (...shape: number[]) => namedParameter(`p${count++}`, shape);
  const i32 = (...shape: number[]) => operations.cast(f32(...shape), 'i32');
  const scope = { ...operations, ...composed, f32, i32 };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- so that the types see nothing
  const body = new Function(...Object.keys(scope), call) as (...values: unknown[]) => void;
  trace({ x: input([]) }, ({ x }) => {
    body(...Object.values(scope));
    return { y: x };
  });
}

describe('what the trace says of the same mistake', () => {
  test.each(shapeMistakes)('$call', ({ call, message }) => {
    expect(() => run(call)).toThrow(new Error(message));
    expect(() => run(call)).toThrow(MeganeuraError);
  });
});

describe('what hovering shows', () => {
  let editor: Editor;
  beforeAll(() => {
    editor = new Editor(hoveredSource);
  });

  test('the file has no mistakes', () => {
    expect(editor.mistakes()).toEqual([]);
  });

  test('shapes, in user code and inside generic modules', () => {
    expect(editor.hovers()).toEqual(expectedHovers);
  });
});

/** A model of `layers` blocks, each a class of its own with eight typed calls on sizes that no other block has. */
function model(layers: number): string {
  const blocks = Array.from({ length: layers }, (_, i) => {
    const [size, hidden] = [512 + i, 2048 + 3 * i];
    return `
class Block${i} extends Module {
  up = new Linear(${size}, ${hidden});
  down = new Linear(${hidden}, ${size});
  gain = parameter([${size}]);
  forward<B extends Dim, T extends Dim>(x: Tensor<[B, T, ${size}], 'f32'>) {
    const h = reshape(x, [-1, ${size}]);
    const y = this.down.forward(relu(this.up.forward(h)));
    return mul(add(y, h), this.gain);
  }
}
export const y${i} = softmax(matmul(new Block${i}().forward(f32(8, 128, ${size})), f32(${size}, ${hidden})));`;
  });
  return `
import { add, matmul, Module, mul, parameter, relu, reshape, softmax, type Dim, type Tensor } from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';
declare function f32<const S extends Dim[]>(...shape: S): Tensor<S, 'f32'>;
${blocks.join('\n')}`;
}

test('checking a model of 60 layers with 480 typed calls instantiates at most 80,000 types', () => {
  expect(new Editor(model(60)).instantiations()).toBeLessThan(80_000);
});
