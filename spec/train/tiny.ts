import { buildSession, crossEntropy, input, manualSeed, RandomStream, trace, type SessionOptions } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { Batches, sgd, type BatchesOptions, type ColumnFeeds } from 'meganeura/train';

export const BATCH = 8;

/** Points of the plane, labelled by whether x + y is above 0. */
export function points(count: number, seed = 1) {
  const random = new RandomStream(seed, 0);
  const data = Float32Array.from({ length: 2 * count }, () => 2 * random.uniform() - 1);
  const labels = Int32Array.from({ length: count }, (_, i) => (data[2 * i]! + data[2 * i + 1]! > 0 ? 1 : 0));
  return { points: { data, shape: [count, 2] }, labels };
}

export type Points = ReturnType<typeof points>;

export function batchesOf(
  count: number,
  options: Partial<BatchesOptions<ColumnFeeds<Points>>> = {},
  seed = 1,
): Batches<Points> {
  return new Batches(points(count, seed), { size: BATCH, ...options });
}

/** Logistic regression in two logits. */
export function classifier() {
  manualSeed(4);
  const layer = new Linear(2, 2);
  return trace(layer, { points: input([BATCH, 2]), labels: input([BATCH], 'i32') }, ({ points: x, labels }) => {
    const logits = layer.forward(x);
    return { logits, loss: crossEntropy(logits, labels) };
  });
}

export function classifierSession(options: SessionOptions = {}) {
  return buildSession(classifier(), { optimizer: sgd({ learningRate: 0.5 }), ...options });
}

/** Loss and accuracy of logistic regression with these parameters, on the host. */
export function scoresOnHost(
  { points: { data }, labels }: Points,
  parameters: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
) {
  const [weight, bias] = [parameters['weight']!.data, parameters['bias']!.data];
  let [loss, correct] = [0, 0];
  labels.forEach((label, i) => {
    const logit = (row: number) =>
      data[2 * i]! * weight[2 * row]! + data[2 * i + 1]! * weight[2 * row + 1]! + bias[row]!;
    loss += Math.log(Math.exp(logit(0)) + Math.exp(logit(1))) - logit(label);
    if (logit(label) > logit(1 - label)) correct++;
  });
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}
