import 'reflect-metadata/lite';
import type { DType } from '../ir/dtype.js';
import { TraceError } from '../ir/errors.js';
import type { Module } from './module.js';
import { zeros } from './init.js';
import type { Dim } from './shapes/dim.js';
import { makeBuffer, type InitialValues, type ParameterOf, type StateBuffer } from './state.js';

/** What a decorator says about a field. */
export interface FieldRecord {
  readonly kind: 'parameter' | 'buffer' | 'child';
  /** Name in the state dict, instead of the field's own in snake_case. */
  readonly name?: string;
}

export interface FieldOptions {
  /** Name in the state dict where a checkpoint calls the field otherwise; may contain dots. */
  name?: string;
}

/** Several of them, which then count as `name.0`, `name.key`. */
export type Members<T> = T | readonly Members<T>[] | { readonly [key: string]: T } | ReadonlyMap<string, T>;

/** Marks fields whose type is `Value`; works bare (`@param`) and called (`@param({ name })`). */
export interface FieldDecorator<Value> {
  <Key extends string>(target: { readonly [K in Key]?: Value }, key: Key): void;
  (options?: FieldOptions): <Key extends string>(target: { readonly [K in Key]?: Value }, key: Key) => void;
}

const metadataKey = Symbol('meganeura:fields');

/** What decorators said about the fields of a module's class and of those it extends. */
export function decoratedFields(prototype: object): ReadonlyMap<string, FieldRecord> {
  return (Reflect.getMetadata(metadataKey, prototype) as Map<string, FieldRecord> | undefined) ?? new Map();
}

function record(prototype: object, key: string, field: FieldRecord): void {
  // A subclass gets a map of its own, so that its fields stay unknown to the class it extends.
  const fields = new Map([...decoratedFields(prototype), [key, field]]);
  Reflect.defineMetadata(metadataKey, fields, prototype);
}

/** A decorator is called with (prototype, key) when bare and with options, or nothing, otherwise. */
function decorate(kind: FieldRecord['kind'], decorator: string, first: unknown, key: unknown): unknown {
  if (typeof key === 'string') {
    record(first as object, key, { kind });
    return;
  }
  // Standard decorators pass a context object: what decorated the class was not the legacy form.
  if (key !== undefined) throw wrongFlags(decorator);
  const { name } = (first ?? {}) as FieldOptions;
  return (prototype: object, field: unknown) => {
    if (typeof field !== 'string') throw wrongFlags(decorator);
    record(prototype, field, { kind, ...(name === undefined ? {} : { name }) });
  };
}

function wrongFlags(decorator: string): TraceError {
  return new TraceError(
    `${decorator} is for fields, and needs "experimentalDecorators": true and "useDefineForClassFields": false in the ` +
      `compiler's options`,
  );
}

/**
 * Marks a field that holds a parameter: `@param weight = parameter([out, in])`; `@param({ name: 'gamma' })` gives its
 * name in the state dict. Fields that hold parameters count also without it.
 */
export const param = ((first?: unknown, key?: unknown) =>
  decorate('parameter', '@param', first, key)) as FieldDecorator<Members<ParameterOf> | null>;

/** Marks a field that holds modules: `@child({ name: 'self_attn' })`. Fields that hold modules count also without it. */
export const child = ((first?: unknown, key?: unknown) =>
  decorate('child', '@child', first, key)) as FieldDecorator<Members<Module> | null>;

export interface BufferFunction extends FieldDecorator<Members<StateBuffer> | null> {
  <const S extends Dim[]>(shape: readonly [...S], initial?: InitialValues): StateBuffer<S, 'f32'>;
  <const S extends Dim[], D extends DType>(shape: readonly [...S], initial: InitialValues, dtype: D): StateBuffer<S, D>;
}

/**
 * Both the value and the mark of a field with state that is kept but not trained:
 * `@buffer runningMean = buffer([features], zeros())`. As a function: a buffer of that shape, zeros unless given, f32
 * unless given. As a decorator like {@link param}.
 */
export const buffer = ((first?: unknown, second?: unknown, dtype: DType = 'f32') =>
  Array.isArray(first)
    ? makeBuffer(first as Dim[], (second as InitialValues | undefined) ?? zeros(), dtype)
    : decorate('buffer', '@buffer', first, second)) as BufferFunction;
