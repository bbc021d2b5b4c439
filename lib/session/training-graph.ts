import { gradients } from '../autodiff/gradients.js';
import { GraphBuilder } from '../ir/build.js';
import { GraphError, NameError, closeNames } from '../ir/errors.js';
import { leafName, type Graph, type Node } from '../ir/graph.js';
import { Accumulation } from './accumulation.js';
import { clipped, GRADIENT_NORM } from './gradient-clipping.js';
import { haltUnlessFinite } from './halting.js';
import { LossScaling, LOSS_SCALE } from './loss-scaling.js';
import { mixed } from './mixed-precision.js';
import type { Optimizer } from './optimizer.js';
import { groupSettings, type GroupSettings } from './parameter-groups.js';
import { recomputed, type ModulePatterns } from './recompute.js';
import { inDType, StepState } from './step-state.js';
import type { CheckedStep } from './training-options.js';
import { averaged } from './weight-average.js';

/** The output that holds a parameter's gradient, in sessions that keep them. */
export function gradientName(parameter: string): string {
  return `gradient.${parameter}`;
}

/** Options of {@link trainingGraph}: the loss, the optimizer, and what follows the backward pass. */
export interface TrainingOptions extends Partial<Omit<CheckedStep, 'recompute'>> {
  /** Name of the output to minimise. */
  readonly loss: string;
  /** How parameters are updated; without one nothing is. */
  readonly optimizer?: Optimizer | undefined;
  /** Keep every parameter's gradient as an output. */
  readonly gradients?: boolean | undefined;
  /** Modules whose inside the backward pass computes again. */
  readonly recompute?: ModulePatterns | undefined;
}

/**
 * The whole training step as one graph: forward, backward, and the optimizer's updates of parameters and of its own
 * state. Throws NameError for an unknown loss, names that clash and patterns that match nothing, GraphError when no
 * parameter that is trained affects the loss.
 */
export function trainingGraph(traced: Graph, options: TrainingOptions): Graph {
  const graph = options.mixedPrecision ? mixed(traced, options.mixedPrecision) : traced;
  const builder = new GraphBuilder();
  builder.adopt(graph.nodes());
  const { loss, optimizer } = options;
  const target = graph.outputs.get(loss);
  if (!target) throw unknownLoss(loss, graph);
  const step = optimizer && new TrainingStep(builder, graph, optimizer, options);
  const trained = [...graph.parameters].filter(([name]) => !step?.settings.get(name)?.frozen);
  const parameters = trained.map(([, state]) => state.node);
  const found = gradients(builder, step?.scaling ? step.scaling.scaled(target) : target, parameters);
  let pairs = parameters.flatMap((parameter, i) => (found[i] ? [{ parameter, gradient: found[i] }] : []));
  if (pairs.length === 0) {
    const frozen = trained.length < graph.parameters.size ? ' that is not frozen' : '';
    throw new GraphError(`the output '${loss}' depends on no parameter${frozen}: there is nothing to train`);
  }
  if (options.recompute) {
    const again = recomputed(builder, pairs.map(({ gradient }) => gradient), graph, options.recompute); // prettier-ignore
    pairs = pairs.map((pair, i) => ({ ...pair, gradient: again[i]! }));
  }
  if (step) pairs = pairs.map((pair) => ({ ...pair, gradient: step.collected(pair) }));

  const outputs = new Map(graph.outputs);
  if (options.gradients) {
    for (const { parameter, gradient } of pairs) outputs.set(gradientName(leafName(parameter)), gradient);
  }
  if (!step) return graph.with({ outputs });
  step.update(pairs, target);
  return graph.with({
    outputs: new Map([...outputs, ...step.outputs]),
    inputs: new Map([...graph.inputs, ...step.inputs]),
    inputDefaults: new Map([...graph.inputDefaults, ...Object.entries(step.optimizer.inputs)]),
    buffers: new Map([...graph.buffers, ...step.state.buffers]),
    updates: new Map([...graph.updates, ...step.state.updates]),
  });
}

interface Trained {
  readonly parameter: Node;
  readonly gradient: Node;
}

/** What follows the backward pass: unscale, accumulate, clip, update, average. */
class TrainingStep {
  readonly inputs: ReadonlyMap<string, Node>;
  readonly outputs = new Map<string, Node>();
  readonly settings: ReadonlyMap<string, GroupSettings>;
  readonly state: StepState;
  readonly scaling: LossScaling | undefined;
  private readonly accumulation: Accumulation | undefined;

