import type { Atom } from '../fusion/affine.js';
import { quarter } from './offsets.js';
import type { KernelText } from './text.js';

/** Positions in a dimension: its elements, or the vectors of four along `lane`. */
export const stepsOf = (atom: Atom, lane: Atom | undefined) => (atom === lane ? atom.extent / 4 : atom.extent);

/** Positions in all of some dimensions. */
export function countSteps(atoms: readonly Atom[], lane: Atom | undefined): number {
  return atoms.reduce((count, atom) => count * stepsOf(atom, lane), 1);
}

/** Names the index of each dimension, given their common position, the last dimension's changing fastest. */
export function decodePosition(
  text: KernelText,
  atoms: readonly Atom[],
  lane: Atom | undefined,
  position: string,
): void {
  let rest = position;
  [...atoms].reverse().forEach((atom, i) => {
    // A loop over nothing divides too, as far as the compiler knows.
    const count = Math.max(1, stepsOf(atom, lane));
    const isLast = i === atoms.length - 1;
    const name = atom === lane ? quarter(atom) : atom.text;
    text.line(`let ${name} = ${isLast ? rest : `${rest} % ${count}u`};`);
    if (atom === lane) text.line(`let ${atom.text} = ${name} * 4u;`);
    if (!isLast) rest = text.let('r', `${rest} / ${count}u`);
  });
}
