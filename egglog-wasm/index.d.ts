/// <reference lib="esnext.disposable" />

/**
 * egglog 3 in WebAssembly: equality saturation and datalog over an e-graph.
 *
 * ```js
 * import { EGraph, init } from 'egglog-wasm';
 *
 * await init();
 * using egraph = new EGraph();
 * egraph.run('(datatype Math (Num i64) (Add Math Math))');
 * ```
 *
 * All e-graphs of a realm (page, worker, Node thread) live in one WebAssembly instance. A panic inside it poisons it:
 * from then on every call throws an {@link EgglogError} of kind `poisoned`, until {@link reset}.
 *
 * @packageDocumentation
 */

declare global {
  namespace WebAssembly {
    /** Declared by the libraries `dom` and `webworker`; repeated for programs that have neither. */
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as it is there
    interface Module {}
  }
}

/** Where {@link init} gets the compiled module from. Strings are URLs. */
export type WasmSource = string | URL | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * Loads and starts the WebAssembly module; every other call needs it. Calls after the first return the same promise and
 * ignore `source`; after a failure the next call tries again.
 *
 * @param source by default the file that comes with the package, read or fetched relative to it
 * @throws Error (rejects) if the file cannot be read, fetched or compiled
 */
export function init(source?: WasmSource | PromiseLike<WasmSource>): Promise<void>;

/**
 * Replaces the WebAssembly instance by a fresh one, which also gives its memory back. Every {@link EGraph} made before
 * is dead: using it throws an {@link EgglogError} of kind `usage`.
 *
 * @throws EgglogError of kind `usage` before {@link init} and inside a primitive
 */
export function reset(): void;

/** Bytes of memory of the WebAssembly instance, 0 before {@link init}. It grows, and shrinks only by {@link reset}. */
export function memoryBytes(): number;

/**
 * What kind of failure an {@link EgglogError} is:
 *
 * - `syntax`: the program does not parse;
 * - `type`: unknown names, wrong sorts, wrong declarations;
 * - `check`: a `(check …)` or `(fail …)` did not hold;
 * - `runtime`: other refusals of egglog, as a conflict in a `:no-merge` function, or a file operation;
 * - `usage`: wrong arguments of a method, or a call at a wrong time;
 * - `panic`: egglog panicked, overflowed its stack or ran out of memory; the instance is poisoned now;
 * - `poisoned`: a call after that.
 *
 * After the first five the e-graph can be used further; commands before the failed one have had their effect.
 */
export type EgglogErrorKind = 'syntax' | 'type' | 'check' | 'runtime' | 'usage' | 'panic' | 'poisoned';

/** A place in a program. Lines and columns count from 1, columns in characters (code points). */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A piece of a program: its first and its last character, and its text. */
export interface SourceSpan {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
  readonly text: string;
}

/** What this package throws, but for exceptions of primitives, which are handed on as they are. */
export class EgglogError extends Error {
  constructor(message: string, details?: { kind?: EgglogErrorKind; span?: SourceSpan; cause?: unknown });
  readonly kind: EgglogErrorKind;
  /** The piece of the program at fault, where egglog names one. The message quotes it too. */
  readonly span?: SourceSpan;
}

/**
 * A value of egglog in JavaScript:
 *
 * | sort | JavaScript |
 * | --- | --- |
 * | a sort of e-classes (`datatype`, `sort`) | number: the value of the e-class |
 * | `i64` | number if it is a safe integer, else bigint |
 * | `f64`, `String`, `bool`, `Unit` | number (`NaN`, `Infinity`, `-0` included), string, boolean, null |
 * | `BigInt` | bigint |
 * | `Vec`, `Set`, `MultiSet` | array of elements; sets in the order of egglog's values |
 * | `Pair`, `Map` | array of two; array of `[key, value]` |
 * | others (`BigRat`, functions, …) | string, as egglog prints it |
 */
export type Literal = number | bigint | string | boolean | null | readonly Literal[];

/**
 * An e-class that was known before: a value from {@link EGraph.insert}, {@link Snapshot} or {@link EGraph.find}. It need
 * not be canonical any more. A number that is not a value of this e-graph, or of another sort, is not noticed.
 */
export interface ClassReference {
  readonly value: number;
}

/**
 * An argument in {@link EGraph.insert}, according to the sort of its column:
 *
 * - e-classes: the index of an earlier entry of the same call, or a {@link ClassReference};
 * - `i64`: a safe integer, or a bigint of 64 bits; `f64`: a number; `BigInt`: a bigint;
 * - `String`, `bool`, `Unit`: string, boolean, null;
 * - `Vec`, `Set`, `MultiSet`: an array of such arguments.
 *
 * Values of other sorts cannot come from JavaScript.
 */
export type Argument = number | bigint | string | boolean | null | ClassReference | readonly Argument[];

/**
 * An entry of {@link EGraph.insert}:
 *
 * - `[constructor, ...arguments]` adds a node, or a row of a relation;
 * - `['set', function, arguments, value]` sets a function's value;
 * - `['union', a, b]` unites two e-classes.
 */
export type InsertEntry =
  | readonly ['set', name: string, args: readonly Argument[], value: Argument]
  | readonly ['union', a: number | ClassReference, b: number | ClassReference]
  | readonly [constructor: string, ...args: Argument[]];

/** A constructor, relation or function of an e-graph. */
export interface FunctionSignature {
  readonly name: string;
  /** Sort names. */
  readonly inputs: readonly string[];
  /** Sort name; that of a relation is made up by egglog. */
  readonly output: string;
  /** Whether it makes e-classes: true for constructors and relations, false for functions. */
  readonly constructor: boolean;
}

