import type { OpDefinition } from '../lib/ir/ops/define.js';
import type { AttributePattern, DimExpression, DimPattern, OperandPattern, Signature } from '../lib/ir/signature.js';
import { foldedRows, namesIn, type FoldedRows } from './folded-rows.js';

/** One call signature of a generated function. */
export interface CallSignature {
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly { name: string; type: string; optional?: boolean }[];
  readonly result: string;
}

export interface TypeParameter {
  readonly name: string;
  readonly constraint: string;
  readonly default?: string;
  readonly isConst?: boolean;
}

/** A check that a parameter's type makes: `Rule<a, b, Then, message>`. */
interface Check {
  readonly rule: 'SameDim' | 'SameShape' | 'SameDType';
  readonly a: string;
  readonly b: string;
  readonly message: string;
}

const capitalize = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const arithmetic = { '+': 'Add', '-': 'Subtract', '*': 'Multiply', '/': 'Divide' } as const;

/** Types of attributes that shapes do not depend on. */
const plainTypes: Record<Exclude<AttributePattern['kind'], 'word'>, string> = {
  int: 'number',
  float: 'number',
  bool: 'boolean',
  dtype: 'DType',
  axis: 'number',
  newAxis: 'number',
  axes: 'ReductionAxes',
  permutation: 'readonly number[]',
  shape: 'readonly Dim[]',
  ints: 'readonly number[]',
  pair: 'number | readonly [number, number]',
  text: 'string',
};

export function plainType({ kind, words }: AttributePattern): string {
  return kind === 'word' ? words!.map((word) => `'${word}'`).join(' | ') : plainTypes[kind];
}

/** Parameters for attributes that shapes do not depend on: required ones by position, the others as options. */
export function plainParameters({ attributes }: Signature): { name: string; type: string; optional?: boolean }[] {
  const options = attributes.filter(({ optional }) => optional);
  return [
    ...attributes
      .filter(({ optional }) => !optional)
      .map((attribute) => ({ name: attribute.name, type: plainType(attribute) })),
    ...(options.length > 0
      ? [
          {
            name: 'options',
            type: optionsType(options.map((option) => [option.name, plainType(option)])),
            optional: true,
          },
        ]
      : []),
  ];
}

function optionsType(options: readonly (readonly [name: string, type: string])[]): string {
  return `{ ${options.map(([name, type]) => `${name}?: ${type}`).join('; ')} }`;
}

/** The type parameter of the dtype that operands share. */
export function commonType({ common }: Signature): TypeParameter {
  return { name: 'Type', constraint: { float: 'FloatDType', number: 'NumericDType', any: 'DType' }[common] };
}

/**
 * The typed call signature of one operation.
 *
 * A name that occurs a second time gets a type parameter of its own and a check: `f<K>(a: [M, K], b: [K, N])` would
 * infer the union of two different sizes and accept them. The check's message is a string literal type in place of the
 * offending parameter's type, which the editor shows as it is.
 */
export class SignatureTypes {
  private readonly typeParameters: TypeParameter[] = [];
  /** Names of the signature to type parameters: dimensions, spreads as `...s`, attributes. */
  private readonly bound = new Map<string, { type: string; operand: string }>();
  private common: { type: string; operand: string } | undefined;

  constructor(private readonly op: OpDefinition) {}

  signature(): CallSignature {
    const { operands, attributes } = this.op.signature;
    const rows = foldedRows(this.op);
    // First, since dimensions of operands may be arithmetic over them.
    const attributeParameters = attributes.flatMap((attribute) => this.bindAttribute(attribute));
    const operandParameters = operands.map((operand) => this.operandParameter(operand, rows));
    const result = this.resultShape(rows);
    const positional = attributes.filter((attribute) => !attribute.optional);
    const options = attributes.filter((attribute) => attribute.optional);
    return {
      typeParameters: [...this.typeParameters, ...attributeParameters],
      parameters: [
        ...operandParameters,
        ...positional.map((attribute) => ({ name: attribute.name, type: this.attributeType(attribute) })),
        ...(options.length > 0
          ? [
              {
                name: 'options',
                optional: true,
                type: optionsType(options.map((o) => [o.name, this.attributeType(o)])),
              },
            ]
          : []),
      ],
      result: `Tensor<${result}, ${this.resultDType()}>`,
    };
  }

