import { defineMacro } from './define.js';
import { reduceLoss, reduction as rest } from '../decompositions/reduce-loss.js';

const operands = 'prediction[...s]:float, target[...s]:float';

export const regressionLossOps = {
  mseLoss: defineMacro({
    name: 'mseLoss',
    signature: `${operands}, ${rest}`,
    doc: '(prediction − target)²: its mean, its sum, or each.',
    decompose: (g, [prediction, target], { reduction }) =>
      reduceLoss(g, g.square(g.sub(prediction, target)), reduction),
    gradient: 'decomposition',
  }),
  l1Loss: defineMacro({
    name: 'l1Loss',
    signature: `${operands}, ${rest}`,
    doc: '|prediction − target|: its mean, its sum, or each.',
    decompose: (g, [prediction, target], { reduction }) => reduceLoss(g, g.abs(g.sub(prediction, target)), reduction),
    gradient: 'decomposition',
  }),
  huberLoss: defineMacro({
    name: 'huberLoss',
    signature: `${operands}, delta: float = 1, ${rest}`,
    doc: 'd²/2 where |d| < delta, else delta·(|d| − delta/2), for d = prediction − target (Huber 1964).',
    decompose: (g, [prediction, target], { delta, reduction }) => {
      const d = g.abs(g.sub(prediction, target));
      const near = g.mul(g.square(d), g.scalar(0.5, d));
      const far = g.mul(g.sub(d, g.scalar(delta / 2, d)), g.scalar(delta, d));
      return reduceLoss(g, g.where(g.less(d, g.scalar(delta, d)), near, far), reduction);
    },
    gradient: 'decomposition',
  }),
  smoothL1Loss: defineMacro({
    name: 'smoothL1Loss',
    signature: `${operands}, beta: float = 1, ${rest}`,
    doc: 'd²/(2·beta) where |d| < beta, else |d| − beta/2, for d = prediction − target (Girshick 2015, arXiv:1504.08083).',
    decompose: (g, [prediction, target], { beta, reduction }) => {
      const d = g.abs(g.sub(prediction, target));
      const near = g.mul(g.square(d), g.scalar(0.5 / beta, d));
      const far = g.sub(d, g.scalar(beta / 2, d));
      return reduceLoss(g, g.where(g.less(d, g.scalar(beta, d)), near, far), reduction);
    },
    gradient: 'decomposition',
  }),
};
