import type { PlanLimits } from '../backend/planning/plan.js';
import type { Graph } from '../ir/graph.js';
import type { AdapterRates } from '../rewrite/cost.js';
import { rewriteVersion } from '../rewrite/generated/version.js';
import type { RewriteReport } from '../rewrite/optimize.js';
import { fromText, graphText, restoreGraph, storeGraph, toText, type StoredGraph } from '../rewrite/stored-graph.js';
import type { PlanStore } from './plan-store.js';

/** A graph that was rewritten, and what rewriting did. */
export interface Rewritten {
  readonly graph: Graph;
  readonly report: RewriteReport;
}

/** What a graph is rewritten for. */
export interface RewriteTarget {
  readonly rates: AdapterRates;
  readonly limits: PlanLimits;
  /** Whether weights stay as they are. */
  readonly freeze?: boolean;
}

/** What is kept of it. */
interface Entry {
  readonly key: string;
  readonly graph: StoredGraph;
  readonly report: RewriteReport;
}

/**
 * What rewriting `graph` for a target gave before, or else what `rewrite` gives, which is then kept. What was kept by
 * another version of the library or of its rules, for another target or another graph has another key; what was damaged
 * is made anew. A search that a limit ended is not kept: the next one may come further.
 */
export async function rewrittenOnce(
  store: PlanStore | undefined,
  graph: Graph,
  target: RewriteTarget,
  rewrite: () => Promise<Rewritten>,
): Promise<Rewritten> {
  if (!store || !('subtle' in crypto)) return rewrite();
  const start = performance.now();
  const key = await hashOf(toText([rewriteVersion, target]) + graphText(graph));
  const kept = await restored(key, graph, await store.read(key));
  if (kept) {
    const milliseconds = performance.now() - start;
    const phaseMilliseconds = { 'read from the cache': milliseconds };
    const report = { ...kept.report, cached: true, milliseconds, phaseMilliseconds };
    return { graph: kept.graph, report: { ...report, rulesetMilliseconds: {}, ruleMilliseconds: {} } };
  }
  const rewritten = await rewrite();
  if (rewritten.report.stopped === undefined) {
    const entry: Entry = { key, graph: storeGraph(graph, rewritten.graph), report: rewritten.report };
    const body = toText(entry);
    await store.write(key, `${await hashOf(body)}\n${body}`);
  }
  return rewritten;
}

/** What a text holds; undefined where it is none, not whole, or of something else. */
async function restored(key: string, graph: Graph, text: string | undefined): Promise<Rewritten | undefined> {
  const end = text?.indexOf('\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== (await hashOf(body))) return undefined;
  try {
    const entry = fromText(body) as Entry;
    return entry.key === key ? { graph: restoreGraph(graph, entry.graph), report: entry.report } : undefined;
  } catch {
    // Whole, and yet not what this library writes: rewriting again is always right.
    return undefined;
  }
}

/** SHA-256 in hexadecimal. */
async function hashOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
