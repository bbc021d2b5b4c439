import type { IndexAlgebra } from '../../ir/ops/record.js';

/** A WGSL expression of type u32 whose value is in [0, extent). */
export interface Atom {
  readonly text: string;
  readonly extent: number;
  /** For an atom that is computed from others: those, and its text where `lane` is `step` further on. */
  readonly computed?: { readonly from: readonly Atom[]; readonly at: (lane: Atom, step: number) => string };
  /** For quotients and remainders that did not cancel: of what. */
  readonly ratio?: { readonly operator: '/' | '%'; readonly operand: Affine; readonly divisor: number };
}

/**
 * constant + Σ coefficient·atom: an index, or an offset in elements. As text it is arithmetic modulo 2³², so that
 * what is negative on the way to an index is right in the end.
 */
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
  for (const [atom, coefficient] of b.terms) {
    const sum = (terms.get(atom) ?? 0) + coefficient;
    if (sum === 0) terms.delete(atom);
    else terms.set(atom, sum);
  }
  return rejoined({ constant: a.constant + b.constant, terms });
}

/** The index `constant` further on. */
export function shifted(index: Affine, constant: number): Affine {
  return addAffine(index, { constant, terms: new Map() });
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
  return [...index.terms.keys()].some(({ computed }) => computed?.from.includes(atom));
}

/** Whether the index changes with the atom. */
export function dependsOn(index: Affine, atom: Atom): boolean {
  return coefficientOf(index, atom) !== 0 || dependsOpaquely(index, atom);
}

/** The least and the greatest value it can take. */
export function rangeOf({ constant, terms }: Affine): readonly [least: number, greatest: number] {
  let [least, greatest] = [constant, constant];
  for (const [{ extent }, c] of terms) {
    if (c < 0) least += c * (extent - 1);
    else greatest += c * (extent - 1);
  }
  return [least, greatest];
}

/** Equal keys are equal indices. */
export function affineKey({ constant, terms }: Affine): string {
  const parts = [...terms].map(([atom, c]) => `${c}*${atom.text}`).sort();
  return [constant, ...parts].join('+');
}

/** As a WGSL expression of type u32. */
export function affineText(index: Affine): string {
  return sumText(index, ({ text }) => text);
}

/** As a WGSL expression of its value where `lane` is `step` further on. */
export function steppedText(index: Affine, lane: Atom, step: number): string {
  const moved = { ...index, constant: index.constant + step * coefficientOf(index, lane) };
  return sumText(moved, ({ text, computed }) => (computed?.from.includes(lane) ? computed.at(lane, step) : text));
}

function sumText({ constant, terms }: Affine, textOf: (atom: Atom) => string): string {
  const product = (atom: Atom, c: number) => (c === 1 ? textOf(atom) : `${c}u * ${textOf(atom)}`);
  const added = [...terms].filter(([, c]) => c > 0).map(([atom, c]) => product(atom, c));
  const taken = [...terms].filter(([, c]) => c < 0).map(([atom, c]) => product(atom, -c));
  // Constants alone may not wrap around in WGSL; a difference from a variable may.
  if (constant < 0 && added.length > 0) taken.push(`${-constant}u`);
  else if (constant !== 0 || added.length === 0) added.push(`${constant < 0 ? 2 ** 32 + constant : constant}u`);
  return [added.join(' + '), ...taken].join(' - ');
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
    // Strides of tensors without elements: whatever reads them masks all of it.
    if (divisor === 0) return zero;
    const { multiple, rest } = split(a, divisor);
    const [, greatest] = rangeOf(rest);
    if (greatest < divisor) return multiple;
    const inner = onlyRatio(rest);
    // (x / a) / b = x / (a·b)
    if (inner?.operator === '/') return addAffine(multiple, this.divide(inner.operand, inner.divisor * divisor));
    return addAffine(multiple, affine(this.ratio('/', rest, divisor, Math.floor(greatest / divisor) + 1)));
  }

  modulo(a: Affine, divisor: number): Affine {
    if (divisor <= 1) return zero;
    const { rest } = split(a, divisor);
    if (rangeOf(rest)[1] < divisor) return rest;
    return affine(this.ratio('%', rest, divisor, divisor));
  }

  private ratio(operator: '/' | '%', operand: Affine, divisor: number, extent: number): Atom {
    const text = `((${affineText(operand)}) ${operator} ${divisor}u)`;
    const from = [...operand.terms.keys()].flatMap((part) => [part, ...(part.computed?.from ?? [])]);
    // Kernels may use one name for two dimensions, in different blocks: equal text alone does not make equal atoms.
    const alike = this.atoms.get(text) ?? [];
    const known = alike.find(({ computed }) => sameAtoms(computed!.from, from));
    if (known) return known;
    const at = (lane: Atom, step: number) => `((${steppedText(operand, lane, step)}) ${operator} ${divisor}u)`;
    const atom = { text, extent, computed: { from, at }, ratio: { operator, operand, divisor } };
    this.atoms.set(text, [...alike, atom]);
    return atom;
  }
}

