import type { Device } from '../backend/device/device.js';
import type { Recorder } from '../ir/recorder.js';
import type { ClipOptions } from './gradient-clipping.js';
import type { LossScaleOptions } from './loss-scaling.js';
import type { MixedPrecision } from './mixed-precision.js';
import type { Optimizer } from './optimizer.js';
import type { Session } from './session.js';
import type { StepOptions } from './training-options.js';

/** Options of both `buildSession` and `buildInferenceSession`. */
export interface CommonOptions {
  /** Where to run; the shared default device otherwise (see `openDevice`). */
  device?: Device | GPUDevice;
  /** A session whose parameters and buffers to share; otherwise they start from their initial values. */
  weights?: Session;
  /** Whether to rewrite the graph; `false` shows what the rewriter is worth. Default true. */
  optimize?: boolean;
  /**
   * Folder that keeps rewritten graphs from run to run, so that the next one need not rewrite them; `false` for none. By
   * default the one that the environment variable `MEGANEURA_CACHE` names (`off` for none), else `meganeura` in
   * `XDG_CACHE_HOME` or `~/.cache`. In a page the name of a cache of the Cache API.
   */
  cache?: string | false;
  /** Ends the build, with the signal's reason; nothing stays allocated. */
  signal?: AbortSignal;
  /**
   * Records what building and steps take: a `Profiler`, or in Node the path of a file for a Perfetto trace. By default that
   * of the session `weights`, or the file that the environment variable `MEGANEURA_TRACE` names; without them, nothing.
   */
  profile?: Recorder | string;
}

/** Their names. */
export const commonOptions: readonly string[] = ['device', 'weights', 'optimize', 'cache', 'signal', 'profile'];

/** Options of `buildSession`. */
export interface SessionOptions<
  Clip extends ClipOptions = ClipOptions,
  Scale extends LossScaleOptions | true = LossScaleOptions | true,
  Mixed extends MixedPrecision = MixedPrecision,
>
  extends CommonOptions, StepOptions<Clip, Scale, Mixed> {
  /** Makes each step a training step: forward, backward and update. */
  optimizer?: Optimizer;
  /** Keep gradients for `readGradient`. Default false. */
  gradients?: boolean;
  /** The output to minimise. Default `'loss'`. */
  loss?: string;
}

/** Options of `buildInferenceSession`. */
export interface InferenceOptions<Name extends string> extends CommonOptions {
  /** The outputs to keep; all by default. */
  outputs?: readonly Name[];
  /** Whether to use the moving averages that the session `weights` keeps, in place of its weights. Default false. */
  average?: boolean;
  /**
   * Promises that the weights stay as they are while the session lives: what follows from them alone is computed once, and
   * factors and shifts beside a product (batch norm, weights of norms, low-rank adapters) go into its weights. Setting
   * parameters is an error then, and the session has no state dict. Default false.
   */
  freeze?: boolean;
}
