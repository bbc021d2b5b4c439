import { opMethods, type Builder } from '../lib/ir/generated/builder.js';
import type { CompositeOp } from '../lib/ir/ops/record.js';
import { findOp, opList } from '../lib/ir/ops/index.js';
import type { BuildAttribute, Num } from '../lib/ir/symbolic.js';
import { attributeSorts, constructorName, shapePrimitive } from '../lib/rewrite/names.js';

/** A node of a decomposition written over variables. */
interface Pattern {
  /** Its variable in the rule. */
  readonly variable: string;
  /** Its constructor call over other variables; operands of the composite have none. */
  readonly call?: string;
  /** Expression of its shape over the shapes of the composite's operands. */
  readonly shape: string;
  /** The composite's operand whose dtype it has, or a dtype in quotes. */
  readonly dtype: string;
}

/** Both directions of `composite = decomposition`, for every composite: what it stands for is written once, in its record. */
export function compositeRules(): string {
  const composites = opList.filter((op): op is Equated => op.kind === 'composite' && op.equation !== null);
  return ['(ruleset composites)', ...composites.flatMap((op) => new Equation(op).rules())].join('\n');
}

type Equated = CompositeOp & { readonly equation: NonNullable<CompositeOp['equation']> };

class Equation {
  private readonly nodes: Pattern[] = [];
  private readonly known = new Map<string, Pattern>();
  /** Conditions that bind or check variables of attributes, in both directions. */
  private readonly shared = new Set<string>();
  private readonly lists = new Map<string, string>();
  private readonly operands: Pattern[];
  private readonly attributes: string[];

  constructor(private readonly op: Equated) {
    this.operands = op.signature.operands.map(({ name, dtype }) => ({
      variable: name,
      shape: `s-${name}`,
      dtype: dtype ? `"${dtype}"` : `d-${name}`,
    }));
    this.attributes = op.signature.attributes.map(({ name }) => name);
  }

  rules(): string[] {
    const attrs = Object.fromEntries(this.attributes.map((name) => [name, { symbol: name }]));
    const root = this.op.equation(this.builder(), this.operands, attrs);
    const composite = `(${[constructorName(this.op.name), ...this.operands.map(({ variable }) => variable), ...this.attributes].join(' ')})`;
    const lists = [...this.lists].map(([list, variable]) => `(let ${variable} ${list})`);
    const lets = [...lists, ...this.nodes.map(({ variable, call }) => `(let ${variable} ${call})`)];
    const expand = [
      `(rule ((= e ${composite}) ${[...this.typeClauses(), ...this.shared].join(' ')})`,
      `  (${lets.join('\n   ')}`,
      `   (union e ${root.variable}))`,
      `  :ruleset composites :name "${this.op.name} written out")`,
    ];
    const found = this.nodes.map(({ variable, call }) => `(= ${variable} ${call})`);
    const listClauses = [...this.lists].flatMap(([list, variable]) => elementClauses(list, variable));
    const recognize = [
      `(rule (${[...found, ...listClauses, ...this.operandTypes(), ...this.shared, this.guard(root)].join('\n   ')})`,
      `  ((union ${root.variable} ${composite}))`,
      `  :ruleset composites :name "${this.op.name} recognized")`,
    ];
    return [expand.join('\n'), recognize.join('\n')];
  }

  private operandTypes(): string[] {
    return this.operands.flatMap(({ variable, shape, dtype }) => [
      `(= ${shape} (shape ${variable}))`,
      `(= ${dtype} (dtype ${variable}))`,
    ]);
  }

  /** What is found is the composite only where the composite could stand: with operands of its ranks and sizes. */
  private guard(root: Pattern): string {
    const shapes = this.operands.map(({ shape }) => shape);
    const call = `(${[shapePrimitive(this.op.name), ...shapes, ...this.attributes].join(' ')})`;
    return `(= s-result (shape ${root.variable})) (= s-result ${call})`;
  }

