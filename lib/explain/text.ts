import { adapterProfiles } from '../backend/planning/adapters.js';
import { kernelMicroseconds } from '../backend/planning/predict.js';
import { formatBytes } from '../backend/device/info.js';
import type { Explanation } from './explain.js';

const MOST_KERNELS = 12;
const MOST_LETTERS = 56;

/** An explanation as text: what rewriting did, rule by rule, and what the step is made of. `name`: of the graph. */
export function explanationText(name: string, explanation: Explanation): string {
  const { adapter, report, unoptimized } = explanation;
  const { rewrite } = report;
  const milliseconds = (value: number) => `${value.toPrecision(3)} ms`;
  const summary = [
    ['', 'as traced', 'rewritten'],
    ['operations', String(report.nodesBefore), String(report.nodesAfter)],
    ['dispatches', String(unoptimized.dispatches), String(report.dispatches)],
    ['bytes moved', formatBytes(unoptimized.bytes), formatBytes(report.bytes)],
    ['predicted time', milliseconds(unoptimized.microseconds / 1000), milliseconds(report.predictedMilliseconds)],
  ];
  const rules = Object.entries(report.rules).map(([rule, found]) => [
    rule,
    String(found),
    milliseconds(rewrite?.ruleMilliseconds[rule] ?? 0),
  ]);
  const search = rewrite
    ? `Rewriting took ${report.rewriteSeconds.toFixed(3)} s, ${rewrite.rounds} rounds, ${rewrite.size} rows in the e-graph` +
      (rewrite.stopped ? `; it ${rewrite.stopped}` : '; nothing was left to find')
    : 'Nothing was rewritten';
  const regions = rewrite
    ? `Of ${rewrite.places} parts of the graph ${rewrite.regions} differ: ${rewrite.inserted} nodes went into the e-graph.`
    : '';
  const { folded } = report;
  const once = folded && `Computed once: ${folded.operations} operations, ${formatBytes(folded.bytes)} of results.`;
  const times = (all: Readonly<Record<string, number>> = {}) =>
    Object.entries(all).map(([part, time]) => [part, milliseconds(time)]);
  return [
    `${name}, planned for ${adapterProfiles[adapter].description}`,
    '',
    ...table(summary),
    '',
    `${search}.`,
    regions,
    ...(once === undefined ? [] : [once]),
    '',
    ...table([['phase', 'time'], ...times(rewrite?.phaseMilliseconds)]),
    '',
    ...table([['ruleset', 'time'], ...times(rewrite?.rulesetMilliseconds)]),
    '',
    ...table([['rule', 'found', 'time'], ...rules]),
    '',
    ...table([['kernels', 'dispatches', 'bytes moved', 'predicted time'], ...kernelRows(explanation)]),
    '',
  ].join('\n');
}

/** Kernels of one kind together, those that take longest first. */
function kernelRows({ adapter, plan }: Explanation): string[][] {
  const { rates } = adapterProfiles[adapter];
  const kinds = new Map<string, { count: number; bytes: number; microseconds: number }>();
  for (const kernel of plan.kernels) {
    const { label, work, workgroups } = kernel;
    if (workgroups[0] === 0) continue;
    const before = kinds.get(label) ?? { count: 0, bytes: 0, microseconds: 0 };
    kinds.set(label, {
      count: before.count + 1,
      bytes: before.bytes + work.bytes,
      microseconds: before.microseconds + kernelMicroseconds(kernel, rates),
    });
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.microseconds - a.microseconds);
  const row = (
    label: string,
    { count, bytes, microseconds }: { count: number; bytes: number; microseconds: number },
  ) => [
    label.length <= MOST_LETTERS ? label : `${label.slice(0, MOST_LETTERS - 1)}…`,
    String(count),
    formatBytes(bytes),
    `${(microseconds / 1000).toPrecision(3)} ms`,
  ];
  const shown = sorted.slice(0, MOST_KERNELS).map(([label, sums]) => row(label, sums));
  const others = sorted.slice(MOST_KERNELS).map(([, sums]) => sums);
  if (others.length === 0) return shown;
  const rest = others.reduce((a, b) => ({
    count: a.count + b.count,
    bytes: a.bytes + b.bytes,
    microseconds: a.microseconds + b.microseconds,
  }));
  return [...shown, row(`${others.length} other kinds`, rest)];
}

/** Rows as text: the first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 2)))
      .join('')
      .trimEnd(),
  );
}