  // Operands

  private operandParameter(operand: OperandPattern, rows: FoldedRows | undefined): { name: string; type: string } {
    const checks: Check[] = [];
    const dims: string[] = [];
    const isRows = rows?.operand === operand.name;
    operand.dims.forEach((dim, axis) => {
      // The row dimension is part of the spread before it.
      if (isRows && axis === rows.dimAt) return;
      if (dim.kind === 'spread') dims.push(`...${this.bindSpread(dim.name, operand, checks)}`);
      else if (dim.kind === 'expression') dims.push(this.bindDim(dim.expression, axis, operand, checks));
      else throw new Error(`${this.op.name}: shape functions stand in results only`);
    });
    const shape = dims.length === 1 && dims[0]!.startsWith('...') ? dims[0]!.slice(3) : `[${dims.join(', ')}]`;
    const tensor = `Tensor<${shape}, ${this.bindDType(operand, checks)}>`;
    let type = checks.reduceRight(
      (then, { rule, a, b, message }) => `${rule}<${a}, ${b}, ${then}, \`${this.op.name}: ${message}\`>`,
      tensor,
    );
    if (isRows)
      type += ` & HasRow<${rows.type}, \`${this.op.name}: ${operand.name} must have rank at least 2, got \${Show<${shape}>}\`>`;
    if (rows?.other === operand.name)
      type = `CheckBroadcastRows<'${this.op.name}', ${rows.type}, ${this.spread(rows.otherSpread)}, ${type}>`;
    return { name: operand.name, type };
  }

  private bindSpread(name: string, operand: OperandPattern, checks: Check[]): string {
    const key = `...${name}`;
    const known = this.bound.get(key);
    if (!known) return this.bind(key, capitalize(name), 'Dim[]', operand.name);
    const type = this.declare(`${known.type}_${operand.name}`, 'Dim[]');
    checks.push({
      rule: 'SameShape',
      a: known.type,
      b: type,
      message: `...${name} is \${Show<${known.type}>} in ${known.operand} but \${Show<${type}>} in ${operand.name}`,
    });
    return type;
  }

  private bindDim(expression: DimExpression, axis: number, operand: OperandPattern, checks: Check[]): string {
    if (expression.kind === 'name') {
      const { name } = expression;
      const known = this.bound.get(name);
      if (!known) return this.bind(name, capitalize(name), 'Dim', operand.name);
      const type = this.declare(`${capitalize(name)}_${operand.name}`, 'Dim');
      checks.push({
        rule: 'SameDim',
        a: known.type,
        b: type,
        message: `${name} is \${${known.type}} in ${known.operand} but \${${type}} in ${operand.name}`,
      });
      return type;
    }
    const expected = this.expressionType(expression);
    const type = this.declare(`Dim${axis}_${operand.name}`, 'Dim');
    checks.push({
      rule: 'SameDim',
      a: expected,
      b: type,
      message: `dimension ${axis} of ${operand.name} must be \${${expected}}, not \${${type}}`,
    });
    return type;
  }

  /** A fixed dtype is checked like the common one, so that the message is in our words. */
  private bindDType({ name, dtype }: OperandPattern, checks: Check[]): string {
    if (dtype === undefined && !this.common) {
      this.common = { type: this.declare('Type', commonType(this.op.signature).constraint), operand: name };
      return 'Type';
    }
    const type = this.declare(`Type_${name}`, 'DType');
    checks.push(
      dtype === undefined
        ? {
            rule: 'SameDType',
            a: this.common!.type,
            b: type,
            message: `${this.common!.operand} is \${${this.common!.type}} but ${name} is \${${type}}; cast one of them`,
          }
        : {
            rule: 'SameDType',
            a: `'${dtype}'`,
            b: type,
            message: `${name} must be ${dtype}, got \${${type}}; cast it first`,
          },
    );
    return type;
  }

  // Attributes

  /** Attributes that the shape depends on, and axes, get a type parameter: their values are checked. */
  private bindAttribute(attribute: AttributePattern): TypeParameter[] {
    const { name, kind, optional, default: value } = attribute;
    if (!this.isTyped(name, kind)) return [];
    const type = capitalize(name);
    if (kind === 'shape') {
      // The result's sizes, one after the other.
      this.bound.set(`...${name}`, { type, operand: name });
      return [{ name: type, constraint: 'Dim[]', isConst: true }];
    }
    this.bound.set(name, { type, operand: name });
    const constraint = kind === 'int' ? 'Dim' : plainType(attribute);
    return [
      {
        name: type,
        constraint,
        ...(optional ? { default: kind === 'word' ? `'${String(value)}'` : String(value) } : {}),
      },
    ];
  }

