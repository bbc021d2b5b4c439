import { GraphError } from './errors.js';
import type { OperandPattern, Signature } from './signature.js';

/** Throws GraphError where a signature does not take so many operands. */
export function checkOperandCount(op: string, signature: Signature, operands: readonly unknown[]): void {
  const { least, most } = operandCount(signature);
  if (operands.length < least || operands.length > most) {
    const names = signature.operands.map((operand) => operand.name).join(', ');
    const count = least === most ? `${least}` : most === Infinity ? 'one or more' : `${least} to ${most}`;
    throw new GraphError(`${op}: expected ${count} operands (${names}), got ${operands.length}`);
  }
}

function operandCount({ operands }: Signature): { least: number; most: number } {
  if (operands.some(({ list }) => list)) return { least: 1, most: Infinity };
  return { least: operands.filter(({ optional }) => !optional).length, most: operands.length };
}

/** The pattern of the operand at a position: a list's is that of every tensor in it. */
export function operandPattern({ operands }: Signature, position: number): OperandPattern {
  return operands[0]?.list ? operands[0] : operands[position]!;
}
