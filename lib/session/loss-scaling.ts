import { checkedOptions, describeValue } from '../dsl/emit.js';
import type { Builder } from '../ir/generated/builder.js';
import { ValueError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { elementCount } from '../ir/shape.js';
import { inDType, type StepState } from './step-state.js';

/** How the scale of the loss adapts: names and defaults of `torch.amp.GradScaler`. */
export interface LossScaleOptions {
  /** The first scale. Default 65536. */
  readonly initScale?: number;
  /** What the scale is multiplied by after `growthInterval` updates in a row without overflow. Default 2. */
  readonly growthFactor?: number;
  /** What the scale is multiplied by after an overflow. Default 0.5. */
  readonly backoffFactor?: number;
  /** Default 2000. */
  readonly growthInterval?: number;
}

/** The output that holds the scale of the next step's loss, in sessions that scale it; and the buffer that keeps it. */
export const LOSS_SCALE = 'lossScale';
const GOOD_STEPS = 'lossScale.goodSteps';

const defaults = { initScale: 65536, growthFactor: 2, backoffFactor: 0.5, growthInterval: 2000 };

/** Throws NameError for options that there are not, ValueError for those out of range. */
export function checkedLossScale(options: LossScaleOptions): Required<LossScaleOptions> {
  const what = 'buildSession: lossScale';
  const given = Object.entries(checkedOptions(what, Object.keys(defaults), options));
  const all = { ...defaults, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  const require = (name: keyof typeof defaults, isGood: (value: number) => boolean, wanted: string) => {
    const value: unknown = all[name];
    if (typeof value === 'number' && Number.isFinite(value) && isGood(value)) return;
    throw new ValueError(`${what}: ${name} must be ${wanted}, got ${describeValue(value)}`);
  };
  require('initScale', (value) => value > 0, 'a number above 0');
  require('growthFactor', (value) => value > 1, 'a number above 1');
  require('backoffFactor', (value) => value > 0 && value < 1, 'a number between 0 and 1');
  require('growthInterval', (value) => Number.isInteger(value) && value > 0, 'a whole number above 0');
  return all;
}

/**
 * Scales the loss, so that small gradients do not vanish in 16 bits, and adapts the scale (Micikevicius et al. 2018): where
 * a gradient is NaN or infinite, the step updates nothing and the scale shrinks; after a row of good ones it grows.
 */
export class LossScaling {
  private readonly scale: Node;

  constructor(
    private readonly g: Builder<Node>,
    private readonly state: StepState,
    private readonly options: Required<LossScaleOptions>,
  ) {
    this.scale = state.buffer(LOSS_SCALE, [], 'f32', options.initScale);
  }

  scaled(loss: Node): Node {
    return this.g.mul(loss, inDType(this.g, this.scale, loss.dtype));
  }

  /** An f32 gradient of the loss itself. */
  unscaled(gradient: Node): Node {
    return this.g.div(gradient, this.scale);
  }

  /**
   * Lets the step update only where all gradients are finite, and gives the scale its next value: at once, or where the
   * bool scalar `at` holds, at the end of an accumulation. Returns that value.
   */
  adapt(gradients: readonly Node[], at: Node | undefined): Node {
    const { g, state, scale } = this;
    const { growthFactor, backoffFactor, growthInterval } = this.options;
    const parts = gradients
      .filter(({ shape }) => elementCount(shape) > 0)
      .map((gradient) => g.all(g.isFinite(gradient)));
    const finite = parts.reduce((a, b) => g.logicalAnd(a, b), g.equal(scale, scale));
    const good = state.buffer(GOOD_STEPS, [], 'u32');
    const counted = g.where(finite, g.add(good, g.scalar(1, good)), g.scalar(0, good));
    const isGrown = g.greaterEqual(counted, g.scalar(growthInterval, good));
    const grown = g.mul(scale, g.scalar(growthFactor, scale));
    // A scale that has become infinite could never shrink again.
    const larger = g.where(g.logicalAnd(isGrown, g.isFinite(grown)), grown, scale);
    const next = g.where(finite, larger, g.mul(scale, g.scalar(backoffFactor, scale)));
    const nextGood = g.where(isGrown, g.scalar(0, good), counted);
    const scaleAfter = at ? g.where(at, next, scale) : next;
    state.always(LOSS_SCALE, scaleAfter);
    state.always(GOOD_STEPS, at ? g.where(at, nextGood, good) : nextGood);
    state.require(finite);
    return scaleAfter;
  }
}