function sameAtoms(a: readonly Atom[], b: readonly Atom[]): boolean {
  return a.length === b.length && a.every((atom) => b.includes(atom));
}

/** a = divisor · multiple + rest, where rest is not negative and as small as can be told. */
function split(a: Affine, divisor: number): { multiple: Affine; rest: Affine } {
  const floor = (value: number) => Math.floor(value / divisor);
  const exact = [...a.terms].filter(([, c]) => c % divisor === 0).map(([atom, c]) => [atom, c / divisor] as const);
  const others = [...a.terms].filter(([, c]) => c % divisor !== 0);
  // First without touching coefficients: where the rest is in range, it is the remainder itself.
  const [least] = rangeOf({ constant: 0, terms: new Map(others) });
  const lowest = a.constant + least;
  const whole = { constant: a.constant - divisor * floor(lowest), terms: new Map(others) };
  if (rangeOf(whole)[1] < divisor) {
    return { multiple: { constant: floor(lowest), terms: new Map(exact) }, rest: whole };
  }
  const quotients = others.map(([atom, c]) => [atom, floor(c)] as const).filter(([, c]) => c !== 0);
  const remainders = others.map(([atom, c]) => [atom, c - divisor * floor(c)] as const);
  return {
    multiple: { constant: floor(a.constant), terms: new Map([...exact, ...quotients]) },
    rest: { constant: a.constant - divisor * floor(a.constant), terms: new Map(remainders) },
  };
}

/** The quotient or remainder that an index is nothing but. */
function onlyRatio({ constant, terms }: Affine): Atom['ratio'] {
  const [[atom, coefficient] = []] = terms;
  return constant === 0 && terms.size === 1 && coefficient === 1 ? atom!.ratio : undefined;
}

/** divisor·(x / divisor) + x % divisor = x: what one reshape took apart, another puts together. */
function rejoined(index: Affine): Affine {
  for (const [rest, c] of index.terms) {
    if (rest.ratio?.operator !== '%') continue;
    const { operand, divisor } = rest.ratio;
    const found = [...index.terms].find(([{ ratio }, factor]) => factor === c * divisor && isQuotient(ratio, operand, divisor)); // prettier-ignore
    if (!found) continue;
    const terms = new Map([...index.terms].filter(([atom]) => atom !== rest && atom !== found[0]));
    return addAffine({ constant: index.constant, terms }, scaleAffine(operand, c));
  }
  return index;
}

/** Whether a ratio is operand / divisor, perhaps written as one quotient where the operand is one itself. */
function isQuotient(ratio: Atom['ratio'], operand: Affine, divisor: number): boolean {
  if (ratio?.operator !== '/') return false;
  if (ratio.divisor === divisor && affineKey(ratio.operand) === affineKey(operand)) return true;
  const inner = onlyRatio(operand);
  return (
    inner?.operator === '/' &&
    ratio.divisor === divisor * inner.divisor &&
    affineKey(ratio.operand) === affineKey(inner.operand)
  );
}
