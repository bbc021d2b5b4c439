import { checkRate, type Audio } from './audio.js';

/** Half the width of the filter, in zeros of its sinc, before it is stretched for lower rates. */
const ZEROS = 64;
/** Where the filter cuts, as a share of the lower of the two Nyquist frequencies. */
const ROLL_OFF = 0.9475937167399596;
/** Of the Kaiser window. These three are those of resampy's and librosa's `kaiser_best`. */
const BETA = 14.769656459379492;

/** Filter values that are computed for each zero; between them they are interpolated, to 1e-7. */
const DENSITY = 4096;

/** Weights that are kept at most, of all phases together. */
const MOST_KEPT = 2 ** 22;

/**
 * A sound at another sampling rate: each sample is summed from those around it, weighted by a sinc under a Kaiser window,
 * which cuts off what the lower rate cannot have. Beyond its ends the sound is silent. Times stay: sample n is at
 * n / sampleRate.
 * @returns As many samples as the same time has, rounded up; the sound itself where the rate is the same.
 * @throws {ValueError} For rates that are no whole number of hertz.
 */
export function resample(audio: Audio, sampleRate: number): Audio {
  checkRate('resample', audio.sampleRate);
  checkRate('resample', sampleRate);
  if (audio.sampleRate === sampleRate) return audio;
  const divisor = greatestDivisor(audio.sampleRate, sampleRate);
  const [from, to] = [audio.sampleRate / divisor, sampleRate / divisor];
  const weightsAt = phaseWeights(from, to);
  const { samples } = audio;
  const length = Math.ceil((samples.length * to) / from);
  const out = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const position = Math.floor((n * from) / to);
    const { weights, reach } = weightsAt((n * from) % to);
    // Weight i is that of sample position − reach + i.
    const first = position - reach;
    const end = Math.min(weights.length, samples.length - first);
    let sum = 0;
    for (let i = Math.max(0, -first); i < end; i++) sum += weights[i]! * samples[first + i]!;
    out[n] = sum;
  }
  return { samples: out, sampleRate };
}

interface PhaseWeights {
  readonly weights: Float64Array;
  /** How many of the weights are of samples before the position. */
  readonly reach: number;
}

/** The weights for a position phase/`to` behind a sample, for phases 0 … `to` − 1. */
function phaseWeights(from: number, to: number): (phase: number) => PhaseWeights {
  // Towards a lower rate the filter is stretched in time, and lower by as much.
  const share = Math.min(1, to / from);
  const reach = Math.ceil(ZEROS / share);
  const filter = (table ??= filterTable());
  const compute = (phase: number): PhaseWeights => {
    const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => {
      const distance = Math.abs(i - reach - phase / to) * share * DENSITY;
      const below = Math.floor(distance);
      if (below >= ZEROS * DENSITY) return 0;
      return share * (filter[below]! + (distance - below) * (filter[below + 1]! - filter[below]!));
    });
    return { weights, reach };
  };
  if (to * (2 * reach + 1) > MOST_KEPT) return compute;
  const kept: PhaseWeights[] = [];
  return (phase) => (kept[phase] ??= compute(phase));
}

/** Computed when it is first needed. */
let table: Float64Array | undefined;

/** The filter from its middle to its end, `[ZEROS · DENSITY + 1]`. */
function filterTable(): Float64Array {
  const atEnd = bessel(BETA);
  return Float64Array.from({ length: ZEROS * DENSITY + 1 }, (_, i) => {
    const x = i / DENSITY;
    const angle = Math.PI * ROLL_OFF * x;
    const sinc = i === 0 ? 1 : Math.sin(angle) / angle;
    return (ROLL_OFF * sinc * bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / ZEROS) ** 2)))) / atEnd;
  });
}

/** The modified Bessel function of the first kind and order 0, by its series Σ ((x/2)^k / k!)². */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