  /** Shapes and dtypes of operands that the rule speaks of. */
  private typeClauses(): string[] {
    const text = [...this.nodes.map(({ call }) => call ?? ''), ...this.shared, ...this.lists.keys()].join(' ');
    const mentions = (name: string) => new RegExp(`[( ]${name}(?=[) ]|$)`).test(text);
    return this.operands.flatMap(({ variable, shape, dtype }) => [
      ...(mentions(shape) ? [`(= ${shape} (shape ${variable}))`] : []),
      ...(mentions(dtype) ? [`(= ${dtype} (dtype ${variable}))`] : []),
    ]);
  }

  private builder(): Builder<Pattern> {
    return {
      ...opMethods<Pattern>((op, operands, attrs) => this.emit(op, operands, attrs)),
      scalar: (value, like) => {
        const text = typeof value === 'number' ? f64(value) : value.symbol;
        return this.intern(`(Constant ${text} ${like.dtype})`, '(vec-empty)', like.dtype);
      },
      literal: () => {
        throw new Error(`${this.op.name}: a table of constants cannot stand in an equation; define a macro`);
      },
      dim: (x, axis): Num => {
        const symbol = `n-${x.variable}${axis}`;
        this.shared.add(`(= ${symbol} (vec-get ${x.shape} (+ (vec-length ${x.shape}) ${axis})))`);
        return { symbol };
      },
    };
  }

  private emit(name: string, operands: readonly Pattern[], attrs: Readonly<Record<string, BuildAttribute>>): Pattern {
    const { signature } = findOp(name)!;
    const values = signature.attributes.map(({ name: key, kind, default: fallback }) => {
      const value = attrs[key] ?? fallback;
      if (kind === 'axes' && value === undefined) return this.list(`(all-axes ${operands[0]!.shape})`);
      if (attributeSorts[kind] === 'Ints') {
        const list = Array.isArray(value) ? (value as readonly Num[]) : [value as Num];
        return this.list(`(vec-of ${list.map(number).join(' ')})`);
      }
      if (typeof value === 'boolean') return String(value);
      if (typeof value === 'string') return `"${value}"`;
      return kind === 'float' && typeof value === 'number' ? f64(value) : number(value as Num);
    });
    const call = `(${[constructorName(name), ...operands.map(({ variable }) => variable), ...values].join(' ')})`;
    const shape = `(${[shapePrimitive(name), ...operands.map((operand) => operand.shape), ...values].join(' ')})`;
    const common = signature.operands.findIndex(({ dtype }) => dtype === undefined);
    const { dtype } = signature.result;
    return this.intern(call, shape, dtype === undefined ? operands[common]!.dtype : `"${dtype}"`);
  }

  private intern(call: string, shape: string, dtype: string): Pattern {
    const known = this.known.get(call);
    if (known) return known;
    const node = { variable: `t${this.nodes.length}`, call, shape, dtype };
    this.nodes.push(node);
    this.known.set(call, node);
    return node;
  }

  /** The variable of a list: lists cannot be matched in place. */
  private list(text: string): string {
    const known = this.lists.get(text);
    if (known) return known;
    const variable = `l${this.lists.size}`;
    this.lists.set(text, variable);
    return variable;
  }
}

/**
 * Conditions on the elements of a list that a node holds. Not `(= list (vec-of …))`: egglog 3.0 panics where a query
 * calls a primitive with nothing but constants, and plans such an equation before what it needs
 * (https://github.com/egraphs-good/egglog/issues/865).
 */
function elementClauses(list: string, variable: string): string[] {
  const elements = /^\(vec-of (.*)\)$/.exec(list)?.[1]?.split(' ');
  if (!elements) return [`(= ${variable} ${list})`];
  const each = elements.map((element, i) => `(= ${element} (vec-get ${variable} ${i}))`);
  return [`(= ${elements.length} (vec-length ${variable}))`, ...each];
}

function number(value: Num): string {
  return typeof value === 'number' ? String(value) : value.symbol;
}

function f64(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
