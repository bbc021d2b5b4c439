import { closeNames, NameError, ShapeError } from '../ir/errors.js';
import type { Dim } from './shapes/dim.js';

/**
 * The number a dimension stands for: itself, a bound name, or a sum or product of those (`'past+seq'`,
 * `'(seq+1)*2'`), as the types write them. Throws NameError for names that are not bound, ShapeError for other text.
 */
export function resolveSize(dim: Dim, bound: ReadonlyMap<string, number>, where: string): number {
  if (typeof dim === 'number') return dim;
  const tokens = dim.match(/\s+|[\w-]+|[^\s\w-]/g)?.filter((token) => token.trim() !== '') ?? [];
  let position = 0;
  const atom = (): number => {
    const token = tokens[position++];
    if (token === '(') {
      const inner = sum();
      if (tokens[position++] !== ')') throw unreadable(dim, where);
      return inner;
    }
    if (token === undefined || !/^[\w-]+$/.test(token)) throw unreadable(dim, where);
    if (/^\d+$/.test(token)) return Number(token);
    const size = bound.get(token);
    if (size === undefined) throw unbound(token, bound, where);
    return size;
  };
  const product = (): number => {
    let value = atom();
    while (tokens[position] === '*') {
      position++;
      value *= atom();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[position] === '+') {
      position++;
      value += product();
    }
    return value;
  };
  const size = sum();
  if (position < tokens.length) throw unreadable(dim, where);
  return size;
}

function unreadable(dim: string, where: string): ShapeError {
  return new ShapeError(`${where}: dimension '${dim}' is neither a name nor a sum or product of names and numbers`);
}

function unbound(name: string, bound: ReadonlyMap<string, number>, where: string): NameError {
  const close = closeNames(name, bound.keys());
  const hint = close.length > 0 ? `; bound are ${close.join(', ')}` : '';
  return new NameError(
    `${where}: dimension '${name}' has no size: trace(…, { dims: { ${name}: 64 } }) gives it one${hint}`,
  );
}
