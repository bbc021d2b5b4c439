import type { AttributePattern, Signature } from '../lib/ir/signature.js';
import type { TypeParameter } from './call-signature.js';

type PlainKind = Exclude<AttributePattern['kind'], 'word'>;

/** Types of attributes that no other type depends on. */
const plainTypes: Record<PlainKind, string> = {
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

/** Constraints of those that become type parameters, where they are others: sizes may have names. */
const constraints: Partial<Record<PlainKind, string>> = { int: 'Dim', shape: 'Dim[]', ints: 'Dim[]', pair: 'Pair' };

/** Kinds whose literals are taken as they are written. */
const constKinds: ReadonlySet<string> = new Set(['axes', 'permutation', 'shape', 'ints', 'pair']);
const listKinds: ReadonlySet<string> = new Set(['permutation', 'shape', 'ints']);

/** The type of an attribute that no other type depends on. */
export function plainType({ kind, words }: AttributePattern): string {
  return kind === 'word' ? words!.map((word) => `'${word}'`).join(' | ') : plainTypes[kind];
}

/** The type parameter of an attribute that other types depend on. */
export function attributeTypeParameter(attribute: AttributePattern, name: string): TypeParameter {
  const { kind, optional } = attribute;
  const constraint = (kind === 'word' ? undefined : constraints[kind]) ?? plainType(attribute);
  const mayBeAbsent = optional && attribute.default === undefined && kind !== 'axes';
  return {
    name,
    constraint: mayBeAbsent ? `${constraint} | undefined` : constraint,
    ...(optional ? { default: defaultType(attribute) } : {}),
    ...(constKinds.has(kind) ? { isConst: true } : {}),
  };
}

/** The type of what an attribute is when it is left out. */
export function defaultType({ kind, default: value }: AttributePattern): string {
  return kind === 'word' || kind === 'dtype' ? `'${String(value)}'` : String(value);
}

/** The parameter's type for the type parameter, or for the literal type in place of one. */
export function parameterType({ kind }: AttributePattern, type: string): string {
  if (!listKinds.has(kind)) return type;
  return type.startsWith('[') ? `readonly ${type}` : `readonly [...${type}]`;
}

/** Parameters for attributes that no other type depends on: required ones by position, the others as options. */
export function plainParameters({ attributes }: Signature): { name: string; type: string; optional?: boolean }[] {
  const options = attributes.filter(({ optional }) => optional);
  return [
    ...attributes
      .filter(({ optional }) => !optional)
      .map((attribute) => ({ name: attribute.name, type: plainType(attribute) })),
    ...(options.length > 0 ? [optionsParameter(options.map((option) => [option.name, plainType(option), true]))] : []),
  ];
}

/** The last parameter: what has a name, and may be left out unless a form asks for it. */
export function optionsParameter(options: readonly (readonly [name: string, type: string, optional: boolean])[]) {
  const written = options.map(([name, type, optional]) => `${name}${optional ? '?' : ''}: ${type}`);
  return {
    name: 'options',
    type: `{ ${written.join('; ')} }`,
    optional: options.every(([, , optional]) => optional),
  };
}
