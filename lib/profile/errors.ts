import { MeganeuraError } from '../ir/errors.js';

/** A trace that cannot be written or read, or is none. */
export class ProfileError extends MeganeuraError {}
