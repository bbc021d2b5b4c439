import type { OpName } from '../../lib/ir/ops/index.js';
import { activationCases } from './activations.js';
import { convolutionCases } from './convolution.js';
import { elementwiseCases } from './elementwise.js';
import { indexingCases } from './indexing.js';
import { lossCases } from './losses.js';
import { matmulCases } from './matmul.js';
import { normCases } from './norms.js';
import type { OpCase } from './op-case.js';
import { parametricCases } from './parametric.js';
import { poolingCases } from './pooling.js';
import { randomCases } from './random.js';
import { reductionCases } from './reductions.js';
import { regressionLossCases } from './regression-losses.js';
import { resamplingCases } from './resampling.js';
import { statisticCases } from './statistics.js';
import { viewCases } from './views.js';
import { windowCases } from './windows.js';

/** Several cases for every operation of the table; the type demands that none is left out. */
export const opCases: Readonly<Record<OpName, readonly OpCase[]>> = {
  ...elementwiseCases,
  ...activationCases,
  ...parametricCases,
  ...reductionCases,
  ...statisticCases,
  ...matmulCases,
  ...viewCases,
  ...windowCases,
  ...indexingCases,
  ...lossCases,
  ...regressionLossCases,
  ...normCases,
  ...convolutionCases,
  ...poolingCases,
  ...resamplingCases,
  ...randomCases,
};
