import type { IndexAlgebra } from '../../ir/ops/define.js';

/** A WGSL expression of type u32 whose value is in [0, extent). */
export interface Atom {
  readonly text: string;
  readonly extent: number;
  /** Atoms inside of the text, for quotients and remainders that did not cancel. */
  readonly inner?: readonly Atom[];
}

/** constant + Σ coefficient·atom, with non-negative coefficients: an index, or an offset in elements. */
export interface Affine {
  readonly constant: number;
  readonly terms: ReadonlyMap<Atom, number>;
}

export const zero: Affine = { constant: 0, terms: new Map() };

export function affine(atom: Atom, coefficient = 1): Affine {
  // A dimension of size 1 has the index 0, however it is reached: equal indices then look equal.
  return atom.extent <= 1 ? zero : { constant: 0, terms: new Map([[atom, coefficient]]) };
}

export function addAffine(a: Affine, b: Affine): Affine {
  const terms = new Map(a.terms);
  for (const [atom, coefficient] of b.terms) terms.set(atom, (terms.get(atom) ?? 0) + coefficient);
  return { constant: a.constant + b.constant, terms };
}

export function scaleAffine({ constant, terms }: Affine, factor: number): Affine {
  if (factor === 0) return zero;
  return { constant: constant * factor, terms: new Map([...terms].map(([atom, c]) => [atom, c * factor])) };
}

export function coefficientOf(index: Affine, atom: Atom): number {
  return index.terms.get(atom) ?? 0;
}

/** Whether the index changes with the atom in another way than by a multiple of it. */
export function dependsOpaquely(index: Affine, atom: Atom): boolean {
  return [...index.terms.keys()].some(({ inner = [] }) => inner.includes(atom));
}

/** The greatest value it can take. */
export function maximumOf({ constant, terms }: Affine): number {
  return [...terms].reduce((sum, [atom, c]) => sum + c * (atom.extent - 1), constant);
}

/** Equal keys are equal indices. */
export function affineKey({ constant, terms }: Affine): string {
  const parts = [...terms].map(([atom, c]) => `${c}*${atom.text}`).sort();
  return [constant, ...parts].join('+');
}

/** As a WGSL expression of type u32. */
export function affineText({ constant, terms }: Affine): string {
  const parts = [...terms].map(([{ text }, c]) => (c === 1 ? text : `${c}u * ${text}`));
  if (constant !== 0 || parts.length === 0) parts.push(`${constant}u`);
  return parts.join(' + ');
}

/**
 * Index arithmetic that stays affine where ranges allow: quotients and remainders of the sums that reshapes make
 * mostly cancel; what does not becomes an atom of its own.
 */
export class AffineAlgebra implements IndexAlgebra<Affine> {
  private readonly atoms = new Map<string, Atom[]>();

  constant(value: number): Affine {
    return { constant: value, terms: new Map() };
  }

  add(a: Affine, b: Affine): Affine {
    return addAffine(a, b);
  }

  multiply(a: Affine, factor: number): Affine {
    return scaleAffine(a, factor);
  }

  divide(a: Affine, divisor: number): Affine {
    if (divisor === 1) return a;
    const { multiple, rest } = split(a, divisor);
    if (maximumOf(rest) < divisor) return multiple;
    const extent = Math.floor(maximumOf(rest) / divisor) + 1;
    return addAffine(multiple, affine(this.opaque('/', rest, divisor, extent)));
  }

  modulo(a: Affine, divisor: number): Affine {
    if (divisor === 1) return zero;
    const { rest } = split(a, divisor);
    if (maximumOf(rest) < divisor) return rest;
    return affine(this.opaque('%', rest, divisor, divisor));
  }

  private opaque(operator: '/' | '%', operand: Affine, divisor: number, extent: number): Atom {
    const text = `((${affineText(operand)}) ${operator} ${divisor}u)`;
    const inner = [...operand.terms.keys()].flatMap((part) => [part, ...(part.inner ?? [])]);
    // Kernels may use one name for two dimensions, in different blocks: equal text alone does not make equal atoms.
    const alike = this.atoms.get(text) ?? [];
    const known = alike.find((atom) => sameAtoms(atom.inner, inner));
    if (known) return known;
    const atom = { text, extent, inner };
    this.atoms.set(text, [...alike, atom]);
    return atom;
  }
}

function sameAtoms(a: readonly Atom[] = [], b: readonly Atom[]): boolean {
  return a.length === b.length && a.every((atom) => b.includes(atom));
}

/** a = divisor · multiple + rest, term by term. */
function split(a: Affine, divisor: number): { multiple: Affine; rest: Affine } {
  const exact = [...a.terms].filter(([, c]) => c % divisor === 0).map(([atom, c]) => [atom, c / divisor] as const);
  const others = [...a.terms].filter(([, c]) => c % divisor !== 0);
  return {
    multiple: { constant: Math.floor(a.constant / divisor), terms: new Map(exact) },
    rest: { constant: a.constant % divisor, terms: new Map(others) },
  };
}
