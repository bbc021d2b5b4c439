import type { OpDefinition } from '../lib/ir/ops/record.js';
import type { AttributePattern, DimExpression, DimPattern, OperandPattern, Signature } from '../lib/ir/signature.js';
import { attributeTypeParameter, defaultType, optionsParameter, parameterType, plainType } from './attribute-types.js';
import { typeParameterName, type CallParameter, type CallSignature, type TypeParameter } from './call-signature.js';
import { quotientForm } from './dim-expressions.js';
import { foldedRows, namesIn, type FoldedRows } from './folded-rows.js';
import { shapeArguments, shapeForms, shapeRule, type Form, type ShapeRule } from './shape-function-types.js';

/** A check that a parameter's type makes: `Rule<a, b, Then, message>`. */
interface Check {
  readonly rule: 'SameDim' | 'SameShape' | 'SameDType' | 'Divisible';
  readonly a: string;
  readonly b: string;
  readonly message: string;
}

const arithmetic = { '+': 'Add', '-': 'Subtract', '*': 'Multiply', '/': 'Divide' } as const;

const dtypeClasses = { float: 'FloatDType', number: 'NumericDType', any: 'DType' } as const;

/** The type parameter of the dtype that operands share. */
export function commonType({ common }: Signature): TypeParameter {
  return { name: 'Type', constraint: dtypeClasses[common] };
}

/**
 * The call signatures of one operation. Most have one. Where the result is a shape function that stays open inside
 * generic modules there are four or more: the first for what the rule decides, the forms for generic modules, and a last
 * one that has the result nobody knows, and whose message is the one that the compiler prints.
 */
