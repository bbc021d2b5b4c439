/** A size or number that is known only when a pattern matches; see {@link Builder}. */
export interface SymbolicNumber {
  readonly symbol: string;
}

/** What attributes of nodes under construction may be: numbers in graphs, symbols in patterns. */
export type Num = number | SymbolicNumber;

/** Attribute values of nodes under construction. */
export type BuildAttribute = Num | boolean | string | readonly Num[] | undefined;
