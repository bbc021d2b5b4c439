import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { Module } from '../../dsl/module.js';
import { joinName } from '../../dsl/names.js';
import type { Parameter } from '../../dsl/state.js';
import { closeNames, NameError, UsageError } from '../../ir/errors.js';
import { elementCount } from '../../ir/shape.js';
import { Linear } from '../../layers/linear.js';
import { LowRankAdapter, type LowRankAdapterOptions } from '../../layers/low-rank-adapter.js';
import { matches, type NamePattern, type ParameterGroup } from '../../session/parameter-groups.js';

/** Options of {@link lora}, named as in PEFT. */
export interface LoraOptions {
  /** Linear layers to adapt, by their path in the model: `['*.q_proj', '*.v_proj']`. */
  readonly targets: NamePattern | readonly NamePattern[];
  /** Columns between the two matrices. Default 8. */
  readonly rank?: number;
  /** The change is scaled by alpha/rank. Default 8. */
  readonly alpha?: number;
  /** Probability with which elements of an adapter's input are dropped while training. Default 0. */
  readonly dropout?: number;
}

/** A linear layer of any size. */
export type AnyLinear = Linear<number, number, boolean>;

/** A layer with its adapter. */
export interface AdaptedLayer {
  /** The layer, whose own weight stays. */
  readonly linear: AnyLinear;
  /** What is added to its output. */
  readonly adapter: LowRankAdapter<number, number>;
}

/** What the names of adapters' parameters end in. */
const ADAPTER_NAME = String.raw`(?:^|\.)adapter\.lora_[AB]\.weight$`;

/** The adapters of a model: what {@link lora} and `loadLora` give. */
export class Lora {
  /** For the option `groups` of an optimizer: everything but the adapters stays, and has no gradients. */
  readonly frozen: ParameterGroup = { parameters: new RegExp(`^(?!.*${ADAPTER_NAME})`), frozen: true };

  /** @internal Use {@link lora}. */
  constructor(
    readonly model: Module,
    readonly options: LowRankAdapterOptions,
    /** By the layer's path in the model. */
    readonly layers: ReadonlyMap<string, AdaptedLayer>,
  ) {}

  /** Names and parameters of the adapters, as sessions have them. */
  namedParameters(): Map<string, Parameter> {
    const entries = [...this.layers].flatMap(([path, { adapter }]): [string, Parameter][] => [
      [joinName(path, 'adapter.lora_A.weight'), adapter.a],
      [joinName(path, 'adapter.lora_B.weight'), adapter.b],
    ]);
    return new Map(entries);
  }

  /** How many numbers are trained. */
  parameterCount(): number {
    return [...this.namedParameters()].reduce((sum, [name, own]) => sum + elementCount(own.sizes(name)), 0);
  }

  /** Takes the adapters off: the model is what it was without them. Harmless when repeated. */
  remove(): void {
    for (const { linear, adapter } of this.layers.values()) if (linear.adapter === adapter) linear.adapter = null;
    forgetSessions(this.model);
  }

  /** @internal Throws UsageError where an adapter is no longer on its layer. */
  requireAttached(what: string): void {
    const [gone] = [...this.layers].find(([, { linear, adapter }]) => linear.adapter !== adapter) ?? [];
    if (gone === undefined) return;
    throw new UsageError(`${what}: '${gone}' no longer has its adapter: it was merged, or removed; attach it anew`);
  }
}

/**
 * Puts an adapter of low rank (LoRA; Hu et al. 2021, arXiv:2106.09685) on every linear layer whose path fits `targets`: W x
 * becomes W x + (alpha/rank)·B A x, with A random and B 0, so that at first the model computes what it did.
 *
 *     const adapters = lora(model, { targets: ['*.q_proj', '*.v_proj'], rank: 8, alpha: 16 });
 *     const session = await buildSession(trace(model, …), { optimizer: adamW({ groups: [adapters.frozen] }) });
 *     await saveLora(adapters, 'adapter', { weights: session });
 *
 * Load the model's own weights before. What the model has built (`generate`) is freed, since it lacks the adapters.
 *
 * Throws NameError for a pattern that fits no linear layer, and for options that there are not; ValueError for those out of range;
 * UsageError for what is no model or pattern, and for layers that have an adapter already. Then nothing has changed.
 */
export function lora(model: Module, options: LoraOptions): Lora {
  if (!((model as unknown) instanceof Module)) {
    throw new UsageError(`lora: the first argument must be a model, got ${describeValue(model)}`);
  }
  checkedOptions('lora', ['targets', 'rank', 'alpha', 'dropout'], options);
  const { targets, rank = 8, alpha = 8, dropout = 0 } = options;
  const layers = linearLayers(model);
  const patterns: readonly unknown[] = Array.isArray(targets) ? targets : [targets];
  const chosen = new Set(patterns.flatMap((pattern) => pathsOf(pattern, [...layers.keys()])));
  if (chosen.size === 0) throw new UsageError('lora: targets must name layers, got an empty list');
  return attached('lora', model, new Map([...layers].filter(([path]) => chosen.has(path))), { rank, alpha, dropout });
}

/** @internal Puts a new adapter on each of these layers. Throws as {@link lora}. */
export function attached(
  what: string,
  model: Module,
  layers: ReadonlyMap<string, AnyLinear>,
  options: LowRankAdapterOptions,
): Lora {
  const taken = [...layers].filter(([, linear]) => linear.adapter).map(([path]) => `'${path}'`);
  if (taken.length > 0) {
    throw new UsageError(`${what}: ${taken.join(', ')} have adapters: merge or remove those first`);
  }
  const made = [...layers].map(([path, linear]): [string, AdaptedLayer] => {
    const adapter = new LowRankAdapter(linear.inFeatures, linear.outFeatures, options);
    // A new module trains; the model may not.
    return [path, { linear, adapter: adapter.train(linear.training) }];
  });
  for (const [, { linear, adapter }] of made) linear.adapter = adapter;
  forgetSessions(model);
  return new Lora(model, options, new Map(made));
}

/** @internal Every linear layer by its path. */
export function linearLayers(model: Module): Map<string, AnyLinear> {
  const entries = [...model.namedModules()].flatMap(([path, module]): [string, AnyLinear][] =>
    isLinear(module) ? [[path, module]] : [],
  );
  return new Map(entries);
}

/** @internal Frees what a model has built (`generate`), where it has: its graphs are of other layers than there are now. */
export function forgetSessions(model: Module): void {
  if (isDisposable(model)) model.dispose();
}

function pathsOf(pattern: unknown, paths: readonly string[]): string[] {
  if (typeof pattern !== 'string' && !(pattern instanceof RegExp)) {
    throw new UsageError(
      `lora: targets must be paths, with * for any characters, or regular expressions, got ${describeValue(pattern)}`,
    );
  }
  const found = paths.filter((path) => matches(pattern, path));
  if (found.length > 0) return found;
  const close = typeof pattern === 'string' ? closeNames(pattern, paths) : [];
  const known = paths.length > 0 ? `there are ${paths.slice(0, 8).join(', ')}` : 'the model has none';
  const hint = close.length > 0 ? `did you mean '${close[0]}'?` : known;
  throw new NameError(`lora: no linear layer matches ${String(pattern)}; ${hint}`);
}

const isDisposable = (model: Module): model is Module & { dispose(): void } =>
  'dispose' in model && typeof model.dispose === 'function';

/** A typed guard: a bare `instanceof` leaves the type arguments `any`. */
const isLinear = (module: Module): module is AnyLinear => module instanceof Linear;
