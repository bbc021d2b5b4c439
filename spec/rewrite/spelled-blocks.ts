import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node, type State } from '../../lib/ir/graph.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { sampleValues } from '../values.js';
import type { Spelling } from './spelling.js';

/** What a block is written with: its layers, other operations, and its leaves. */
export interface Writing {
  readonly g: GraphBuilder['g'];
  readonly layers: Spelling;
  readonly input: (name: string, shape: Shape, dtype?: 'f32' | 'i32') => Node;
  readonly parameter: (name: string, shape: Shape) => Node;
}

/** A block: the loss that training would minimise. */
export type Block = (writing: Writing) => Node;

/** The graph of a block in one spelling; its only output is `loss`. */
export function graphOf(block: Block, spelling: (builder: GraphBuilder) => Spelling): Graph {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const parameters = new Map<string, State>();
  const loss = block({
    g: builder.g,
    layers: spelling(builder),
    input(name, shape, dtype = 'f32') {
      const node = builder.leaf('input', name, shape, dtype);
      inputs.set(name, node);
      return node;
    },
    parameter(name, shape) {
      const node = builder.leaf('parameter', name, shape, 'f32');
      const seed = parameters.size + 1;
      parameters.set(name, { node, initial: () => sampleValues(elementCount(shape), seed).map((value) => value / 2) });
      return node;
    },
  });
  return new Graph({ inputs, parameters, outputs: new Map([['loss', loss]]) });
}

/** [b, t, h·d] as [b, h, t, d]. */
function splitHeads(g: Writing['g'], x: Node, heads: number): Node {
  const [b, t, width] = x.shape as [number, number, number];
  return g.permute(g.reshape(x, [b, t, heads, width / heads]), [0, 2, 1, 3]);
}

/** [b, h, t, d] as [b, t, h·d]. */
function mergeHeads(g: Writing['g'], x: Node): Node {
  const [b, heads, t, d] = x.shape as [number, number, number, number];
  return g.reshape(g.permute(x, [0, 2, 1, 3]), [b, t, heads * d]);
}

/** A Llama layer behind which the next tokens are predicted: RMS norms, rotated heads that share keys, SwiGLU. */
export function llama({ keyValueHeads }: { keyValueHeads: number }): Block {
  return ({ g, layers, input, parameter }) => {
    const [tokens, width, heads, hidden, vocabulary] = [16, 16, 4, 24, 11];
    const size = width / heads;
    const product = (x: Node, name: string, out: number) =>
      g.matmul(x, g.transpose(parameter(name, [out, x.shape.at(-1)!])));
    const norm = (x: Node, name: string) => layers.rmsNorm(x, parameter(name, [width]));
    const x = input('x', [1, tokens, width]);
    const y = norm(x, 'attention norm');
    const q = layers.rope(splitHeads(g, product(y, 'q', width), heads));
    const k = layers.rope(splitHeads(g, product(y, 'k', keyValueHeads * size), keyValueHeads));
    const v = splitHeads(g, product(y, 'v', keyValueHeads * size), keyValueHeads);
    const attended = g.add(x, product(mergeHeads(g, layers.attention(q, k, v, true)), 'o', width));
    const z = norm(attended, 'ffn norm');
    const gated = g.mul(layers.silu(product(z, 'gate', hidden)), product(z, 'up', hidden));
    const last = norm(g.add(attended, product(gated, 'down', width)), 'last norm');
    const logits = g.reshape(product(last, 'head', vocabulary), [tokens, vocabulary]);
    return layers.crossEntropy(logits, input('target', [tokens], 'i32'));
  };
}

/** A layer of Whisper's encoder: layer norms, biases, attention without mask, GELU. */
export function whisper({ gelu }: { gelu: 'gelu' | 'geluTanh' }): Block {
  return ({ g, layers, input, parameter }) => {
    const [tokens, width, heads, hidden] = [16, 16, 2, 24];
    const dense = (x: Node, name: string, out: number) =>
      layers.linear(x, parameter(`${name}.weight`, [out, x.shape.at(-1)!]), parameter(`${name}.bias`, [out]));
    const norm = (x: Node, name: string) =>
      layers.layerNorm(x, parameter(`${name}.weight`, [width]), parameter(`${name}.bias`, [width]));
    const x = input('x', [1, tokens, width]);
    const y = norm(x, 'attention norm');
    const [q, k, v] = ['q', 'k', 'v'].map((name) => splitHeads(g, dense(y, name, width), heads)) as [Node, Node, Node];
    const attended = g.add(x, dense(mergeHeads(g, layers.attention(q, k, v, false)), 'o', width));
    const inner = layers[gelu](dense(norm(attended, 'ffn norm'), 'fc1', hidden));
    const last = norm(g.add(attended, dense(inner, 'fc2', width)), 'last norm');
    return g.mean(g.square(last));
  };
}

/** Two residual convolutions behind group norms, and attention over places between them. */
export const unet: Block = ({ g, layers, input, parameter }) => {
  const [channels, side, groups] = [8, 4, 2];
  const norm = (x: Node, name: string) =>
    layers.groupNorm(x, parameter(`${name}.weight`, [channels]), parameter(`${name}.bias`, [channels]), groups);
  const convolved = (x: Node, name: string) =>
    g.conv2d(layers.silu(norm(x, `${name} norm`)), parameter(name, [channels, channels, 3, 3]), { padding: 1 });
  const x = input('x', [1, channels, side, side]);
  const first = g.add(x, convolved(convolved(x, 'conv1'), 'conv2'));
  const places = g.permute(g.reshape(norm(first, 'attention norm'), [1, channels, side * side]), [0, 2, 1]);
  const dense = (y: Node, name: string) =>
    layers.linear(y, parameter(`${name}.weight`, [channels, channels]), parameter(`${name}.bias`, [channels]));
  const [q, k, v] = ['q', 'k', 'v'].map((name) => splitHeads(g, dense(places, name), 2)) as [Node, Node, Node];
  const mixed = dense(mergeHeads(g, layers.attention(q, k, v, false)), 'o');
  const second = g.add(first, g.reshape(g.permute(mixed, [0, 2, 1]), x.shape));
  return g.mean(g.square(g.add(second, convolved(second, 'conv3'))));
};
