import type { DimExpression } from '../lib/ir/signature.js';

interface Term {
  readonly positive: boolean;
  readonly expression: DimExpression;
}

const integer = (value: number): DimExpression => ({ kind: 'integer', value });
const binary = (operator: '+' | '-' | '*' | '/', a: DimExpression, b: DimExpression): DimExpression => ({
  kind: 'binary',
  operator,
  a,
  b,
});

function termsOf(expression: DimExpression, positive = true): Term[] {
  if (expression.kind !== 'binary' || '*/'.includes(expression.operator)) return [{ positive, expression }];
  const isSum = expression.operator === '+';
  return [...termsOf(expression.a, positive), ...termsOf(expression.b, isSum ? positive : !positive)];
}

function sumOf(terms: readonly Term[]): DimExpression | undefined {
  const expressions = terms.map(({ expression }) => expression);
  const named = expressions.filter(({ kind }) => kind !== 'integer');
  const literal = expressions.reduce((sum, e) => sum + (e.kind === 'integer' ? e.value : 0), 0);
  const parts = literal === 0 ? named : [...named, integer(literal)];
  return parts.length === 0 ? undefined : parts.reduceRight((b, a) => binary('+', a, b));
}

/**
 * The same size with everything that is added before anything that is taken away, and within the quotient:
 * (h + 2p − d(k − 1) − 1)/s + 1 as (h + 2p + s − (d(k − 1) + 1))/s. No step of it is negative where the size is not, and
 * a name that keeps its size, as under a padding that makes up for the kernel, stays a name.
 */
export function quotientForm(expression: DimExpression): DimExpression {
  const terms = termsOf(expression);
  const quotient = terms.find(({ expression: e, positive }) => positive && e.kind === 'binary' && e.operator === '/');
  if (quotient?.expression.kind !== 'binary' || terms.length === 1) return differenceOf(terms);
  const { a, b: divisor } = quotient.expression;
  const scaled = terms
    .filter((term) => term !== quotient)
    .map(({ positive, expression: e }) => ({
      positive,
      expression: e.kind === 'integer' && e.value === 1 ? divisor : binary('*', e, divisor),
    }));
  return binary('/', differenceOf([...termsOf(a), ...scaled]), divisor);
}

function differenceOf(terms: readonly Term[]): DimExpression {
  const added = sumOf(terms.filter(({ positive }) => positive)) ?? integer(0);
  const taken = sumOf(terms.filter(({ positive }) => !positive));
  return taken ? binary('-', added, taken) : added;
}
