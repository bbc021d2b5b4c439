import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { ShapeError } from '../../../lib/ir/errors.js';
import type { AttributeValue, Node } from '../../../lib/ir/graph.js';
import { leafName } from '../../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../../lib/ir/interpret.js';
import type { OpName } from '../../../lib/ir/ops/index.js';
import { elementCount } from '../../../lib/ir/shape.js';
import { sampleValues } from '../../values.js';

type Shapes = readonly (readonly number[])[];
type Attrs = Readonly<Record<string, AttributeValue>>;

function build(op: OpName, shapes: Shapes, attrs: Attrs): Node {
  const builder = new GraphBuilder();
  return builder.add(op, shapes.map((shape, i) => builder.leaf('input', `x${i}`, shape, 'f32')), attrs); // prettier-ignore
}

const image = [1, 4, 5, 6];

describe('what no window can do is refused when the graph is built', () => {
  test.each<[OpName, Shapes, Attrs, string]>([
    ['conv2d', [[1, 4, 5, 7], [6, 2, 3, 3]], { groups: 3 }, 'conv2d: c 4 does not divide by groups 3'],
    ['conv2d', [image, [5, 2, 3, 3]], { groups: 2 }, 'conv2d: 5 output channels do not divide into 2 groups'],
    ['conv2d', [image, [6, 3, 3, 3]], {}, 'conv2d: dimension 1 of weight must be 4, not 3'],
    ['conv2d', [[2, 32, 30, 3], [6, 3, 3, 3]], {}, 'conv2d: x [2, 32, 30, 3] looks channels-last, [N, H, W, C], but [N, C, H, W] with 3 channels is expected: use permute(x, [0, 3, 1, 2])'],
    ['conv2d', [[2, 31, 30, 6], [6, 3, 3, 3]], { groups: 2 }, 'conv2d: x [2, 31, 30, 6] looks channels-last, [N, H, W, C], but [N, C, H, W] with 6 channels is expected: use permute(x, [0, 3, 1, 2])'],
    ['conv2d', [[32, 30, 3], [6, 3, 3, 3]], {}, 'conv2d: x must have rank 4, got [32, 30, 3]'],
    ['conv1d', [[2, 30, 4], [6, 4, 3]], {}, 'conv1d: x [2, 30, 4] looks channels-last, [N, L, C], but [N, C, L] with 4 channels is expected: use permute(x, [0, 2, 1])'],
    ['convTranspose2d', [[2, 32, 30, 3], [3, 6, 3, 3]], {}, 'convTranspose2d: x [2, 32, 30, 3] looks channels-last, [N, H, W, C], but [N, C, H, W] with 3 channels is expected: use permute(x, [0, 3, 1, 2])'],
    ['convTranspose1d', [[2, 30, 4], [4, 6, 3]], {}, 'convTranspose1d: x [2, 30, 4] looks channels-last, [N, L, C], but [N, C, L] with 4 channels is expected: use permute(x, [0, 2, 1])'],
    ['conv2d', [image, [6, 4, 7, 3]], {}, 'conv2d: the kernel spans [7, 3], but x with its padding has [5, 6]; use a smaller kernel or more padding'],
    ['conv2d', [image, [6, 4, 3, 3]], { dilation: [1, 3] }, 'conv2d: the kernel spans [3, 7], but x with its padding has [5, 6]; use a smaller kernel or more padding'],
    ['conv2d', [image, [6, 4, 3, 3]], { padding: [0, -1] }, 'conv2d: padding must be at least 0, got [0, -1]'],
    ['conv2d', [image, [6, 4, 3, 3]], { stride: 0 }, 'conv2d: stride must be at least 1, got [0, 0]'],
    ['conv2d', [image, [6, 4, 3, 3]], { dilation: 0 }, 'conv2d: dilation must be at least 1, got [0, 0]'],
    ['conv2d', [image, [6, 4, 0, 3]], {}, 'conv2d: the kernel must have at least one tap, got [0, 3]'],
    ['conv1d', [[1, 4, 5], [6, 4, 7]], {}, 'conv1d: the kernel spans 7, but x with its padding has 5; use a smaller kernel or more padding'],
    ['conv1d', [[1, 4, 5], [6, 4, 3]], { stride: 0 }, 'conv1d: stride must be at least 1, got 0'],
    ['convTranspose2d', [image, [4, 2, 3, 3]], { groups: 3 }, 'convTranspose2d: 4 input channels do not divide into 3 groups'],
    ['convTranspose2d', [image, [4, 2, 3, 3]], { stride: 2, outputPadding: 2 }, 'convTranspose2d: outputPadding must be at least 0 and below stride [2, 2], got [2, 2]'],
    ['convTranspose2d', [image, [4, 2, 3, 3]], { stride: 0 }, 'convTranspose2d: stride must be at least 1, got [0, 0]'],
    ['convTranspose2d', [image, [4, 2, 3, 3]], { padding: -1 }, 'convTranspose2d: padding must be at least 0, got [-1, -1]'],
    ['convTranspose2d', [image, [4, 2, 1, 1]], { padding: 4 }, 'convTranspose2d: the result would have the shape [1, 2, -3, -2]'],
    ['convTranspose1d', [[1, 4, 5], [4, 2, 3]], { outputPadding: 1 }, 'convTranspose1d: outputPadding must be at least 0 and below stride [1], got [1]'],
    ['maxPool2d', [image], { kernelSize: 3, padding: 2 }, 'maxPool2d: padding [2, 2] must be at most half of kernelSize [3, 3]'],
    ['maxPool2d', [image], { kernelSize: 7 }, 'maxPool2d: the kernel spans [7, 7], but x with its padding has [5, 6]; use a smaller kernel or more padding'],
    ['maxPool2d', [[5]], { kernelSize: 2 }, 'maxPool2d: x must have rank at least 2, got [5]'],
    ['maxPool1d', [[5]], { kernelSize: 2, stride: 0 }, 'maxPool1d: stride must be at least 1, got 0'],
    ['avgPool2d', [image], { kernelSize: 2, stride: [1, 0] }, 'avgPool2d: stride must be at least 1, got [1, 0]'],
    ['avgPool2d', [image], { kernelSize: 2, divisor: 0 }, 'avgPool2d: divisor must not be 0'],
    ['adaptiveAvgPool2d', [image], { outputSize: [0, 1] }, 'adaptiveAvgPool2d: outputSize must be at least 1, got [0, 1]'],
    ['interpolate', [image], { size: [0, 4] }, 'interpolate: size must be at least 1, got [0, 4]'],
    ['interpolate', [image], { size: 4, alignCorners: true }, 'interpolate: alignCorners is for bilinear interpolation only'],
    ['pixelShuffle', [[1, 6, 2, 2]], { factor: 2 }, 'pixelShuffle: 6 channels do not divide by factor² = 4'],
    ['pixelUnshuffle', [[1, 6, 2, 3]], { factor: 2 }, 'pixelUnshuffle: [2, 3] does not divide by factor 2'],
    ['groupNorm', [image], { groups: 3 }, 'groupNorm: 4 channels do not divide into 3 groups'],
  ])('%s %j %j: %s', (op, shapes, attrs, message) => {
    const attempt = () => build(op, shapes, attrs);
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(new ShapeError(message));
  }); // prettier-ignore
});

