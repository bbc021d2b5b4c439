/**
 * Which of some items need which others, without circles. Each has a level above those of everything it needs, so that a
 * search for an item never looks at what lies below it.
 */
export class Dependencies<T> {
  private readonly needs = new Map<T, Set<T>>();
  private readonly users = new Map<T, Set<T>>();
  private readonly levels = new Map<T, number>();

  /** Makes an item known, which needs nothing yet. */
  open(item: T): void {
    this.needs.set(item, new Set());
    this.users.set(item, new Set());
    this.levels.set(item, 0);
  }

  /** From now on `item` needs `other`, which must not need `item`. */
  add(item: T, other: T): void {
    this.needs.get(item)!.add(other);
    this.users.get(other)!.add(item);
    this.lift(item, this.levels.get(other)! + 1);
  }

  /** Lets `into` take over what `item` needs and is needed for; `item` is no longer part of anything. */
  merge(item: T, into: T): void {
    const [needs, users] = [this.needs.get(item)!, this.users.get(item)!];
    for (const other of needs) this.users.get(other)!.delete(item);
    for (const user of users) this.needs.get(user)!.delete(item);
    for (const other of needs) if (other !== into) this.add(into, other);
    for (const user of users) if (user !== into) this.add(user, into);
    this.open(item);
  }

  /** Whether `item` needs `target`, by way of others or directly. */
  reaches(item: T, target: T): boolean {
    return this.search([item], target);
  }

  /** Whether `item` needs `target` by way of a third. */
  reachesThroughOthers(item: T, target: T): boolean {
    return this.search(
      [...this.needs.get(item)!].filter((other) => other !== target),
      target,
    );
  }

  private search(from: readonly T[], target: T): boolean {
    const floor = this.levels.get(target)!;
    const seen = new Set(from);
    const queue = [...from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === target) return true;
      if (this.levels.get(at)! <= floor) continue;
      for (const next of this.needs.get(at)!) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return false;
  }

  /** Raises an item to at least a level, and what needs it above it. */
  private lift(item: T, least: number): void {
    const queue = [{ item, least }];
    for (let at = queue.pop(); at; at = queue.pop()) {
      if (this.levels.get(at.item)! >= at.least) continue;
      this.levels.set(at.item, at.least);
      for (const user of this.users.get(at.item)!) queue.push({ item: user, least: at.least + 1 });
    }
  }
}
