import type { Declare } from './half.js';
import { Tally } from './tally.js';

const BARRIER = 'workgroupBarrier();';

/** The statements of a kernel as they are written, the functions that they call, and a count of what they do. */
export class KernelText {
  readonly lines: string[] = [];
  /** Texts of functions by their names. */
  readonly helpers = new Map<string, string>();
  readonly declare: Declare = (name, text) => void this.helpers.set(name, text);
  /** What an invocation does, counted as it is written. */
  readonly tally = new Tally();
  private depth = 1;
  private counter = 0;

  line(text: string): void {
    if (text === BARRIER) this.tally.barrier();
    this.lines.push(`${'  '.repeat(this.depth)}${text}`);
  }

  /** A block with names of its own: `head {` … `}`; `times`: how often an invocation runs it, on average. */
  block(head: string, body: () => void, times = 1): void {
    this.line(`${head} {`.trimStart());
    this.depth++;
    this.tally.repeated(times, body);
    this.depth--;
    this.line('}');
  }

  /** A name that nothing else has. */
  name(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  /** Declares a value under a name that nothing else has, and returns that. */
  let(prefix: string, value: string): string {
    const name = this.name(prefix);
    this.line(`let ${name} = ${value};`);
    return name;
  }
}
