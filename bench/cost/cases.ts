/**
 * The kernels that are measured: little graphs, most of them one kernel, of every kind that the compiler writes, from
 * microseconds to many milliseconds. Of each kind some sizes suit any adapter; `large` ones are for GPUs.
 */
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { Graph, type Node, type State } from '../../lib/ir/graph.js';
import { elementCount } from '../../lib/ir/shape.js';

type Shape = readonly number[];

/** What colours of points stand for. */
export const kinds = ['map', 'move', 'reduction', 'product', 'attention', 'convolution', 'index', 'update'] as const;
export type Kind = (typeof kinds)[number];

type Unsorted = Omit<CostCase, 'kind'>;

/** A graph to measure, and what its inputs hold. */
export interface CostCase {
  readonly name: string;
  readonly kind: Kind;
  /** More than a software adapter does in a second, or more memory than it has. */
  readonly large: boolean;
  /** Made anew by each call. `limits`: of inputs that are indices, what they are below. */
  readonly graph: () => { readonly graph: Graph; readonly limits: ReadonlyMap<Node, number> };
}

/** Makes the leaves of a case. */
interface Leaves {
  readonly g: GraphBuilder['g'];
  readonly input: (shape: Shape, dtype?: DType) => Node;
  /** Whole numbers from 0 on, below `limit`. */
  readonly indices: (shape: Shape, limit: number) => Node;
  /** A parameter that `next` changes with each step. */
  readonly update: (shape: Shape, next: (state: Node) => Node) => void;
}

function graphOf(write: (leaves: Leaves) => Node | undefined): ReturnType<CostCase['graph']> {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const parameters = new Map<string, State>();
  const updates = new Map<string, Node>();
  const limits = new Map<Node, number>();
  const input = (shape: Shape, dtype: DType = 'f32') => {
    const name = `x${inputs.size}`;
    const node = builder.leaf('input', name, shape, dtype);
    inputs.set(name, node);
    return node;
  };
  const result = write({
    g: builder.g,
    input,
    indices: (shape, limit) => {
      const node = input(shape, 'i32');
      limits.set(node, limit);
      return node;
    },
    update: (shape, next) => {
      const name = `w${parameters.size}`;
      const node = builder.leaf('parameter', name, shape, 'f32');
      parameters.set(name, { node, initial: () => new Float32Array(elementCount(shape)).fill(0.5) });
      updates.set(name, next(node));
    },
  });
  const outputs = new Map(result ? [['y', result]] : []);
  return { graph: new Graph({ inputs, parameters, outputs, updates }), limits };
}

const show = (shape: Shape) => `[${shape.join(', ')}]`;

/** One case for each size; those from index `large` on are for GPUs. */
function family<Size>(
  sizes: { readonly small: readonly Size[]; readonly large?: readonly Size[] },
  name: (size: Size) => string,
  write: (size: Size, leaves: Leaves) => Node | undefined,
): Unsorted[] {
  const each = (all: readonly Size[], large: boolean) =>
    all.map((size): Unsorted => ({ name: name(size), large, graph: () => graphOf((leaves) => write(size, leaves)) }));
  return [...each(sizes.small, false), ...each(sizes.large ?? [], true)];
}

