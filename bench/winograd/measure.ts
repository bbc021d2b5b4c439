/**
 * Convolutions of 3 × 3 by F(2 × 2, 3 × 3) (Winograd; Lavin and Gray 2016, arXiv:1509.09308) against `conv2d`, both as
 * inference sessions whose weights are frozen, so that the weights are transformed once:
 *
 *     npx tsx bench/winograd/measure.ts [channels × size …, such as 64x56]
 *
 * Prints the least milliseconds of a step, of several in turn, by the clock and of the processor in this process (where a
 * software adapter works), and what is predicted for a discrete GPU.
 */
import {
  broadcastTo,
  buffer,
  buildInferenceSession,
  conv2d,
  input,
  matmul,
  Module,
  parameter,
  permute,
  reshape,
  slice,
  slide,
  trace,
  uniform,
  type Tensor,
} from 'meganeura';
import { explain } from 'meganeura/explain';

const SIZES = process.argv.length > 2 ? process.argv.slice(2) : ['64x56', '128x28', '256x14', '512x7'];
const ROUNDS = 7;

/** Bᵀ, G and Aᵀ of Lavin and Gray, section 4.1: [4, 4], [4, 3] and [2, 4]. */
const B = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]; // prettier-ignore
const G = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]; // prettier-ignore
const A = [[1, 1, 1, 0], [0, 1, -1, -1]]; // prettier-ignore

/** T ⊗ T: what T does to both dimensions of a tile, as one matrix. */
function kronecker(t: readonly (readonly number[])[]) {
  const rows = t.flatMap((a) => t.map((b) => a.flatMap((x) => b.map((y) => x * y))));
  return buffer([rows.length, rows[0]!.length], rows.flat());
}

class Convolution extends Module {
  weight = parameter([this.channels, this.channels, 3, 3], uniform(-0.1, 0.1));

  constructor(readonly channels: number) {
    super();
  }

  /** Constants of the transforms of places, weights and products. */
  readonly places = kronecker(B);
  readonly taps = kronecker(G);
  readonly sums = kronecker(A);

  /** x [C, S, S] → [C, S, S]. */
  forward(x: Tensor<[number, number, number], 'f32'>) {
    const [c, s] = x.shape;
    return reshape(conv2d(reshape(x, [1, c, s, s]), this.weight, { padding: 1 }), [c, s, s]);
  }

  /** The same: 16 products of [C, C] and [C, tiles] in place of one of [C, 9·C] and [C·9, places]. */
  winograd(x: Tensor<[number, number, number], 'f32'>) {
    const [c, s] = x.shape;
    const tiles = Math.ceil(s / 2);
    const spread = broadcastTo(reshape(x, [c, 1, 1, s, s]), [c, 4, 4, s, s]);
    const window = { stride: 2, start: -1 };
    const windows = slide(slide(spread, -2, -4, tiles, window), -1, -3, tiles, window);
    const columns = reshape(permute(windows, [1, 2, 0, 3, 4]), [16, c * tiles * tiles]);
    const places = reshape(matmul(this.places, columns), [16, c, tiles * tiles]);
    const taps = reshape(permute(this.weight, [2, 3, 0, 1]), [9, c * c]);
    const weights = reshape(matmul(this.taps, taps), [16, c, c]);
    const products = reshape(matmul(weights, places), [16, c * tiles * tiles]);
    const quads = reshape(matmul(this.sums, products), [2, 2, c, tiles, tiles]);
    const whole = reshape(permute(quads, [2, 3, 0, 4, 1]), [c, 2 * tiles, 2 * tiles]);
    return slice(slice(whole, -2, { stop: s }), -1, { stop: s });
  }
}

for (const text of SIZES) {
  const [channels, size] = text.split('x').map(Number) as [number, number];
  const model = new Convolution(channels);
  const ways = ['forward', 'winograd'] as const;
  const graphs = ways.map((way) =>
    trace(model, { x: input([channels, size, size]) }, ({ x }) => ({ y: model[way](x) })),
  );
  const sessions = await Promise.all(graphs.map((graph) => buildInferenceSession(graph, { freeze: true })));
  const x = Float32Array.from({ length: channels * size * size }, (_, i) => Math.sin(0.37 * i));
  const times = ways.map(() => Infinity);
  const work = ways.map(() => Infinity);
  const results: Float32Array[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, session] of sessions.entries()) {
      const [start, used] = [performance.now(), process.cpuUsage()];
      session.step({ x });
      results[i] = await session.read('y');
      times[i] = Math.min(times[i]!, performance.now() - start);
      const { user, system } = process.cpuUsage(used);
      work[i] = Math.min(work[i]!, (user + system) / 1000);
    }
  }
  const [expected, actual] = results as [Float32Array, Float32Array];
  const error = expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i]!)), 0);
  const predicted = await Promise.all(graphs.map((graph) => explain(graph, 'discrete', { freeze: true })));
  for (const [i, way] of ways.entries()) {
    const { dispatches, bytes, predictedMilliseconds } = predicted[i]!.report;
    console.log(
      `${text} ${way}: ${times[i]!.toFixed(2)} ms, ${work[i]!.toFixed(2)} of the processor (${sessions[i]!.report().dispatches} dispatches, predicted ` +
        `${sessions[i]!.report().predictedMilliseconds.toFixed(2)}); discrete: ${(1000 * predictedMilliseconds).toFixed(1)} µs, ` +
        `${dispatches} dispatches, ${(bytes / 1e6).toFixed(2)} MB`,
    );
  }
  console.log(`${text}: largest difference ${error.toExponential(1)}`);
  sessions.forEach((session) => session.dispose());
}
