import type { DType } from '../ir/dtype.js';
import { NameError, ShapeError, TraceError } from '../ir/errors.js';
import type { Node } from '../ir/graph.js';
import { recorded, recorderFor, type Recorder } from '../ir/recorder.js';
import { runTrace, TraceContext } from './context.js';
import { checkedOptions, describeValue, TracedTensor } from './emit.js';
import { Input, type Inputs, type InputTensors } from './input.js';
import { Module } from './module.js';
import { withModulePaths } from './module-paths.js';
import { joinName } from './names.js';
import type { Dim } from './shapes/dim.js';
import { Tensor } from './tensor.js';
import { TracedGraph, type Outputs } from './traced-graph.js';

/** Options of {@link trace}. */
export interface TraceOptions {
  /** Numbers for the names in shapes. */
  dims?: Readonly<Record<string, number>>;
  /**
   * Modules that are no part of the model but used beside it, such as a cache of keys and values: their states are named
   * under these keys. Sessions that share weights share those too.
   */
  modules?: Readonly<Record<string, Module>>;
  /** Records how long it takes: as for `buildSession`. */
  profile?: Recorder | string;
}

/** A function over the traced inputs, which returns the outputs by name, or one tensor: the output `output`. */
type Traced<I extends Inputs, R> = (inputs: InputTensors<I>) => R;

/** Outputs by name, from what a function returned. */
type OutputsFrom<R> = R extends Tensor ? { output: R } : R extends Outputs ? R : never;

/**
 * Runs a model's computation once and records it as a graph.
 *
 *     const graph = trace(model, { images: input([64, 784]), labels: input([64], 'i32') }, ({ images, labels }) => {
 *       const logits = model.forward(images);
 *       return { logits, loss: crossEntropy(logits, labels) };
 *     });
 *
 * The function gets a tensor for each input and returns the outputs by name. Without it, `model.forward` is called
 * with the inputs in order, and what it returns, if one tensor, is the output `output`. Without a model, the function
 * may use `namedParameter`. `dims` binds names in shapes: `trace(model, inputs, fn, { dims: { batch: 64 } })`.
 *
 * Parameters and buffers carry their names in the model's state dict and their initial values; those that nothing uses
 * are part of the graph, without gradient. Every node carries the path of the module whose `forward` made it. `train()`
 * and `eval()` count as they are now.
 *
 * Throws ShapeError, DTypeError and ValueError with the module path when operands do not fit, NameError for a name that
 * is taken twice or a dimension without a number, TraceError for outputs that are not tensors.
 */
export function trace<I extends Inputs, R extends Tensor | Outputs>(
  model: Module,
  inputs: I,
  fn: Traced<I, R>,
  options?: TraceOptions,
): TracedGraph<I, OutputsFrom<R>>;
export function trace<M extends Module, I extends Inputs>(
  model: M,
  inputs: I,
  options?: TraceOptions,
): TracedGraph<I, OutputsFrom<ReturnType<M['forward']>>>;
export function trace<I extends Inputs, R extends Tensor | Outputs>(
  inputs: I,
  fn: Traced<I, R>,
  options?: TraceOptions,
): TracedGraph<I, OutputsFrom<R>>;
export function trace(...args: unknown[]): TracedGraph {
  const model = args[0] instanceof Module ? args[0] : undefined;
  const [inputs, ...rest] = (model ? args.slice(1) : args) as [Inputs, ...unknown[]];
  const fn = typeof rest[0] === 'function' ? (rest.shift() as Traced<Inputs, unknown>) : undefined;
  const options = checkedOptions('trace', ['dims', 'modules', 'profile'], rest[0] ?? {}) as TraceOptions;
  const { dims = {}, modules = {}, profile } = options;
  const run =
    fn ?? (model && ((tensors: InputTensors<Inputs>) => model.forward(...(Object.values(tensors) as never[]))));
  if (!run) throw new TraceError('trace: give a model, a function over the inputs, or both');
  if (typeof inputs !== 'object') {
    throw new TraceError('trace: give the inputs by name: trace(model, { x: input([64, 784]) })');
  }
  const roots = new Map([...(model ? [['', model] as const] : []), ...Object.entries(modules)]);
  const context = new TraceContext(new Map(Object.entries(dims)));
  return recorded(recorderFor('trace', profile), 'trace', () => record(roots, inputs, run, context));
}

/** `modules` by what their states' names start with. */
function record(
  modules: ReadonlyMap<string, Module>,
  inputs: Inputs,
  run: (tensors: InputTensors<Inputs>) => unknown,
  context: TraceContext,
): TracedGraph {
  const tensors: Record<string, Tensor> = {};
  for (const [name, spec] of Object.entries(inputs)) {
    const node = inputNode(context, name, spec);
    context.declareInput(name, node);
    tensors[name] = new TracedTensor(node, context);
  }
  for (const [prefix, module] of modules) {
    for (const { names, state } of module.states()) {
      context.declareState(joinName(prefix, names[0]!), state, prefix === '' ? names : undefined);
    }
  }
  const result = runTrace(context, () => withModulePaths(context, modules, () => run(tensors)));
  // It is refused below; should it reject on top of that, nobody could catch it.
  if (result instanceof Promise) result.catch(() => undefined);
  const outputs = outputNodes(context, result);
  return new TracedGraph(
    {
      inputs: context.inputs,
      parameters: context.parameters,
      buffers: context.buffers,
      outputs: new Map(outputs),
      updates: context.updates,
    },
    inputs,
    Object.fromEntries(outputs.map(([name, { shape, dtype }]) => [name, { shape: [...shape], dtype }])),
  );
}

function inputNode(context: TraceContext, name: string, spec: unknown): Node {
  if (!isInput(spec)) {
    throw new TraceError(`input '${name}' must be made by input(shape, dtype), got ${describeValue(spec)}`);
  }
  const shape = spec.shape.map((dim) => context.size(dim, `input '${name}'`));
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new ShapeError(`input '${name}': [${shape.join(', ')}] is no shape: sizes are integers, at least 0`);
  }
  return context.builder.leaf('input', name, shape, spec.dtype);
}

/** What the traced function returned, by name. */
function outputNodes(context: TraceContext, result: unknown): [string, Node][] {
  const outputs = Object.entries(isTensor(result) ? { output: result } : plainObject(result));
  if (outputs.length === 0) throw new TraceError('trace: nothing was returned as output');
  return outputs.map(([name, value]) => {
    if (!isTensor(value)) {
      throw new TraceError(`output '${name}' must be a tensor, got ${describeValue(value)}`);
    }
    const holder = context.holderOf(name);
    if (holder) throw new NameError(`output '${name}': the name is taken by ${holder}`);
    return [name, value.nodeIn(context)];
  });
}

/** Typed guards: a bare `instanceof` leaves the type arguments `any`. */
const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isInput = (value: unknown): value is Input<Dim[], DType> => value instanceof Input;

function plainObject(result: unknown): Record<string, unknown> {
  const prototype: unknown = typeof result === 'object' && result !== null ? Object.getPrototypeOf(result) : undefined;
  if (prototype === Object.prototype || prototype === null) return result as Record<string, unknown>;
  throw new TraceError(
    `output 'output' must be a tensor, or an object of tensors by name, got ${describeValue(result)}`,
  );
}
