import { opMethods, type Builder } from '../lib/ir/generated/builder.js';
import type { CompositeOp, MapOp } from '../lib/ir/ops/record.js';
import { findOp } from '../lib/ir/ops/index.js';
import { differentiateScalar, type Scalar, type ScalarFunction } from '../lib/ir/scalar.js';
import type { BuildAttribute, Num } from '../lib/ir/symbolic.js';

/** Text and how tightly its outermost operator binds. */
interface Term {
  readonly text: string;
  readonly binding: number;
}

const CHOICE = 0;
const LOGIC = 1;
const COMPARISON = 2;
const SUM = 3;
const PRODUCT = 4;
const ATOM = 5;

/** The term's text, in parentheses where it binds less tightly than its place asks for. */
const within = ({ text, binding }: Term, least: number) => (binding < least ? `(${text})` : text);

const infix =
  (symbol: string, own: number, right = own) =>
  (a: Term, b: Term): Term => ({ text: `${within(a, own)}${symbol}${within(b, right)}`, binding: own });

/** Functions with a notation of their own; the others are calls by name. */
const notations: Partial<Record<ScalarFunction, (...args: [Term, Term, Term]) => Term>> = {
  neg: (x) => ({ text: `−${within(x, PRODUCT)}`, binding: SUM }),
  abs: (x) => ({ text: `|${x.text}|`, binding: ATOM }),
  sqrt: (x) => ({ text: `√${within(x, ATOM)}`, binding: ATOM }),
  rsqrt: (x) => ({ text: `1/√${within(x, ATOM)}`, binding: PRODUCT }),
  floor: (x) => ({ text: `⌊${x.text}⌋`, binding: ATOM }),
  ceil: (x) => ({ text: `⌈${x.text}⌉`, binding: ATOM }),
  add: (a, b) => (a.text === b.text ? { text: `2·${within(a, PRODUCT)}`, binding: PRODUCT } : infix(' + ', SUM)(a, b)),
  sub: infix(' − ', SUM, PRODUCT),
  mul(a, b) {
    if (a.text === b.text && a.binding === ATOM) return { text: `${a.text}²`, binding: ATOM };
    if (a.text === '−1') return { text: `−${within(b, PRODUCT)}`, binding: SUM };
    // A negative number in front needs no parentheses.
    if (/^−[\d.]+$/.test(a.text)) return { text: `${a.text}·${within(b, PRODUCT)}`, binding: SUM };
    return infix('·', PRODUCT)(a, b);
  },
  div: infix('/', PRODUCT, ATOM),
  pow: (a, b) => ({ text: `${within(a, ATOM)}^${within(b, ATOM)}`, binding: ATOM }),
  maximum: (a, b) => ({ text: `max(${a.text}, ${b.text})`, binding: ATOM }),
  minimum: (a, b) => ({ text: `min(${a.text}, ${b.text})`, binding: ATOM }),
  equal: infix(' = ', COMPARISON, SUM),
  less: infix(' < ', COMPARISON, SUM),
  lessEqual: infix(' ≤ ', COMPARISON, SUM),
  logicalNot: (x) => (/^\w+ = \w+$/.test(x.text) ? { ...x, text: x.text.replace('=', '≠') } : prefix('¬', x)),
  logicalAnd: infix(' ∧ ', LOGIC, COMPARISON),
  logicalOr: infix(' ∨ ', LOGIC, COMPARISON),
  where: (condition, a, b) => ({
    text: `${within(condition, SUM)} ? ${within(a, LOGIC)} : ${within(b, CHOICE)}`,
    binding: CHOICE,
  }),
};

const prefix = (symbol: string, x: Term): Term => ({ text: `${symbol}${within(x, ATOM)}`, binding: ATOM });

/** Constants that formulas write as what they are. */
const named: readonly (readonly [value: number, text: string])[] = [
  [Math.SQRT1_2, '(1/√2)'],
  [2 / Math.sqrt(Math.PI), '(2/√π)'],
  [1 / Math.sqrt(2 * Math.PI), '(1/√(2π))'],
  [Math.sqrt(2 / Math.PI), '√(2/π)'],
];

function constantTerm(value: number): Term {
  const known = named.find(([constant]) => Math.abs(constant - Math.abs(value)) < 1e-12);
  const text = known?.[1] ?? (Number.isFinite(value) ? String(Number(Math.abs(value).toPrecision(6))) : '∞');
  return value < 0 ? { text: `−${text}`, binding: SUM } : { text, binding: ATOM };
}

/**
 * The expression in mathematical notation over operands of these names; `result`, where it occurs as a part, is
 * written y.
 */
export function formula(expression: Scalar, names: readonly string[], result?: Scalar): string {
  const term = (part: Scalar): Term => {
    if (part === result && part.kind === 'call') return { text: 'y', binding: ATOM };
    if (part.kind === 'constant') return constantTerm(part.value);
    if (part.kind === 'variable') return { text: names[part.index] ?? 'y', binding: ATOM };
    const args = part.args.map(term);
    const notation = notations[part.fn];
    if (notation) return notation(...(args as [Term, Term, Term]));
    return { text: `${part.fn}(${args.map(({ text }) => text).join(', ')})`, binding: ATOM };
  };
  return term(expression).text;
}

/** Longer derivatives tell a reader less than that they are derived. */
const LONGEST_DERIVATIVE = 100;

