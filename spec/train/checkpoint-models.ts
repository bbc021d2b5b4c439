/** Tiny models with all that a step can have as state. */
import {
  buildSession,
  crossEntropy,
  input,
  manualSeed,
  Module,
  RandomStream,
  relu,
  trace,
  type Session,
  type Tensor,
} from 'meganeura';
import { Dropout, Embedding, Linear, TransformerBlock } from 'meganeura/layers';
import { adam, adamW, Batches } from 'meganeura/train';
import { BATCH, points } from './tiny.js';

class Perceptron extends Module {
  first = new Linear(2, 6);
  drop = new Dropout(0.2);
  last = new Linear(6, 2);

  forward(x: Tensor<[8, 2], 'f32'>) {
    const hidden: Tensor<[8, 6], 'f32'> = this.first.forward(x);
    return this.last.forward(this.drop.forward(relu(hidden)));
  }
}

/** With moments, averages, accumulated gradients, a scale of the loss that grows, and dropout. */
export function perceptron(seed: number) {
  manualSeed(seed);
  const model = new Perceptron();
  const graph = trace(model, { points: input([BATCH, 2]), labels: input([BATCH], 'i32') }, ({ points: x, labels }) => {
    const logits = model.forward(x);
    return { logits, loss: crossEntropy(logits, labels) };
  });
  return buildSession(graph, {
    optimizer: adam({ learningRate: 0.05 }),
    average: { decay: 0.9 },
    accumulate: 2,
    lossScale: { initScale: 16, growthInterval: 3 },
    clip: { norm: 1 },
  });
}

export function perceptronData(seed = 3) {
  return new Batches(points(5 * BATCH + 3), { size: BATCH, shuffle: true, seed });
}

const SAMPLES = 4;
const LENGTH = 6;
const TOKENS = 7;

class Language extends Module {
  embed = new Embedding(TOKENS, 8);
  // One, since random numbers take a software GPU most of the time to compile.
  drop = new Dropout(0.1);
  block = new TransformerBlock(8, 2, { causal: true, hidden: 16 });
  head = new Linear(8, TOKENS);

  forward(tokens: Tensor<[4, 6], 'i32'>) {
    return this.head.forward(this.block.forward(this.drop.forward(this.embed.forward(tokens))));
  }
}

export function transformer(seed: number) {
  manualSeed(seed);
  const model = new Language();
  const inputs = { tokens: input([SAMPLES, LENGTH], 'i32'), labels: input([SAMPLES, LENGTH], 'i32') };
  const graph = trace(model, inputs, ({ tokens, labels }) => {
    const logits = model.forward(tokens);
    return { logits, loss: crossEntropy(logits, labels) };
  });
  return buildSession(graph, { optimizer: adamW({ learningRate: 0.01 }), clip: { norm: 1 } });
}

export function transformerData(seed = 3) {
  const random = new RandomStream(1, 0);
  const text = Int32Array.from({ length: 5 * SAMPLES * LENGTH }, () => Math.floor(random.uniform() * TOKENS));
  const shape = [5 * SAMPLES, LENGTH];
  const next = text.map((token) => (token + 1) % TOKENS);
  return new Batches(
    { tokens: { data: text, shape }, labels: { data: next, shape } },
    { size: SAMPLES, shuffle: true, seed },
  );
}

/** Bits of every state by name, and the optimizer's inputs. */
export async function bitsOf(session: Session) {
  const inputs = session.given.scalars();
  const states = await session.held.snapshot();
  const bits = states.map(({ name, data }) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, Buffer.from(bytes).toString('hex')];
  });
  return { states: Object.fromEntries(bits) as Record<string, string>, inputs: Object.fromEntries(inputs) };
}
