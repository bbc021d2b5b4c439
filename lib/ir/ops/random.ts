import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import { scalar } from '../scalar.js';
import { defineMacro, defineMap } from './define.js';

/** Where numbers are drawn: the same place gives the same numbers, on every adapter. */
interface Place {
  readonly seed: number;
  readonly stream: number;
}

const place =
  'The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the ' +
  'counter (index of the element, step).';

/** A word of random bits for every element of a tensor of that shape. */
function bitsOf(g: Builder<Node>, step: Node, shape: readonly number[], { seed, stream }: Place): Node {
  const counter = g.reshape(g.cast(g.arange(elementCount(shape)), 'u32'), shape);
  return g.randomBits(counter, step, g.scalar(seed >>> 0, step), g.scalar(stream >>> 0, step));
}

/** The upper `count` bits as a float, exact for up to 24. */
function upperBits(g: Builder<Node>, bits: Node, count: number): Node {
  return g.cast(g.floorDivide(bits, g.scalar(2 ** (32 - count), bits)), 'f32');
}

function uniform(g: Builder<Node>, step: Node, shape: readonly number[], at: Place): Node {
  const upper = upperBits(g, bitsOf(g, step, shape, at), 24);
  return g.mul(upper, g.scalar(2 ** -24, upper));
}

/** c₀ + c₁x + c₂x² + … */
function polynomial(g: Builder<Node>, x: Node, coefficients: readonly number[]): Node {
  const [last, ...rest] = [...coefficients].reverse();
  return rest.reduce((sum, c) => g.add(g.mul(sum, x), g.scalar(c, x)), g.scalar(last!, x));
}

/**
 * The inverse of the normal distribution function for u in [2⁻²⁴, 1 − 2⁻²⁴] to about seven digits: algorithm AS 241,
 * PPND7 (Wichura 1988, Applied Statistics 37, 477-484). Its third region begins below e⁻²⁵, where u never is.
 */
function normalQuantile(g: Builder<Node>, u: Node): Node {
  const q = g.sub(u, g.scalar(0.5, u));
  const r = g.sub(g.scalar(0.180625, u), g.square(q));
  const central = g.mul(
    q,
    g.div(
      polynomial(g, r, [3.3871327179, 50.434271938, 159.29113202, 59.10937472]),
      polynomial(g, r, [1, 17.895169469, 78.757757664, 67.1875636]),
    ),
  );
  const tail = g.minimum(u, g.sub(g.scalar(1, u), u));
  const s = g.sub(g.sqrt(g.neg(g.log(tail))), g.scalar(1.6, u));
  const far = g.div(
    polynomial(g, s, [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103]),
    polynomial(g, s, [1, 0.7370016425, 0.12021132975]),
  );
  const zero = g.scalar(0, u);
  const isCentral = g.lessEqual(g.abs(q), g.scalar(0.425, u));
  return g.where(isCentral, central, g.where(g.less(q, zero), g.neg(far), far));
}

/** Random numbers: functions of a step, a seed and a stream, with no state of their own. */
export const randomOps = {
  randomBits: defineMap({
    name: 'randomBits',
    signature: 'counter[...]:u32, step[...]:u32, seed[...]:u32, stream[...]:u32 -> [...]:u32',
    doc:
      'First word of Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") ' +
      'for the key (seed, stream) and the counter (counter, step).',
    expression: scalar.randomBits,
    gradient: 'none',
  }),
  uniformAt: defineMacro({
    name: 'uniformAt',
    signature: 'step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32',
    doc: `Uniform in [0, 1), in multiples of 2⁻²⁴. ${place}`,
    decompose: (g, [step], { shape, ...at }) => uniform(g, step, shape, at),
    gradient: 'none',
  }),
  normalAt: defineMacro({
    name: 'normalAt',
    signature: 'step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32',
    doc: `Standard normal: the inverse distribution function (Wichura 1988, AS 241) of 23 bits. ${place}`,
    decompose: (g, [step], { shape, ...at }) => {
      const upper = upperBits(g, bitsOf(g, step, shape, at), 23);
      return normalQuantile(g, g.mul(g.add(upper, g.scalar(0.5, upper)), g.scalar(2 ** -23, upper)));
    },
    gradient: 'none',
  }),
  dropoutAt: defineMacro({
    name: 'dropoutAt',
    signature: 'x[...s]:float, step[]:u32, p: float = 0.5, seed: int, stream: int -> [...s]',
    doc: `0 with probability p, else x/(1 − p); the gradient passes where x did (Srivastava et al. 2014). ${place}`,
    check: (_, { p }: OpAttributes['dropoutAt']) => (p >= 0 && p <= 1 ? undefined : `p must be in [0, 1], got ${p}`),
    decompose: (g, [x, step], { p, ...at }) => {
      const draw = uniform(g, step, x.shape, at);
      const kept = g.greaterEqual(draw, g.scalar(p, draw));
      // With p = 1 nothing is kept, and the scale does not matter.
      return g.where(kept, g.mul(x, g.scalar(p < 1 ? 1 / (1 - p) : 0, x)), g.scalar(0, x));
    },
    gradient: 'decomposition',
  }),
};
