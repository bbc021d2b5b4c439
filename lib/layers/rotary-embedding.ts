/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the function shapes are unknown; the signature says them */
import { currentTrace } from '../dsl/context.js';
import { rope, unsqueeze } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { ShapeError, ValueError } from '../ir/errors.js';
import { showShape } from '../ir/shape.js';
import { checkArgument, checkOptions, checkRequired } from './arguments.js';

/**
 * How frequencies are lowered for contexts longer than a model was first trained with, as transformers'
 * modeling_rope_utils has it.
 */
export type RotaryScaling =
  | { readonly type: 'default' }
  | {
      /** All are divided by `factor` (Chen et al. 2023, arXiv:2306.15595). */
      readonly type: 'linear';
      readonly factor: number;
    }
  | {
      /**
       * Those that turn less than `lowFreqFactor` times in the original context are divided by `factor`, those that turn
       * more than `highFreqFactor` times stay, and between them is a transition (Llama 3.1).
       */
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      /** Positions of the context that the model was first trained with. */
      readonly originalMaxPositions: number;
    };

/** Options of {@link RotaryEmbedding}. */
export interface RotaryEmbeddingOptions {
  /** Base of the series of wavelengths. Default 10000. */
  readonly theta?: number;
  /** Default none. */
  readonly scaling?: RotaryScaling;
}

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864): elements i and i + D/2 of x [B, H, T, D] are turned by
 * position·theta^(−2i/D). `positions` is i32, [T] for all of the batch, or [B, T] where each of it has its own, as after
 * padding. It has no parameters; angles are right to 1e-6 at every position.
 */
export class RotaryEmbedding<D extends number = number> extends Module {
  /** Options of `rope`. */
  private readonly turning = turningOptions(this.options);

  /** Throws ValueError for a size that is odd, NameError and ValueError for other options. */
  constructor(
    readonly headDim: D,
    private readonly options: RotaryEmbeddingOptions = {},
  ) {
    checkOptions('RotaryEmbedding', options, { theta: 'aboveZero', scaling: 'options' });
    if (options.scaling !== undefined) checkScaling(options.scaling);
    checkArgument('RotaryEmbedding', 'headDim', headDim, 'count');
    if (headDim % 2 !== 0) throw new ValueError(`RotaryEmbedding: headDim must be even, got ${headDim}`);
    super();
  }

  /** Throws ShapeError for another size of heads and for positions that are not of these shapes. */
  forward<B extends Dim, H extends Dim, T extends Dim>(
    x: Tensor<[B, H, T, D], 'f32'>,
    positions: Tensor<[T], 'i32'> | Tensor<[B, T], 'i32'>,
  ): Tensor<[B, H, T, D], 'f32'> {
    const [plain, at]: [Tensor, Tensor] = [x, positions];
    const size = (plain.shape as readonly number[]).at(-1);
    if (size !== this.headDim) {
      const message = `RotaryEmbedding: x must have heads of ${this.headDim}, got ${showShape(plain.shape as number[])}`;
      throw currentTrace('RotaryEmbedding').builder.located(new ShapeError(message));
    }
    const isEach = (at.shape as readonly number[]).length === 2;
    const turned: Tensor = rope(plain, isEach ? unsqueeze(at, 1) : at, this.turning);
    return turned;
  }
}

const scalingOptions = {
  default: { type: ['default'] },
  linear: { type: ['linear'], factor: 'aboveZero' },
  llama3: {
    type: ['llama3'],
    factor: 'aboveZero',
    lowFreqFactor: 'aboveZero',
    highFreqFactor: 'aboveZero',
    originalMaxPositions: 'count',
  },
} as const;

function checkScaling(scaling: RotaryScaling): void {
  checkArgument('RotaryEmbedding', 'scaling.type', scaling.type, Object.keys(scalingOptions));
  checkRequired('RotaryEmbedding: scaling', scaling, scalingOptions[scaling.type]);
}

function turningOptions({ theta = 10000, scaling }: RotaryEmbeddingOptions) {
  if (scaling === undefined || scaling.type === 'default') return { theta };
  const { type, ...factors } = scaling;
  return { theta, scaling: type, ...factors };
}
