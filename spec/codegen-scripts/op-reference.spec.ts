import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { opEntry } from '../../codegen-scripts/op-reference.js';
import { exampleOf, shortNumber } from '../../codegen-scripts/op-reference-examples.js';
import { derivativeText, formula } from '../../codegen-scripts/op-reference-formulas.js';
import { defineMap } from '../../lib/ir/ops/define.js';
import { opList } from '../../lib/ir/ops/index.js';
import { scalar, variable } from '../../lib/ir/scalar.js';
import { Editor } from '../types/editor.js';

const page = fs.readFileSync('docs/ops.md', 'utf8');

/** Operands, call and result of every example on the page. */
const examples = [...page.matchAll(/```ts\n([^]*?)\n```/g)].map(([, block]) => {
  const tensors = [...block!.matchAll(/^\/\/ (\w+|→):? (\w+)(\[[\d, ]*\]) = (.*)$/gm)].map(
    ([, name, dtype, shape, values]) => ({
      name: name!,
      type: `Tensor<${shape!}, '${dtype!}'>`,
      // JSON knows finite numbers only.
      values: JSON.parse(values!.replace(/-?Infinity|NaN/g, 'null')) as unknown,
    }),
  );
  const call = block!.split('\n').find((line) => !line.startsWith('//'))!;
  return { call, operands: tensors.slice(0, -1), result: tensors.at(-1)! };
});

describe('docs/ops.md', () => {
  test('has an entry for every operation, and links that lead to headings', () => {
    const headings = [...page.matchAll(/^#{1,3} (.*)$/gm)].map((match) => match[1]!);
    expect(headings).toEqual(expect.arrayContaining(opList.map(({ name }) => name)));
    // As GitHub makes them.
    const slugs = headings.map((heading, i) => {
      const slug = heading.toLowerCase().replaceAll(' ', '-');
      const before = headings.slice(0, i).filter((other) => other.toLowerCase().replaceAll(' ', '-') === slug).length;
      return before === 0 ? slug : `${slug}-${before}`;
    });
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]!);
    expect(links).toEqual(slugs.slice(1));
    const files = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map((match) => match[1]!);
    expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
  });

  test('has examples that the compiler accepts, with results of the types they have', () => {
    const functions = examples.map(({ call }) => /^\w+/.exec(call)![0]);
    expect(functions).toEqual(expect.arrayContaining(opList.map(({ name }) => name)));
    const calls = examples.map(({ call, operands, result }) => {
      const parameters = operands.map(({ name, type }) => `${name}: ${type}`).join(', ');
      return `export const _ = (${parameters}): ${result.type} => ops.${call}`.replace(
        '_',
        `example${call.replace(/\W.*/, '')}`,
      );
    });
    const editor = new Editor(
      `import * as ops from '../../lib/index.js';\nimport type { Tensor } from '../../lib/index.js';\n${calls.join('\n')}\n`,
    );
    expect(editor.mistakes()).toEqual([]);
  });

  test('has the values that definitions give', () => {
    const valuesOf = (name: string) => {
      const { operands, result } = examples.find(({ call }) => call.startsWith(`${name}(`))!;
      return { inputs: operands.map(({ values }) => values), result: result.values };
    };
    const digits = (x: number) => Number(x.toPrecision(4));
    const { inputs, result } = valuesOf('softmax');
    const rows = inputs[0] as number[][];
    expect(result).toEqual(
      rows.map((row) => row.map((x) => digits(Math.exp(x) / row.reduce((sum, each) => sum + Math.exp(each), 0)))),
    );
    const product = valuesOf('matmul');
    const [a, b] = product.inputs as number[][][];
    expect(product.result).toEqual(
      a!.map((row) => b![0]!.map((_, j) => digits(row.reduce((sum, x, k) => sum + x * b![k]![j]!, 0)))),
    );
    expect(valuesOf('cast').result).toEqual([-1, 0, 0, 2]);
  });
});

describe('formulas', () => {
  const [x, y] = [variable(0), variable(1)];
  const text = (expression: Parameters<typeof formula>[0]) => formula(expression, ['x', 'y']);

  test('have parentheses where precedence needs them', () => {
    const { add, sub, mul, div, neg, sqrt, exp, less, where, pow } = scalar;
    expect(text(mul(add(x, 1), sub(x, y)))).toBe('(x + 1)·(x − y)');
    expect(text(sub(x, sub(y, 1)))).toBe('x − (y − 1)');
    expect(text(sub(x, neg(y)))).toBe('x − (−y)');
    expect(text(div(x, mul(y, 2)))).toBe('x/(y·2)');
    expect(text(div(mul(x, y), 2))).toBe('x·y/2');
    expect(text(mul(x, -2))).toBe('x·(−2)');
    expect(text(neg(add(x, y)))).toBe('−(x + y)');
    expect(text(sqrt(exp(add(x, y))))).toBe('√exp(x + y)');
    expect(text(sqrt(add(x, y)))).toBe('√(x + y)');
    expect(text(pow(neg(x), 2))).toBe('(−x)^2');
    expect(text(mul(mul(x, x), mul(add(x, 1), add(x, 1))))).toBe('x²·(x + 1)·(x + 1)');
    expect(text(where(less(x, 0), add(x, 1), where(less(y, x), 1, 2)))).toBe('(x < 0) ? x + 1 : (y < x) ? 1 : 2');
    expect(text(mul(2 / Math.sqrt(Math.PI), x))).toBe('(2/√π)·x');
  });

  test('of derivatives name the result, and stay away where they are long', () => {
    const map = (expression: Parameters<typeof defineMap>[0]['expression']) =>
      derivativeText(defineMap({ name: 'odd', signature: 'x[...s]:float -> [...s]', doc: '', expression }));
    expect(map((u) => scalar.tanh(u))).toBe('`∂/∂x = 1 − y²`, y the result');
    expect(map((u) => scalar.mul(u, 3))).toBe('`∂/∂x = 3`');
    const wide = (u: typeof x) => scalar.exp(scalar.sin(scalar.mul(u, scalar.cos(scalar.mul(u, scalar.tanh(u))))));
    expect(map((u) => wide(wide(u)))).toBe('derived from the formula');
  });
});

describe('examples', () => {
  test('are demanded of every operation', () => {
    const record = (expression: (u: ReturnType<typeof variable>) => ReturnType<typeof variable>) =>
      defineMap({ name: 'log', signature: 'x[...s]:float -> [...s]', doc: 'Odd.', expression });
    expect(exampleOf(record((u) => scalar.log(u))).lines[0]).toBe('// x: f32[4] = [1.5, 0.5, 2, 1]');
    const nowhere = { ...record((u) => scalar.log(u)), name: 'nowhere' };
    expect(() => opEntry(nowhere)).toThrow(
      "no example for 'nowhere' in the reference: a sample made from `x[...s]:float -> [...s]` gives 'nowhere' is not an " +
        'operation of the op table. Write one in writtenSamples of codegen-scripts/op-reference-written-samples.ts',
    );
  });

  test('have numbers that do not hang on the last digit', () => {
    expect(shortNumber(0.1 + 0.2)).toBe('0.3');
    expect(shortNumber(1 / 3)).toBe('0.3333');
    expect(shortNumber(-123456)).toBe('-123456');
    // Halves, and what is next to them.
    expect([0.12345, 0.12345000000000002, 0.12344999999999999].map(shortNumber)).toEqual(
      Array(3).fill(shortNumber(0.12345)),
    );
    expect(shortNumber(-1e-17)).toBe('0');
  });
});
