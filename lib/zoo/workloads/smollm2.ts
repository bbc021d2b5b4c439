import { child, param } from '../../dsl/decorators.js';
import {
  add,
  causalMask,
  crossEntropy,
  embedding,
  mean,
  mul,
  permute,
  reshape,
  rmsNorm,
  rope,
  scaledDotProductAttention,
  silu,
  square,
} from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import { parameter } from '../../dsl/state.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import type { TracedGraph } from '../../dsl/traced-graph.js';
import { KVCache } from '../../layers/kv-cache.js';
import { Linear } from '../../layers/linear.js';
import { withDeterministicWeights } from './weights.js';
import type { Workload } from './workload.js';

/** Sizes of a Llama. */
export interface LlamaSizes {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly intermediate: number;
}

export const smollm2Sizes: LlamaSizes = {
  vocabulary: 49152,
  hidden: 576,
  layers: 30,
  heads: 9,
  keyValueHeads: 3,
  intermediate: 1536,
};

const EPS = 1e-6;

type Hidden = Tensor<[number, number, number], 'f32'>;
type Positions = Tensor<[number], 'i32'>;

class Norm extends Module {
  @param weight = parameter([this.size]);

  constructor(readonly size: number) {
    super();
  }

  forward(x: Hidden): Hidden {
    return rmsNorm(x, this.weight, { eps: EPS });
  }
}

class Attention extends Module {
  private readonly headSize = this.sizes.hidden / this.sizes.heads;
  private readonly narrow = this.headSize * this.sizes.keyValueHeads;
  @child qProj = new Linear(this.sizes.hidden, this.sizes.hidden, { bias: false });
  @child kProj = new Linear(this.sizes.hidden, this.narrow, { bias: false });
  @child vProj = new Linear(this.sizes.hidden, this.narrow, { bias: false });
  @child oProj = new Linear(this.sizes.hidden, this.sizes.hidden, { bias: false });

  constructor(private readonly sizes: LlamaSizes) {
    super();
  }

  forward(x: Hidden, positions: Positions, past?: Past): Hidden {
    const { heads, keyValueHeads, hidden } = this.sizes;
    const length = x.shape[1];
    const split = (y: Hidden, count: number) => permute(reshape(y, [1, length, count, this.headSize]), [0, 2, 1, 3]);
    const q = rope(split(this.qProj.forward(x), heads), positions);
    const k = rope(split(this.kProj.forward(x), keyValueHeads), positions);
    const v = split(this.vProj.forward(x), keyValueHeads);
    const mixed = past ? attendToPast(q, k, v, past) : scaledDotProductAttention(q, k, v, { causal: true });
    return this.oProj.forward(reshape(permute(mixed, [0, 2, 1, 3]), [1, length, hidden]));
  }
}

type Heads = Tensor<[number, number, number, number], 'f32'>;

/** Keys and values of the tokens so far, and the position of the first new one. */
interface Past {
  readonly cache: KVCache;
  readonly position: Tensor<[], 'i32'>;
}

function attendToPast(q: Heads, k: Heads, v: Heads, { cache, position }: Past): Heads {
  const { key, value } = cache.forward(k, v, position);
  return scaledDotProductAttention(q, key, value, { mask: causalMask(position, q.shape[2], cache.length) });
}

class FeedForward extends Module {
  @child gateProj = new Linear(this.sizes.hidden, this.sizes.intermediate, { bias: false });
  @child upProj = new Linear(this.sizes.hidden, this.sizes.intermediate, { bias: false });
  @child downProj = new Linear(this.sizes.intermediate, this.sizes.hidden, { bias: false });

  constructor(private readonly sizes: LlamaSizes) {
    super();
  }

  forward(x: Hidden): Hidden {
    return this.downProj.forward(mul(silu(this.gateProj.forward(x)), this.upProj.forward(x)));
  }
}

class Layer extends Module {
  @child inputLayernorm = new Norm(this.sizes.hidden);
  @child selfAttn = new Attention(this.sizes);
  @child postAttentionLayernorm = new Norm(this.sizes.hidden);
  @child mlp = new FeedForward(this.sizes);

  constructor(private readonly sizes: LlamaSizes) {
    super();
  }

