/** What was measured beside what is predicted. */
import { planGraph } from '../../lib/backend/planning/plan.js';
import { planCost } from '../../lib/backend/planning/predict.js';
import { discreteRates, softwareRates } from '../../lib/rewrite/cost.js';
import { costCases, type Kind } from './cases.js';
import { rankCorrelation } from './rank.js';
import type { Measurement } from './take.js';

/** A case on both sides, in microseconds. */
export interface Point {
  readonly name: string;
  readonly kind: Kind;
  readonly measured: number;
  readonly predicted: number;
}

export interface Comparison {
  readonly points: readonly Point[];
  /** Spearman's. */
  readonly rankCorrelation: number;
  /** The factor between the two, whichever is larger: its geometric mean. */
  readonly factor: number;
}

/** Predicts what was measured, for the adapter that it was measured on. */
export function compare({ limits, cases }: Measurement): Comparison {
  const rates = limits.software ? softwareRates : discreteRates;
  const points = costCases.flatMap(({ name, kind, graph }): Point[] => {
    const measured = cases[name];
    if (measured === undefined) return [];
    return [{ name, kind, measured, predicted: planCost(planGraph(graph().graph, limits), rates).microseconds }];
  });
  const ratios = points.map(({ measured, predicted }) => Math.abs(Math.log(predicted / measured)));
  return {
    points,
    rankCorrelation: rankCorrelation(
      points.map(({ predicted }) => predicted),
      points.map(({ measured }) => measured),
    ),
    factor: Math.exp(ratios.reduce((sum, ratio) => sum + ratio, 0) / points.length),
  };
}

/** All points as lines, those that are predicted too short first. */
export function comparisonText({ points, rankCorrelation, factor }: Comparison): string {
  const sorted = [...points].sort((a, b) => a.predicted / a.measured - b.predicted / b.measured);
  const number = (value: number) => value.toPrecision(3).padStart(9);
  return [
    'predicted  measured     ratio  case',
    ...sorted.map(({ name, predicted, measured }) =>
      [number(predicted), number(measured), number(predicted / measured), ` ${name}`].join(' '),
    ),
    `${points.length} cases, Spearman's rank correlation ${rankCorrelation.toFixed(3)}, ` +
      `predicted and measured differ by a factor of ${factor.toFixed(2)} (geometric mean)`,
  ].join('\n');
}
