import { resample, resampleGradient } from '../decompositions/resampling.js';
import type { OpAttributes } from '../generated/nodes.js';
import { defineMacro } from './define.js';

export const resamplingOps = {
  interpolate: defineMacro({
    name: 'interpolate',
    signature:
      'x[...b h w]:float, size: pair, mode: nearest|bilinear = nearest, alignCorners: bool = false -> ' +
      '[...b size.0 size.1]',
    doc:
      '`[… h w]` at another `size`. `nearest`: place (i, j) gets element (⌊i·h/size⌋, ⌊j·w/size⌋). `bilinear`: the four ' +
      'elements around a place, by their distance; the corners of both are one with `alignCorners`, else the outer edges ' +
      'of their elements are.',
    check: ([x], { size, mode, alignCorners }: OpAttributes['interpolate']) => {
      if (size.some((length) => length < 1)) return `size must be at least 1, got [${size.join(', ')}]`;
      if (x!.shape.slice(-2).includes(0)) return 'x has no elements to take';
      return alignCorners && mode === 'nearest' ? 'alignCorners is for bilinear interpolation only' : undefined;
    },
    decompose: (g, [x], { size: [height, width], ...resampling }) =>
      resample(g, resample(g, x, -1, width, resampling), -2, height, resampling),
    gradient: ({ g, inputs: [x], upstream, attrs }) => {
      const [height, width] = [x.shape.at(-2)!, x.shape.at(-1)!];
      return [resampleGradient(g, resampleGradient(g, upstream, -2, height, attrs), -1, width, attrs)];
    },
  }),
  pixelShuffle: defineMacro({
    name: 'pixelShuffle',
    signature: 'x[...b c h w], factor: int -> [...b c/(factor*factor) h*factor w*factor]',
    doc:
      'Channels as pixels: of each factor² channels, the squares of `factor` by `factor` elements of one (Shi et al. 2016, ' +
      'arXiv:1609.05158).',
    check: ([x], { factor }: OpAttributes['pixelShuffle']) => {
      if (factor < 1) return `factor must be at least 1, got ${factor}`;
      const channels = x!.shape.at(-3)!;
      return channels % factor ** 2 === 0
        ? undefined
        : `${channels} channels do not divide by factor² = ${factor ** 2}`;
    },
    decompose: (g, [x], { factor }) => {
      const lead = x.shape.slice(0, -3);
      const [c, h, w] = x.shape.slice(-3) as [number, number, number];
      const split = g.reshape(x, [...lead, c / factor ** 2, factor, factor, h, w]);
      const order = [-5, -2, -4, -1, -3].map((axis) => axis + split.shape.length);
      const moved = g.permute(split, [...lead.keys(), ...order]);
      return g.reshape(moved, [...lead, c / factor ** 2, h * factor, w * factor]);
    },
    gradient: ({ g, upstream, attrs }) => [g.pixelUnshuffle(upstream, attrs.factor)],
  }),
  pixelUnshuffle: defineMacro({
    name: 'pixelUnshuffle',
    signature: 'x[...b c h w], factor: int -> [...b c*factor*factor h/factor w/factor]',
    doc: 'Squares of `factor` by `factor` elements as channels: the inverse of `pixelShuffle`.',
    check: ([x], { factor }: OpAttributes['pixelUnshuffle']) => {
      if (factor < 1) return `factor must be at least 1, got ${factor}`;
      const [h, w] = x!.shape.slice(-2) as [number, number];
      return h % factor === 0 && w % factor === 0 ? undefined : `[${h}, ${w}] does not divide by factor ${factor}`;
    },
    decompose: (g, [x], { factor }) => {
      const lead = x.shape.slice(0, -3);
      const [c, h, w] = x.shape.slice(-3) as [number, number, number];
      const split = g.reshape(x, [...lead, c, h / factor, factor, w / factor, factor]);
      const order = [-5, -3, -1, -4, -2].map((axis) => axis + split.shape.length);
      const moved = g.permute(split, [...lead.keys(), ...order]);
      return g.reshape(moved, [...lead, c * factor ** 2, h / factor, w / factor]);
    },
    gradient: ({ g, upstream, attrs }) => [g.pixelShuffle(upstream, attrs.factor)],
  }),
};
