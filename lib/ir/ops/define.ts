import type { Builder } from '../generated/builder.js';
import type { OpAttributes, OpInputs } from '../generated/nodes.js';
import type { Node, TensorType } from '../graph.js';
import { variable, type Scalar } from '../scalar.js';
import { parseSignature } from '../signature.js';
import type { Num } from '../symbolic.js';
import type {
  CompositeOp,
  ContractionOp,
  GatherOp,
  Gradient,
  GradientRule,
  MapOp,
  OpCommon,
  OverwriteOp,
  ReductionOp,
  ScatterOp,
  SourceOp,
  ViewOp,
} from './record.js';

/** Names of records: the generated types of their nodes are found by them. */
type Known = keyof OpAttributes & keyof OpInputs;

/** A gradient rule as a record writes it, typed by the operation's own attributes and operands. */
type TypedGradient<Name extends Known> = GradientRule<OpAttributes[Name], OpInputs[Name]> | 'none';

interface Written<Name extends string> {
  readonly name: Name;
  readonly signature: string;
  readonly doc: string;
  readonly check?: (operands: readonly TensorType[], attrs: never) => string | undefined;
  readonly usualMistake?: (operands: readonly TensorType[], attrs: never) => string | undefined;
}

const common = <Name extends string>({ name, signature, doc, check, usualMistake }: Written<Name>): OpCommon<Name> => ({
  name,
  doc,
  ...(check ? { check: check as NonNullable<OpCommon<Name>['check']> } : {}),
  ...(usualMistake ? { usualMistake: usualMistake as NonNullable<OpCommon<Name>['usualMistake']> } : {}),
  signature: parseSignature(signature),
  signatureText: signature,
});

const variables = (count: number) => Array.from({ length: count }, (_, i) => variable(i));

export function defineMap<const Name extends string>(
  record: Written<Name> & {
    expression: (...operands: Scalar[]) => Scalar;
    /** Over the operands and then the result. */
    derivatives?: (...operandsAndResult: Scalar[]) => readonly (Scalar | null)[];
    commutative?: boolean;
    gradient?: 'derived' | 'none';
  },
): MapOp<Name> {
  const shared = common(record);
  const arity = shared.signature.operands.length;
  return {
    ...shared,
    kind: 'map',
    expression: record.expression(...variables(arity)),
    ...(record.derivatives ? { derivatives: record.derivatives(...variables(arity + 1)) } : {}),
    commutative: record.commutative ?? false,
    gradient: record.gradient ?? 'derived',
  };
}

export function defineReduction<const Name extends Known>(
  record: Written<Name> & {
    initial: number;
    combine: (accumulator: Scalar, element: Scalar) => Scalar;
    finish?: (accumulator: Scalar, count: Scalar) => Scalar;
    hasIdentity: boolean;
    gradient: TypedGradient<Name>;
  },
): ReductionOp<Name> {
  const [first, second] = [variable(0), variable(1)];
  return {
    ...common(record),
    kind: 'reduction',
    initial: record.initial,
    combine: record.combine(first, second),
    finish: record.finish?.(first, second) ?? first,
    hasIdentity: record.hasIdentity,
    gradient: record.gradient as Gradient,
  };
}

export function defineView<const Name extends Known>(
  record: Written<Name> &
    Pick<ViewOp<Name, OpAttributes[Name]>, 'source' | 'mask' | 'canonical'> & { gradient: TypedGradient<Name> },
): ViewOp<Name> {
  const { source, mask, canonical } = record;
  return {
    ...common(record),
    kind: 'view',
    source: source as ViewOp['source'],
    ...(mask ? { mask: mask as NonNullable<ViewOp['mask']> } : {}),
    ...(canonical ? { canonical } : {}),
    gradient: record.gradient as Gradient,
  };
}

export function defineGather<const Name extends Known>(
  record: Written<Name> & { gradient: TypedGradient<Name> },
): GatherOp<Name> {
  return { ...common(record), kind: 'gather', gradient: record.gradient as Gradient };
}

export function defineScatter<const Name extends Known>(
  record: Written<Name> & { gradient: TypedGradient<Name> },
): ScatterOp<Name> {
  return { ...common(record), kind: 'scatter', gradient: record.gradient as Gradient };
}

export function defineOverwrite<const Name extends Known>(
  record: Written<Name> & {
    decompose: (g: Builder<Node>, operands: OpInputs[Name], attrs: OpAttributes[Name]) => Node;
    gradient: TypedGradient<Name>;
  },
): OverwriteOp<Name> {
  return {
    ...common(record),
    kind: 'overwrite',
    decompose: record.decompose as OverwriteOp['decompose'],
    gradient: record.gradient as Gradient,
  };
}

export function defineContraction<const Name extends Known>(
  record: Written<Name> & { gradient: TypedGradient<Name> },
): ContractionOp<Name> {
  return { ...common(record), kind: 'contraction', gradient: record.gradient as Gradient };
}

export function defineSource<const Name extends string>(
  record: Written<Name> & { expression: (index: Scalar) => Scalar },
): SourceOp<Name> {
  return { ...common(record), kind: 'source', expression: record.expression(variable(0)), gradient: 'none' };
}

export function defineComposite<const Name extends Known>(
  record: Written<Name> & {
    decompose: <V>(g: Builder<V>, operands: Operands<OpInputs[Name], V>, attrs: Symbols<OpAttributes[Name]>) => V;
    gradient: TypedGradient<Name> | 'decomposition';
  },
): CompositeOp<Name> {
  const equation = record.decompose as NonNullable<CompositeOp['equation']>;
  return {
    ...common(record),
    kind: 'composite',
    decompose: equation,
    equation,
    gradient: record.gradient as Gradient | 'decomposition',
  };
}

/**
 * A composite whose decomposition depends on the values of attributes (words, truth values) or on sizes, so that no
 * rewrite rule can say it: it is written out when the graph is planned.
 */
export function defineMacro<const Name extends Known>(
  record: Written<Name> & {
    decompose: (g: Builder<Node>, operands: OpInputs[Name], attrs: OpAttributes[Name]) => Node;
    gradient: TypedGradient<Name> | 'decomposition';
  },
): CompositeOp<Name> {
  return {
    ...common(record),
    kind: 'composite',
    decompose: record.decompose as CompositeOp['decompose'],
    equation: null,
    gradient: record.gradient as Gradient | 'decomposition',
  };
}

/** As many values as an operation has operands. */
type Operands<Inputs extends readonly unknown[], V> = { readonly [I in keyof Inputs]: V };
type Symbols<Attrs> = { readonly [K in keyof Attrs]: Num };
