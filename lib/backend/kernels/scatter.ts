import type { Node } from '../../ir/graph.js';
import { scalar, variable } from '../../ir/scalar.js';
import { affine, steppedText, type Affine, type Atom } from '../fusion/affine.js';
import { writeKernel, type Kernel, type KernelContext, type Layout } from './kernel.js';
import { offsetOf } from './offsets.js';
import { countSteps, decodePosition } from './positions.js';
import { widened, type Value } from './values.js';
import type { KernelWriter } from './writer.js';

/**
 * Sums at places that values tell. An invocation owns some neighbouring rows (places along the axis) of one column, or
 * of four: it copies them, walks through all indices in order, and adds what belongs there. Nobody else writes to them,
 * so that the order of the sums, and with it every bit, is always the same.
 */
export function scatterKernel(context: KernelContext): Kernel {
  const node = context.group.members[0]!;
  const axis = node.attrs['axis'] as number;
  const last = context.group.space.atoms.at(-1)!;
  const whole = node.inputs[1]!.shape.at(-1) === last.extent;
  const lane = axis !== -1 && whole && last.extent % 4 === 0 && last.extent > 0 ? last : undefined;
  return writeKernel(context, `scatter ${node.op}`, lane, (writer) => write(context, writer, lane));
}

function write({ group: { members, space }, profile }: KernelContext, writer: KernelWriter, lane?: Atom): Layout {
  const node = members[0]!;
  const [x, indices, source] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
  const along = node.shape.length + (node.attrs['axis'] as number);
  const row = space.atoms[along]!;
  const columns = space.atoms.filter((atom) => atom !== row);
  const count = countSteps(columns, lane);
  const rows = rowsOf(row.extent, count, profile.software);
  const chunks = Math.ceil(row.extent / rows);
  const workgroupSize = Math.min(profile.software ? 16 : 64, profile.maxInvocations);

  const chunk: Atom = { text: 'chunk', extent: chunks };
  decodePosition(writer, [chunk, ...columns], lane, 'invocation');
  writer.line(`let first = chunk * ${rows}u;`);
  writer.line(`let end = min(first + ${rows}u, ${row.extent}u);`);

  const at = space.indexOf(node.shape)!;
  const copy = () => {
    writer.line(`let ${row.text} = place;`);
    writer.store(node, at, writer.value(x, at));
  };
  writer.block(`for (var place = first; place < end; place++)`, copy, rows);
  // Along other dimensions the indices may be fewer than x has.
  const missing = indices.shape.flatMap((size, i) => (i !== along && size < node.shape[i]! ? [`${space.atoms[i]!.text} < ${size}u`] : [])); // prettier-ignore
  writer.block(missing.length > 0 ? `if (${missing.join(' && ')})` : '', () => {
    const each: Atom = { text: 'j', extent: indices.shape[along]! };
    const walk = () => {
      const index = space.atoms.map((atom, i) => affine(i === along ? each : atom));
      const place = writer.value(indices, index);
      const add = (to: string, write: (place: Affine) => void) => {
        const hit: Atom = { text: writer.let('hit', `u32(${to})`), extent: row.extent };
        writer.block(
          `if (${hit.text} >= first && ${hit.text} < end)`,
          () => write({ constant: 0, terms: new Map([[hit, 1]]) }),
          Math.min(1, rows / Math.max(1, row.extent)),
        );
      };
      const target = (hit: Affine) => at.map((part, i) => (i === along ? hit : part));
      if (place.width === 1) {
        add(place.text, (hit) => {
          const added = writer.value(source, index);
          const before = writer.load(node, offsetOf(node, target(hit)));
          writer.store(node, target(hit), sumOf(writer, node, before, added));
        });
        return;
      }
      const added = widened(writer.value(source, index), node.dtype);
      for (let i = 0; i < 4; i++) {
        add(`${place.text}[${i}]`, (hit) => {
          const offset = steppedText(offsetOf(node, target(hit)), lane!, i);
          writer.tally.access(2, false);
          writer.line(`${writer.buffers.access(node, true, false)}[${offset}] += ${added.text}[${i}];`);
        });
      }
    };
    writer.block(`for (var j = 0u; j < ${each.extent}u; j++)`, walk, each.extent);
  });
  return { workgroupSize, crew: { invocations: count * chunks } };
}

/** Enough rows for each invocation that walking through the indices pays, and invocations enough for the adapter. */
function rowsOf(extent: number, columns: number, software: boolean): number {
  const wanted = software ? 64 : 16384;
  const chunks = Math.max(1, Math.ceil(wanted / Math.max(1, columns)));
  return Math.max(1, Math.ceil(extent / chunks));
}

function sumOf(writer: KernelWriter, { dtype }: Node, before: Value, added: Value): Value {
  const width = before.width === 4 || added.width === 4 ? 4 : 1;
  const text = writer.apply(scalar.add(variable(0), variable(1)), [before, added], [dtype, dtype], width);
  return { text, width };
}
