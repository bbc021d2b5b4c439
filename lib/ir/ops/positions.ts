import { isFloat } from '../dtype.js';
import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node } from '../graph.js';
import {
  plainFrequencies,
  rotaryFrequencies,
  timestepFrequencies,
  turnWords,
  type RotaryOptions,
} from '../decompositions/rotary.js';
import { broadcastError } from '../decompositions/operand-checks.js';
import { defineMacro } from './define.js';

/** Of a turn, in units of 2⁻³² turns: the cosine is the sine of an angle that much larger. */
const QUARTER = 2 ** 30;

/**
 * position·frequency in units of 2⁻³² turns, modulo a turn, as u32 `[…p, frequencies]`: the upper half of the product
 * with a fraction of 64 bits. Three units too low at most, which is 5e-9 radians.
 */
function turnsAt(g: Builder<Node>, positions: Node, frequencies: readonly number[]): Node {
  // All in one shape, and all from the positions on, so that it is one kernel.
  const shape = [...positions.shape, frequencies.length];
  const words = g.literal(turnWords(frequencies).flat(), [3, frequencies.length], 'u32');
  const word = (row: number) => g.broadcastTo(g.squeeze(g.slice(words, 0, { start: row, stop: row + 1 }), 0), shape);
  const [upper, middle, lowest] = [word(0), word(1), word(2)];
  const at = g.cast(g.broadcastTo(g.unsqueeze(positions, -1), shape), 'u32');
  const half = g.scalar(2 ** 16, at);
  const [high, low] = [g.floorDivide(at, half), g.remainder(at, half)];
  const crossed = g.add(g.floorDivide(g.mul(high, lowest), half), g.floorDivide(g.mul(low, middle), half));
  const turns = g.add(g.mul(at, upper), g.add(g.mul(high, middle), crossed));
  // The bits of a negative position stand for one that is 2³² larger: what that adds is the lower word of the fraction.
  const signed = g.cast(at, 'i32');
  const isNegative = g.less(signed, g.scalar(0, signed));
  const once = g.where(isNegative, g.scalar(1, at), g.scalar(0, at));
  return g.sub(turns, g.add(g.mul(g.mul(once, half), middle), g.mul(once, lowest)));
}

/** The sine of an angle in units of 2⁻³² turns, plus one in radians. */
function sineOfTurns(g: Builder<Node>, turns: Node, radians?: Node): Node {
  // As a signed number the angle is in [−π, π).
  const signed = g.cast(g.cast(turns, 'i32'), 'f32');
  const angle = g.mul(signed, g.scalar((2 * Math.PI) / 2 ** 32, signed));
  return g.sin(radians ? g.add(angle, radians) : angle);
}

const evenError = (dim: number, what: string) =>
  dim < 2 || dim % 2 !== 0
    ? `${what} must be even and at least 2, got ${dim}: elements are turned in pairs`
    : undefined;

const aboveZeroError = (name: string, value: number) =>
  value > 0 && value < Infinity ? undefined : `${name} must be above 0, got ${value}`;

/** Options of rotary embeddings: how frequencies follow from a model's configuration. */
const rotaryOptions =
  'theta: float = 10000, scaling: default|linear|llama3 = default, factor: float = 1, lowFreqFactor: float = 1, ' +
  'highFreqFactor: float = 4, originalMaxPositions: int = 8192';

function rotaryError({ theta, scaling, factor, ...llama3 }: Omit<RotaryOptions, 'dim'>): string | undefined {
  if (scaling === 'default' && factor !== 1) {
    return `factor ${factor} needs a scaling, 'linear' or 'llama3': without one, frequencies follow from theta`;
  }
  if (scaling === 'llama3' && !(llama3.highFreqFactor > llama3.lowFreqFactor)) {
    return `highFreqFactor must be above lowFreqFactor, got ${llama3.highFreqFactor} and ${llama3.lowFreqFactor}`;
  }
  return (
    aboveZeroError('theta', theta) ??
    aboveZeroError('factor', factor) ??
    aboveZeroError('originalMaxPositions', llama3.originalMaxPositions)
  );
}

/** Sine and cosine, or the other way round, as a dimension of two at `axis`. */
function bothPhases(g: Builder<Node>, turns: Node, axis: -1 | -2, cosineFirst: boolean): Node {
  const phases = g.literal(cosineFirst ? [QUARTER, 0] : [0, QUARTER], axis === -1 ? [2] : [2, 1], 'u32');
  return g.add(g.unsqueeze(turns, axis), phases);
}