const maps: Unsorted[] = [
  ...family(
    { small: [2 ** 10, 2 ** 16, 2 ** 20, 2 ** 22], large: [2 ** 24, 2 ** 26] },
    (size) => `add [${size}]`,
    (size, { g, input }) => g.add(input([size]), input([size])),
  ),
  ...family(
    { small: [2 ** 14, 2 ** 18, 2 ** 20], large: [2 ** 24] },
    (size) => `gelu [${size}]`,
    (size, { g, input }) => g.gelu(input([size])),
  ),
  ...family(
    { small: [2 ** 18], large: [2 ** 25] },
    (size) => `exp [${size}]`,
    (size, { g, input }) => g.exp(input([size])),
  ),
  ...family(
    { small: [2 ** 16], large: [2 ** 22] },
    (size) => `pow of tanh [${size}]`,
    (size, { g, input }) => g.pow(g.tanh(input([size])), input([size])),
  ),
  ...family(
    { small: [[1024, 1024]], large: [[4096, 8192]] },
    (shape) => `multiply by a row and a column ${show(shape)}`,
    ([rows, columns], { g, input }) => g.mul(g.mul(input([rows!, columns!]), input([columns!])), input([rows!, 1])),
  ),
  ...family(
    { small: [2 ** 20], large: [2 ** 25] },
    (size) => `multiply in f16 [${size}]`,
    (size, { g, input }) => g.mul(input([size], 'f16'), input([size], 'f16')),
  ),
];

const moves: Unsorted[] = [
  ...family(
    { small: [[512, 1024]], large: [[8192, 4096]] },
    (shape) => `transpose ${show(shape)}`,
    (shape, { g, input }) => g.transpose(input(shape)),
  ),
  ...family(
    { small: [[8, 64, 16, 32]], large: [[32, 512, 16, 64]] },
    (shape) => `permute ${show(shape)}`,
    (shape, { g, input }) => g.permute(input(shape), [0, 2, 1, 3]),
  ),
  ...family(
    { small: [[512, 256]], large: [[8192, 2048]] },
    (shape) => `concatenate columns ${show(shape)}`,
    (shape, { g, input }) => g.concat([input(shape), input(shape)], { axis: 1 }),
  ),
  ...family(
    { small: [500] },
    (size) => `pad [${size}, ${size}]`,
    (size, { g, input }) => g.pad(input([size, size]), [6, 6, 6, 6]),
  ),
];

const reductions: Unsorted[] = [
  ...family(
    { small: [[64, 4096], [1024, 1024], [10000, 10]], large: [[16384, 4096]] }, // prettier-ignore
    (shape) => `sum of rows ${show(shape)}`,
    (shape, { g, input }) => g.sum(input(shape), { axes: [-1] }),
  ),
  ...family(
    { small: [[4096, 64], [1024, 1024], [100, 5000]], large: [[16384, 4096]] }, // prettier-ignore
    (shape) => `sum of columns ${show(shape)}`,
    (shape, { g, input }) => g.sum(input(shape), { axes: [-2] }),
  ),
  ...family(
    { small: [[32, 16384]], large: [[128, 262144]] },
    (shape) => `maximum of rows ${show(shape)}`,
    (shape, { g, input }) => g.max(input(shape), { axes: [-1] }),
  ),
  ...family(
    { small: [[16, 64], [256, 1024], [2048, 128]], large: [[8192, 4096]] }, // prettier-ignore
    (shape) => `softmax ${show(shape)}`,
    (shape, { g, input }) => g.softmax(input(shape)),
  ),
  ...family(
    { small: [[128, 576], [256, 1024]], large: [[8192, 4096]] }, // prettier-ignore
    (shape) => `layer norm ${show(shape)}`,
    ([rows, columns], { g, input }) => g.layerNorm(input([rows!, columns!]), input([columns!]), input([columns!])),
  ),
  ...family(
    { small: [[128, 576], [1, 576]], large: [[4096, 8192]] }, // prettier-ignore
    (shape) => `RMS norm ${show(shape)}`,
    ([rows, columns], { g, input }) => g.rmsNorm(input([rows!, columns!]), input([columns!])),
  ),
  ...family(
    { small: [[64, 10], [256, 1024]], large: [[512, 49152]] }, // prettier-ignore
    (shape) => `logarithm of a sum of exponentials of rows ${show(shape)}`,
    (shape, { g, input }) => g.logsumexp(input(shape), { axes: [-1] }),
  ),
  ...family(
    { small: [[4, 32, 64, 64]], large: [[16, 64, 112, 112]] },
    (shape) => `maximum of windows 2 × 2 ${show(shape)}`,
    (shape, { g, input }) => g.maxPool2d(input(shape), 2),
  ),
];

