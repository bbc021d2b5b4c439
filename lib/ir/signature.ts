import { GraphError } from './errors.js';
import type { DType } from './dtype.js';

/**
 * The signature language of the op table. One string gives an operation's operands, attributes and result:
 *
 *     'a[...p m k], b[...q k n] -> [...broadcast(p, q) m n]'
 *     'x[...s], axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)'
 *
 * Dimensions are names (equal wherever they appear), integers, arithmetic over names and integer attributes, and
 * spreads: `...s` binds any number of dimensions, a bare `...` broadcasts with every other bare one. A dtype follows a
 * colon; operands without one share one dtype, which is also the result's, and `:float` or `:number` narrows that one
 * for all of them. An attribute without default and `?` is
 * positional in the functions made from the table, the others are options. `target[...b]:i32<c` says that the operand's
 * values index dimension c: they are in [0, c), or equal to the attribute named in `i32<c|ignoreIndex`. `bias[n]?` may
 * be left out, `mask[...b]:any` has a dtype of its own, and `xs[...s]*` is a list of one or more tensors, whose shapes
 * `s` then stands for; both are for operations that are written out in others before anything looks at operands by
 * position (macros). Elements of a pair are `stride.0` and `stride.1`.
 */
export interface Signature {
  readonly operands: readonly OperandPattern[];
  readonly attributes: readonly AttributePattern[];
  readonly result: ResultPattern;
  /** Which dtypes the operands may share. */
  readonly common: DTypeClass;
}

export type DTypeClass = 'float' | 'number' | 'any';

export interface OperandPattern {
  readonly name: string;
  readonly dims: readonly DimPattern[];
  /** Fixed dtype, or `any` of its own; otherwise the common one. */
  readonly dtype?: DType | 'any';
  /** The dimension that the operand's values index. */
  readonly indexes?: string;
  /** The attribute whose value an index may have as well. */
  readonly except?: string;
  /** May be left out, with every operand after it. */
  readonly optional?: true;
  /** One or more tensors: it is then the only operand. */
  readonly list?: true;
}

export type DimPattern =
  | { readonly kind: 'spread'; readonly name: string }
  | { readonly kind: 'shapeFunction'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'expression'; readonly expression: DimExpression };

export type DimExpression =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/';
      readonly a: DimExpression;
      readonly b: DimExpression;
    };

/**
 * - `int`, `float`, `bool`, `dtype`: themselves;
 * - `axis`: one dimension of the first operand; `newAxis`: of the result with one dimension more;
 * - `axes`: one or several dimensions of the first operand, all when omitted;
 * - `permutation`: every dimension of the first operand once;
 * - `mean|sum|none`: one of these words;
 * - `shape`: sizes, one of which may be -1 where the shape function allows it;
 * - `ints`: a list of integers; `pair`: two, or one that stands for both; `text`: any string.
 */
export type AttributeKind =
  | ('int' | 'float' | 'bool' | 'word' | 'dtype' | 'axis' | 'newAxis' | 'axes' | 'permutation' | 'shape')
  | ('ints' | 'pair' | 'text');

export interface AttributePattern {
  readonly name: string;
  readonly kind: AttributeKind;
  readonly optional: boolean;
  readonly default?: number | boolean | string;
  /** Of kind `word`: those it may be. */
  readonly words?: readonly string[];
}

export interface ResultPattern {
  readonly dims: readonly DimPattern[];
  /** A dtype, or the name of the `dtype` attribute that holds it; otherwise the operands' common one. */
  readonly dtype?: string;
}

const attributeKinds: ReadonlySet<string> = new Set<AttributeKind>([
  'int',
  'float',
  'bool',
  'dtype',
  'axis',
  'newAxis',
  'axes',
  'permutation',
  'shape',
  'ints',
  'pair',
  'text',
]);

