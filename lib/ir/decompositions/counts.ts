import type { Shape } from '../shape.js';

/** What is wrong with a number of elements to take along `axis`, or undefined. */
export function wrongCount(name: string, count: number, shape: Shape, axis: number): string | undefined {
  const size = shape.at(axis)!;
  if (count >= 0 && count <= size) return undefined;
  return `${name} must be from 0 to ${size}, the size of axis ${axis}, got ${count}`;
}
