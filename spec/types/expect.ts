/** Whether two types are the same, not only assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Type tests: does not compile when one of them is not `true`. */
export type All<Tests extends readonly true[]> = Tests;
