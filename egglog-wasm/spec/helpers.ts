import { expect } from '@jest/globals';
import { EGraph, EgglogError, type EGraphOptions, type Literal } from '../index.js';

export const MATH = '(datatype Math (Num i64) (Var String) (Add Math Math) (Mul Math Math))';

/** Input sorts, output sort, callback. */
type Primitive = [inputs: string[], output: string, callback: (...args: never[]) => unknown];

/** An e-graph with primitives, after a program. */
export function graph(program: string, options?: EGraphOptions, primitives: Record<string, Primitive> = {}): EGraph {
  const egraph = new EGraph(options);
  for (const [name, [inputs, output, callback]] of Object.entries(primitives)) {
    egraph.primitive(name, inputs, output, callback as (...args: never[]) => Literal | undefined);
  }
  egraph.run(program);
  return egraph;
}

/** The EgglogError that `action` must throw. */
export function failure(action: () => unknown): EgglogError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EgglogError);
    return error as EgglogError;
  }
  throw new Error('expected an EgglogError, and nothing was thrown');
}
