import type { classificationLossOps } from '../../lib/ir/ops/classification-losses.js';
import type { AttributeValue } from '../../lib/ir/graph.js';
import { of, type CasesOf, type OpCase, type Range } from './op-case.js';

type Attrs = Readonly<Record<string, AttributeValue>>;

/** Scores of `classes` for each row, the right ones, and weights of the classes where `weighted`. */
const rows = (rest: number[], classes: number, attrs?: Attrs, weighted = false): OpCase => {
  const ranges: Range[] = [[-4, 0], [0, classes], [0.25, 2]]; // prettier-ignore
  const shapes = [[...rest, classes], rest, [classes]];
  const count = weighted ? 3 : 2;
  return {
    shapes: shapes.slice(0, count),
    dtypes: (['f32', 'i32', 'f32'] as const).slice(0, count),
    ranges: ranges.slice(0, count),
    ...(attrs ? { attrs } : {}),
  };
};

const logProbabilities = [
  rows([3], 5),
  rows([2, 3], 4, { reduction: 'none' }),
  rows([7], 3, { ignoreIndex: 1 }),
  rows([9], 8, { reduction: 'sum' }, true),
  rows([2, 5], 3, { ignoreIndex: 2 }, true),
  rows([], 7),
];

const probabilities = (...shapes: readonly (readonly number[])[]): OpCase => ({
  ...of(...shapes),
  ranges: ([[-3, 0], [0.1, 1]] as const).slice(0, shapes.length), // prettier-ignore
});

export const classificationLossCases: CasesOf<typeof classificationLossOps> = {
  crossEntropy: [
    ...logProbabilities,
    rows([4], 1),
    rows([5], 6, { labelSmoothing: 0.1 }),
    rows([2, 3], 5, { labelSmoothing: 0.3, ignoreIndex: 0 }, true),
    rows([6], 4, { labelSmoothing: 1, reduction: 'none' }),
  ],
  nllLoss: logProbabilities,
  bceWithLogits: [
    { ...of([3, 5], [3, 5]), ranges: [[-3, 3], [0, 1]] }, // prettier-ignore
    { ...of([2, 4], [2, 4], [4]), ranges: [[-3, 3], [0, 1], [0.5, 3]], attrs: { reduction: 'none' } }, // prettier-ignore
    { ...of([7], [7], []), ranges: [[-3, 3], [0, 1], [0.5, 3]], attrs: { reduction: 'sum' } }, // prettier-ignore
  ],
  klDiv: [
    probabilities([3, 5], [3, 5]),
    { ...probabilities([2, 3, 4], [2, 3, 4]), attrs: { reduction: 'batchmean' } },
    { ...probabilities([7], [7]), attrs: { reduction: 'none' } },
    { ...of([4, 3], [4, 3]), range: [-3, 0], attrs: { logTarget: true, reduction: 'sum' } },
  ],
};
