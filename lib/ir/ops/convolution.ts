import { convolve, convolveTransposed, placesOf, weightGradient } from '../decompositions/convolution.js';
import { each, spanOf, wrongWindow, type Pair } from '../decompositions/windows.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Builder } from '../generated/builder.js';
import type { Node, TensorType } from '../graph.js';
import { showShape } from '../shape.js';
import { defineMacro } from './define.js';

const single = 'stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1';
const pairs = 'stride: pair = 1, padding: pair = 0, dilation: pair = 1, groups: int = 1';

/** One number for each channel of `[n c h w]`. */
function ofChannels(g: Builder<Node>, bias: Node): Node {
  return g.reshape(bias, [bias.shape[0]!, 1, 1]);
}

/** The sizes of the last two dimensions. */
const pairOf = (x: TensorType): Pair => [x.shape.at(-2)!, x.shape.at(-1)!];

/** A dimension of size 1 before the last, on which a convolution of two dimensions does nothing. */
const flat = (g: Builder<Node>, x: Node) => g.unsqueeze(x, -2);

function wrongGroups(weight: TensorType, groups: number): string | undefined {
  const out = weight.shape[0]!;
  return out % groups === 0 ? undefined : `${out} output channels do not divide into ${groups} groups`;
}

/** x [n h w c] where [n c h w] is meant: a picture's channels are last in many files, and in other libraries. */
function channelsLast(x: TensorType, weight: TensorType, channels: number): string | undefined {
  const { shape } = x;
  if (shape.length !== weight.shape.length || shape[1] === channels || shape.at(-1) !== channels) return undefined;
  const [found, expected, axes] =
    shape.length === 4 ? ['[N, H, W, C]', '[N, C, H, W]', '[0, 3, 1, 2]'] : ['[N, L, C]', '[N, C, L]', '[0, 2, 1]'];
  return `x ${showShape(shape)} looks channels-last, ${found}, but ${expected} with ${channels} channels is expected: use permute(x, ${axes})`;
}

function wrongTransposed(
  weight: TensorType,
  {
    stride,
    padding,
    dilation,
    outputPadding,
  }: Record<'stride' | 'padding' | 'dilation' | 'outputPadding', readonly number[]>,
): string | undefined {
  // No kernel is too large here.
  const unbounded = stride.map(() => Infinity);
  const wrong = wrongWindow(unbounded, weight.shape.slice(2), { stride, padding, dilation });
  if (wrong !== undefined) return wrong;
  if (outputPadding.every((size, axis) => size >= 0 && size < stride[axis]!)) return undefined;
  return `outputPadding must be at least 0 and below stride [${stride.join(', ')}], got [${outputPadding.join(', ')}]`;
}

