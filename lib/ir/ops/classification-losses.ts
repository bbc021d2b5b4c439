import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import { broadcastError } from '../decompositions/operand-checks.js';
import { defineMacro } from './define.js';
import { reduceLoss, reduction as rest, type Reduction } from '../decompositions/reduce-loss.js';

const classes = 'target[...b]:i32<c|ignoreIndex, weight[c]:float?, ignoreIndex: int?';
const perRow = 'reduction: mean|sum|none = mean -> [...reduceLoss(b, reduction)]';
const rowWeights =
  'A row counts as much as `weight` says of its class (1 without), and not at all where the target is `ignoreIndex`; the mean ' +
  'divides by the sum of these weights, so it is NaN where no row counts. A target that is computed and out of range gives NaN.';

interface Counted {
  /** What each row counts: 0 where it is ignored, NaN where the target is no class. */
  readonly weights: Node;
  /** Undefined where no target is ignored. */
  readonly ignored: Node | undefined;
}

function countRows(g: Builder<Node>, scores: Node, target: Node, weight?: Node, ignoreIndex?: number): Counted {
  const count = scores.shape.at(-1)!;
  const [one, zero] = [g.scalar(1, scores), g.scalar(0, scores)];
  const isClass = g.logicalAnd(g.lessEqual(g.scalar(0, target), target), g.less(target, g.scalar(count, target)));
  // An index outside of the weights gives NaN by itself.
  const classWeights = weight
    ? g.reshape(g.gather(weight, g.reshape(target, [-1]), 0), target.shape)
    : g.where(isClass, one, g.scalar(NaN, scores));
  if (ignoreIndex === undefined) return { weights: classWeights, ignored: undefined };
  const ignored = g.equal(target, g.scalar(ignoreIndex, target));
  return { weights: g.where(ignored, zero, classWeights), ignored };
}

/** Rows of loss, weighted already, as one number or each. */
function reduceRows(g: Builder<Node>, rows: Node, { weights }: Counted, counted: boolean, how: Reduction): Node {
  // Without weights every row counts 1, which needs no adding up.
  if (how !== 'mean' || !counted) return reduceLoss(g, rows, how);
  return g.div(g.sum(rows), g.sum(weights));
}

/** An ignored row is 0 whatever its scores are, NaN as well. */
function weighted(g: Builder<Node>, losses: Node, { weights, ignored }: Counted): Node {
  const rows = g.mul(losses, weights);
  return ignored ? g.where(ignored, g.scalar(0, losses), rows) : rows;
}

/** target·(log target − x), of which the limit at 0 is 0. */
function divergences(g: Builder<Node>, x: Node, target: Node): Node {
  const zero = g.scalar(0, x);
  const isZero = g.equal(target, zero);
  // No infinite logarithm that the gradient would multiply by 0.
  const log = g.log(g.where(isZero, g.scalar(1, x), target));
  return g.where(isZero, zero, g.mul(target, g.sub(log, x)));
}

