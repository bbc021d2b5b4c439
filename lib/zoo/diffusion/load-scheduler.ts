import { ConfigFields } from '../config-fields.js';
import { DDIMScheduler } from './ddim.js';
import { EulerDiscreteScheduler } from './euler.js';
import type { Scheduler } from './scheduler.js';

const schedulers = { DDIMScheduler, EulerDiscreteScheduler } as const;

/**
 * The scheduler that a `scheduler_config.json` names in `_class_name`.
 * @throws {ConfigError} For one that is not here, and for values that it cannot take.
 */
export function schedulerFromConfig(config: unknown, name = 'scheduler_config.json'): Scheduler {
  const fields = new ConfigFields(config, name);
  const known = Object.entries(schedulers).find(([known]) => known === fields.value('_class_name'));
  if (known !== undefined) return known[1].fromConfig(config, name);
  throw fields.refused(
    '_class_name',
    `one of ${Object.keys(schedulers).join(', ')} (DDIMScheduler.fromConfig(config) takes the noise schedule of any)`,
  );
}
