import { NameError, TraceError } from '../ir/errors.js';
import { decoratedFields, type FieldRecord } from './decorators.js';
import { describeValue } from './emit.js';
import type { Module } from './module.js';
import { joinName, snakeCase } from './names.js';
import { StateTensor } from './state.js';

/** A parameter, buffer or module, with where it was found. */
export interface Member<Value = Module | StateTensor> {
  /** Name in the state dict: `layers.0.self_attn`. */
  readonly name: string;
  /** Path of attributes as the source has them: `layers.0.selfAttn`. */
  readonly attribute: string;
  readonly value: Value;
}

/**
 * Everything a module holds, at any depth, in order of declaration, under every name it has: fields that hold modules,
 * parameters and buffers, and arrays, Maps and plain objects of them. Names are fields' in snake_case, or those that
 * decorators give; keys of Maps stay as they are. Throws NameError when two members have the same name, TraceError
 * when a decorated field holds something else than its decorator says.
 */
export function members(root: Module, isModule: (value: unknown) => value is Module): Member[] {
  const walk = new MemberWalk(isModule);
  walk.visitModule(root, { name: '', attribute: '' });
  const attributeOf = new Map<string, string>();
  for (const { name, attribute } of walk.found) {
    const other = attributeOf.get(name);
    if (other !== undefined) {
      throw new NameError(
        `${root.constructor.name}: ${other} and ${attribute} are both named '${name}': give one another name with ` +
          `@param({ name }), @buffer({ name }) or @child({ name })`,
      );
    }
    attributeOf.set(name, attribute);
  }
  return walk.found;
}

type Place = Omit<Member, 'value'>;

class MemberWalk {
  readonly found: Member[] = [];
  /** Modules and containers being visited, so that a cycle (a module that holds its parent) ends. */
  private readonly open = new Set<unknown>();

  constructor(private readonly isModule: (value: unknown) => value is Module) {}

  visitModule(module: Module, place: Place): void {
    const decorated = decoratedFields(Object.getPrototypeOf(module) as object);
    this.within(module, () => {
      for (const [key, value] of Object.entries(module) as [string, unknown][]) {
        const field = decorated.get(key);
        const inner = {
          name: joinName(place.name, field?.name ?? snakeCase(key)),
          attribute: joinName(place.attribute, key),
        };
        if (field && !this.fits(field, value)) throw misfit(field, inner.attribute, value);
        this.visit(value, inner, field);
      }
    });
  }

  private visit(value: unknown, place: Place, field: FieldRecord | undefined): void {
    const kind = this.kindOf(value);
    if (kind) {
      if (field && field.kind !== kind) throw misfit(field, place.attribute, value);
      const member = value as Module | StateTensor;
      this.found.push({ ...place, value: member });
      if (this.isModule(member)) this.visitModule(member, place);
      return;
    }
    const entries = containerEntries(value);
    if (!entries) return;
    this.within(value, () => {
      for (const [key, element] of entries) {
        const name = joinName(place.name, value instanceof Map ? key : snakeCase(key));
        this.visit(element, { name, attribute: joinName(place.attribute, key) }, field);
      }
    });
  }

  /** Whether a decorated field may hold the value; what is in a container is looked at later. */
  private fits(field: FieldRecord, value: unknown): boolean {
    const isEmpty = value === undefined || value === null;
    return isEmpty || this.kindOf(value) === field.kind || containerEntries(value) !== undefined;
  }

  private kindOf(value: unknown): FieldRecord['kind'] | undefined {
    if (value instanceof StateTensor) return value.kind;
    return this.isModule(value) ? 'child' : undefined;
  }

  private within(value: unknown, visit: () => void): void {
    if (this.open.has(value)) return;
    this.open.add(value);
    visit();
    this.open.delete(value);
  }
}

/** What arrays, Maps and plain objects hold, by key; nothing for anything else. */
function containerEntries(value: unknown): Iterable<readonly [string, unknown]> | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  if (value instanceof Map) return [...value].map(([key, element]) => [String(key), element] as const);
  if (Array.isArray(value)) return value.map((element: unknown, i) => [String(i), element] as const);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

function misfit({ kind }: FieldRecord, attribute: string, value: unknown): TraceError {
  const [decorator, wanted] = {
    parameter: ['@param', 'a parameter: parameter(shape)'],
    buffer: ['@buffer', 'a buffer: buffer(shape)'],
    child: ['@child', 'a module, or an array, record or Map of modules'],
  }[kind];
  return new TraceError(`${attribute}: ${decorator} is for ${wanted}; the field holds ${describeValue(value)}`);
}
