import { MeganeuraError } from '../ir/errors.js';

/** A rewrite rule that cannot be read, or that makes tensors equal which are not. */
export class RuleError extends MeganeuraError {}