/** m × k × n, after the sizes of a batch. */
const product = ([m, k, n, ...batch]: Shape) => `${batch.map((size) => `${size} of `).join('')}${m} × ${k} × ${n}`;

const products: Unsorted[] = [
  ...family(
    {
      small: [[64, 64, 64], [128, 128, 128], [256, 256, 256], [512, 512, 512], [2048, 64, 64], [64, 64, 2048], [32, 8192, 32], [100, 50, 30], [128, 576, 1536], [257, 129, 255], [64, 784, 128], [64, 128, 10]], // prettier-ignore
      large: [[1024, 1024, 1024], [2048, 2048, 2048], [4096, 4096, 4096], [16384, 64, 4096], [64, 16384, 64], [128, 576, 49152], [1000, 1000, 1000]], // prettier-ignore
    },
    (size) => `product ${product(size)}`,
    ([m, k, n], { g, input }) => g.matmul(input([m!, k!]), input([k!, n!])),
  ),
  ...family(
    { small: [[128, 64, 128, 16]], large: [[512, 64, 512, 96], [64, 64, 64, 1024]] }, // prettier-ignore
    (size) => `product ${product(size)}`,
    ([m, k, n, batch], { g, input }) => g.matmul(input([batch!, m!, k!]), input([batch!, k!, n!])),
  ),
  ...family(
    { small: [[1, 576, 1536], [1, 1024, 1024], [4, 576, 576]], large: [[1, 576, 49152], [1, 4096, 16384]] }, // prettier-ignore
    (size) => `product ${product(size)}, second transposed`,
    ([m, k, n], { g, input }) => g.matmul(input([m!, k!]), g.transpose(input([n!, k!]))),
  ),
  ...family(
    { small: [[1, 1024, 1024], [1, 1536, 576]], large: [[1, 16384, 4096]] }, // prettier-ignore
    (size) => `product ${product(size)}, of a vector`,
    ([m, k, n], { g, input }) => g.matmul(input([m!, k!]), input([k!, n!])),
  ),
  ...family(
    { small: [[784, 64, 128], [576, 128, 1536]], large: [[4096, 2048, 4096]] }, // prettier-ignore
    (size) => `product ${product(size)}, first transposed`,
    ([m, k, n], { g, input }) => g.matmul(g.transpose(input([k!, m!])), input([k!, n!])),
  ),
  ...family(
    { small: [[64, 784, 128]], large: [[512, 2048, 2048]] },
    (size) => `linear layer with relu ${product(size)}`,
    ([m, k, n], { g, input }) => g.relu(g.linear(input([m!, k!]), input([n!, k!]), input([n!]))),
  ),
  ...family(
    { small: [[128, 256, 256]], large: [[2048, 2048, 2048]] },
    (size) => `product in f16 ${product(size)}`,
    ([m, k, n], { g, input }) => g.matmul(input([m!, k!], 'f16'), input([k!, n!], 'f16')),
  ),
];

const attentions: Unsorted[] = family(
  { small: [[2, 4, 64, 32]], large: [[1, 6, 1500, 64], [8, 9, 512, 64]] }, // prettier-ignore
  (shape) => `attention ${show(shape)}`,
  (shape, { g, input }) => g.scaledDotProductAttention(input(shape), input(shape), input(shape)),
);

/** Images, and size and number of kernels. */
const convolution = ([count, channels, height, , outputs, window]: Shape) =>
  `convolution ${window} × ${window}, ${count} of ${height}², ${channels} to ${outputs} channels`;