  forward(x: Hidden, positions: Positions, past?: Past): Hidden {
    const mixed = add(x, this.selfAttn.forward(this.inputLayernorm.forward(x), positions, past));
    return add(mixed, this.mlp.forward(this.postAttentionLayernorm.forward(mixed)));
  }
}

class Embedding extends Module {
  @param weight = parameter([this.count, this.size]);

  constructor(
    readonly count: number,
    readonly size: number,
  ) {
    super();
  }

  forward(ids: Tensor<[number, number], 'i32'>): Hidden {
    return embedding(ids, this.weight);
  }
}

class Decoder extends Module {
  @child embedTokens = new Embedding(this.sizes.vocabulary, this.sizes.hidden);
  @child layers = Array.from({ length: this.sizes.layers }, () => new Layer(this.sizes));
  @child norm = new Norm(this.sizes.hidden);

  constructor(private readonly sizes: LlamaSizes) {
    super();
  }

  forward(ids: Tensor<[number, number], 'i32'>, positions: Positions, pasts?: readonly Past[]): Hidden {
    const embedded = this.embedTokens.forward(ids);
    return this.norm.forward(this.layers.reduce((x, layer, i) => layer.forward(x, positions, pasts?.[i]), embedded));
  }
}

/** A Llama with a head of its own, named as transformers names it. */
class Llama extends Module {
  @child model = new Decoder(this.sizes);
  @child lmHead = new Linear(this.sizes.hidden, this.sizes.vocabulary, { bias: false });

  constructor(private readonly sizes: LlamaSizes) {
    super();
  }

  /** ids `[1, n]`, positions `[n]` → logits `[1, n, vocabulary]`. */
  forward(ids: Tensor<[number, number], 'i32'>, positions: Positions, pasts?: readonly Past[]): Hidden {
    return this.lmHead.forward(this.model.forward(ids, positions, pasts));
  }
}

/** Traces a Llama with outputs `logits` and `loss`, the cross-entropy of each position's logits against `labels`. */
export function traceLlama(sizes: LlamaSizes, length: number): TracedGraph {
  const model = new Llama(sizes);
  const inputs = {
    ids: input([1, length] as number[] as [number, number], 'i32'),
    positions: input([length] as number[] as [number], 'i32'),
    labels: input([1, length] as number[] as [number, number], 'i32'),
  };
  const graph = trace(model, inputs, ({ ids, positions, labels }) => {
    const logits = model.forward(ids, positions);
    return { logits, loss: crossEntropy(logits, labels) };
  });
  return withDeterministicWeights(graph);
}

/** Traces one step of decoding: a token at `position`, after those in caches of `length`. */
export function traceDecoding(sizes: LlamaSizes, length: number): TracedGraph {
  const model = new Llama(sizes);
  const headDim = sizes.hidden / sizes.heads;
  const caches = Array.from(
    { length: sizes.layers },
    () => new KVCache({ batch: 1, heads: sizes.keyValueHeads, length, headDim }),
  );
  const inputs = { ids: input([1, 1] as number[] as [number, number], 'i32'), position: input([], 'i32') };
  const graph = trace(
    model,
    inputs,
    ({ ids, position }) => {
      const pasts = caches.map((cache) => ({ cache, position }));
      const logits = model.forward(ids, reshape(position, [1] as number[] as [number]), pasts);
      return { logits, loss: mean(square(logits)) };
    },
    { modules: Object.fromEntries(caches.map((cache, i) => [`cache${i}`, cache])) },
  );
  return withDeterministicWeights(graph);
}

const LENGTH = 128;

export const smollm2: Workload = {
  name: 'smollm2',
  trace: () => traceLlama(smollm2Sizes, LENGTH),
  feeds: () => ({
    ids: Int32Array.from({ length: LENGTH }, (_, i) => i),
    positions: Int32Array.from({ length: LENGTH }, (_, i) => i),
    labels: Int32Array.from({ length: LENGTH }, (_, i) => i + 1),
  }),
  loss: 10.798433,
};

const CACHED = 2048;

/** One token after others, with room for 2048: bound by reading the weights. */
export const smollm2Decoding: Workload = {
  name: 'smollm2-decode',
  trace: () => traceDecoding(smollm2Sizes, CACHED),
  feeds: () => ({ ids: Int32Array.of(1), position: Int32Array.of(64) }),
};