  private isTyped(name: string, kind: AttributePattern['kind']): boolean {
    const { operands, result } = this.op.signature;
    const dims = [...operands, result].flatMap((pattern) => pattern.dims);
    return kind === 'axis' || result.dtype === name || dims.some((dim) => namesIn(dim).includes(name));
  }

  private attributeType(attribute: AttributePattern): string {
    const { name, kind } = attribute;
    const sizes = kind === 'shape' ? this.bound.get(`...${name}`)?.type : undefined;
    if (sizes !== undefined) return `readonly [...${sizes}]`;
    const type = this.bound.get(name)?.type;
    if (type === undefined) return plainType(attribute);
    return kind === 'axis' ? `Guard<'${this.op.name}', AxisOf<${this.firstShape()}, ${type}>, ${type}>` : type;
  }

  private firstShape(): string {
    const first = this.op.signature.operands[0];
    const dims = first?.dims.map((dim) =>
      dim.kind === 'spread'
        ? `...${this.spread(dim.name)}`
        : this.expressionType((dim as { expression: DimExpression }).expression),
    );
    return dims?.length === 1 && dims[0]!.startsWith('...') ? dims[0]!.slice(3) : `[${dims?.join(', ') ?? ''}]`;
  }

  // Result

  private resultShape(rows: FoldedRows | undefined): string {
    const { dims } = this.op.signature.result;
    if (rows) {
      const rest = dims.slice(2).map((dim) => this.dimType(dim));
      return `[...BroadcastRows<${rows.type}, ${this.spread(rows.otherSpread)}>, ${rest.join(', ')}]`;
    }
    if (dims.length === 1 && dims[0]!.kind === 'shapeFunction' && dims[0]!.name !== 'reduceLoss') return 'UnknownShape';
    const types = dims.map((dim) => this.dimType(dim));
    return types.length === 1 && types[0]!.startsWith('...') ? types[0]!.slice(3) : `[${types.join(', ')}]`;
  }

  private dimType(dim: DimPattern): string {
    if (dim.kind === 'spread') return `...${this.spread(dim.name)}`;
    if (dim.kind === 'expression') return this.expressionType(dim.expression);
    if (dim.name === 'reduceLoss')
      return `...ReduceLoss<${this.spread(dim.args[0]!)}, ${this.bound.get(dim.args[1]!)!.type}>`;
    throw new Error(`${this.op.name}: no typed form of ${dim.name} inside a longer result`);
  }

  private expressionType(expression: DimExpression): string {
    switch (expression.kind) {
      case 'integer':
        return String(expression.value);
      case 'name': {
        const known = this.bound.get(expression.name);
        if (!known) throw new Error(`${this.op.name}: '${expression.name}' is used before it is bound`);
        return known.type;
      }
      case 'binary':
        return `${arithmetic[expression.operator]}<${this.expressionType(expression.a)}, ${this.expressionType(expression.b)}>`;
    }
  }

  private resultDType(): string {
    const { dtype } = this.op.signature.result;
    if (dtype === undefined) {
      if (!this.common) throw new Error(`${this.op.name}: the signature gives no dtype for the result`);
      return this.common.type;
    }
    return this.bound.get(dtype)?.type ?? `'${dtype}'`;
  }

  // Type parameters

  private bind(key: string, type: string, constraint: string, operand: string): string {
    this.bound.set(key, { type, operand });
    return this.declare(type, constraint);
  }

  private declare(name: string, constraint: string): string {
    if (this.typeParameters.some((parameter) => parameter.name === name)) {
      throw new Error(`${this.op.name}: two type parameters named ${name}; rename a dimension of the signature`);
    }
    this.typeParameters.push({ name, constraint });
    return name;
  }

  private spread(name: string): string {
    const known = this.bound.get(`...${name}`);
    if (!known) throw new Error(`${this.op.name}: '...${name}' is used before it is bound`);
    return known.type;
  }
}
