import type { Builder } from '../generated/builder.js';
import type { Node, TensorType } from '../graph.js';
import { defineMacro } from './define.js';

/** x·weightᵀ; x may be one row. */
function project(g: Builder<Node>, x: Node, weight: Node): Node {
  if (x.shape.length > 1) return g.matmul(x, g.transpose(weight));
  return g.squeeze(g.matmul(g.unsqueeze(x, 0), g.transpose(weight)), 0);
}

/** Linear units, each multiplied by a gate (Shazeer 2020, arXiv:2002.05202). */
export const gatedOps = {
  swiglu: defineMacro({
    name: 'swiglu',
    signature: 'x[...b k]:float, gate[n k]:float, up[n k]:float -> [...b n]',
    doc: 'silu(x·gateᵀ)·(x·upᵀ), the weights stored [out, in] (Shazeer 2020, arXiv:2002.05202).',
    decompose: (g, [x, gate, up]) => g.mul(g.silu(project(g, x, gate)), project(g, x, up)),
    gradient: 'decomposition',
  }),
  geglu: defineMacro({
    name: 'geglu',
    signature: 'x[...b n]:float -> [...b n/2]',
    doc: 'a·gelu(b) for the halves a and b of the last dimension (Shazeer 2020, arXiv:2002.05202).',
    check: ([x]: readonly TensorType[]) =>
      x!.shape.at(-1)! % 2 === 0 ? undefined : `the last dimension of x has no halves: ${x!.shape.at(-1)} is odd`,
    decompose: (g, [x]) => {
      const half = x.shape.at(-1)! / 2;
      return g.mul(g.slice(x, -1, { stop: half }), g.gelu(g.slice(x, -1, { start: half })));
    },
    gradient: 'decomposition',
  }),
};
