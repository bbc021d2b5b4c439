import type { TensorType } from '../graph.js';
import { showShape, type Shape } from '../shape.js';

/** What is wrong with an operand that has to broadcast to a shape without making it larger; undefined where nothing is. */
export function broadcastError(name: string, operand: TensorType | undefined, to: Shape): string | undefined {
  if (!operand) return undefined;
  const { shape } = operand;
  const fits = shape.length <= to.length && shape.every((size, i) => size === 1 || size === to.at(i - shape.length));
  return fits ? undefined : `${name} ${showShape(shape)} does not broadcast to ${showShape(to)}`;
}