/** Parses a signature of the op table. Throws GraphError naming the part that cannot be read. */
export function parseSignature(text: string): Signature {
  const [left, right] = text.split('->').map((part) => part.trim());
  if (left === undefined || right === undefined) throw new GraphError(`signature '${text}' has no '->'`);
  const operands: OperandPattern[] = [];
  const attributes: AttributePattern[] = [];
  let common: DTypeClass = 'any';
  for (const part of splitOutsideBrackets(left, ',')) {
    const operand = /^(\w+)\[(.*)\](\*)?(?::(\w+)(?:<(\w+)(?:\|(\w+))?)?)?(\?)?$/.exec(part);
    if (operand) {
      const [, name, dims, star, type, indexes, except, question] = operand;
      if (type === 'float' || type === 'number') common = type;
      const dtype = type === common && type !== 'any' ? undefined : type;
      operands.push({
        name: name!,
        dims: parseDims(dims!),
        ...(dtype ? { dtype: dtype as DType } : {}),
        ...(indexes ? { indexes } : {}),
        ...(except ? { except } : {}),
        ...(question ? { optional: true } : {}),
        ...(star ? { list: true } : {}),
      });
      continue;
    }
    const attribute = /^(\w+):\s*([\w|]+)(\?)?(?:\s*=\s*(\S+))?$/.exec(part);
    const words = attribute?.[2]!.includes('|') ? attribute[2]!.split('|') : undefined;
    if (!attribute || (!words && !attributeKinds.has(attribute[2]!)))
      throw new GraphError(`signature '${text}': cannot read '${part}'`);
    const [, name, kind, question, value] = attribute;
    attributes.push({
      name: name!,
      kind: words ? 'word' : (kind as AttributeKind),
      optional: question !== undefined || value !== undefined,
      ...(value === undefined ? {} : { default: parseDefault(value) }),
      ...(words ? { words } : {}),
    });
  }
  const bracketed = /^\[(.*)\](?::(\w+))?$/.exec(right);
  if (bracketed) {
    const [, dims, dtype] = bracketed;
    return { operands, attributes, common, result: { dims: parseDims(dims!), ...(dtype ? { dtype } : {}) } };
  }
  return { operands, attributes, common, result: { dims: [parseShapeFunction(right, text)] } };
}

function parseDefault(text: string): number | boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function parseDims(text: string): DimPattern[] {
  return splitOutsideBrackets(text, ' ').map((token) => {
    if (!token.startsWith('...')) return { kind: 'expression', expression: parseExpression(token) };
    const rest = token.slice(3);
    return rest.includes('(') ? parseShapeFunction(rest, text) : { kind: 'spread', name: rest };
  });
}

function parseShapeFunction(text: string, context: string): DimPattern {
  const match = /^(\w+)\((.*)\)$/.exec(text);
  if (!match) throw new GraphError(`signature '${context}': cannot read '${text}'`);
  return { kind: 'shapeFunction', name: match[1]!, args: splitOutsideBrackets(match[2]!, ',') };
}

function splitOutsideBrackets(text: string, separator: ',' | ' '): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const char of text) {
    if ('[('.includes(char)) depth++;
    if ('])'.includes(char)) depth--;
    if (char === separator && depth === 0) {
      parts.push(current);
      current = '';
    } else current += char;
  }
  return [...parts, current].map((part) => part.trim()).filter((part) => part !== '');
}

/** Sums and products with the usual precedence and parentheses. */
function parseExpression(text: string): DimExpression {
  const tokens = text.match(/\d+|[a-zA-Z_]\w*(?:\.\d)?|[-+*/()]/g) ?? [];
  let position = 0;
  const atom = (): DimExpression => {
    const token = tokens[position++];
    if (token === undefined) throw new GraphError(`dimension '${text}' ends too early`);
    if (token === '(') {
      const inner = chain('+-', () => chain('*/', atom));
      position++;
      return inner;
    }
    return /^\d/.test(token) ? { kind: 'integer', value: Number(token) } : { kind: 'name', name: token };
  };
  const chain = (operators: string, operand: () => DimExpression): DimExpression => {
    let expression = operand();
    while (position < tokens.length && operators.includes(tokens[position]!)) {
      const operator = tokens[position++] as '+' | '-' | '*' | '/';
      expression = { kind: 'binary', operator, a: expression, b: operand() };
    }
    return expression;
  };
  return chain('+-', () => chain('*/', atom));
}