/** The whole e-graph as flat data. It is a copy: later changes of the e-graph do not show. */
export interface Snapshot {
  /** In the order of their declaration, without the globals. */
  readonly functions: readonly FunctionSignature[];
  /**
   * Sort name → value → literal, for all values in `rows` that are not e-classes. Values are numbers that mean nothing
   * beyond their sort: the value 3 may be one `i64` and another `String`.
   */
  readonly literals: ReadonlyMap<string, ReadonlyMap<number, Literal>>;
  /** The values of `(let name …)`, with their sorts. */
  readonly globals: ReadonlyMap<string, { readonly sort: string; readonly value: Literal }>;
  /**
   * All rows, one after another: the index in `functions`, 1 if the row is subsumed or else 0, a value for each input,
   * and the output. Rows of a function are adjacent. E-classes are canonical. {@link rowsOf} iterates.
   */
  readonly rows: Uint32Array;
}

/** A row of a {@link Snapshot}. */
export interface SnapshotRow {
  readonly function: FunctionSignature;
  readonly subsumed: boolean;
  /** The inputs: a view of `rows`. */
  readonly arguments: Uint32Array;
  /** The e-class of a constructor, or the value of a function. */
  readonly output: number;
}

/** The rows of a snapshot, decoded one at a time. */
export function rowsOf(snapshot: Pick<Snapshot, 'functions' | 'rows'>): Generator<SnapshotRow, void, undefined>;

/**
 * Statistics of all rules run so far. With `experimental`, programs that ended in an error do not count.
 */
export interface Report {
  /** By falling time. A rule without `:name` is named by its text. */
  readonly rules: readonly {
    readonly name: string;
    readonly matches: number;
    /** Search and application. */
    readonly milliseconds: number;
  }[];
  /** By name; the default ruleset is `''`. */
  readonly rulesets: readonly {
    readonly name: string;
    /** Search and application. */
    readonly searchMilliseconds: number;
    readonly mergeMilliseconds: number;
    readonly rebuildMilliseconds: number;
  }[];
  /** Runs of a ruleset. */
  readonly iterations: number;
}

export interface EGraphOptions {
  /**
   * Adds the commands of egglog-experimental: schedulers with back-off (`let-scheduler`, `run-with`), `multi-extract`,
   * `set-cost`, `for`, `with-ruleset`, `keep-best`, the sort `Rational`, and more. False by default.
   */
  readonly experimental?: boolean;
}

/**
 * An e-graph with its declarations and rules. It holds memory of the WebAssembly instance: give it back with
 * {@link EGraph.free} or `using`. Every method throws an {@link EgglogError} of kind `usage` after `free()`, after
 * {@link reset}, and inside the callback of a primitive.
 */
export class EGraph {
  /** @throws EgglogError of kind `usage` before {@link init} */
  constructor(options?: EGraphOptions);

  /**
   * Runs the commands of a program in egglog's language.
   *
   * A term that `(extract …)` prints is printed with a `let` for each shared part where it would be larger than 100,000
   * nodes as a tree. Commands that open files fail.
   *
   * @returns what each command prints, for the commands that print something
   * @throws EgglogError of the kinds `syntax`, `type`, `check`, `runtime`, `panic`; or the exception of a primitive
   */
  run(program: string): string[];

  /**
   * Adds nodes in bulk: far faster than a `(let …)` for each. All entries are checked first, and if one is wrong,
   * nothing is inserted. Congruence and merges are done when it returns.
   *
   * @returns for each entry the value of its e-class (canonical as of its insertion: see {@link EGraph.find});
   *   4294967295 for `set` and `union`
   * @throws EgglogError of kind `usage` that names the entry, its constructor and the argument; of kind `runtime` when
   *   a merge fails, naming the function: the rows are in the e-graph then
   */
  insert(entries: readonly InsertEntry[]): Uint32Array;

  /** Copies the e-graph out. */
  snapshot(): Snapshot;

  /**
   * The canonical values of e-classes: two values are equal if and only if they are the same class. A number that is
   * not a value of the sort gives itself.
   *
   * @param sort name of the sort of the e-classes
   * @throws EgglogError of kind `usage` if there is no such sort of e-classes
   */
  find(sort: string, values: Iterable<number>): Uint32Array;

  /** Number of rows of all tables, globals included. */
  readonly size: number;

  /** The e-graph as JSON in the format of the crate egraph-serialize, which egglog's visualizer reads. */
  serialize(): string;

  /**
   * Adds a pure primitive that is implemented in JavaScript, for rules and commands from now on.
   *
   * @param name may be a name of an existing primitive (as `+`) with other sorts; not that of a constructor or function
   * @param inputSorts names of sorts that are declared
   * @param outputSort of a sort that can come from JavaScript, see {@link Argument}; e-classes are their values here
   * @param callback gets {@link Literal} values. `undefined` means that it does not apply: a rule's query does not
   *   match, an action fails. An exception, or a result that does not fit the sort (a TypeError), is thrown by `run`: at
   *   once from an action; from a query when the schedule ends, without another call of any callback. It must be a
   *   function of its arguments alone, and must not call this package.
   * @throws EgglogError of kind `usage` for unknown sorts and for a name that is taken
   */
  primitive(
    name: string,
    inputSorts: readonly string[],
    outputSort: string,
    callback: (...args: never[]) => Literal | undefined,
  ): void;

  /** Statistics of the runs so far. */
  report(): Report;

  /** Gives the memory back; does nothing the second time. Forgotten e-graphs are freed by the garbage collector. */
  free(): void;

  [Symbol.dispose](): void;
}