const convolutions: Unsorted[] = [
  ...family(
    { small: [[1, 32, 32, 32, 32, 3], [1, 64, 32, 32, 64, 1], [2, 3, 64, 64, 16, 7]], large: [[8, 64, 56, 56, 64, 3], [8, 256, 56, 56, 64, 1], [8, 3, 224, 224, 64, 7]] }, // prettier-ignore
    convolution,
    ([count, channels, height, width, outputs, window], { g, input }) =>
      g.conv2d(input([count!, channels!, height!, width!]), input([outputs!, channels!, window!, window!]), {
        padding: (window! - 1) / 2,
      }),
  ),
  ...family(
    { small: [[1, 64, 32, 32]], large: [[8, 256, 112, 112]] },
    (shape) => `convolution 3 × 3 of each channel by itself ${show(shape)}`,
    (shape, { g, input }) => g.conv2d(input(shape), input([shape[1]!, 1, 3, 3]), { padding: 1, groups: shape[1]! }),
  ),
];

const places: Unsorted[] = [
  ...family(
    { small: [[1024, 4096, 256], [64, 4096, 64]], large: [[65536, 65536, 512]] }, // prettier-ignore
    ([count, rows, width]) => `${count} rows of a table [${rows}, ${width}]`,
    ([count, rows, width], { g, input, indices }) => g.embedding(indices([count!], rows!), input([rows!, width!])),
  ),
  ...family(
    { small: [[256, 1024]], large: [[8192, 2048]] },
    (shape) => `an element of each column of a row ${show(shape)}`,
    (shape, { g, input, indices }) => g.gather(input(shape), indices(shape, shape[1]!), -1),
  ),
  ...family(
    { small: [[256, 1024, 64], [32, 64, 4096]], large: [[128, 49152, 576], [2048, 8192, 512]] }, // prettier-ignore
    ([count, rows, width]) => `${count} rows added to [${rows}, ${width}]`,
    ([count, rows, width], { g, input, indices }) =>
      g.scatterAdd(
        input([rows!, width!]),
        g.broadcastTo(g.reshape(indices([count!], rows!), [count!, 1]), [count!, width!]),
        input([count!, width!]),
        0,
      ),
  ),
  ...family(
    { small: [[256, 512]], large: [[4096, 2048]] },
    (shape) => `running sums of rows ${show(shape)}`,
    (shape, { g, input }) => g.cumsum(input(shape), -1),
  ),
  ...family(
    { small: [[32, 256]], large: [[1024, 1024]] },
    (shape) => `order of rows ${show(shape)}`,
    (shape, { g, input }) => g.argsort(input(shape)),
  ),
];

const updates: Unsorted[] = [
  ...family(
    { small: [2 ** 16, 2 ** 20], large: [2 ** 25] },
    (size) => `update by SGD [${size}]`,
    (size, { g, input, update }) => {
      update([size], (w) => g.sub(w, g.mul(input([]), input([size]))));
      return undefined;
    },
  ),
  ...family(
    { small: [2 ** 18], large: [2 ** 24] },
    (size) => `update by Adam [${size}]`,
    (size, { g, input, update }) => {
      const [rate, gradient] = [input([]), input([size])];
      const mix = (old: Node, share: number, next: Node) =>
        g.add(g.mul(g.scalar(share, old), old), g.mul(g.scalar(1 - share, old), next));
      let mean: Node | undefined;
      let square: Node | undefined;
      update([size], (state) => (mean = mix(state, 0.9, gradient)));
      update([size], (state) => (square = mix(state, 0.999, g.square(gradient))));
      update([size], (w) => g.sub(w, g.mul(rate, g.div(mean!, g.add(g.sqrt(square!), g.scalar(1e-8, w))))));
      return undefined;
    },
  ),
];

const ofKind = (kind: Kind, cases: readonly Unsorted[]) => cases.map((each): CostCase => ({ ...each, kind }));

/** All of them, none of whose names is another's. */
export const costCases: readonly CostCase[] = [
  ...ofKind('map', maps),
  ...ofKind('move', moves),
  ...ofKind('reduction', reductions),
  ...ofKind('product', products),
  ...ofKind('attention', attentions),
  ...ofKind('convolution', convolutions),
  ...ofKind('index', places),
  ...ofKind('update', updates),
];
