import { gradients } from '../autodiff/gradients.js';
import { GraphBuilder } from '../ir/build.js';
import { GraphError, NameError, closeNames } from '../ir/errors.js';
import { leafName, type Graph, type Node, type State } from '../ir/graph.js';
import { elementCount } from '../ir/shape.js';
import type { Optimizer } from './optimizer.js';

/** The output that holds a parameter's gradient, in sessions that keep them. */
export function gradientName(parameter: string): string {
  return `gradient.${parameter}`;
}

export interface TrainingOptions {
  /** Name of the output to minimise. */
  readonly loss: string;
  readonly optimizer?: Optimizer | undefined;
  /** Keep every parameter's gradient as an output. */
  readonly gradients?: boolean | undefined;
}

/**
 * The whole training step as one graph: forward, backward, and the optimizer's updates of parameters and of its own
 * state. Throws NameError for an unknown loss or names that clash, GraphError when no parameter affects the loss.
 */
export function trainingGraph(graph: Graph, { loss, optimizer, gradients: keep }: TrainingOptions): Graph {
  const builder = new GraphBuilder();
  builder.adopt(graph.nodes());
  const target = graph.outputs.get(loss);
  if (!target) throw unknownLoss(loss, graph);
  const parameters = [...graph.parameters.values()].map((state) => state.node);
  const found = gradients(builder, target, parameters);
  const pairs = parameters.flatMap((parameter, i) => (found[i] ? [{ parameter, gradient: found[i] }] : []));
  if (pairs.length === 0)
    throw new GraphError(`the output '${loss}' depends on no parameter: there is nothing to train`);

  const outputs = new Map(graph.outputs);
  if (keep) for (const { parameter, gradient } of pairs) outputs.set(gradientName(leafName(parameter)), gradient);
  if (!optimizer) return graph.with({ outputs });

  const step = new OptimizerStep(builder, graph, optimizer);
  for (const { parameter, gradient } of pairs) step.update(parameter, gradient);
  return graph.with({
    outputs,
    inputs: new Map([...graph.inputs, ...step.inputs]),
    inputDefaults: new Map([...graph.inputDefaults, ...Object.entries(optimizer.inputs)]),
    buffers: new Map([...graph.buffers, ...step.buffers]),
    updates: new Map([...graph.updates, ...step.updates]),
  });
}

class OptimizerStep {
  readonly inputs: ReadonlyMap<string, Node>;
  readonly buffers = new Map<string, State>();
  readonly updates = new Map<string, Node>();

  constructor(
    private readonly builder: GraphBuilder,
    graph: Graph,
    private readonly optimizer: Optimizer,
  ) {
    this.inputs = new Map(
      Object.keys(optimizer.inputs).map((name) => {
        if (graph.inputs.has(name)) {
          throw new NameError(`the optimizer ${optimizer.name} feeds an input '${name}': rename the graph's own`);
        }
        return [name, builder.leaf('input', name, [], 'f32')];
      }),
    );
  }

  update(parameter: Node, gradient: Node): void {
    const { builder, optimizer } = this;
    const parameterName = leafName(parameter);
    const stateName = (name: string) => `${optimizer.name}.${name}.${parameterName}`;
    const next = builder.within(`${optimizer.name}.${parameterName}`, () =>
      optimizer.update({
        g: builder.g,
        parameter,
        gradient,
        inputs: Object.fromEntries(this.inputs),
        state: (name) => this.state(stateName(name), parameter),
        save: (name, value) => this.updates.set(stateName(name), value),
      }),
    );
    this.updates.set(parameterName, next);
  }

  private state(name: string, like: Node): Node {
    const node = this.builder.leaf('buffer', name, like.shape, like.dtype);
    this.buffers.set(name, { node, initial: () => new Float32Array(elementCount(like.shape)) });
    return node;
  }
}

function unknownLoss(loss: string, graph: Graph): NameError {
  const names = [...graph.outputs.keys()];
  const close = closeNames(loss, names);
  const hint = close.length > 0 ? `; did you mean '${close[0]}'?` : '';
  return new NameError(`the graph has no output '${loss}' to minimise, only ${names.join(', ')}${hint}`);
}
