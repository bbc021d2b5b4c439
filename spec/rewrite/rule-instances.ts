import type { Literal } from 'egglog-wasm';
import type { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { MeganeuraError } from '../../lib/ir/errors.js';
import { leafName, type AttributeValue, type Node } from '../../lib/ir/graph.js';
import type { OpDefinition } from '../../lib/ir/ops/record.js';
import { sameShape, type Shape } from '../../lib/ir/shape.js';
import { constructorName, encodedOps } from '../../lib/rewrite/names.js';
import { shapeListFunctions } from '../../lib/rewrite/shape-lists.js';
import type { Random } from './random.js';
import { Family, randomAttribute, randomValue, randomValues } from './random-tensors.js';
import type { Expression, RuleText } from './rule-text.js';

const operations = new Map(encodedOps.map((op) => [constructorName(op.name), op]));

/** A node that a rule looks for; operands and result are variables, those of nested nodes made up. */
export interface NodePattern {
  readonly result: string;
  readonly constructor: string;
  readonly operands: readonly string[];
  readonly attributes: readonly Expression[];
}

type Value = Node | number | string | boolean | readonly number[];

/** Makes graphs that look like what a rule looks for: operands first, then the nodes over them. */
export class InstanceMaker {
  readonly patterns: NodePattern[] = [];
  private readonly equations: (readonly [Expression, Expression])[] = [];
  private readonly dtypes = new Map<string, DType>();
  /** Constants that stand for a number, by the variable that is near it. */
  private readonly wanted = new Map<string, number>();
  private madeUp = 0;
  /** The composite that the rule is about, over variables. */
  private readonly composite: Composite | undefined;

  constructor({ query, actions, ruleset }: RuleText) {
    for (const clause of query) {
      if (typeof clause === 'string' || clause[0] !== '=') continue;
      const [, a, b] = clause as [string, Expression, Expression];
      if (isNode(b)) this.flatten(b, a as string);
      else if (isNode(a)) this.flatten(a, b);
      else this.equations.push([a, b], [b, a]);
      if (b[0] === 'near') this.wanted.set(b[1] as string, Math.fround(Number(b[2])));
      if (typeof a === 'string' && a.startsWith('"') && b[0] === 'dtype') this.dtypes.set(b[1] as string, unquoted(a));
    }
    if (ruleset === 'composites') this.composite = [...query, ...actions].map(compositeIn).find(Boolean);
  }

  /** The same patterns, one of them changed so that the rule must not match: another operation or another constant. */
  altered(random: Random): NodePattern[] {
    const at = random.below(this.patterns.length);
    return this.patterns.map((pattern, i) => (i === at ? alteredPattern(pattern, random) : pattern));
  }

  /** A graph of `patterns`: the node of the last one; undefined where what was drawn does not fit together. */
  make(
    builder: GraphBuilder,
    random: Random,
    prefix: string,
    values: Map<string, Float64Array>,
    patterns: readonly NodePattern[] = this.patterns,
  ): Node | undefined {
    const shapes = random.chance(0.8) ? fittingShapes(random, this.composite) : new Map<string, Shape>();
    const instance = new Instance(builder, random, prefix, values, this.dtypes, shapes, this.wanted);
    // Most drafts of some rules are refused: traces of the stack would take most of the time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return instance.build(patterns, this.equations);
    } catch (error) {
      if (error instanceof MeganeuraError) return undefined;
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  private flatten([constructor, ...args]: readonly Expression[], result = `node ${this.madeUp++}`): string {
    const op = operations.get(constructor as string);
    const count = op?.signature.operands.length ?? 0;
    const operands = args.slice(0, count).map((arg) => (typeof arg === 'string' ? arg : this.flatten(arg)));
    this.patterns.push({ result, constructor: constructor as string, operands, attributes: args.slice(count) });
    return result;
  }
}

class Instance {
  private readonly variables = new Map<string, Value>();
  private readonly family: Family;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly random: Random,
    private readonly prefix: string,
    private readonly values: Map<string, Float64Array>,
    private readonly dtypes: ReadonlyMap<string, DType>,
    private readonly shapes: ReadonlyMap<string, Shape>,
    wanted: ReadonlyMap<string, number>,
  ) {
    for (const [variable, value] of wanted) this.variables.set(variable, value);
    this.family = new Family(random);
  }

  build(patterns: readonly NodePattern[], equations: readonly (readonly [Expression, Expression])[]): Node | undefined {
    const results = new Set(patterns.map(({ result }) => result));
    const free = new Set(patterns.flatMap(({ operands }) => operands).filter((name) => !results.has(name)));
    for (const name of free) this.variables.set(name, this.leaf(name));
    const left = [...patterns];
    while (left.length > 0) {
      for (let count = -1; count !== this.variables.size;) {
        count = this.variables.size;
        for (const [variable, expression] of equations) this.bind(variable, expression);
      }
      const isReady = ({ operands }: NodePattern) => operands.every((name) => this.variables.has(name));
      const known = left.findIndex(
        (pattern) => isReady(pattern) && pattern.attributes.every((value) => this.evaluate(value) !== undefined),
      );
      const at = known >= 0 ? known : left.findIndex(isReady);
      const [pattern] = left.splice(at, 1) as [NodePattern];
      const node = this.node(pattern);
      const before = this.variables.get(pattern.result);
      if (before !== undefined && before !== node) return undefined;
      this.variables.set(pattern.result, node);
    }
    return this.variables.get(patterns.at(-1)!.result) as Node;
  }

  private leaf(name: string): Node {
    const { builder, random, family } = this;
    const dtype = this.dtypes.get(name) ?? family.relatedDType();
    if (random.chance(0.05)) return builder.constant(randomValue(random, dtype), dtype);
    const shape = this.shapes.get(name) ?? family.relatedShape();
    const node = builder.leaf('input', `${this.prefix}${name}`, shape, dtype);
    this.values.set(leafName(node), randomValues(random, shape, dtype));
    return node;
  }

  private node({ constructor, operands, attributes }: NodePattern): Node {
    const op = operations.get(constructor);
    if (constructor === 'Constant') {
      const dtype = (this.evaluate(attributes[1]!) ?? this.family.relatedDType()) as DType;
      const value = (this.evaluate(attributes[0]!) ?? randomValue(this.random, dtype)) as number;
      [value, dtype].forEach((known, i) => this.bindNew(attributes[i]!, known));
      return this.builder.constant(value, dtype);
    }
    if (!op) throw new Error(`a rule that looks for ${constructor} needs a way to make one`);
    const inputs = operands.map((name) => this.variables.get(name) as Node);
    const attrs = op.signature.attributes.map((pattern, i): [string, AttributeValue] => {
      const value = this.evaluate(attributes[i]!) ?? randomAttribute(this.random, pattern, inputs[0]?.shape ?? []);
      this.bindNew(attributes[i]!, value);
      return [pattern.name, value as AttributeValue];
    });
    return this.builder.add(op.name, inputs, Object.fromEntries(attrs));
  }

  private bindNew(variable: Expression, value: Value): void {
    if (this.evaluate(variable) === undefined) this.variables.set(variable as string, value);
  }

  private bind(variable: Expression, expression: Expression): void {
    if (typeof variable !== 'string' || this.evaluate(variable) !== undefined) return;
    const value = this.evaluate(expression);
    if (value !== undefined) this.variables.set(variable, value);
  }

  /** The value of an expression; undefined where it is not known yet, or by no function that is known here. */
  private evaluate(expression: Expression): Value | undefined {
    if (typeof expression === 'string') {
      if (expression.startsWith('"')) return unquoted(expression);
      if (expression === 'true' || expression === 'false') return expression === 'true';
      return this.variables.get(expression) ?? (Number.isNaN(Number(expression)) ? undefined : Number(expression));
    }
    const [head, ...args] = expression;
    const values = args.map((arg) => this.evaluate(arg));
    if (values.includes(undefined)) return undefined;
    const [a, b] = values;
    switch (head) {
      case 'shape':
        return (a as Node).shape;
      case 'dtype':
        return (a as Node).dtype;
      case 'vec-length':
        return (a as Shape).length;
      case 'vec-get':
        return (a as Shape)[b as number];
      case 'vec-of':
        return values as number[];
      case 'to-f64':
        return a;
      case '+':
        return (a as number) + (b as number);
      default:
        return shapeListFunctions[head as string]?.apply(...(values as Literal[])) as Value | undefined;
    }
  }
}

function isNode(expression: Expression): expression is readonly Expression[] {
  if (typeof expression === 'string') return false;
  const head = expression[0] as string;
  return head === 'Constant' || operations.has(head);
}

interface Composite {
  readonly op: OpDefinition;
  readonly operands: readonly string[];
}

/** The composite in `(= e (Softmax x axis))` or `(union e (Softmax x axis))`. */
function compositeIn([, , call]: Expression): Composite | undefined {
  if (call === undefined || typeof call === 'string') return undefined;
  const [constructor, ...args] = call;
  const op = operations.get(constructor as string);
  return op?.kind === 'composite'
    ? { op, operands: args.slice(0, op.signature.operands.length) as readonly string[] }
    : undefined;
}

/** Shapes for the operands of a composite that fit its signature, by variable. */
function fittingShapes(random: Random, composite: Composite | undefined): Map<string, Shape> {
  if (!composite) return new Map();
  const drawn = new Map<string, Shape>();
  const named = (name: string, draw: () => Shape) => {
    const known = drawn.get(name) ?? draw();
    drawn.set(name, known);
    return known;
  };
  const size = () => 1 + random.below(4);
  return new Map(
    composite.op.signature.operands.map(({ dims }, i) => {
      const shape = dims.flatMap((dim) => {
        if (dim.kind === 'spread') return named(`...${dim.name}`, () => Array.from({ length: random.below(3) }, size));
        const isNamed = dim.kind === 'expression' && dim.expression.kind === 'name';
        return isNamed ? named((dim.expression as { name: string }).name, () => [size()]) : [size()];
      });
      return [composite.operands[i]!, shape];
    }),
  );
}

function unquoted(text: string): DType {
  return text.slice(1, -1) as DType;
}

function alteredPattern(pattern: NodePattern, random: Random): NodePattern {
  const { constructor, attributes } = pattern;
  if (constructor === 'Constant') {
    // A constant of any value is what the rule looks for: in its place a tensor that is none.
    const any = !Number.isFinite(Number(attributes[0]));
    if (any) return { ...pattern, constructor: 'Arange', attributes: ['1'] };
    return { ...pattern, attributes: ['3.0', attributes[1]!] };
  }
  const op = operations.get(constructor)!;
  const others = encodedOps.filter((other) => other !== op && isAlike(other, op));
  if (others.length > 0) return { ...pattern, constructor: constructorName(random.pick(others).name) };
  // No other operation takes such operands: the first of them instead.
  return { ...pattern, constructor: 'StopGradient', operands: pattern.operands.slice(0, 1), attributes: [] };
}

/** Whether two operations take operands and attributes of the same kinds and give the same dtype. */
function isAlike(a: OpDefinition, b: OpDefinition): boolean {
  const [x, y] = [a.signature, b.signature];
  const kinds = ({ attributes }: typeof x) => attributes.map(({ kind }) => kind).join();
  const dtypes = ({ operands, result }: typeof x) => [...operands, result].map(({ dtype }) => dtype ?? '').join();
  return kinds(x) === kinds(y) && dtypes(x) === dtypes(y) && x.common === y.common;
}

/** Whether two nodes are of one type. */
export function isOfType(node: Node, shape: Shape, dtype: DType): boolean {
  return node.dtype === dtype && sameShape(node.shape, shape);
}