test('of equal elements of a window the first gets the gradient of its maximum', () => {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', 'x', [3, 3], 'f32');
  const [dx] = gradients(builder, g.sum(g.maxPool2d(x, 2, { stride: 1 })), [x]);
  const ones = new Float64Array(9).fill(1);
  expect([...evaluateNodes([dx!], () => ones).get(dx!)!]).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
});

/** The gradient of ‖∂(Σ y³)/∂x‖² in every operand, against central differences. */
function expectSecondGradients(op: OpName, shapes: Shapes, attrs: Attrs): void {
  const builder = new GraphBuilder();
  const { g } = builder;
  const leaves = shapes.map((shape, i) => builder.leaf('input', `x${i}`, shape, 'f32'));
  const y = builder.add(op, leaves, attrs);
  const first = gradients(builder, g.sum(g.mul(g.square(y), y)), leaves);
  const loss = first.map((gradient) => g.sum(g.square(gradient!))).reduce((a, b) => g.add(a, b));
  const second = gradients(builder, loss, leaves);
  const values = new Map<string, Values>(
    leaves.map((leaf, i) => [leafName(leaf), Float64Array.from(sampleValues(elementCount(leaf.shape), i + 1))]),
  );
  const evaluate = (node: Node) => evaluateNodes([node], (leaf) => values.get(leafName(leaf))!).get(node)!;
  leaves.forEach((leaf, i) => {
    const analytic = evaluate(second[i]!);
    const data = values.get(leafName(leaf))!;
    for (let at = 0; at < data.length; at += Math.ceil(data.length / 4)) {
      const center = data[at]!;
      data[at] = center + 1e-5;
      const above = evaluate(loss)[0]!;
      data[at] = center - 1e-5;
      const below = evaluate(loss)[0]!;
      data[at] = center;
      const difference = (above - below) / 2e-5;
      expect(Math.abs(analytic[at]! - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
    }
  });
}

test.each<[OpName, Shapes, Attrs]>([
  ['conv2d', [[1, 2, 5, 4], [2, 2, 3, 2], [2]], { stride: [2, 1], padding: 1 }],
  ['conv2d', [[1, 2, 4, 4], [2, 1, 3, 3]], { groups: 2, padding: 1 }],
  ['convTranspose2d', [[1, 2, 3, 3], [2, 2, 3, 3], [2]], { stride: 2, padding: 1, outputPadding: 1 }],
  ['conv1d', [[1, 2, 7], [3, 2, 3]], { dilation: 2 }],
  ['avgPool2d', [[1, 5, 4]], { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false }],
  ['maxPool2d', [[1, 5, 4]], { kernelSize: 2, stride: 1 }],
  ['interpolate', [[1, 3, 4]], { size: [5, 6], mode: 'bilinear' }],
  ['groupNorm', [[1, 4, 3], [4], [4]], { groups: 2 }],
])('%s %j %j: gradients of gradients', expectSecondGradients); // prettier-ignore