/** `∂/∂x = y·(1 − y), y the result`: the derivatives of a map, or that they are derived where they are long. */
export function derivativeText(op: MapOp): string {
  const names = op.signature.operands.map(({ name }) => name);
  const texts = names.map((_, i) => {
    const slope = op.derivatives ? (op.derivatives[i] ?? null) : differentiateScalar(op.expression, i);
    return slope ? formula(slope, names, op.expression) : undefined;
  });
  if (texts.some((text) => text !== undefined && text.length > LONGEST_DERIVATIVE)) {
    return 'derived from the formula';
  }
  const equations = texts.map((text, i) => (text === undefined ? '' : `\`∂/∂${names[i]!} = ${text}\``)).filter(Boolean);
  const usesResult = texts.some((text) => text !== undefined && /\by\b/.test(text)) && !names.includes('y');
  return `${equations.join(', ')}${usesResult ? ', y the result' : ''}`;
}

/** A call inside a decomposition: nodes of graphs have this form as well. */
interface Call {
  readonly op: string;
  readonly inputs: readonly Call[];
  readonly attrs: Readonly<Record<string, unknown>>;
  /** Not known in equations, which hold for all shapes. */
  readonly shape?: readonly number[];
}

/** The composite as its decomposition has it, over symbols for operands and attributes. */
export function equationText(op: CompositeOp & { equation: NonNullable<CompositeOp['equation']> }): string {
  const { operands, attributes } = op.signature;
  const leaf = (name: string): Call => ({ op: 'input', inputs: [], attrs: { name } });
  const attrs = Object.fromEntries(attributes.map(({ name }) => [name, { symbol: name }]));
  return callText(
    op.equation(
      symbolicBuilder(),
      operands.map(({ name }) => leaf(name)),
      attrs,
    ),
  );
}

function symbolicBuilder(): Builder<Call> {
  const known = new Map<string, Call>();
  const ids = new Map<Call, number>();
  const emit = (op: string, inputs: readonly Call[], attrs: Readonly<Record<string, BuildAttribute>>): Call => {
    const id = (call: Call) => ids.get(call) ?? ids.set(call, ids.size).get(call)!;
    const key = JSON.stringify([op, inputs.map(id), attrs]);
    const call = known.get(key) ?? { op, inputs, attrs };
    known.set(key, call);
    return call;
  };
  return {
    ...opMethods<Call>(emit),
    scalar: (value): Call => emit('constant', [], { value }),
    literal: (values): Call => emit('literal', [], { values }),
    dim: (x, axis): Num => ({ symbol: `size of dimension ${axis} of ${callText(x)}` }),
  };
}

/** `div(t, sum(t, { axes: [-1] })) where t = exp(x)`: nested calls, what is used twice by name. */
export function callText(root: Call): string {
  const uses = new Map<Call, number>();
  const count = (call: Call) => {
    uses.set(call, (uses.get(call) ?? 0) + 1);
    if (uses.get(call) === 1) call.inputs.forEach(count);
  };
  count(root);
  const shared = new Map<Call, string>();
  const definitions: string[] = [];
  const nameOf = () => (shared.size === 0 ? 't' : `t${shared.size + 1}`);
  const write = (call: Call): string => {
    if (call.op === 'constant') return literal(call.attrs['value']);
    if (call.op === 'literal') return table(call.attrs['values'] as readonly number[]);
    if (call.op === 'input') return String(call.attrs['name']);
    const name = shared.get(call);
    if (name !== undefined) return name;
    const text = `${call.op}(${[...call.inputs.map(write), ...callAttributes(call.op, shortAxes(call))].join(', ')})`;
    if (uses.get(call) === 1) return text;
    const given = nameOf();
    shared.set(call, given);
    definitions.push(`${given} = ${text}`);
    return given;
  };
  const text = write(root);
  return definitions.length > 0 ? `${text} where ${definitions.join(', ')}` : text;
}

const table = (values: readonly number[]) =>
  values.length <= 8 ? literal(values) : `a table of ${values.length} numbers`;

/** One axis instead of a list of one, and none where all are meant. */
function shortAxes({ op, inputs, attrs }: Call): Call['attrs'] {
  if (!findOp(op)!.signature.attributes.some(({ kind }) => kind === 'axes')) return attrs;
  const { axes, ...rest } = attrs;
  if (!Array.isArray(axes) || axes.length === inputs[0]?.shape?.length) return rest;
  return { axes: axes.length === 1 ? (axes[0] as unknown) : axes, ...rest };
}

/** Attributes as a call has them: required ones by position, others that are not the default as options. */
export function callAttributes(
  op: string,
  attrs: Readonly<Record<string, unknown>>,
  operands: string[] = [],
): string[] {
  const { attributes } = findOp(op)!.signature;
  const required = attributes.filter(({ optional }) => !optional).map(({ name }) => literal(attrs[name]));
  const options = attributes
    .filter(({ name, optional, default: value }) => optional && attrs[name] !== undefined && !means(attrs[name], value))
    .map(({ name }) => (literal(attrs[name]) === name ? name : `${name}: ${literal(attrs[name])}`));
  const given = [...operands, ...options];
  return [...required, ...(given.length > 0 ? [`{ ${given.join(', ')} }`] : [])];
}

/** Whether a value is what the default says, which for a pair may be one number for both. */
function means(given: unknown, value: unknown): boolean {
  return given === value || (Array.isArray(given) && given.length > 0 && given.every((element) => element === value));
}

/** A value of an attribute as TypeScript writes it; symbols by their names. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
  if (typeof value === 'object' && value !== null && 'symbol' in value) return String(value.symbol);
  return String(value);
}
