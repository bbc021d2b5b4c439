import { isMacro, opList } from '../ir/ops/index.js';
import type { AttributeKind } from '../ir/signature.js';

/** The operations that the e-graph knows: macros are written out before it sees them. */
export const encodedOps = opList.filter((op) => !isMacro(op));

/** The constructor of an operation: its name with a capital, since egglog has primitives called `neg`, `max`, `log`. */
export function constructorName(op: string): string {
  return op[0]!.toUpperCase() + op.slice(1);
}

/** The primitive that infers the shape of an operation's result from its operands' shapes and its attributes. */
export function shapePrimitive(op: string): string {
  return `shape-of-${constructorName(op)}`;
}

/** The primitive that evaluates a map of constants. */
export function foldPrimitive(op: string): string {
  return `fold-${constructorName(op)}`;
}

/** The egglog sort of each kind of attribute. */
export const attributeSorts: Record<AttributeKind, 'i64' | 'f64' | 'bool' | 'String' | 'Ints'> = {
  int: 'i64',
  float: 'f64',
  bool: 'bool',
  word: 'String',
  dtype: 'String',
  axis: 'i64',
  newAxis: 'i64',
  axes: 'Ints',
  permutation: 'Ints',
  shape: 'Ints',
  ints: 'Ints',
  pair: 'Ints',
  text: 'String',
};
