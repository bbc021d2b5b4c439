import { bytesPerElement } from '../ir/dtype.js';
import { elementCount, showShape } from '../ir/shape.js';
import type { Module } from './module.js';
import type { StateTensor } from './state.js';

/**
 * A table of a model as text: each module that holds parameters or buffers itself, with their shapes, how many numbers
 * the parameters are and how many bytes they and the buffers take, and the sums. What modules share counts once, where
 * it is found first.
 */
export function summary(model: Module): string {
  const states = model.states();
  const modules = [...model.namedModules()];
  const rows = modules.flatMap(([path, module]) => {
    const own = states.filter(({ names }) => ownerOf(names[0]!, modules) === path);
    const shared = states.filter(({ names }) => names.slice(1).some((name) => ownerOf(name, modules) === path));
    if (own.length + shared.length === 0) return [];
    const shapes = own.map((named) => describe(named, path));
    const ties = shared.map(({ names }) => `${lastOf(names.at(-1)!, path)} = ${names[0]!}`);
    const label = `${path === '' ? '(itself)' : path} (${module.constructor.name})`;
    return [[label, [...shapes, ...ties].join(', '), grouped(count(own, 'parameter')), grouped(bytes(own))]];
  });
  const parameters = count(states, 'parameter');
  const buffers = count(states, 'buffer');
  return [
    model.constructor.name,
    ...table([['module', 'parameters and buffers', 'parameters', 'bytes'], ...rows]),
    `parameters: ${grouped(parameters)}${buffers > 0 ? `, numbers in buffers: ${grouped(buffers)}` : ''}`,
    `bytes: ${grouped(bytes(states))} (${inUnits(bytes(states))})`,
  ].join('\n');
}

type Named = ReturnType<Module['states']>[number];

/** The deepest module that a name is inside of. */
function ownerOf(name: string, modules: readonly [string, Module][]): string {
  let owner = '';
  for (const [path] of modules) if (name.startsWith(`${path}.`) && path.length > owner.length) owner = path;
  return owner;
}

function lastOf(name: string, path: string): string {
  return path === '' ? name : name.slice(path.length + 1);
}

function describe({ names, state }: Named, path: string): string {
  const [name] = names;
  return `${lastOf(name!, path)} ${showShape(state.sizes(name!))}${state.dtype === 'f32' ? '' : ` ${state.dtype}`}`;
}

function count(states: readonly Named[], kind: StateTensor['kind']): number {
  return states.reduce(
    (sum, { names, state }) => sum + (state.kind === kind ? elementCount(state.sizes(names[0]!)) : 0),
    0,
  );
}

function bytes(states: readonly Named[]): number {
  return states.reduce(
    (sum, { names, state }) => sum + elementCount(state.sizes(names[0]!)) * bytesPerElement[state.dtype],
    0,
  );
}

/** Columns aligned, numbers to the right, lines between head and rows. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = '─'.repeat(widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [line, lines[0]!, line, ...lines.slice(1), line];
}

/** `134,515,008`. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `513.1 MiB`, in the largest unit of which there is one. */
function inUnits(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${units[power]!}`;
}
