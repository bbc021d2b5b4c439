import type { GraphBuilder } from '../ir/build.js';
import { isFloat } from '../ir/dtype.js';
import { ShapeError } from '../ir/errors.js';
import { describeNode, isLeaf, topologicalOrder, type Node } from '../ir/graph.js';
import type { MapOp, OpDefinition } from '../ir/ops/record.js';
import { opOf } from '../ir/ops/index.js';
import { differentiateScalar, foldScalar, type Scalar } from '../ir/scalar.js';
import { sameShape, showShape, type Shape } from '../ir/shape.js';

/**
 * ∂loss/∂target for each target by reverse accumulation; `null` where the loss does not depend on it, or only through
 * functions without gradient. Nodes are made by `builder`, under the scope of the forward node they belong to.
 * Throws ShapeError when the loss is not a scalar of a float dtype.
 */
export function gradients(builder: GraphBuilder, loss: Node, targets: readonly Node[]): (Node | null)[] {
  if (loss.shape.length > 0 || !isFloat(loss.dtype)) {
    throw new ShapeError(
      `gradients: the loss must be one float, got ${describeNode(loss)}; reduce it, with mean() say`,
    );
  }
  const found = pullback(builder, loss, builder.constant(1, loss.dtype), new Set(targets), new Set());
  return targets.map((target) => found.get(target) ?? null);
}

/**
 * Vector-Jacobian product: the gradients of the `wanted` nodes, given that of `root`. Does not look behind those of
 * `border`.
 */
function pullback(
  builder: GraphBuilder,
  root: Node,
  upstream: Node,
  wanted: ReadonlySet<Node>,
  border: ReadonlySet<Node>,
): ReadonlyMap<Node, Node> {
  const order = dependents(root, wanted, border);
  const needed = new Set(order);
  const gradientOf = new Map<Node, Node>([[root, upstream]]);
  for (const node of order.reverse()) {
    const arriving = gradientOf.get(node);
    if (!arriving || isLeaf(node) || border.has(node)) continue;
    builder.within(node.scope, () => {
      inputGradients(builder, node, arriving).forEach((gradient, i) => {
        const input = node.inputs[i]!;
        if (!gradient || !needed.has(input)) return;
        const fitted = sumToShape(builder, gradient, input.shape);
        const before = gradientOf.get(input);
        gradientOf.set(input, before ? builder.g.add(before, fitted) : fitted);
      });
    });
  }
  return gradientOf;
}

/** Nodes between `wanted` and `root`, both included, operands first: only these get gradients. */
function dependents(root: Node, wanted: ReadonlySet<Node>, border: ReadonlySet<Node>): Node[] {
  const depends = new Set<Node>();
  const order = topologicalOrder([root], border);
  for (const node of order) {
    if (wanted.has(node) || (!border.has(node) && node.inputs.some((input) => depends.has(input)))) depends.add(node);
  }
  return order.filter((node) => depends.has(node));
}

function inputGradients(builder: GraphBuilder, node: Node, upstream: Node): readonly (Node | null)[] {
  const op: OpDefinition = opOf(node);
  if (op.gradient === 'none') return node.inputs.map(() => null);
  if (op.kind === 'map') return mapGradients(builder, op, node, upstream);
  if (op.kind === 'composite' && op.gradient === 'decomposition') {
    const parts = op.decompose(builder.g, node.inputs, node.attrs as Record<string, number>);
    const operands = new Set(node.inputs);
    const found = pullback(builder, parts, upstream, operands, operands);
    // An operand that stands in several places gets the sum of them once.
    return node.inputs.map((input, i) => (node.inputs.indexOf(input) === i ? (found.get(input) ?? null) : null));
  }
  if (typeof op.gradient !== 'function') return [];
  return op.gradient({ g: builder.g, inputs: node.inputs, output: node, upstream, attrs: node.attrs });
}

/** upstream · ∂expression/∂operand, the derivative written as nodes of the operations its functions are named after. */
function mapGradients(builder: GraphBuilder, op: MapOp, node: Node, upstream: Node): (Node | null)[] {
  const { g } = builder;
  if (node.op === 'cast') return [isFloat(node.dtype) ? g.cast(upstream, node.inputs[0]!.dtype) : null];
  return node.inputs.map((input, i) => {
    if (!isFloat(input.dtype)) return null;
    const slope = op.derivatives ? (op.derivatives[i] ?? null) : differentiateScalar(op.expression, i);
    return slope && multiply(builder, upstream, slope, [...node.inputs, node]);
  });
}

function multiply(builder: GraphBuilder, upstream: Node, slope: Scalar, variables: readonly Node[]): Node {
  const { g } = builder;
  const nodes = (expression: Scalar): Node =>
    foldScalar<Node>(expression, {
      constant: (value) => g.scalar(value, upstream),
      variable: (index) => variables[index]!,
      call: (fn, args) => builder.add(fn, args),
    });
  // A product with 1, −1 or 1/x is written without the product, and a choice keeps the gradient itself.
  if (slope.kind === 'constant')
    return slope.value === 1 ? upstream : slope.value === -1 ? g.neg(upstream) : g.mul(upstream, nodes(slope));
  if (slope.kind === 'call' && slope.fn === 'where') {
    const [condition, a, b] = slope.args as [Scalar, Scalar, Scalar];
    // What is not chosen gets 0 even where the gradient is NaN or infinite.
    if (isOne(a) && isZero(b)) return g.where(nodes(condition), upstream, g.scalar(0, upstream));
    if (isZero(a) && isOne(b)) return g.where(nodes(condition), g.scalar(0, upstream), upstream);
  }
  if (slope.kind === 'call' && slope.fn === 'div' && isOne(slope.args[0]!))
    return g.div(upstream, nodes(slope.args[1]!));
  return g.mul(upstream, nodes(slope));
}

const isZero = (expression: Scalar) => expression.kind === 'constant' && expression.value === 0;
const isOne = (expression: Scalar) => expression.kind === 'constant' && expression.value === 1;

/** Undoes broadcasting: sums over the dimensions along which a tensor of `shape` was repeated. */
function sumToShape({ g }: GraphBuilder, gradient: Node, shape: Shape): Node {
  if (sameShape(gradient.shape, shape)) return gradient;
  const rank = gradient.shape.length;
  const repeated = gradient.shape.flatMap((size, axis) => {
    const own = shape.at(axis - rank);
    const missing = rank - axis > shape.length;
    return missing || (own === 1 && size !== 1) ? [axis - rank] : [];
  });
  const missingOnly = repeated.every((axis) => -axis > shape.length);
  if (repeated.length === 0) return g.broadcastTo(gradient, shape);
  const summed = g.sum(gradient, { axes: repeated, keepdims: !missingOnly });
  if (sameShape(summed.shape, shape)) return summed;
  const reshaped = g.reshape(summed, shape);
  if (!sameShape(reshaped.shape, shape))
    throw new ShapeError(`gradient ${showShape(gradient.shape)} for ${showShape(shape)}`);
  return reshaped;
}
