import type { PlanLimits } from '../../lib/backend/planning/plan.js';

/** What a software adapter allows, for plans that need no device. */
export const limits: PlanLimits = {
  software: false,
  maxBindings: 8,
  maxInvocations: 256,
  workgroupMemory: 16384,
  maxWorkgroups: 65535,
  nativeF16: false,
  maxBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  offsetAlignment: 256,
};
