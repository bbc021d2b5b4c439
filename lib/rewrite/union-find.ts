/** Sets of numbers that are equal to one another, counted from 0 (Tarjan 1975; paths are halved). */
export class UnionFind {
  private readonly parents: number[] = [];

  /** A new number, equal to itself alone. */
  add(): number {
    return this.parents.push(this.parents.length) - 1;
  }

  /** The number that stands for all that are equal to `element`. */
  find(element: number): number {
    const { parents } = this;
    let at = element;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  /** Makes two numbers equal; the older one's stands for both. Returns whether they were not yet. */
  unite(a: number, b: number): boolean {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return false;
    this.parents[Math.max(first, second)] = Math.min(first, second);
    return true;
  }
}
