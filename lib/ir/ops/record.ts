import type { Builder } from '../generated/builder.js';
import type { Attributes, Node, TensorType } from '../graph.js';
import type { Scalar } from '../scalar.js';
import type { Shape } from '../shape.js';
import type { Signature } from '../signature.js';
import type { Num } from '../symbolic.js';

/** What every record of the op table has. */
export interface OpCommon<Name extends string> {
  readonly name: Name;
  readonly signature: Signature;
  /** The signature as written, for documentation. */
  readonly signatureText: string;
  /** One or two sentences: formula, meaning of attributes, source. For generated files only: builds leave it out. */
  readonly doc: string;
  /** What the signature cannot say of operands and attributes: what is wrong, or undefined. */
  readonly check?: (operands: readonly TensorType[], attrs: Attributes) => string | undefined;
  /** Of operands whose sizes do not fit the signature: what was probably meant, where many make that mistake. */
  readonly usualMistake?: (operands: readonly TensorType[], attrs: Attributes) => string | undefined;
}

/**
 * What a gradient rule gets. It returns ∂loss/∂input for each input, or `null` where none flows; gradients may still
 * have the broadcast shape of the output, autodiff sums them back to the input's.
 */
export interface GradientContext<Attrs = Attributes, Inputs = readonly Node[]> {
  readonly g: Builder<Node>;
  readonly inputs: Inputs;
  readonly output: Node;
  /** ∂loss/∂output, of the output's shape. */
  readonly upstream: Node;
  readonly attrs: Attrs;
}

export type GradientRule<Attrs = Attributes, Inputs = readonly Node[]> = (
  context: GradientContext<Attrs, Inputs>,
) => readonly (Node | null)[];

/** `'none'`: the function is not differentiable, or constant wherever it is; no gradient flows through it. */
export type Gradient = GradientRule | 'none';

/** One scalar expression applied to every element, operands broadcast. */
export interface MapOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'map';
  readonly expression: Scalar;
  /**
   * ∂expression/∂operand where something better than the derived one is known; the variable after the operands' is the
   * result, so that a step keeps the result only and not the operands.
   */
  readonly derivatives?: readonly (Scalar | null)[];
  readonly commutative: boolean;
  /** No gradient: the function is piecewise constant. */
  readonly gradient: 'derived' | 'none';
}

/** Folds dimensions into one element each. */
export interface ReductionOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'reduction';
  /** Accumulator before the first element. */
  readonly initial: number;
  /** Over the accumulator (variable 0) and the next element (variable 1); associative and commutative. */
  readonly combine: Scalar;
  /** Over the last accumulator (variable 0) and the number of elements (variable 1). */
  readonly finish: Scalar;
  /** Whether reducing no element at all has an answer. */
  readonly hasIdentity: boolean;
  readonly gradient: Gradient;
}

/** Arithmetic on indices: numbers when evaluated, text when lowered. */
export interface IndexAlgebra<I> {
  constant(value: number): I;
  add(a: I, b: I): I;
  /** By an integer, which may be negative. */
  multiply(a: I, factor: number): I;
  /** Floor of the quotient. */
  divide(a: I, divisor: number): I;
  modulo(a: I, divisor: number): I;
}

/** Holds where `value` is a multiple of `step`, and value/step lies in [0, extent). */
export interface IndexCondition<I> {
  readonly value: I;
  readonly step: number;
  readonly extent: number;
}

/** Computes on the index of one element of a view's result. */
export type IndexRule<Attrs, Result> = <I>(
  algebra: IndexAlgebra<I>,
  index: readonly I[],
  from: Shape,
  to: Shape,
  attrs: Attrs,
) => Result extends 'index' ? I[] : IndexCondition<I>[];

/** The same elements under other indices; costs nothing by itself. */
export interface ViewOp<Name extends string = string, Attrs = Attributes> extends OpCommon<Name> {
  readonly kind: 'view';
  /** Index into the operand of the element at `index` of the result; anything where the mask's conditions fail. */
  readonly source: IndexRule<Attrs, 'index'>;
  /** For views that have elements which the operand does not have: what holds for those it has, and what the others are. */
  readonly mask?: { readonly conditions: IndexRule<Attrs, 'conditions'>; readonly fill: (attrs: Attrs) => number };
  /** The same attributes in the one form that equal views share. */
  canonical?(attrs: Attrs, from: Shape, to: Shape): Attributes;
  readonly gradient: Gradient;
}

/**
 * Elements of the first operand, where the second says: along dimension `axis` its value is the index, along the others
 * its own index is. NaN (0 for integers) where there is no such element.
 */
export interface GatherOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'gather';
  readonly gradient: Gradient;
}

/**
 * The first operand, with elements of the third added where the second says: along dimension `axis` its value is the
 * place, along the others its own index is. Several at one place are added in the order of their indices.
 */
export interface ScatterOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'scatter';
  readonly gradient: Gradient;
}

/**
 * The first operand with the second in place of its elements along dimension `axis`, from the position on that the third
 * holds; what would lie outside of the first is not written. Where the first operand is a state that becomes the result,
 * and its old value is needed no more, only the second is written; else this is `decompose`.
 */
export interface OverwriteOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'overwrite';
  readonly decompose: (g: Builder<Node>, operands: readonly Node[], attrs: CompositeAttributes) => Node;
  readonly gradient: Gradient;
}

/** A sum of products over a shared dimension: matrix products. */
export interface ContractionOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'contraction';
  readonly gradient: Gradient;
}

/** A tensor that follows from attributes alone: each element is an expression of its index in the last dimension. */
export interface SourceOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'source';
  readonly expression: Scalar;
  readonly gradient: 'none';
}

/** The same computation in simpler operations: reference, default gradient and rewrite rule in one. */
export interface CompositeOp<Name extends string = string> extends OpCommon<Name> {
  readonly kind: 'composite';
  readonly decompose: (g: Builder<Node>, operands: readonly Node[], attrs: CompositeAttributes) => Node;
  /** The decomposition over patterns, from which rules are made; none for a macro. */
  readonly equation: (<V>(g: Builder<V>, operands: readonly V[], attrs: CompositeAttributes) => V) | null;
  /** `'decomposition'`: differentiate what it stands for. */
  readonly gradient: Gradient | 'decomposition';
}

/** Attributes inside a decomposition: numbers, or symbols when a rewrite rule is made from it. */
export type CompositeAttributes = Readonly<Record<string, Num>>;

export type OpDefinition<Name extends string = string> =
  | (MapOp<Name> | ReductionOp<Name> | ViewOp<Name> | GatherOp<Name> | ScatterOp<Name> | OverwriteOp<Name>)
  | (ContractionOp<Name> | SourceOp<Name> | CompositeOp<Name>);
