import { insideOf } from '../autodiff/recompute.js';
import { storageBytes, type Plan } from '../backend/planning/plan.js';
import { kernelMicroseconds } from '../backend/planning/predict.js';
import { isLeaf, topologicalOrder, type Node } from '../ir/graph.js';
import type { AdapterRates } from '../rewrite/cost.js';

/** An intermediate tensor of a step, by positions in the list of kernels. */
interface Life {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  /** The last kernel of the forward pass that touches it. */
  readonly lastForward: number;
}

/** A module, and what would be different if the backward pass computed again what is inside of it. */
interface Candidate {
  readonly path: string;
  /** The first kernel of the backward pass that needs what is inside. */
  readonly again: number;
  /** What then need not be kept from the last kernel of the forward pass that reads it until `again`. */
  readonly released: readonly Life[];
  /** What is kept until `again` to compute that from. */
  readonly needed: readonly Life[];
  /** Kernels that run again. */
  readonly kernels: readonly number[];
}

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
    const outline = outlineOf(plan, loss);
    this.lives = [...outline.lives.values()];
    this.candidates = modules.flatMap((path) => candidate(path, outline) ?? []);
  }

  /**
   * Modules with which at most `bytes` are alive: while more are, whichever module has the most bytes at the worst kernel
   * for its predicted time, and in the end none that is not needed. Where no choice gets there, the least that it came to.
   */
  within(bytes: number): RecomputeChoice {
    let chosen: readonly Candidate[] = [];
    let peak = this.peak(chosen);
    let best = { chosen, peak };
    while (peak.bytes > bytes) {
      const next = this.bestFor(chosen, peak);
      if (!next) break;
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

  /** `chosen` and the module that saves most at the peak for what it costs, in place of those within it. */
  private bestFor(chosen: readonly Candidate[], { bytes, at }: Peak): readonly Candidate[] | undefined {
    const before = this.cost(chosen);
    const released = new Set(chosen.flatMap((one) => one.released));
    let best: { chosen: readonly Candidate[]; ratio: number } | undefined;
    for (const one of this.candidates) {
      if (chosen.some(({ path }) => isWithin(one.path, path))) continue;
      if (!one.released.some((life) => !released.has(life) && life.lastForward < at && at < one.again)) continue;
      const next = [...chosen.filter(({ path }) => !isWithin(path, one.path)), one];
      const saved = bytes - this.aliveAt(next, at);
      const ratio = saved / Math.max(this.cost(next) - before, Number.EPSILON);
      if (saved > 0 && ratio > (best?.ratio ?? 0)) best = { chosen: next, ratio };
    }
    return best?.chosen;
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

/** Whether a module is another, or inside of it. */
function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** Forward and backward pass of a step, as its kernels have them. */
interface Outline {
  readonly forward: readonly Node[];
  readonly kept: readonly Node[];
  readonly lives: ReadonlyMap<Node, Life>;
  /** The kernel that writes each tensor. */
  readonly writers: ReadonlyMap<Node, number>;
  /** Tensors that each kernel touches. */
  readonly touched: readonly (readonly Node[])[];
  /** Kernels of the backward pass that touch each tensor, first to last. */
  readonly backward: ReadonlyMap<Node, readonly number[]>;
}

function outlineOf({ graph, kernels, memory, copies, storage }: Plan, loss: Node): Outline {
  const forward = topologicalOrder([loss]);
  const isForward = new Set(forward);
  const writers = new Map<Node, number>();
  const spans = new Map<Node, { first: number; last: number; lastForward: number }>();
  const backward = new Map<Node, number[]>();
  const touched = kernels.map(({ bindings }, position) => {
    const written = bindings.filter(({ tensor }) => !isLeaf(tensor) && !writers.has(tensor));
    for (const { tensor } of written) writers.set(tensor, position);
    const goesForward = written.some(({ nodes }) => [...nodes].some((node) => isForward.has(node)));
    const tensors = bindings.map(({ tensor }) => tensor).filter((tensor) => memory.places.has(tensor));
    for (const tensor of tensors) {
      const { first, lastForward } = spans.get(tensor) ?? { first: position, lastForward: position };
      spans.set(tensor, { first, last: position, lastForward: goesForward ? position : lastForward });
      if (!goesForward) backward.set(tensor, [...(backward.get(tensor) ?? []), position]);
    }
    return tensors;
  });
  for (const { from } of copies) {
    const span = spans.get(storage(from));
    if (span) span.last = kernels.length;
  }
  const lives = new Map([...spans].map(([tensor, span]) => [tensor, { bytes: storageBytes(tensor), ...span }]));
  return { forward, kept: graph.roots(), lives, writers, touched, backward };
}

/** Undefined where the backward pass needs nothing that only this module uses. */
function candidate(path: string, outline: Outline): Candidate | undefined {
  const { forward, kept, lives, writers, touched, backward } = outline;
  const inside = insideOf(forward, kept, (scope) => (isWithin(scope, path) ? path : undefined));
  const wanted = new Set([...inside.keys()].filter((node) => lives.has(node) && backward.has(node)));
  if (wanted.size === 0) return undefined;
  const again = Math.min(...[...wanted].map((node) => backward.get(node)![0]!));
  const kernels = new Set<number>();
  const needed = new Set<Life>();
  // What they are computed from: the module's own tensors again by its kernels, which join the loop, all others as they are.
  for (const node of wanted) {
    const writer = writers.get(node)!;
    if (kernels.has(writer)) continue;
    kernels.add(writer);
    for (const operand of touched[writer]!) {
      if (writers.get(operand) === writer) continue;
      if (inside.has(operand)) wanted.add(operand);
      else needed.add(lives.get(operand)!);
    }
  }
  const released = [...wanted].map((node) => lives.get(node)!).filter(({ last, lastForward }) => lastForward < last);
  return { path, again, released, needed: [...needed], kernels: [...kernels] };
}
