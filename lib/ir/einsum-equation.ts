import { ShapeError } from './errors.js';
import { showShape, type Shape } from './shape.js';

/**
 * An equation of `einsum` with the dimensions of its operands. Every dimension has a label: a letter, or `.1`, `.2`, …
 * for those of an ellipsis, counted from its end.
 */
export interface Equation {
  /** Labels of each operand's dimensions. */
  readonly terms: readonly (readonly string[])[];
  readonly result: readonly string[];
  /** The size of each label. Operands may have 1 instead where the label is of an ellipsis: those broadcast. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Reads an equation such as `'bij,bjk->bik'` for operands of the given shapes. Spaces mean nothing; without `->` the
 * result has the dimensions of ellipses and then the letters that stand once, in the order of the alphabet, as in
 * NumPy. Throws ShapeError for what cannot be read and for sizes that do not agree.
 */
export function readEquation(op: string, shapes: readonly Shape[], equation: string): Equation {
  const fail = (why: string) => new ShapeError(`${op}: ${why}`);
  const [left, right, ...others] = equation.replaceAll(' ', '').split('->');
  if (others.length > 0) throw fail(`the equation '${equation}' has more than one '->'`);
  const written = left!.split(',');
  if (written.length > shapes.length) {
    throw fail(`the equation has more terms than there are tensors, ${shapes.length}`);
  }
  if (written.length < shapes.length) {
    throw fail(`the equation has ${written.length} terms for ${shapes.length} tensors`);
  }
  const bound = new Map<string, { size: number; position: number }>();
  const terms = written.map((term, position) => {
    const shape = shapes[position]!;
    const { before, after, ellipsis } = readTerm(term, fail);
    const rest = shape.length - before.length - after.length;
    if (ellipsis ? rest < 0 : rest !== 0) {
      throw fail(`'${term}' does not fit the rank of xs[${position}] ${showShape(shape)}`);
    }
    const labels = [...before, ...spreadLabels(ellipsis ? rest : 0), ...after];
    labels.forEach((label, i) => bind(bound, label, shape[i]!, position, fail));
    return labels;
  });
  const sizes = new Map([...bound].map(([label, { size }]) => [label, size]));
  const spread = spreadLabels([...sizes.keys()].filter(isSpread).length);
  const result = right === undefined ? impliedResult(terms, spread) : readResult(right, spread, sizes, fail);
  return { terms, result, sizes };
}

type Fail = (why: string) => ShapeError;

/** Whether a label is of a dimension that an ellipsis stands for. */
export const isSpread = (label: string) => label.startsWith('.');

const spreadLabels = (count: number) => Array.from({ length: count }, (_, i) => `.${count - i}`);

function readTerm(term: string, fail: Fail): { before: string[]; after: string[]; ellipsis: boolean } {
  const parts = term.split('...').map((part) => Array.from(part));
  if (parts.length > 2) throw fail(`'${term}' has more than one '...'`);
  const unknown = parts.flat().find((letter) => !/^[a-zA-Z]$/.test(letter));
  if (unknown !== undefined) throw fail(`'${unknown}' in '${term}' is neither a letter nor part of '...'`);
  return { before: parts[0]!, after: parts[1] ?? [], ellipsis: parts.length === 2 };
}

function bind(
  bound: Map<string, { size: number; position: number }>,
  label: string,
  size: number,
  position: number,
  fail: Fail,
): void {
  const known = bound.get(label);
  const broadcasts = isSpread(label) && (size === 1 || known?.size === 1);
  if (known === undefined || (broadcasts && size !== 1)) bound.set(label, { size, position });
  else if (known.size !== size && !broadcasts) {
    const name = isSpread(label) ? `dimension -${label.slice(1)} of '...'` : label;
    throw fail(`${name} is ${known.size} in xs[${known.position}] but ${size} in xs[${position}]`);
  }
}

function impliedResult(terms: readonly (readonly string[])[], spread: readonly string[]): string[] {
  const letters = terms.flat().filter((label) => !isSpread(label));
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return [...spread, ...once.sort()];
}

function readResult(
  text: string,
  spread: readonly string[],
  sizes: ReadonlyMap<string, number>,
  fail: Fail,
): readonly string[] {
  const { before, after, ellipsis } = readTerm(text, fail);
  const letters = [...before, ...after];
  const unknown = letters.find((letter) => !sizes.has(letter));
  if (unknown !== undefined) throw fail(`'${unknown}' of the result is in no operand`);
  const twice = letters.find((letter, i) => letters.indexOf(letter) !== i);
  if (twice !== undefined) throw fail(`'${twice}' stands twice in the result '${text}'`);
  return [...before, ...(ellipsis ? spread : []), ...after];
}
