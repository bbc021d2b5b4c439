import { discreteRates, softwareRates, type AdapterRates } from '../../rewrite/cost.js';
import type { PlanLimits } from './plan.js';

/** What of an adapter a plan and its predicted time depend on: enough to plan without a device. */
export interface AdapterProfile {
  /** What it stands for, in words. */
  readonly description: string;
  readonly limits: PlanLimits;
  readonly rates: AdapterRates;
}

/** Adapters to plan for where none is there. Limits are round numbers, and no more than such hardware grants. */
export const adapterProfiles = {
  discrete: {
    description: 'a large discrete GPU',
    limits: {
      software: false,
      maxBindings: 10,
      maxInvocations: 1024,
      workgroupMemory: 32768,
      maxWorkgroups: 65535,
      nativeF16: true,
      maxBindingSize: 2 ** 31 - 4,
      maxBufferSize: 2 ** 32 - 4,
      offsetAlignment: 256,
    },
    rates: discreteRates,
  },
  software: {
    description: 'SwiftShader, a software adapter',
    limits: {
      software: true,
      maxBindings: 10,
      maxInvocations: 256,
      workgroupMemory: 32768,
      maxWorkgroups: 65535,
      nativeF16: false,
      maxBindingSize: 2 ** 30,
      maxBufferSize: 2 ** 30,
      offsetAlignment: 256,
    },
    rates: softwareRates,
  },
} satisfies Record<string, AdapterProfile>;

export type AdapterName = keyof typeof adapterProfiles;
