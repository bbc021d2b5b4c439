import type { Effort } from '../../rewrite/cost.js';

/** Counts what statements do while they are written, each as often as the blocks around it are run. */
export class Tally {
  private readonly counts = { accesses: 0, strided: 0, operations: 0, terms: 0, rounds: 1, turns: 0, barriers: 0 };
  /** How often what is written now is run. */
  private times = 1;
  /** Whether the block that is being written has loaded something. */
  private loads = false;

  /** Counts what `body` writes as often as a block is run: fewer times than once where it depends. */
  repeated(times: number, body: () => void): void {
    const [outer, before] = [this.times, this.loads];
    this.times *= times;
    this.loads = false;
    body();
    this.end(times > 1, before);
    this.times = outer;
  }

  /** A loop's turns wait for what they load, and end with a jump; other blocks are parts of those around them. */
  private end(isLoop: boolean, before: boolean): void {
    if (isLoop) {
      this.counts.turns += this.times;
      if (this.loads) this.counts.rounds += this.times;
      this.loads = before;
    } else this.loads ||= before;
  }

  access(elements: number, strided: boolean): void {
    this.loads = true;
    this.counts.accesses += elements * this.times;
    if (strided) this.counts.strided += elements * this.times;
  }

  operations(count: number): void {
    this.counts.operations += count * this.times;
  }

  terms(count: number): void {
    this.counts.terms += count * this.times;
  }

  barrier(): void {
    this.counts.barriers += this.times;
  }

  effort(): Effort {
    return { ...this.counts };
  }
}
