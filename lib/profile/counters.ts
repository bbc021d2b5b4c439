import type { Track, TraceWriter } from './trace-writer.js';

interface Counter {
  readonly track: Track;
  last: number;
}

/** The counters of a trace: bytes by what they are for, over all owners, and numbers of each session. */
export class Counters {
  private readonly held = new Map<object, Readonly<Record<string, number>>>();
  private readonly kinds = new Map<string, Counter>();
  private readonly groups = new Map<number, { track: Track; counters: Map<string, Counter> }>();

  constructor(
    private readonly writer: TraceWriter,
    private readonly process: Track,
    private readonly rank: { readonly memory: number; readonly sessions: number },
  ) {}

  /** What `owner` holds from now on; nothing at all forgets it. `time`: nanoseconds. */
  memory(owner: object, bytes: Readonly<Record<string, number>>, time: number): void {
    if (Object.values(bytes).some((size) => size > 0)) this.held.set(owner, bytes);
    else this.held.delete(owner);
    for (const kind of Object.keys(bytes)) {
      const total = [...this.held.values()].reduce((sum, each) => sum + (each[kind] ?? 0), 0);
      let counter = this.kinds.get(kind);
      if (!counter) {
        const rank = this.rank.memory + this.kinds.size;
        counter = { track: this.writer.counter(this.process, `memory: ${kind}`, 'bytes', rank), last: 0 };
        this.kinds.set(kind, counter);
      }
      this.writer.count(counter.track, inOrder(counter, time), total, 'bytes');
    }
  }

  /** What a session's number `name` is from `time` on, in nanoseconds. */
  value(session: number, name: string, value: number, time: number): void {
    let group = this.groups.get(session);
    if (!group) {
      const track = this.writer.track(this.process, `session ${session}`, this.rank.sessions + session);
      group = { track, counters: new Map() };
      this.groups.set(session, group);
    }
    let counter = group.counters.get(name);
    if (!counter) {
      counter = { track: this.writer.counter(group.track, name, 'number', group.counters.size), last: 0 };
      group.counters.set(name, counter);
    }
    this.writer.count(counter.track, inOrder(counter, time), value, 'number');
  }
}

function inOrder(counter: Counter, time: number): number {
  return (counter.last = Math.max(counter.last, time));
}
