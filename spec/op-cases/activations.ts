import type { activationOps } from '../../lib/ir/ops/activations.js';
import { each, unary, type CasesOf } from './op-case.js';

/** Beyond every bend. */
const wide = each(unary, { range: [-4, 4] });

export const activationCases: CasesOf<typeof activationOps> = {
  gelu: wide,
  geluTanh: wide,
  softplus: wide,
  mish: wide,
  hardswish: wide,
  hardsigmoid: wide,
  relu6: each(unary, { range: [-4, 8] }),
  selu: wide,
};