export function callSignatures(op: OpDefinition): CallSignature[] {
  const forms = shapeForms(op);
  if (forms.length === 0) return [new SignatureTypes(op).signature()];
  if (forms.length === 1) return [new SignatureTypes(op, forms[0]).signature()];
  return [
    new SignatureTypes(op, 'decided').signature(),
    ...forms.map((form) => new SignatureTypes(op, form).signature()),
    new SignatureTypes(op).signature(),
  ];
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
  /** Names of the signature to types: dimensions, spreads as `...s`, attributes. */
  private readonly bound = new Map<string, { type: string; operand: string }>();
  private common: { type: string; operand: string } | undefined;
  private readonly rule: ShapeRule | undefined;
  private readonly form: Form | undefined;

  /** `overload`: the one for what the rule decides, or one of the forms; otherwise the one that accepts everything right. */
  constructor(
    private readonly op: OpDefinition,
    private readonly overload?: 'decided' | Form,
  ) {
    this.rule = shapeRule(op);
    this.form = typeof overload === 'object' ? overload : undefined;
    this.typeParameters.push(...(this.form?.typeParameters ?? []));
  }

  signature(): CallSignature {
    const { operands, attributes } = this.op.signature;
    const rows = foldedRows(this.op);
    // First, since dimensions of operands may be arithmetic over them.
    const attributeParameters = attributes.flatMap((attribute) => this.bindAttribute(attribute));
    const operandParameters = operands.map((operand) => this.operandParameter(operand, rows));
    const options = [
      ...operands.flatMap(({ name, optional }, i) =>
        optional ? [[name, `${operandParameters[i]!.type} | undefined`, true] as const] : [],
      ),
      ...attributes
        .filter(({ optional }) => optional)
        .map((attribute) => [attribute.name, this.attributeType(attribute), this.mayBeLeftOut(attribute)] as const),
    ];
    const typeParameters = [...this.typeParameters, ...attributeParameters];
    return {
      typeParameters: typeParameters.sort((a, b) => Number(a.default !== undefined) - Number(b.default !== undefined)),
      parameters: [
        ...operandParameters.filter((_, i) => !operands[i]!.optional),
        ...attributes
          .filter(({ optional }) => !optional)
          .map((attribute) => ({ name: attribute.name, type: this.attributeType(attribute) })),
        ...(options.length > 0 ? [optionsParameter(options)] : []),
      ],
      result: `Tensor<${this.notInferred(this.resultShape(rows))}, ${this.resultDType()}>`,
    };
  }

  // Operands

  private operandParameter(operand: OperandPattern, rows: FoldedRows | undefined): CallParameter {
    if (operand.list) return { name: operand.name, type: this.listType(operand) };
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
      this.checked(operand.name, tensor),
    );
    if (isRows)
      type += ` & HasRow<${rows.type}, \`${this.op.name}: ${operand.name} must have rank at least 2, got \${Show<${shape}>}\`>`;
    if (rows?.other === operand.name)
      type = `CheckBroadcastRows<'${this.op.name}', ${rows.type}, ${this.typeOf(`...${rows.otherSpread}`)}, ${type}>`;
    return { name: operand.name, type };
  }

  private listType({ name, dims: [dim] }: OperandPattern): string {
    if (dim?.kind !== 'spread') throw new Error(`${this.op.name}: a list is of any shapes, ${name}[...s]*`);
    const { form } = this;
    if (form) {
      this.bound.set(`...${dim.name}`, { type: form.bound[dim.name]!, operand: name });
      this.common = { type: this.declare('Type', commonType(this.op.signature).constraint), operand: name };
      return this.checked(name, form.list!);
    }
    const constraint = `readonly Tensor<UnknownShape, ${commonType(this.op.signature).constraint}>[]`;
    const type = this.declare(typeParameterName(name), constraint, true);
    this.bound.set(`...${dim.name}`, { type: `ShapesOf<${type}>`, operand: name });
    this.common = { type: `DTypeOf<${type}>`, operand: name };
    return this.guard(`OneDType<'${name}', ${type}>`, this.checked(name, `readonly [...${type}]`));
  }

  private bindSpread(name: string, operand: OperandPattern, checks: Check[]): string {
    const key = `...${name}`;
    const known = this.bound.get(key);
    const formed = this.form?.bound[name];
    if (!known && formed !== undefined) this.bound.set(key, { type: formed, operand: operand.name });
    if (!known) return formed ?? this.bind(key, this.spreadType(name), 'Dim[]', operand.name);
    const type = this.declare(`${typeParameterName(name)}_${operand.name}`, 'Dim[]');
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
      if (!known) return this.bind(name, typeParameterName(name), 'Dim', operand.name);
      const type = this.declare(`${typeParameterName(name)}_${operand.name}`, 'Dim');
      checks.push({
        rule: 'SameDim',
        a: known.type,
        b: type,
        message: `${name} is \${${known.type}} in ${known.operand} but \${${type}} in ${operand.name}`,
      });
      return type;
    }
    if (expression.kind === 'binary' && expression.operator === '/') {
      const text = (part: DimExpression) =>
        `${part.kind === 'name' ? `${part.name} ` : ''}\${${this.expressionType(part)}}`;
      checks.push({
        rule: 'Divisible',
        a: this.expressionType(expression.a),
        b: this.expressionType(expression.b),
        message: `${text(expression.a)} does not divide by ${text(expression.b)}`,
      });
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
    if (dtype === 'any') return type;
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
    const { name, kind } = attribute;
    if (!this.isTyped(name, kind)) return [];
    const formed = this.form?.bound[name];
    const type = formed ?? typeParameterName(name);
    this.bound.set(name, { type, operand: name });
    return formed === undefined ? [attributeTypeParameter(attribute, type)] : [];
  }

  private isTyped(name: string, kind: AttributePattern['kind']): boolean {
    const { operands, result } = this.op.signature;
    const names = [...operands, result].flatMap((pattern) => pattern.dims).flatMap(namesIn);
    const isNamed = names.some((found) => found === name || found.startsWith(`${name}.`));
    return kind === 'axis' || kind === 'newAxis' || result.dtype === name || isNamed;
  }

  private attributeType(attribute: AttributePattern): string {
    const { name, kind } = attribute;
    const type = this.bound.get(name)?.type;
    if (type === undefined) return plainType(attribute);
    const parameter = parameterType(attribute, type);
    if (this.rule?.checked === name || this.isDecider(name)) return this.checked(name, parameter);
    if (this.form?.bound[name] !== undefined) return parameter;
    if (kind === 'axis') return this.guard(`AxisOf<${this.firstShape()}, ${type}>`, parameter);
    if (kind === 'newAxis') return this.guard(`Unsqueeze<${this.firstShape()}, ${type}>`, parameter);
    return parameter;
  }

  /** In a form, whether what the attribute is there is also its default. */
  private mayBeLeftOut(attribute: AttributePattern): boolean {
    const formed = this.form?.bound[attribute.name];
    return formed === undefined || formed === defaultType(attribute);
  }

  private firstShape(): string {
    const first = this.op.signature.operands[0];
    const types = first?.dims.map((dim) =>
      dim.kind === 'spread'
        ? `...${this.typeOf(`...${dim.name}`)}`
        : this.expressionType((dim as { expression: DimExpression }).expression),
    );
    if (first?.list) return `${types![0]!.slice(3)}[0]`;
    return types?.length === 1 && types[0]!.startsWith('...') ? types[0]!.slice(3) : `[${types?.join(', ') ?? ''}]`;
  }

  // The result's rule

  /** The type of an operand or attribute, or what the result's rule makes of it. */
  private checked(name: string, type: string): string {
    const { rule, form } = this;
    if (this.isDecider(name)) return `WhenDecided<${this.ruleType()}, ${type}>`;
    if (rule?.checked !== name || (form && !form.asksRule) || this.overload === 'decided') return type;
    return this.guard(this.ruleType(), type);
  }

  private isDecider(name: string): boolean {
    return this.overload === 'decided' && this.decider() === name;
  }

  /** The first operand in place of an attribute that may be left out: the rule would not be asked. */
  private decider(): string | undefined {
    const name = this.rule?.decides ?? this.rule?.checked;
    const { operands, attributes } = this.op.signature;
    const hasDefault = attributes.some((attribute) => attribute.name === name && attribute.default !== undefined);
    return hasDefault ? operands[0]!.name : name;
  }

  private guard(rule: string, type: string): string {
    return `Guard<'${this.op.name}', ${rule}, ${type}>`;
  }

  private ruleType(): string {
    return `${this.rule!.rule}<${this.ruleArguments().join(', ')}>`;
  }

  private ruleArguments(): string[] {
    return shapeArguments(this.op).map((name) => (this.bound.get(`...${name}`) ?? this.bound.get(name))!.type);
  }

  // Result

  private resultShape(rows: FoldedRows | undefined): string {
    const { dims } = this.op.signature.result;
    const { rule, form } = this;
    if (form) return form.result;
    if (rule) {
      const otherwise = rule.otherwise(this.ruleType(), this.ruleArguments());
      const isOnly = shapeForms(this.op).length === 0 && otherwise === 'UnknownShape';
      return this.overload === 'decided' || isOnly ? `ShapeOf<${this.ruleType()}>` : otherwise;
    }
    if (rows) {
      const rest = dims.slice(2).map((dim) => this.dimType(dim));
      return `[...BroadcastRows<${rows.type}, ${this.typeOf(`...${rows.otherSpread}`)}>, ${rest.join(', ')}]`;
    }
    // Without a rule nobody knows what a shape function gives.
    if (dims.some((dim) => dim.kind === 'shapeFunction')) return 'UnknownShape';
    const types = dims.map((dim) => this.dimType(dim));
    return types.length === 1 && types[0]!.startsWith('...') ? types[0]!.slice(3) : `[${types.join(', ')}]`;
  }

  /** Options that were left out have their defaults, whatever the type is that a caller wants the result to have. */
  private notInferred(shape: string): string {
    const optional = this.op.signature.attributes.filter(({ optional }) => optional);
    const names = optional.flatMap(({ name }) => this.bound.get(name)?.type ?? []);
    return names.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\b`, 'g'), `NoInfer<${name}>`), shape);
  }

  private dimType(dim: DimPattern): string {
    if (dim.kind === 'expression') {
      const type = this.expressionType(quotientForm(dim.expression));
      return type.startsWith('Subtract<') ? `KnownSize<${type}>` : type;
    }
    // A spread is that of an operand, or an attribute that is a shape.
    const { type } = this.bound.get(`...${dim.name}`) ?? this.bound.get(dim.name) ?? {};
    if (type === undefined) throw new Error(`${this.op.name}: '...${dim.name}' is used before it is bound`);
    return `...${type}`;
  }

  private expressionType(expression: DimExpression): string {
    switch (expression.kind) {
      case 'integer':
        return String(expression.value);
      case 'name': {
        const [name, element] = expression.name.split('.') as [string, string?];
        return element === undefined ? this.typeOf(name) : `PairElement<${this.typeOf(name)}, ${element}>`;
      }
      case 'binary': {
        const { operator, a, b } = expression;
        if (operator === '-' && a.kind === 'binary' && a.operator === '+') {
          return `Shift<${[a.a, a.b, b].map((part) => this.expressionType(part)).join(', ')}>`;
        }
        return `${arithmetic[expression.operator]}<${this.expressionType(expression.a)}, ${this.expressionType(expression.b)}>`;
      }
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
    const declared = this.declare(type, constraint);
    this.bound.set(key, { type: declared, operand });
    return declared;
  }

  private declare(name: string, constraint: string, isConst = false): string {
    if (this.typeParameters.some((parameter) => parameter.name === name)) {
      throw new Error(`${this.op.name}: two type parameters named ${name}; rename a dimension of the signature`);
    }
    this.typeParameters.push({ name, constraint, ...(isConst ? { isConst } : {}) });
    return name;
  }

  /** A dimension may have the name of a spread. */
  private spreadType(name: string): string {
    const type = typeParameterName(name);
    return this.typeParameters.some((parameter) => parameter.name === type) ? `${type}s` : type;
  }

  private typeOf(name: string): string {
    const known = this.bound.get(name);
    if (!known) throw new Error(`${this.op.name}: '${name}' is used before it is bound`);
    return known.type;
  }
}
