import type { Dim } from './dim.js';

/** The shape of a loss: that of its elements with `'none'`, else one number. */
export type ReduceLoss<S extends Dim[], Reduction extends string> = [Reduction] extends ['none']
  ? S
  : 'none' extends Reduction
    ? Dim[]
    : [];
