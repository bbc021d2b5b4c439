import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import * as library from '../../lib/index.js';

const source = `
import { Module, param, parameter } from 'meganeura';
export class Dense extends Module {
  @param weight = parameter([this.outFeatures, 2]);
  constructor(readonly outFeatures: number) { super(); }
  forward() {}
}`;

/** The class as a compiler with those options makes it. */
function compile(options: ts.CompilerOptions): new (outFeatures: number) => library.Module {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, ...options },
  });
  const exports: { Dense?: new (outFeatures: number) => library.Module } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what the compiler made
  const run = new Function('require', 'exports', outputText) as (require: () => unknown, exports: object) => void;
  run(() => library, exports);
  return exports.Dense!;
}

describe('a decorated field that reads a constructor parameter', () => {
  test('works with the flags of this library', () => {
    const Dense = compile({ experimentalDecorators: true, useDefineForClassFields: false });
    expect(new Dense(3).stateDict()['weight']!.shape).toEqual([3, 2]);
  });

  test('is a ShapeError that names the flags where fields are initialised first', () => {
    const Dense = compile({ experimentalDecorators: true, useDefineForClassFields: true });
    expect(() => new Dense(3).namedParameters()).toThrow(
      /^weight: a parameter cannot have shape \[undefined, 2\]\. .*"useDefineForClassFields": false/,
    );
  });

  test('is a TraceError that names the flags with standard decorators', () => {
    expect(() => compile({ experimentalDecorators: false })).toThrow(
      new library.TraceError(
        '@param is for fields, and needs "experimentalDecorators": true and "useDefineForClassFields": false in the ' +
          "compiler's options",
      ),
    );
  });
});
