import { MeganeuraError } from '../ir/errors.js';

/** Something asked of `meganeura explain` that there is not: a workload, an adapter, a module, a file. */
export class ExplainError extends MeganeuraError {}
