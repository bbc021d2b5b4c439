import { ValueError } from '../../ir/errors.js';
import { channelsOf, type Picture } from './picture.js';

/** How pixels are weighted by their distance from the middle of the new one. */
export type ResizeFilter = 'bilinear' | 'bicubic' | 'lanczos' | 'box' | 'hamming';

interface Filter {
  /** Beyond it, in pixels, the weight is 0. */
  readonly support: number;
  weight(distance: number): number;
}

const filters: Readonly<Record<ResizeFilter, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))),
  },
  // Keys 1981 with a = −1/2.
  bicubic: {
    support: 2,
    weight: (x) => {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Weights are whole multiples of 2⁻²²: 8 bits of 32 are left for a byte, 2 for sums that overshoot it. */
const PRECISION_BITS = 22;

/** Pictures beyond it are taken for a mistake: thirty times what a large screen shows. */
const MOST_PIXELS = 2 ** 28;

/**
 * A picture in another size, as Pillow's `Image.resize` makes it, to the byte: the filter is stretched where the
 * picture shrinks (antialiasing), and what the first axis gives is rounded to bytes before the second. With an alpha
 * channel colours are weighted by it.
 * @throws {ValueError} For sizes that are no whole number of pixels, or are huge, and for an unknown filter.
 */
export function resize(picture: Picture, width: number, height: number, filter: ResizeFilter = 'bilinear'): Picture {
  if (!Object.hasOwn(filters, filter)) {
    throw new ValueError(`resize: the filter must be one of ${Object.keys(filters).join(', ')}, got '${filter}'`);
  }
  for (const [name, size] of Object.entries({ width, height })) {
    if (Number.isSafeInteger(size) && size >= 1) continue;
    throw new ValueError(`resize: ${name} must be a whole number of pixels, at least 1, got ${size}`);
  }
  if (width * height > MOST_PIXELS) {
    throw new ValueError(
      `resize: ${width} × ${height} are more than ${MOST_PIXELS} pixels: is the picture a thin line?`,
    );
  }
  const channels = channelsOf(picture);
  if (picture.width === width && picture.height === height) return picture;
  const source = channels === 4 ? premultiplied(picture.data) : picture.data;
  const start: Planes = { data: source, width: picture.width, height: picture.height, channels };
  const columns = (planes: Planes) => resizeColumns(planes, width, filters[filter]);
  const rows = (planes: Planes) => resizeRows(planes, height, filters[filter]);
  const { data } = rowsFirst(picture, width, height) ? columns(rows(start)) : rows(columns(start));
  return { data: channels === 4 ? unmultiplied(data) : data, width, height };
}

/** Pillow's rule since version 13: what loses many more rows than columns loses rows first. Before it never did. */
function rowsFirst(from: Picture, width: number, height: number): boolean {
  return height < from.height && from.height - height > 2 * (from.width - width);
}

interface Planes extends Picture {
  readonly channels: number;
}

function resizeColumns({ data, width, height, channels }: Planes, to: number, filter: Filter): Planes {
  if (to === width) return { data, width, height, channels };
  const resampled = resample(data, {
    lines: height,
    lineStride: width * channels,
    step: channels,
    channels,
    weights: weightsOf(width, to, filter),
    outLineStride: to * channels,
  });
  return { data: resampled, width: to, height, channels };
}

function resizeRows({ data, width, height, channels }: Planes, to: number, filter: Filter): Planes {
  if (to === height) return { data, width, height, channels };
  const resampled = resample(data, {
    lines: width,
    lineStride: channels,
    step: width * channels,
    channels,
    weights: weightsOf(height, to, filter),
    outLineStride: channels,
  });
  return { data: resampled, width, height: to, channels };
}

/** What one new pixel is summed from: old pixels from `start` on, with weights in units of 2⁻²². */
interface Weights {
  readonly start: number;
  readonly values: Int32Array;
}

function weightsOf(from: number, to: number, filter: Filter): readonly Weights[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const raw = Float64Array.from({ length: end - start }, (__, x) =>
      filter.weight((x + start - center + 0.5) * (1 / stretch)),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const values = Int32Array.from(raw, (weight) => {
      const units = (sum === 0 ? weight : weight / sum) * 2 ** PRECISION_BITS;
      return Math.trunc(units < 0 ? units - 0.5 : units + 0.5);
    });
    return { start, values };
  });
}

/** Lines of pixels that are resampled along one axis: rows along x, or columns along y. */
interface Lines {
  readonly lines: number;
  /** Bytes from one line to the next. */
  readonly lineStride: number;
  /** Bytes from one pixel of a line to the next, before and after. */
  readonly step: number;
  readonly channels: number;
  readonly weights: readonly Weights[];
  readonly outLineStride: number;
}

function resample(source: Uint8ClampedArray, along: Lines): Uint8ClampedArray {
  const { lines, lineStride, step, channels, weights, outLineStride } = along;
  const out = new Uint8ClampedArray(lines * weights.length * channels);
  weights.forEach(({ start, values }, i) => {
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < channels; channel++) {
        let at = line * lineStride + start * step + channel;
        let sum = 2 ** (PRECISION_BITS - 1);
        for (const value of values) {
          sum += source[at]! * value;
          at += step;
        }
        out[line * outLineStride + i * step + channel] = sum >> PRECISION_BITS;
      }
    }
  });
  return out;
}

/** Colours times alpha/255, rounded as Pillow rounds. */
function premultiplied(rgba: Uint8ClampedArray): Uint8ClampedArray {
  return rgba.map((byte, i) => {
    if (i % 4 === 3) return byte;
    const product = byte * rgba[i - (i % 4) + 3]! + 128;
    return ((product >> 8) + product) >> 8;
  });
}

function unmultiplied(rgba: Uint8ClampedArray): Uint8ClampedArray {
  return rgba.map((byte, i) => {
    const alpha = rgba[i - (i % 4) + 3]!;
    return i % 4 === 3 || alpha === 0 || alpha === 255 ? byte : Math.trunc((255 * byte) / alpha);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
