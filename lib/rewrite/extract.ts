import { GraphError } from '../ir/errors.js';
import { usersOf, type Candidates } from './candidates.js';

/** The chosen candidate of each class that is needed, and what they cost together. */
export interface Choice {
  /** Candidate index by class, -1 where a class is not computable. */
  readonly picks: Int32Array;
  readonly cost: number;
}

const PASSES = 4;

/**
 * Chooses one candidate for each class so that the roots cost least, a class counted once however often it is used.
 * Starts from the cheapest trees, then changes one pick at a time as long as the true cost falls.
 */
export function extract(candidates: Candidates, costs: Float64Array, roots: readonly number[]): Choice {
  const picks = cheapestTrees(candidates, costs);
  if (roots.some((root) => picks[root]! < 0)) throw new GraphError('extraction: a root has no finite candidate');
  const search = new LocalSearch(candidates, costs, picks, roots);
  for (let pass = 0; pass < PASSES && search.pass(); pass++);
  return { picks, cost: search.cost };
}

/** For each class the candidate whose tree, shared parts counted every time, costs least. */
function cheapestTrees({ nodes, classes }: Candidates, costs: Float64Array): Int32Array {
  const best = new Float64Array(classes.length).fill(Infinity);
  const picks = new Int32Array(classes.length).fill(-1);
  const users = usersOf(classes.length, nodes);
  const queue = nodes.flatMap(({ operands }, i) => (operands.length === 0 ? [i] : []));
  for (let head = 0; head < queue.length; head++) {
    const { result, operands } = nodes[queue[head]!]!;
    const tree = operands.reduce((sum, operand) => sum + best[operand]!, costs[queue[head]!]!);
    // Trees grow exponentially where results are shared (a thousand residual layers): beyond f64 all cost the same.
    const known = operands.every((operand) => picks[operand]! >= 0) && costs[queue[head]!]! < Infinity;
    const cost = known ? Math.min(tree, Number.MAX_VALUE) : Infinity;
    if (!(cost < best[result]!)) continue;
    best[result] = cost;
    picks[result] = queue[head]!;
    queue.push(...users[result]!);
  }
  return picks;
}

/** Classes that can be computed, in an order in which what their picks use comes first. */
function pickedOrder({ nodes, classes }: Candidates, picks: Int32Array): number[] {
  const order: number[] = [];
  const isDone = new Uint8Array(classes.length);
  const stack: { index: number; next: number }[] = [];
  for (let root = 0; root < classes.length; root++) {
    if (picks[root]! < 0 || isDone[root]) continue;
    isDone[root] = 1;
    stack.push({ index: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const operand = nodes[picks[top.index]!]!.operands[top.next++];
      if (operand === undefined) {
        order.push(top.index);
        stack.pop();
      } else if (!isDone[operand]) {
        isDone[operand] = 1;
        stack.push({ index: operand, next: 0 });
      }
    }
  }
  return order;
}

class LocalSearch {
  cost = 0;
  /** Users of each class in the chosen graph, roots counted as one. */
  private readonly references: Int32Array;
  /** Above the ranks of what its pick uses: nothing of a lower rank needs the class. */
  private readonly ranks: Int32Array;
  /** Candidates that use each class. */
  private readonly users: readonly (readonly number[])[];

  constructor(
    private readonly candidates: Candidates,
    private readonly costs: Float64Array,
    private readonly picks: Int32Array,
    roots: readonly number[],
  ) {
    this.references = new Int32Array(candidates.classes.length);
    this.users = usersOf(candidates.classes.length, candidates.nodes);
    this.ranks = new Int32Array(candidates.classes.length);
    for (const index of pickedOrder(candidates, picks)) this.ranks[index] = this.rankAbove(picks[index]!);
    for (const root of roots) this.acquire(root);
  }

  /** Tries every other candidate of every class in use. Returns whether something got cheaper. */
  pass(): boolean {
    let improved = false;
    this.candidates.classes.forEach((alternatives, index) => {
      if (this.references[index] === 0 || alternatives.length < 2) return;
      for (const candidate of alternatives) {
        const before = this.cost;
        const previous = this.picks[index]!;
        if (candidate === previous || !this.isLegal(index, candidate)) continue;
        this.replace(index, candidate);
        if (this.cost < before - 1e-9) {
          // Only now, since lifting reaches all that comes after.
          this.raise(index);
          improved = true;
        } else this.replace(index, previous);
      }
    });
    return improved;
  }

  private replace(index: number, candidate: number): void {
    const previous = this.picks[index]!;
    // What both need must not be released in between.
    for (const operand of this.candidates.nodes[candidate]!.operands) this.acquire(operand);
    this.picks[index] = candidate;
    this.cost += this.costs[candidate]! - this.costs[previous]!;
    for (const operand of this.candidates.nodes[previous]!.operands) this.release(operand);
  }

  private acquire(root: number): void {
    const stack = [root];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (this.references[index]!++ > 0) continue;
      const pick = this.picks[index]!;
      this.cost += this.costs[pick]!;
      stack.push(...this.candidates.nodes[pick]!.operands);
    }
  }

  private release(root: number): void {
    const stack = [root];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (--this.references[index]! > 0) continue;
      const pick = this.picks[index]!;
      this.cost -= this.costs[pick]!;
      stack.push(...this.candidates.nodes[pick]!.operands);
    }
  }

  /** The least rank above those of what a candidate uses. */
  private rankAbove(candidate: number): number {
    let rank = 0;
    for (const operand of this.candidates.nodes[candidate]!.operands) rank = Math.max(rank, this.ranks[operand]! + 1);
    return rank;
  }

  /** Lifts a class above what its pick uses, and then its users above it. Ends because picks have no cycles. */
  private raise(root: number): void {
    const { nodes } = this.candidates;
    const stack = [root];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const least = this.rankAbove(this.picks[index]!);
      if (this.ranks[index]! >= least) continue;
      this.ranks[index] = least;
      for (const user of this.users[index]!) {
        const { result } = nodes[user]!;
        if (this.picks[result] === user) stack.push(result);
      }
    }
  }

  /** Whether the candidate's operands can be computed without the class itself. */
  private isLegal(index: number, candidate: number): boolean {
    const { nodes } = this.candidates;
    const seen = new Set<number>();
    const stack = [...nodes[candidate]!.operands];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === index || this.picks[at]! < 0) return false;
      if (seen.has(at) || this.ranks[at]! < this.ranks[index]!) continue;
      seen.add(at);
      stack.push(...nodes[this.picks[at]!]!.operands);
    }
    return true;
  }
}