export const convolutionOps = {
  conv2d: defineMacro({
    name: 'conv2d',
    signature:
      `x[n c h w]:float, weight[o c/groups kh kw]:float, bias[o]:float?, ${pairs} -> ` +
      '[n o (h+2*padding.0-dilation.0*(kh-1)-1)/stride.0+1 (w+2*padding.1-dilation.1*(kw-1)-1)/stride.1+1]',
    doc:
      'Convolution (cross-correlation, as in all of deep learning) of images: y[n, o, i, j] = bias[o] + ' +
      'Σ weight[o, c, a, b]·x[n, c, i·stride + a·dilation − padding, …], x being 0 outside. Channels are in `groups`: ' +
      'an output channel sees the input channels of its group.',
    check: ([x, weight], { groups, ...window }: OpAttributes['conv2d']) =>
      wrongGroups(weight!, groups) ?? wrongWindow(x!.shape, weight!.shape.slice(2), window),
    usualMistake: ([x, weight], { groups }: OpAttributes['conv2d']) =>
      channelsLast(x!, weight!, weight!.shape[1]! * groups),
    decompose: (g, [x, weight, bias], attrs) => {
      const kernel = pairOf(weight);
      const places = each((axis) => placesOf(pairOf(x)[axis], kernel[axis], axis, attrs));
      const y = convolve(g, x, weight, places, attrs);
      return bias ? g.add(y, ofChannels(g, bias)) : y;
    },
    gradient: ({ g, inputs: [x, weight, bias], upstream, attrs }) => {
      const { stride, padding, dilation } = attrs;
      const [kernel, size] = [pairOf(weight), pairOf(x)];
      // Elements at the end of x that the window never reached.
      const outputPadding = each(
        (axis) => (size[axis] + 2 * padding[axis] - spanOf(kernel[axis], dilation[axis])) % stride[axis],
      );
      return [
        g.convTranspose2d(upstream, weight, { ...attrs, outputPadding }),
        weightGradient(g, x, upstream, kernel, attrs),
        ...(bias ? [g.sum(upstream, { axes: [0, 2, 3] })] : []),
      ];
    },
  }),
  conv1d: defineMacro({
    name: 'conv1d',
    signature:
      `x[n c l]:float, weight[o c/groups k]:float, bias[o]:float?, ${single} -> ` +
      '[n o (l+2*padding-dilation*(k-1)-1)/stride+1]',
    doc: 'Convolution of sequences: as `conv2d`, along one dimension.',
    check: ([x, weight], { groups, stride, padding, dilation }: OpAttributes['conv1d']) =>
      wrongGroups(weight!, groups) ??
      wrongWindow(x!.shape, weight!.shape.slice(2), { stride: [stride], padding: [padding], dilation: [dilation] }),
    usualMistake: ([x, weight], { groups }: OpAttributes['conv1d']) =>
      channelsLast(x!, weight!, weight!.shape[1]! * groups),
    decompose: (g, [x, weight, bias], { stride, padding, dilation, groups }) => {
      const attrs = { bias, stride: [1, stride], padding: [0, padding], dilation: [1, dilation], groups };
      return g.squeeze(g.conv2d(flat(g, x), flat(g, weight), attrs), -2);
    },
    gradient: 'decomposition',
  }),
  convTranspose2d: defineMacro({
    name: 'convTranspose2d',
    signature:
      'x[n c h w]:float, weight[c o kh kw]:float, bias[o*groups]:float?, ' +
      'stride: pair = 1, padding: pair = 0, outputPadding: pair = 0, dilation: pair = 1, groups: int = 1 -> ' +
      '[n o*groups (h-1)*stride.0-2*padding.0+dilation.0*(kh-1)+outputPadding.0+1 ' +
      '(w-1)*stride.1-2*padding.1+dilation.1*(kw-1)+outputPadding.1+1]',
    doc:
      'Transposed convolution: the gradient of `conv2d` in its input, as an operation. Each element of x puts a copy of ' +
      'the kernel, `stride` apart, into the result, of which `padding` is cut off on both sides; `outputPadding` more ' +
      'elements stand at the end.',
    check: ([x, weight], { groups, ...attrs }: OpAttributes['convTranspose2d']) =>
      x!.shape[1]! % groups === 0
        ? wrongTransposed(weight!, attrs)
        : `${x!.shape[1]!} input channels do not divide into ${groups} groups`,
    usualMistake: ([x, weight]) => channelsLast(x!, weight!, weight!.shape[0]!),
    decompose: (g, [x, weight, bias], attrs) => {
      const { stride, padding, dilation, outputPadding } = attrs;
      const [kernel, places] = [pairOf(weight), pairOf(x)];
      const size = each(
        (axis) =>
          (places[axis] - 1) * stride[axis] -
          2 * padding[axis] +
          spanOf(kernel[axis], dilation[axis]) +
          outputPadding[axis],
      );
      const y = convolveTransposed(g, x, weight, size, attrs);
      return bias ? g.add(y, ofChannels(g, bias)) : y;
    },
    gradient: ({ g, inputs: [x, weight, bias], upstream, attrs }) => {
      const { stride, padding, dilation, groups } = attrs;
      return [
        g.conv2d(upstream, weight, { stride, padding, dilation, groups }),
        weightGradient(g, upstream, x, pairOf(weight), attrs),
        ...(bias ? [g.sum(upstream, { axes: [0, 2, 3] })] : []),
      ];
    },
  }),
  convTranspose1d: defineMacro({
    name: 'convTranspose1d',
    signature:
      'x[n c l]:float, weight[c o k]:float, bias[o*groups]:float?, ' +
      'stride: int = 1, padding: int = 0, outputPadding: int = 0, dilation: int = 1, groups: int = 1 -> ' +
      '[n o*groups (l-1)*stride-2*padding+dilation*(k-1)+outputPadding+1]',
    doc: 'Transposed convolution of sequences: as `convTranspose2d`, along one dimension.',
    check: ([x, weight], attrs: OpAttributes['convTranspose1d']) =>
      x!.shape[1]! % attrs.groups === 0
        ? wrongTransposed(weight!, {
            stride: [attrs.stride],
            padding: [attrs.padding],
            dilation: [attrs.dilation],
            outputPadding: [attrs.outputPadding],
          })
        : `${x!.shape[1]!} input channels do not divide into ${attrs.groups} groups`,
    usualMistake: ([x, weight]) => channelsLast(x!, weight!, weight!.shape[0]!),
    decompose: (g, [x, weight, bias], { stride, padding, outputPadding, dilation, groups }) => {
      const attrs = {
        bias,
        stride: [1, stride],
        padding: [0, padding],
        outputPadding: [0, outputPadding],
        dilation: [1, dilation],
        groups,
      };
      return g.squeeze(g.convTranspose2d(flat(g, x), flat(g, weight), attrs), -2);
    },
    gradient: 'decomposition',
  }),
};