  constructor(
    private readonly builder: GraphBuilder,
    private readonly graph: Graph,
    readonly optimizer: Optimizer,
    private readonly options: TrainingOptions,
  ) {
    this.inputs = new Map(
      Object.keys(optimizer.inputs).map((name) => {
        if (graph.inputs.has(name)) {
          throw new NameError(`the optimizer ${optimizer.name} feeds an input '${name}': rename the graph's own`);
        }
        return [name, builder.leaf('input', name, [], 'f32')];
      }),
    );
    this.settings = groupSettings(optimizer.name, optimizer.groups ?? [], [...graph.parameters.keys()]);
    this.state = new StepState(builder, graph, optimizer.name);
    const { accumulate = 1, lossScale } = options;
    if (accumulate > 1) this.accumulation = new Accumulation(builder.g, this.state, accumulate);
    if (lossScale) this.scaling = new LossScaling(builder.g, this.state, lossScale);
  }

  /** The gradient of the loss itself, of this step or of the steps that are accumulated. */
  collected({ parameter, gradient }: Trained): Node {
    if (!this.scaling && !this.accumulation) return gradient;
    return this.builder.within(this.scope(parameter), () => {
      const wide = inDType(this.builder.g, gradient, 'f32');
      const unscaled = this.scaling ? this.scaling.unscaled(wide) : wide;
      return this.accumulation ? this.accumulation.mean(unscaled, leafName(parameter)) : unscaled;
    });
  }

  update(pairs: readonly Trained[], loss: Node): void {
    const { builder, options, scaling, accumulation } = this;
    const wide = pairs.map(({ gradient }) => inDType(builder.g, gradient, 'f32'));
    if (scaling) this.output(LOSS_SCALE, scaling.adapt(wide, accumulation?.isLast));
    const limited = options.clip && builder.within('clip', () => clipped(builder.g, wide, options.clip!));
    if (limited?.total) this.output(GRADIENT_NORM, limited.total);
    if (options.haltOnNonFinite) {
      haltUnlessFinite(builder.g, this.state, limited?.total && !scaling ? [loss, limited.total] : [loss]);
    }
    pairs.forEach(({ parameter }, i) => {
      builder.within(this.scope(parameter), () => this.updateOne(parameter, (limited?.gradients ?? wide)[i]!));
    });
  }

  private updateOne(parameter: Node, gradient: Node): void {
    const { builder, optimizer, state, options } = this;
    const { g } = builder;
    const name = leafName(parameter);
    const settings = this.settings.get(name) ?? {};
    const stateName = (own: string) => `${optimizer.name}.${own}.${name}`;
    const states = new Map<string, Node>();
    const next = optimizer.update({
      g,
      parameter: inDType(g, parameter, 'f32'),
      gradient,
      inputs: this.inputsOf(settings),
      weightDecay: settings.weightDecay,
      step: () => state.step(),
      state: (own, { shape = parameter.shape, initial = 0 } = {}) => {
        const node = state.buffer(stateName(own), shape, 'f32', initial);
        states.set(own, node);
        return node;
      },
      save: (own, value) => {
        const node = states.get(own);
        if (!node) throw new NameError(`${optimizer.name}: save('${own}') without state('${own}') before it`);
        state.update(node, stateName(own), value);
      },
    });
    const stored = next.dtype === 'f32' ? inDType(g, next, parameter.dtype) : next;
    state.update(parameter, name, stored);
    if (options.average) averaged(builder, state, stored, name, options.average.decay);
  }

  private inputsOf({ learningRateScale = 1 }: GroupSettings): Readonly<Record<string, Node>> {
    const { g } = this.builder;
    return Object.fromEntries(
      [...this.inputs].map(([name, node]) => [
        name,
        name === 'learningRate' && learningRateScale !== 1 ? g.mul(node, g.scalar(learningRateScale, node)) : node,
      ]),
    );
  }

  private output(name: string, node: Node): void {
    if (this.graph.outputs.has(name)) throw new NameError(`training gives an output '${name}': rename the graph's own`);
    this.outputs.set(name, node);
  }

  private scope(parameter: Node): string {
    return `${this.optimizer.name}.${leafName(parameter)}`;
  }
}

function unknownLoss(loss: string, graph: Graph): NameError {
  const names = [...graph.outputs.keys()];
  const close = closeNames(loss, names);
  const hint = close.length > 0 ? `; did you mean '${close[0]}'?` : '';
  return new NameError(`the graph has no output '${loss}' to minimise, only ${names.join(', ')}${hint}`);
}
