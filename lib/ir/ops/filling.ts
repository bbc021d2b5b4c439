import type { OpAttributes } from '../generated/nodes.js';
import { holds } from '../dtype.js';
import { defineMacro } from './define.js';

/** Tensors that follow from attributes alone. */
export const fillingOps = {
  full: defineMacro({
    name: 'full',
    signature: 'shape: shape, value: float, dtype: dtype = f32 -> [...shape]:dtype',
    doc: 'A tensor of one value.',
    check: (_, { value, dtype }: OpAttributes['full']) =>
      holds(dtype, value) ? undefined : `value ${value} is no ${dtype}`,
    decompose: (g, _, { shape, value, dtype }) => g.broadcastTo(g.literal([value], [], dtype), shape),
    gradient: 'none',
  }),
  eye: defineMacro({
    name: 'eye',
    signature: 'n: int -> [n n]:f32',
    doc: 'The identity matrix: 1 on the diagonal, else 0.',
    decompose: (g, _, { n }) => {
      const place = g.arange(n);
      return g.cast(g.equal(g.unsqueeze(place, -1), place), 'f32');
    },
    gradient: 'none',
  }),
  linspace: defineMacro({
    name: 'linspace',
    signature: 'start: float, stop: float, count: int -> [count]:f32',
    doc: '`count` numbers at equal distances from start to stop, both included.',
    decompose: (g, _, { start, stop, count }) => {
      // From both ends: each then is exact.
      const weight = (i: number) => (count === 1 ? 0 : i / (count - 1));
      const values = Array.from({ length: count }, (_, i) => start * (1 - weight(i)) + stop * weight(i));
      return g.literal(values, [count], 'f32');
    },
    gradient: 'none',
  }),
};
