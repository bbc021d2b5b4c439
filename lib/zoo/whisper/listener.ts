import { embedding, reshape } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { trace } from '../../dsl/trace.js';
import { buildSession } from '../../session/build.js';
import { evaluating } from '../evaluating.js';
import { CachedDecoder, type DecoderProgram } from '../generation/cached-decoder.js';
import { DecoderCache } from '../generation/decoder-cache.js';
import type { RunOptions } from '../session-pool.js';
import { RecordingCache } from './decoder.js';
import type { Whisper } from './model.js';

/** Sessions of a Whisper for one recording at a time: the encoder's, and those of the decoder for tokens behind it. */
export class Listener {
  private constructor(
    private readonly hear: Awaited<ReturnType<typeof encoderSession>>,
    private readonly decoder: CachedDecoder,
  ) {}

  /** Builds the encoder; the decoder is built when tokens are first asked for. Throws as `buildSession` does. */
  static async create(model: Whisper, options: RunOptions, signal?: AbortSignal): Promise<Listener> {
    const recording = new RecordingCache(model.config);
    const hear = await encoderSession(model, recording, options, signal);
    const program = decoderProgram(model, recording);
    return new Listener(hear, new CachedDecoder(program, model.config.targetPositions, { weights: hear }));
  }

  /** Takes the features [1, melBins, 2·sourcePositions] of a window in place of what was heard before. */
  listen(features: Float32Array): void {
    this.hear.step({ features });
  }

  /** Starts a text: the logits [V] behind its first tokens. Throws as {@link CachedDecoder.append}. */
  start(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    this.decoder.reset();
    return this.decoder.append(tokens, signal);
  }

  /** The logits [V] behind one more token. */
  append(token: number, signal?: AbortSignal): Promise<Float32Array> {
    return this.decoder.append([token], signal);
  }

  /** Frees everything that no other session shares. */
  dispose(): void {
    this.decoder.dispose();
    this.hear.dispose();
  }
}

/** A session that leaves the keys and values of what it hears in a cache. */
async function encoderSession(
  model: Whisper,
  recording: RecordingCache,
  { device, weights }: RunOptions,
  signal: AbortSignal | undefined,
) {
  const { melBins, sourcePositions } = model.config;
  const graph = evaluating(model, () =>
    trace(
      model,
      { features: input([1, melBins, 2 * sourcePositions]) },
      ({ features }) => {
        const encoded = model.encode(features);
        recording.forward(model.model.decoder.keysAndValues(encoded));
        return { encoded };
      },
      { modules: { recording } },
    ),
  );
  return buildSession(graph, { ...(device && { device }), ...(weights && { weights }), ...(signal && { signal }) });
}

function decoderProgram(model: Whisper, recording: RecordingCache): DecoderProgram {
  const { decoder, width } = model.config;
  return {
    cache: (length) =>
      new DecoderCache(decoder.layers, { batch: 1, heads: decoder.heads, length, headDim: width / decoder.heads }),
    trace: (rows, cache) =>
      evaluating(model, () =>
        trace(
          model,
          { ids: input([1, rows], 'i32'), position: input([], 'i32'), last: input([1], 'i32') },
          ({ ids, position, last }) => {
            const hidden = model.model.decoder.forward(ids, recording.layers, { cache, position });
            const row = embedding(last, reshape(hidden, [rows, width]));
            return { logits: model.projOut.forward(row) };
          },
          { modules: { cache, recording } },
        ),
      ),
  };
}