export const classificationLossOps = {
  crossEntropy: defineMacro({
    name: 'crossEntropy',
    signature: `logits[...b c]:float, ${classes}, labelSmoothing: float = 0, ${perRow}`,
    doc:
      'The loss of a classifier: −log softmax(logits)[target] over the last dimension. With `labelSmoothing` ε the target ' +
      `has the probability 1 − ε + ε/c, each other class ε/c (Szegedy et al. 2016, arXiv:1512.00567). ${rowWeights}`,
    check: (_, { labelSmoothing }: OpAttributes['crossEntropy']) =>
      labelSmoothing >= 0 && labelSmoothing <= 1
        ? undefined
        : `labelSmoothing is a share, from 0 to 1, got ${labelSmoothing}`,
    decompose: (g, [logits, target, weight], { ignoreIndex, labelSmoothing, reduction }) => {
      const counted = countRows(g, logits, target, weight, ignoreIndex);
      let rows = weighted(g, g.softmaxCrossEntropy(logits, target), counted);
      if (labelSmoothing > 0) {
        const all = g.logSoftmax(logits, { axis: -1 });
        const smooth = g.neg(g.sum(weight ? g.mul(all, weight) : all, { axes: -1 }));
        const { ignored } = counted;
        const kept = ignored ? g.where(ignored, g.scalar(0, logits), smooth) : smooth;
        const share = labelSmoothing / logits.shape.at(-1)!;
        rows = g.add(g.mul(rows, g.scalar(1 - labelSmoothing, logits)), g.mul(kept, g.scalar(share, logits)));
      }
      return reduceRows(g, rows, counted, weight !== undefined || ignoreIndex !== undefined, reduction);
    },
    gradient: 'decomposition',
  }),
  nllLoss: defineMacro({
    name: 'nllLoss',
    signature: `logProbabilities[...b c]:float, ${classes}, ${perRow}`,
    doc: `Negative log-likelihood −logProbabilities[target] over the last dimension. ${rowWeights}`,
    decompose: (g, [scores, target, weight], { ignoreIndex, reduction }) => {
      const counted = countRows(g, scores, target, weight, ignoreIndex);
      const hit = g.equal(g.unsqueeze(target, -1), g.arange(scores.shape.at(-1)!));
      const picked = g.sum(g.where(hit, scores, g.scalar(0, scores)), { axes: -1 });
      const rows = weighted(g, g.neg(picked), counted);
      return reduceRows(g, rows, counted, weight !== undefined || ignoreIndex !== undefined, reduction);
    },
    gradient: 'decomposition',
  }),
  bceWithLogits: defineMacro({
    name: 'bceWithLogits',
    signature: `logits[...s]:float, target[...s]:float, positiveWeight[...w]:float?, ${rest}`,
    doc:
      'Binary cross-entropy −t·log σ(x) − (1 − t)·log(1 − σ(x)) of logits x and probabilities t, without overflow. ' +
      '`positiveWeight`, broadcast over the last dimensions, multiplies the first term.',
    check: ([logits, , positive]) => broadcastError('positiveWeight', positive, logits!.shape),
    decompose: (g, [x, target, positive], { reduction }) => {
      if (!positive) return reduceLoss(g, g.sub(g.softplus(x), g.mul(x, target)), reduction);
      // −log σ(x) = softplus(−x), and −log(1 − σ(x)) = x + softplus(−x).
      const one = g.scalar(1, x);
      const shares = g.add(one, g.mul(g.sub(positive, one), target));
      const losses = g.add(g.mul(g.sub(one, target), x), g.mul(shares, g.softplus(g.neg(x))));
      return reduceLoss(g, losses, reduction);
    },
    // The differences are small numbers of their own, not what is left of two large ones.
    gradient: ({ g, inputs: [x, target, positive], upstream, attrs: { reduction } }) => {
      const one = g.scalar(1, x);
      const each = reduction === 'mean' ? g.mul(upstream, g.scalar(1 / elementCount(x.shape), x)) : upstream;
      if (!positive) return [g.mul(g.sub(g.sigmoid(x), target), each), g.neg(g.mul(x, each))];
      const [excess, negative] = [g.sub(positive, one), g.softplus(g.neg(x))];
      const shares = g.add(one, g.mul(excess, target));
      return [
        g.mul(g.sub(g.sub(one, target), g.mul(shares, g.sigmoid(g.neg(x)))), each),
        g.mul(g.sub(g.mul(excess, negative), x), each),
        g.mul(g.mul(target, negative), each),
      ];
    },
  }),
  klDiv: defineMacro({
    name: 'klDiv',
    signature:
      'x[...s]:float, target[...s]:float, logTarget: bool = false, ' +
      'reduction: mean|batchmean|sum|none = mean -> [...reduceLoss(s, reduction)]',
    doc:
      'Kullback-Leibler divergence target·(log target − x) of log-probabilities x from probabilities (with `logTarget`: ' +
      'from log-probabilities); 0 where the target is 0. `batchmean` divides the sum by the size of the first dimension, ' +
      'which gives the mean of the divergences, and `mean` by the number of elements.',
    check: ([x], attrs: OpAttributes['klDiv']) =>
      attrs.reduction === 'batchmean' && x!.shape.length === 0
        ? 'reduction batchmean divides by the first dimension, and a scalar has none'
        : undefined,
    decompose: (g, [x, target], { logTarget, reduction }) => {
      const losses = logTarget ? g.mul(g.exp(target), g.sub(target, x)) : divergences(g, x, target);
      if (reduction !== 'batchmean') return reduceLoss(g, losses, reduction);
      return g.mul(g.sum(losses), g.scalar(1 / x.shape[0]!, x));
    },
    gradient: 'decomposition',
  }),
};