export const positionOps = {
  rotaryTable: defineMacro({
    name: 'rotaryTable',
    signature: `positions[...p]:i32, dim: int, part: cos|sin, ${rotaryOptions} -> [...p dim/2]:f32`,
    doc:
      'Cosines or sines of position·theta^(−2i/dim): what `rope` turns pairs of elements by. `linear` scaling divides ' +
      'frequencies by `factor`; `llama3` those that turn less than `lowFreqFactor` times in `originalMaxPositions`, and ' +
      'keeps those above `highFreqFactor`. Angles are reduced to one turn in integers, so that results are right to 1e-6 ' +
      'at every position.',
    check: (_, attrs: OpAttributes['rotaryTable']) => evenError(attrs.dim, 'dim') ?? rotaryError(attrs),
    decompose: (g, [positions], { part, ...options }) => {
      const turns = turnsAt(g, positions, rotaryFrequencies(options));
      return sineOfTurns(g, part === 'cos' ? g.add(turns, g.scalar(QUARTER, turns)) : turns);
    },
    gradient: 'none',
  }),
  rope: defineMacro({
    name: 'rope',
    signature: `x[...b n d]:float, positions[...p n]:i32, layout: half|interleaved = half, ${rotaryOptions} -> [...b n d]`,
    doc:
      'Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of elements of x turned by ' +
      'position·theta^(−2i/d). `half` pairs element i with i + d/2 (Llama, GPT-NeoX), `interleaved` pairs 2i with 2i + 1 ' +
      '(GPT-J, and the paper). `positions` broadcasts to [...b n]; see `rotaryTable` for scaling and precision.',
    check: ([x, positions], attrs: OpAttributes['rope']) =>
      evenError(x!.shape.at(-1)!, 'the last dimension of x') ??
      rotaryError(attrs) ??
      broadcastError('positions', positions, x!.shape.slice(0, -1)),
    decompose: (g, [x, positions], { layout, ...options }) => {
      const dim = x.shape.at(-1)!;
      const axis = layout === 'half' ? -2 : -1;
      const table = (part: 'cos' | 'sin') => g.unsqueeze(g.rotaryTable(positions, dim, part, options), axis);
      const paired = layout === 'half' ? [2, dim / 2] : [dim / 2, 2];
      // In f32 also where x has 16 bits: the two products may almost cancel.
      const wide = x.dtype === 'f32' ? x : g.cast(x, 'f32');
      const pairs = g.reshape(wide, [...x.shape.slice(0, -1), ...paired]);
      // (a, b) → (a·cos − b·sin, b·cos + a·sin).
      const sign = g.literal([-1, 1], layout === 'half' ? [2, 1] : [2], 'f32');
      const turned = g.mul(g.mul(g.flip(pairs, { axes: axis }), sign), table('sin'));
      const y = g.reshape(g.add(g.mul(pairs, table('cos')), turned), x.shape);
      return x.dtype === 'f32' ? y : g.cast(y, x.dtype);
    },
    gradient: 'decomposition',
  }),
  sinusoidalPositions: defineMacro({
    name: 'sinusoidalPositions',
    signature: 'positions[...p]:i32, dim: int, maxPeriod: float = 10000 -> [...p dim]:f32',
    doc:
      'Positional encoding: element 2i is the sine of position·maxPeriod^(−2i/dim), element 2i + 1 its cosine (Vaswani et ' +
      'al. 2017, arXiv:1706.03762). To add to embeddings.',
    check: (_, { dim, maxPeriod }: OpAttributes['sinusoidalPositions']) =>
      evenError(dim, 'dim') ?? aboveZeroError('maxPeriod', maxPeriod),
    decompose: (g, [positions], { dim, maxPeriod }) => {
      const turns = turnsAt(g, positions, plainFrequencies(dim, maxPeriod));
      const waves = sineOfTurns(g, bothPhases(g, turns, -1, false));
      return g.reshape(waves, [...positions.shape, dim]);
    },
    gradient: 'none',
  }),
  timestepEmbedding: defineMacro({
    name: 'timestepEmbedding',
    signature:
      'timesteps[...p]:number, dim: int, flipSinToCos: bool = false, downscaleFreqShift: float = 1, ' +
      'maxPeriod: float = 10000 -> [...p dim]:f32',
    doc:
      'Sines, then cosines (`flipSinToCos`: cosines first) of timestep·maxPeriod^(−i/(⌊dim/2⌋ − downscaleFreqShift)), as ' +
      'diffusion models take them (Ho et al. 2020, arXiv:2006.11239) and get_timestep_embedding of diffusers computes them; ' +
      'an odd `dim` ends with a 0. Timesteps may be fractions.',
    check: (_, { dim, downscaleFreqShift, maxPeriod }: OpAttributes['timestepEmbedding']) => {
      if (dim < 2) return `dim must be at least 2, got ${dim}`;
      if (Math.floor(dim / 2) <= downscaleFreqShift) {
        return `downscaleFreqShift must be below half of dim, ${Math.floor(dim / 2)}, got ${downscaleFreqShift}`;
      }
      return aboveZeroError('maxPeriod', maxPeriod);
    },
    decompose: (g, [timesteps], { dim, flipSinToCos, downscaleFreqShift, maxPeriod }) => {
      const count = Math.floor(dim / 2);
      const frequencies = timestepFrequencies(count, downscaleFreqShift, maxPeriod);
      const fractional = isFloat(timesteps.dtype);
      const whole = fractional ? g.floor(timesteps) : timesteps;
      const turns = bothPhases(g, turnsAt(g, g.cast(whole, 'i32'), frequencies), -2, flipSinToCos);
      // What is behind the comma gives less than a radian for each frequency, which floats have the digits for.
      const rest = fractional
        ? g.mul(
            g.reshape(g.cast(g.sub(timesteps, whole), 'f32'), [...timesteps.shape, 1, 1]),
            g.literal(frequencies, [count], 'f32'),
          )
        : undefined;
      const waves = g.reshape(sineOfTurns(g, turns, rest), [...timesteps.shape, 2 * count]);
      return dim % 2 === 0 ? waves : g.padAxis(waves, -1, { high: 1 });
    },
    gradient: 'decomposition',
  }),
};
