import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../lib/ir/interpret.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { elementCount } from '../../lib/ir/shape.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { opCases } from '../op-cases/index.js';
import type { OpCase } from '../op-cases/op-case.js';
import { caseLeaves, caseValues, describeCase } from '../op-harness.js';
import { mismatch, type Tolerance } from '../tolerances.js';
import { sampleValues } from '../values.js';

const differentiable = (Object.keys(ops) as OpName[]).filter((name) => ops[name].gradient !== 'none');

/** Central differences in f64, of numbers that are derivatives already. */
const EPSILON = 1e-6;
const DIFFERENCES: Tolerance = { relative: 1e-3, absolute: 1e-4 };
const MOST_POSITIONS = 8;
/** Written cases of an operation: 3, or all with `npm run test:full`. */
const CASES = SHAPES_PER_OP / 2;

function evaluate(root: Node, values: ReadonlyMap<string, Values>): Values {
  return evaluateNodes([root], (leaf) => values.get(leafName(leaf))!).get(root)!;
}

const squares = ({ g }: GraphBuilder, nodes: readonly Node[]): Node =>
  nodes.map((node) => g.sum(g.square(g.cast(node, 'f32')))).reduce((a, b) => g.add(a, b));

/** ∂/∂x Σ(∂loss/∂x)² against differences of Σ(∂loss/∂x)²: what is wrong, or nothing. */
function wrongIn(name: OpName, entry: OpCase): string[] {
  const builder = new GraphBuilder();
  const { g } = builder;
  const leaves = caseLeaves(builder, entry);
  const values = caseValues(entry, leaves);
  const result = builder.add(name, leaves, entry.attrs ?? {});
  if (!isFloat(result.dtype)) return [];
  const weights = builder.leaf('input', 'weights', result.shape, result.dtype);
  values.set('weights', sampleValues(elementCount(result.shape), 99));
  // Not linear in the result, so that the gradient of a linear operation depends on its operands as well.
  const loss = g.sum(g.mul(g.square(g.add(result, g.scalar(0.5, result))), weights));
  const targets = leaves.filter((leaf) => isFloat(leaf.dtype));
  const first = gradients(builder, loss, targets).filter((gradient) => gradient !== null);
  if (first.length === 0) return [];
  const total = squares(builder, first);
  return gradients(builder, total, targets).flatMap((gradient, i) => {
    const target = targets[i]!;
    const data = values.get(leafName(target))!;
    const analytic = gradient ? evaluate(gradient, values) : new Float64Array(data.length);
    const tried = Array.from(data.keys()).filter((at) => at % Math.ceil(data.length / MOST_POSITIONS) === 0);
    const numeric = tried.map((at) => {
      const center = data[at]!;
      const [above, below] = [EPSILON, -EPSILON].map((step) => {
        data[at] = center + step;
        return evaluate(total, values)[0]!;
      }) as [number, number];
      data[at] = center;
      return (above - below) / (2 * EPSILON);
    });
    const far = mismatch(tried.map((at) => analytic[at]!), numeric, DIFFERENCES); // prettier-ignore
    return far === undefined ? [] : [`${describeCase(entry)}: ∂/∂${leafName(target)} at ${tried[Number.parseInt(far)]}: ${far}`]; // prettier-ignore
  });
}

describe('gradients of gradients against central differences', () => {
  test.each(differentiable)('%s', (name) => {
    expect(opCases[name].slice(0, CASES).flatMap((entry) => wrongIn(name, entry))).toEqual([]);
  });
});
