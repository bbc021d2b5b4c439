/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { currentTrace } from '../dsl/context.js';
import { buffer, param } from '../dsl/decorators.js';
import { add, batchNorm, cast, div, mean, mul, sub, variance } from '../dsl/generated/ops.js';
import { ones, zeros } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter, type Parameter, type StateBuffer } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { update } from '../dsl/trace-state.js';
import { ShapeError } from '../ir/errors.js';
import { elementCount, showShape } from '../ir/shape.js';
import { checkOptions, unlessFalse, type Unless } from './arguments.js';

/** Options of {@link BatchNorm}, with PyTorch's defaults. */
export interface BatchNormOptions<Affine extends boolean = true, Track extends boolean = true> {
  /** Default 1e-5. */
  readonly eps?: number;
  /** The part of a step's statistics in the new running ones; null averages all steps alike. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether there are weight and bias. Default true. */
  readonly affine?: Affine;
  /** Whether running statistics are kept; without, evaluation uses those of its batch too. Default true. */
  readonly trackRunningStats?: Track;
}

/**
 * What {@link BatchNorm1d} and {@link BatchNorm2d} share: y = (x − mean)/√(var + eps)·weight + bias with one number a
 * channel (Ioffe and Szegedy 2015, arXiv:1502.03167), x and y [N, C, ...S].
 *
 * While training, mean and variance are those of the batch, and each step updates `running_mean`, `running_var` [C] (with
 * the variance over n − 1) and `num_batches_tracked` [] i32, which evaluation uses. `weight` and `bias` are [C] and start
 * as 1 and 0.
 */
export abstract class BatchNorm<
  C extends Dim = Dim,
  Affine extends boolean = true,
  Track extends boolean = true,
> extends Module {
  /** [C]; null with `affine: false`. */
  @param weight: Unless<Affine, Parameter<[C]>> = unlessFalse(this.options.affine, () =>
    parameter([this.numFeatures], ones()),
  );
  /** [C]; null with `affine: false`. */
  @param bias: Unless<Affine, Parameter<[C]>> = unlessFalse(this.options.affine, () =>
    parameter([this.numFeatures], zeros()),
  );
  /** [C]; starts as 0. Null with `trackRunningStats: false`. */
  @buffer runningMean: Unless<Track, StateBuffer<[C], 'f32'>> = unlessFalse(this.options.trackRunningStats, () =>
    buffer([this.numFeatures], zeros()),
  );
  /** [C]; starts as 1. Null with `trackRunningStats: false`. */
  @buffer runningVar: Unless<Track, StateBuffer<[C], 'f32'>> = unlessFalse(this.options.trackRunningStats, () =>
    buffer([this.numFeatures], ones()),
  );
  /** How many steps the running statistics are of, []. Null with `trackRunningStats: false`. */
  @buffer numBatchesTracked: Unless<Track, StateBuffer<[], 'i32'>> = unlessFalse(this.options.trackRunningStats, () =>
    buffer([], zeros(), 'i32'),
  );

  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly numFeatures: C,
    private readonly options: BatchNormOptions<Affine, Track> = {},
  ) {
    checkOptions(new.target.name, options, {
      eps: 'aboveZero',
      momentum: 'probabilityOrNull',
      affine: 'flag',
      trackRunningStats: 'flag',
    });
    super();
  }

  /** x [N, C, ...S] normalised. Throws ShapeError for a rank not among `ranks`, and to train, for one value a channel. */
  protected normalised(x: Tensor, ranks: readonly number[]): Tensor {
    const { weight, bias }: { weight: Parameter<[C]> | null; bias: Parameter<[C]> | null } = this;
    const shape = x.shape as readonly number[];
    if (!ranks.includes(shape.length)) {
      throw this.misfit(`x must have rank ${ranks.join(' or ')}, got ${showShape(shape)}`);
    }
    const { eps = 1e-5 } = this.options;
    const [average, spread] = this.statistics(x, shape);
    return batchNorm(x, average, spread, { weight: weight ?? undefined, bias: bias ?? undefined, eps });
  }

  /** Mean and variance to normalise by; those of the batch go into the running ones. */
  private statistics(x: Tensor, shape: readonly number[]): [Tensor, Tensor] {
    const running = this.running();
    if (running && !this.training) return [running.average, running.spread];
    const axes = [0, ...shape.slice(2).map((_, i) => i + 2)];
    const count = elementCount(axes.map((axis) => shape[axis]!));
    if (this.training && count === 1) {
      throw this.misfit(`more than one value a channel is needed to train, got x ${showShape(shape)}: use eval()`);
    }
    const average: Tensor = mean(x, { axes });
    const spread: Tensor = variance(x, { axes, correction: 0 });
    if (running) {
      const { momentum = 0.1 } = this.options;
      const batches = add(running.count, 1);
      const moved = (old: Tensor, value: Tensor): Tensor => {
        const step: Tensor = sub(value, old);
        return add(old, momentum === null ? div(step, cast(batches, 'f32')) : mul(step, momentum));
      };
      update(running.average, moved(running.average, average));
      update(running.spread, moved(running.spread, mul(spread, count / (count - 1))));
      update(running.count, batches);
    }
    return [average, spread];
  }

  private running() {
    const average: StateBuffer<[C], 'f32'> | null = this.runningMean;
    const spread: StateBuffer<[C], 'f32'> | null = this.runningVar;
    const count: StateBuffer<[], 'i32'> | null = this.numBatchesTracked;
    return average && spread && count ? { average, spread, count } : undefined;
  }

  private misfit(message: string): unknown {
    const error = new ShapeError(`${this.constructor.name}: ${message}`);
    return currentTrace('BatchNorm').builder.located(error);
  }
}

/** {@link BatchNorm} of rows, [N, C], and of sequences, [N, C, L]. */
export class BatchNorm1d<
  C extends Dim = Dim,
  Affine extends boolean = true,
  Track extends boolean = true,
> extends BatchNorm<C, Affine, Track> {
  forward<N extends Dim, S extends [] | [Dim]>(x: Tensor<[N, C, ...S], 'f32'>): Tensor<[N, C, ...S], 'f32'> {
    return this.normalised(x, [2, 3]);
  }
}

/** {@link BatchNorm} of images, [N, C, H, W]. */
export class BatchNorm2d<
  C extends Dim = Dim,
  Affine extends boolean = true,
  Track extends boolean = true,
> extends BatchNorm<C, Affine, Track> {
  forward<N extends Dim, H extends Dim, W extends Dim>(x: Tensor<[N, C, H, W], 'f32'>): Tensor<[N, C, H, W], 'f32'> {
    return this.normalised(x, [4]);
  }
}
