import type { OpDefinition } from '../lib/ir/ops/record.js';
import type { DimExpression, DimPattern } from '../lib/ir/signature.js';

/** A dimension that is typed together with the spread before it. */
export interface FoldedRows {
  readonly operand: string;
  /** Position of the folded dimension among the operand's. */
  readonly dimAt: number;
  /** Type parameter of spread and dimension together. */
  readonly type: string;
  readonly other: string;
  readonly otherSpread: string;
}

/**
 * A result `[...broadcast(p, q) m …]` where m is the dimension behind `...p` and stands nowhere else: `p` and `m` are
 * then one type parameter, so that a tensor `[...B, In]` of a generic module, whose rank nobody knows, fits.
 */
export function foldedRows(op: OpDefinition): FoldedRows | undefined {
  const { operands, result } = op.signature;
  const [first, second] = result.dims;
  if (first?.kind !== 'shapeFunction' || first.name !== 'broadcast') return undefined;
  const [p, q] = first.args as [string, string];
  const row = second && namesIn(second)[0];
  const holder = operands.find((operand) => operand.dims.some((dim) => namesIn(dim)[0] === row));
  const other = operands.find((operand) => operand.dims.some((dim) => dim.kind === 'spread' && dim.name === q));
  const dimAt = holder?.dims.findIndex((dim) => namesIn(dim)[0] === row) ?? -1;
  const spread = holder?.dims[dimAt - 1];
  const uses = operands.flatMap((operand) => operand.dims).filter((dim) => namesIn(dim)[0] === row).length;
  if (!holder || !other || spread?.kind !== 'spread' || spread.name !== p || uses !== 1) {
    throw new Error(`${op.name}: broadcast needs a dimension behind '...${p}' that stands nowhere else`);
  }
  return {
    operand: holder.name,
    dimAt,
    type: p.charAt(0).toUpperCase() + p.slice(1),
    other: other.name,
    otherSpread: q,
  };
}

/** Names a dimension mentions: of spreads, of dimensions, of a shape function's arguments. */
export function namesIn(dim: DimPattern): readonly string[] {
  if (dim.kind === 'spread') return [dim.name];
  if (dim.kind === 'shapeFunction') return dim.args;
  const names = (expression: DimExpression): string[] =>
    expression.kind === 'name'
      ? [expression.name]
      : expression.kind === 'binary'
        ? [...names(expression.a), ...names(expression.b)]
        : [];
  return names(dim.expression);
}
