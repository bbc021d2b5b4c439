import { input } from '../../lib/dsl/input.js';
import { trace } from '../../lib/dsl/trace.js';
import type { Graph } from '../../lib/ir/graph.js';
import { nextTokenLoss } from '../../lib/zoo/llama/model.js';
import { SmolLM2 } from '../../lib/zoo/llama/smollm2.js';
import { workloads } from '../../lib/zoo/workloads/index.js';
import { graphOf, llama, unet, whisper, type Block } from '../../spec/rewrite/spelled-blocks.js';
import { spelled } from '../../spec/rewrite/spelling.js';

/** SmolLM2-135M as it is published: what predicts words is the table of words. */
function smollm2Tied(): Graph {
  const model = SmolLM2.fromConfig({
    ...{ vocab_size: 49152, hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30 },
    ...{ num_attention_heads: 9, num_key_value_heads: 3, tie_word_embeddings: true },
  });
  const inputs = { ids: input([1, 128], 'i32'), labels: input([1, 128], 'i32') };
  return trace(model, inputs, ({ ids, labels }) => ({ loss: nextTokenLoss(model.forward(ids), labels) }));
}

/** Attention without softmax (Katharopoulos et al. 2020, arXiv:2006.16236), written as attention is. */
const linearAttention: Block = ({ g, input: leaf, parameter }) => {
  const [heads, tokens, size] = [8, 4096, 64];
  const x = leaf('x', [tokens, heads * size]);
  const [q, k, v] = ['q', 'k', 'v'].map((name) => {
    const y = g.matmul(x, g.transpose(parameter(name, [heads * size, heads * size])));
    return g.permute(g.reshape(y, [tokens, heads, size]), [1, 0, 2]);
  });
  const scores = g.mul(g.matmul(q!, g.transpose(k!)), g.scalar(1 / tokens, x));
  return g.mean(g.square(g.matmul(scores, v!)));
};

/** The models of the public benchmark at full size, a published one, and blocks written from primitives only. */
export const graphs: Readonly<Record<string, () => Graph>> = {
  ...Object.fromEntries(workloads.map(({ name, trace: traced }) => [name, traced])),
  'smollm2-tied': smollm2Tied,
  'linear-attention': () => graphOf(linearAttention, spelled),
  'llama-block': () => graphOf(llama({ keyValueHeads: 2 }), spelled),
  'whisper-block': () => graphOf(whisper({ gelu: 'geluTanh' }), spelled),
  'unet-block': () => graphOf(unet, spelled),
};
