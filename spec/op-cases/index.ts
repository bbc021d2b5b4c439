import type { OpName } from '../../lib/ir/ops/index.js';
import { activationCases } from './activations.js';
import { einsumCases } from './einsum.js';
import { attentionCases } from './attention.js';
import { classificationLossCases } from './classification-losses.js';
import { convolutionCases } from './convolution.js';
import { elementwiseCases } from './elementwise.js';
import { fillingCases } from './filling.js';
import { gatedCases } from './gated.js';
import { indexingCases } from './indexing.js';
import { joiningCases } from './joining.js';
import { lossCases } from './losses.js';
import { matmulCases } from './matmul.js';
import { normCases } from './norms.js';
import type { OpCase } from './op-case.js';
import { orderingCases } from './ordering.js';
import { parametricCases } from './parametric.js';
import { positionCases } from './positions.js';
import { poolingCases } from './pooling.js';
import { randomCases } from './random.js';
import { rearrangingCases } from './rearranging.js';
import { reductionCases } from './reductions.js';
import { regressionLossCases } from './regression-losses.js';
import { similarityCases } from './similarity.js';
import { resamplingCases } from './resampling.js';
import { statisticCases } from './statistics.js';
import { viewCases } from './views.js';
import { windowCases } from './windows.js';
import { writingCases } from './writing.js';

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
  ...classificationLossCases,
  ...regressionLossCases,
  ...normCases,
  ...convolutionCases,
  ...poolingCases,
  ...resamplingCases,
  ...attentionCases,
  ...positionCases,
  ...randomCases,
  ...einsumCases,
  ...fillingCases,
  ...gatedCases,
  ...joiningCases,
  ...orderingCases,
  ...rearrangingCases,
  ...similarityCases,
  ...writingCases,
};
