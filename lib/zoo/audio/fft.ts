import { ValueError } from '../../ir/errors.js';

/**
 * The discrete Fourier transform of a fixed size, X[k] = Σ x[n]·e^(−2πi·k·n/size), in f64. Any size works; it is fast
 * where the size has small factors (Cooley and Tukey 1965, decimation in time): Whisper's 400 is 5·5·2·2·2·2.
 */
export class FourierTransform {
  /** Real and imaginary parts of the last result, `[size]`. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  private readonly factors: readonly number[];
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly partReal: Float64Array;
  private readonly partImaginary: Float64Array;

  /** @throws {ValueError} For a size that is no whole number of at least 1. */
  constructor(readonly size: number) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new ValueError(`FourierTransform: the size must be a whole number, at least 1, got ${size}`);
    }
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
    this.factors = primeFactors(size);
    this.cosines = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: size }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    const largest = Math.max(1, ...this.factors);
    this.partReal = new Float64Array(largest);
    this.partImaginary = new Float64Array(largest);
  }

  /** Transforms real numbers, `[size]`, into `real` and `imaginary`. @throws {ValueError} For another size. */
  transform(input: ArrayLike<number>): void {
    if (input.length !== this.size) {
      throw new ValueError(`FourierTransform: expected ${this.size} numbers, got ${input.length}`);
    }
    this.pass(input, { from: 0, stride: 1, to: 0, size: this.size, factor: 0 });
  }

  /** Of `size` inputs `stride` apart: the transform of each residue class by the next factor, then their sum. */
  private pass(input: ArrayLike<number>, part: Part): void {
    const { from, stride, to, size, factor } = part;
    if (size === 1) {
      this.real[to] = input[from]!;
      this.imaginary[to] = 0;
      return;
    }
    const classes = this.factors[factor]!;
    const smaller = size / classes;
    for (let r = 0; r < classes; r++) {
      this.pass(input, {
        from: from + r * stride,
        stride: stride * classes,
        to: to + r * smaller,
        size: smaller,
        factor: factor + 1,
      });
    }
    for (let k = 0; k < smaller; k++) this.butterfly(to + k, smaller, classes, k * stride);
  }

  /** Joins the k-th elements of the classes, `smaller` apart, to `classes` elements of the larger transform. */
  private butterfly(at: number, smaller: number, classes: number, angle: number): void {
    const { real, imaginary, cosines, sines, partReal, partImaginary } = this;
    for (let r = 0; r < classes; r++) {
      partReal[r] = real[at + r * smaller]!;
      partImaginary[r] = imaginary[at + r * smaller]!;
    }
    const turn = this.size / classes;
    for (let q = 0; q < classes; q++) {
      let sumReal = 0;
      let sumImaginary = 0;
      for (let r = 0; r < classes; r++) {
        const turned = (r * (angle + q * turn)) % this.size;
        const [cosine, sine] = [cosines[turned]!, sines[turned]!];
        sumReal += partReal[r]! * cosine - partImaginary[r]! * sine;
        sumImaginary += partReal[r]! * sine + partImaginary[r]! * cosine;
      }
      real[at + q * smaller] = sumReal;
      imaginary[at + q * smaller] = sumImaginary;
    }
  }
}

interface Part {
  readonly from: number;
  readonly stride: number;
  readonly to: number;
  readonly size: number;
  readonly factor: number;
}

function primeFactors(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (let factor = 2; factor * factor <= rest; factor++) {
    while (rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    }
  }
  return rest > 1 ? [...factors, rest] : factors;
}
