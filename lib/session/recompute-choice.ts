import type { Plan } from '../backend/planning/plan.js';
import { kernelMicroseconds } from '../backend/planning/predict.js';
import type { Node } from '../ir/graph.js';
import type { AdapterRates } from '../rewrite/cost.js';
import { candidatesOf, isWithin, type Candidate, type Life } from './recompute-candidates.js';

/** Modules to compute again, and what a step then should be like. */
export interface RecomputeChoice {
  /** Their paths, none within another. */
  readonly modules: readonly string[];
  /** Bytes of intermediate tensors alive at the worst moment. */
  readonly bytes: number;
}

/**
 * Which modules of a step to compute again, by the plan of the step that computes none again. Nothing is planned anew: what is alive
 * at each kernel, with some modules computed again, follows from when that plan's kernels read what, and what that costs
 * from what its kernels are predicted to take. Fusion may differ a little in the plan that follows.
 */
export class RecomputeChooser {
  private readonly lives: readonly Life[];
  private readonly candidates: readonly Candidate[];
  private readonly microseconds: readonly number[];

  /** `loss`: what the forward pass ends with; `modules`: paths of those that may be computed again, in the order of preference. */
  constructor(
    private readonly plan: Plan,
    loss: Node,
    rates: AdapterRates,
    modules: readonly string[],
  ) {
    this.microseconds = plan.kernels.map((kernel) => kernelMicroseconds(kernel, rates));
    ({ lives: this.lives, candidates: this.candidates } = candidatesOf(plan, loss, modules));
  }

  /**
   * Modules with which at most `bytes` are alive: while more are, whichever choice saves most bytes at the worst kernel
   * for its predicted time, and in the end no module that is not needed. Where no choice gets there, the least that it came
   * to.
   */
  within(bytes: number): RecomputeChoice {
    let chosen: readonly Candidate[] = [];
    let peak = this.peak(chosen);
    let best = { chosen, peak };
    const apart = new Set<Candidate>();
    while (peak.bytes > bytes) {
      const next = this.nextChoice(chosen, peak, apart);
      if (!next) break;
      for (const one of chosen)
        if (next.some(({ path }) => path !== one.path && isWithin(path, one.path))) apart.add(one);
      chosen = next;
      peak = this.peak(chosen);
      if (peak.bytes < best.peak.bytes) best = { chosen, peak };
    }
    for (const one of best.chosen) {
      const without = best.chosen.filter((other) => other !== one);
      const lower = this.peak(without);
      if (lower.bytes <= Math.max(bytes, best.peak.bytes)) best = { chosen: without, peak: lower };
    }
    const modules = this.candidates.filter((one) => best.chosen.includes(one)).map(({ path }) => path);
    return { modules, bytes: best.peak.bytes };
  }

  /**
   * The choice that differs by one module and saves most at the peak for what it costs: with one more, in place of those within
   * it, or with those within one in its place, since a module is computed again as a whole. `apart`: modules of which that was
   * done, which are not chosen again.
   */
  private nextChoice(
    chosen: readonly Candidate[],
    { bytes, at }: Peak,
    apart: ReadonlySet<Candidate>,
  ): readonly Candidate[] | undefined {
    const before = this.cost(chosen);
    const released = new Set(chosen.flatMap((one) => one.released));
    const added = this.candidates.flatMap((one) => {
      if (apart.has(one) || chosen.some(({ path }) => isWithin(one.path, path))) return [];
      const helps = one.released.some((life) => !released.has(life) && life.lastForward < at && at < one.again);
      return helps ? [[...chosen.filter(({ path }) => !isWithin(path, one.path)), one]] : [];
    });
    const parted = chosen.flatMap((one) => {
      const parts = this.partsOf(one);
      return parts.length > 0 ? [[...chosen.filter((other) => other !== one), ...parts]] : [];
    });
    let best: { next: readonly Candidate[]; ratio: number } | undefined;
    for (const next of [...added, ...parted]) {
      const saved = bytes - this.aliveAt(next, at);
      const ratio = saved / Math.max(this.cost(next) - before, Number.EPSILON);
      if (saved > 0 && ratio > (best?.ratio ?? 0)) best = { next, ratio };
    }
    return best?.next;
  }

  /** The outermost candidates within one. */
  private partsOf({ path: outer }: Candidate): Candidate[] {
    const inner = this.candidates.filter(({ path }) => path !== outer && isWithin(path, outer));
    return inner.filter(({ path }) => !inner.some((other) => other.path !== path && isWithin(path, other.path)));
  }

  /** Predicted microseconds of what is computed again. */
  private cost(chosen: readonly Candidate[]): number {
    return chosen.reduce((sum, { kernels }) => sum + kernels.reduce((own, i) => own + this.microseconds[i]!, 0), 0);
  }

  private aliveAt(chosen: readonly Candidate[], at: number): number {
    const changes = changesBy(chosen);
    return this.lives.reduce((sum, life) => (isAlive(life, changes, at) ? sum + life.bytes : sum), 0);
  }

  private peak(chosen: readonly Candidate[]): Peak {
    const changes = changesBy(chosen);
    const difference = new Float64Array(this.plan.kernels.length + 2);
    for (const life of this.lives) {
      for (const [from, to] of spansOf(life, changes)) {
        difference[from]! += life.bytes;
        difference[to + 1]! -= life.bytes;
      }
    }
    let peak: Peak = { bytes: 0, at: 0 };
    difference.reduce((before, change, at) => {
      const bytes = before + change;
      if (bytes > peak.bytes) peak = { bytes, at };
      return bytes;
    }, 0);
    return peak;
  }
}

/** When tensors are made again, and until when others are kept for that. */
interface Changes {
  readonly again: ReadonlyMap<Life, number>;
  readonly until: ReadonlyMap<Life, number>;
}

function changesBy(chosen: readonly Candidate[]): Changes {
  const again = new Map<Life, number>();
  const until = new Map<Life, number>();
  for (const one of chosen) {
    for (const life of one.released) again.set(life, one.again);
    for (const life of one.needed) until.set(life, Math.max(one.again, until.get(life) ?? 0));
  }
  return { again, until };
}

/** The kernels at which a tensor is alive, first to last: in one piece, or in two. */
function spansOf(life: Life, { again, until }: Changes): (readonly [number, number])[] {
  const start = again.get(life);
  const to = Math.max(start === undefined ? life.last : life.lastForward, until.get(life) ?? 0);
  return start === undefined || to >= life.last
    ? [[life.first, to]]
    : [
        [life.first, to],
        [Math.max(start, to + 1), life.last],
      ];
}

function isAlive(life: Life, changes: Changes, at: number): boolean {
  if (life.first > at) return false;
  return spansOf(life, changes).some(([from, to]) => from <= at && at <= to);
}

/** The most bytes, and the kernel at which they are alive. */
interface Peak {
  readonly bytes: number;
  readonly at: number;
}
