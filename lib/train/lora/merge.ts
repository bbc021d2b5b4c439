import { checkedOptions } from '../../dsl/emit.js';
import { parameter, type Parameter } from '../../dsl/state.js';
import type { WeightSource } from '../../dsl/weights.js';
import { UsageError } from '../../ir/errors.js';
import type { LowRankAdapter } from '../../layers/low-rank-adapter.js';
import { requireSession, type Session } from '../../session/session.js';
import { forgetSessions, type Lora } from './lora.js';

/** Whose values the adapters have. */
export interface LoraValues {
  /** A session that trains them, or shares them with one that does; otherwise their initial values, or those of the file. */
  readonly weights?: Session | undefined;
}

/**
 * Adds the adapters to the weights, W + (alpha/rank)·B·A, and takes them off: the model is one of plain linear layers again,
 * which computes the same but for rounding. Weights are still read one by one when a session is built.
 *
 * Rejects with UsageError for adapters that are no longer on the model, for a weight that is shared with another layer (an
 * embedding, say), which would change with it, and for a session that trains more than the adapters; with NameError for a
 * session of another model. Then nothing has changed.
 */
export async function mergeLora(lora: Lora, options: LoraValues = {}): Promise<void> {
  checkedOptions('mergeLora', ['weights'], options);
  lora.requireAttached('mergeLora');
  for (const { names, state } of lora.model.states()) {
    const [path] = [...lora.layers].find(([, { linear }]) => linear.weight === state) ?? [];
    if (path === undefined || names.length === 1) continue;
    throw new UsageError(
      `mergeLora: '${path}' shares its weight with others, which would change too: ${names.join(', ')}`,
    );
  }
  const values = await adapterValues('mergeLora', lora, options);
  for (const { linear, adapter } of lora.layers.values()) {
    const base = linear.weight;
    const [a, b] = [values.get(adapter.a)!, values.get(adapter.b)!];
    const weight = parameter([linear.outFeatures, linear.inFeatures]);
    const merged = async () =>
      sumWithProduct((await base.initialData()) as Float32Array, await b(), await a(), adapter);
    weight.readFrom(computed(merged), 'weight');
    linear.weight = weight;
    linear.adapter = null;
  }
  forgetSessions(lora.model);
}

/**
 * @internal Where the values of each parameter of the adapters come from: read at once from a session, or when they are asked for.
 * Rejects as {@link mergeLora} for sessions.
 */
export async function adapterValues(
  what: string,
  lora: Lora,
  { weights }: LoraValues,
): Promise<Map<Parameter, () => Promise<Float32Array>>> {
  const parameters = lora.namedParameters();
  if (weights === undefined) {
    const initial = (own: Parameter) => async () => (await own.initialData()) as Float32Array;
    return new Map([...parameters.values()].map((own) => [own, initial(own)]));
  }
  requireSession(`${what}: the option weights`, weights);
  const others = weights.trainedParameters.filter((name) => !parameters.has(name));
  if (others.length > 0) {
    throw new UsageError(
      `${what}: the session trains more than the adapters, which would be lost: ${others.slice(0, 4).join(', ')}` +
        `${others.length > 4 ? ` and ${others.length - 4} more` : ''}; give its optimizer { groups: [adapters.frozen] }, ` +
        `or save all by saveParameters()`,
    );
  }
  const read = await weights.parameters(parameters.keys());
  return new Map(
    [...parameters].map(([name, own]) => [own, () => Promise.resolve(Float32Array.from(read[name]!.data))]),
  );
}

/** A source of one tensor, made when it is read. */
function computed(make: () => Promise<Float32Array>): WeightSource {
  return { name: 'the merged adapters', tensors: new Map(), read: make };
}

/** weight + scale·b·a, summed in f64 and rounded once: weight [out, in], b [out, rank], a [rank, in]. */
function sumWithProduct(
  weight: Float32Array,
  b: Float32Array,
  a: Float32Array,
  { scale, options: { rank } }: LowRankAdapter,
): Float32Array {
  const [outputs, inputs] = [b.length / rank, a.length / rank];
  const result = new Float32Array(weight.length);
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    row.set(weight.subarray(o * inputs, (o + 1) * inputs));
    for (let r = 0; r < rank; r++) {
      const factor = scale * b[o * rank + r]!;
      for (let i = 0; i < inputs; i++) row[i]! += factor * a[r * inputs + i]!;
    }
    result.set(row, o * inputs);
  }
  return result;
}
