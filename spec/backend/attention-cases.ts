import type { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import type { Node } from '../../lib/ir/graph.js';
import type { Shape } from '../../lib/ir/shape.js';
import { sampleValues } from '../values.js';

export type Leaf = (name: string, shape: Shape, dtype?: DType) => Node;

export interface Case {
  readonly name: string;
  readonly write: (builder: GraphBuilder, leaf: Leaf) => Node;
  /** Of |a − b| / (1 + |b|): that of sums in f32 where it is not given. */
  readonly tolerance?: number;
  readonly values?: (name: string, count: number) => Float64Array;
}

interface Options {
  readonly batch?: Shape;
  readonly heads?: number;
  readonly groups?: number;
  readonly size?: number;
  readonly width?: number;
  readonly dtype?: DType;
  readonly mask?: Shape;
  readonly maskType?: DType;
  readonly causal?: boolean;
  readonly window?: number;
}

/** The operation on inputs q, k and v, and `mask` where it has a shape. */
export function attend(queries: number, keys: number, options: Options = {}): Case['write'] {
  const { batch = [2], heads = 2, groups = heads, size = 8, width = size, dtype = 'f32', mask, ...others } = options;
  const { maskType = 'bool', causal = false, window } = others;
  return (builder, leaf) => {
    const operands = [
      leaf('q', [...batch, heads, queries, size], dtype),
      leaf('k', [...batch, groups, keys, size], dtype),
      leaf('v', [...batch, groups, keys, width], dtype),
      ...(mask ? [leaf('mask', mask, maskType)] : []),
    ];
    return builder.add('scaledDotProductAttention', operands, { causal, ...(window === undefined ? {} : { window }) });
  };
}

/** Most rows of scores differ by some units, so that weights are far from equal. */
export const sampled = (name: string, count: number) =>
  sampleValues(count, name.length + name.charCodeAt(0)).map((x) => (name === 'upstream' ? x : 3 * x));

export const masked = (values: (i: number) => number) => (name: string, count: number) =>
  name === 'mask' ? Float64Array.from({ length: count }, (_, i) => values(i)) : sampled(name, count);
