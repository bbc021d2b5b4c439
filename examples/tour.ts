/**
 * A tour of the code, in the order in which a computation goes through it: `npm run tour`. A model of one layer is
 * traced, interpreted, differentiated, given an optimizer, rewritten, planned, written as WGSL and run, and each stage prints
 * what it made. Users need none of these imports but the first two; `docs/architecture.md` says what is in which folder.
 */
import { buildSession, crossEntropy, input, manualSeed, Module, relu, trace, type Dim, type Tensor } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { gradients } from '../lib/autodiff/gradients.js';
import { adapterProfiles } from '../lib/backend/planning/adapters.js';
import { planGraph } from '../lib/backend/planning/plan.js';
import { planCost } from '../lib/backend/planning/predict.js';
import { GraphBuilder } from '../lib/ir/build.js';
import { interpret } from '../lib/ir/interpret.js';
import { opOf } from '../lib/ir/ops/index.js';
import { printGraph } from '../lib/ir/print.js';
import { showShape } from '../lib/ir/shape.js';
import { optimize } from '../lib/rewrite/optimize.js';
import { ruleTexts } from '../lib/rewrite/program.js';
import { trainingGraph } from '../lib/session/training-graph.js';
import { sgd } from '../lib/train/optimizers/sgd.js';

/** Lines behind a heading; long texts are cut, since there are nine of them. */
function show(stage: string, text: string, most = 40): void {
  const lines = text.split('\n');
  const rest = lines.length - most;
  console.log(`\n── ${stage}\n`);
  console.log([...lines.slice(0, most), ...(rest > 0 ? [`… and ${rest} lines more`] : [])].join('\n'));
}

// ── 1. Modules (lib/dsl/module.ts, members.ts). Fields that hold modules and parameters are found and named. A parameter
// has a shape and an initialiser; its numbers are drawn from the seed when somebody asks for them.

class Classifier extends Module {
  layer = new Linear(3, 4);
  forward<B extends Dim>(x: Tensor<[B, 3], 'f32'>) {
    return relu(this.layer.forward(x));
  }
}

manualSeed(1);
const model = new Classifier();
const parameters = [...model.namedParameters()].map(([name, parameter]) => {
  const values = Array.from(parameter.values().slice(0, 3), (value) => Number(value.toFixed(3)));
  return `${name} ${showShape(parameter.sizes(name))} starts with ${values.join(', ')}`;
});
show('1. a module has parameters', parameters.join('\n'));

// ── 2. Tracing (lib/dsl/trace.ts, emit.ts). Tensors stand for nodes of a graph that grows while `forward` runs. Each operation
// is a record of the op table (lib/ir/ops), which knows the shapes (lib/ir/infer.ts) and more.

const BATCH = 2;
const inputs = { x: input([BATCH, 3]), labels: input([BATCH], 'i32') };
const graph = trace(model, inputs, ({ x, labels }) => ({ loss: crossEntropy(model.forward(x), labels) }));
const kinds = graph.nodes().filter(({ op }) => op === 'crossEntropy' || op === 'relu' || op === 'linear');
show('2. tracing makes a graph', printGraph(graph));
console.log(kinds.map((node) => `${node.op} is a ${opOf(node).kind}: ${opOf(node).doc.split('. ')[0]!}`).join('\n'));

// ── 3. Interpreting (lib/ir/interpret.ts). Plain loops in f64: what the graph means, and what every test compares with.

const x = [0.5, -1, 2, 1, 0, -0.5];
const labels = [1, 3];
const expected = interpret(graph, { x, labels });
show('3. the interpreter knows its value', `loss = ${expected.outputs.get('loss')![0]!.toFixed(6)}`);

// ── 4. Gradients (lib/autodiff). The loss is followed backwards, and each record says what it passes to its operands. What comes
// out is more nodes of the same kind, and so the interpreter can be asked whether it is right.

const builder = new GraphBuilder();
builder.adopt(graph.nodes());
const bias = graph.parameters.get('layer.bias')!.node;
const [gradient] = gradients(builder, graph.outputs.get('loss')!, [bias]);
const backward = graph.with({ outputs: new Map([['gradient', gradient!]]) }).pruned();
show('4. differentiation adds nodes: of the bias alone', printGraph(backward), 16);

const derivative = interpret(backward, { x, labels }).outputs.get('gradient')!;
const initial = Array.from(model.layer.bias.values(), Number);
const lossAt = (index: number, change: number) => {
  const moved = initial.map((value, i) => (i === index ? value + change : value));
  return interpret(graph, { x, labels, 'layer.bias': moved }).outputs.get('loss')![0]!;
};
const differences = initial.map((_, i) => (lossAt(i, 1e-4) - lossAt(i, -1e-4)) / 2e-4);
console.log(`\nby the graph:      ${Array.from(derivative, (value) => value.toFixed(6)).join(' ')}`);
console.log(`by differences:    ${differences.map((value) => value.toFixed(6)).join(' ')}`);

// ── 5. The step of training (lib/session/training-graph.ts, lib/train/optimizers). An optimizer gives each parameter its next
// value, as nodes too. Forward, backward and update are one graph, with the learning rate as an input.

const optimizer = sgd({ learningRate: 0.5, momentum: 0.9 });
const step = trainingGraph(graph, { loss: 'loss', optimizer });
const updates = printGraph(step)
  .split('\n')
  .filter((line) => line.startsWith('update'));
show(`5. a step of training is one graph of ${step.nodes().length} nodes`, updates.join('\n'));

// ── 6. Rewriting (lib/rewrite, egglog-wasm). The graph goes into an e-graph, where rules only add; the cheapest program
// comes out. A rule made from the decomposition of `linear` finds what one spells out:

const rules = ruleTexts['composite rules']!;
const start = rules.lastIndexOf('(rule', rules.indexOf('linear recognized'));
const { rates, limits } = adapterProfiles.software;
const rewritten = await optimize(step, rates);
show('6. rewriting: one rule', rules.slice(start, rules.indexOf('\n', rules.indexOf('linear recognized'))));
const found = Object.entries(rewritten.report.rules)
  .slice(0, 8)
  .map(([rule, count]) => `${count} × ${rule}`);
console.log(`\nwhat was found most: ${found.join(', ')}`);
show('   and the graph after it', printGraph(rewritten.graph), 60);

// ── 7. Planning (lib/backend/planning, fusion). Nodes become groups, groups become kernels, kernels that do not wait for
// one another become dispatches; tensors get places in shared buffers. It needs to know an adapter's limits, not the adapter.

const plan = planGraph(rewritten.graph, limits);
const cost = planCost(plan, rates);
const kernels = plan.kernels.map(
  ({ label, operations, workgroups }) => `${label}: ${operations} operations, ${workgroups.join(' × ')} workgroups`,
);
show(`7. the plan has ${cost.dispatches} dispatches`, kernels.join('\n'));
const arenas = plan.memory.arenas.reduce((sum, bytes) => sum + bytes, 0);
console.log(
  `\n${arenas} bytes of intermediates, ${plan.bytesWithoutReuse} without sharing; a step moves ${cost.bytes} bytes`,
);

// ── 8. Kernels (lib/backend/kernels). The text of the first one.

show(
  '8. a kernel is WGSL',
  plan.kernels[0]!.wgsl(() => false),
  60,
);

// ── 9. Executing (lib/backend/execution, lib/session). Buffers, pipelines and bind groups are made once; a step is one submit.
// The interpreter takes the same steps beside it.

const session = await buildSession(graph, { optimizer });
let state: Record<string, ArrayLike<number>> = {};
const losses: string[] = [];
for (let i = 0; i < 4; i++) {
  session.step({ x, labels });
  const [measured] = await session.read('loss');
  const { outputs, updates: next } = interpret(step, { ...state, x, labels });
  state = { ...state, ...Object.fromEntries(next) };
  losses.push(
    `step ${i + 1}: ${measured!.toFixed(5)} on the device, ${outputs.get('loss')![0]!.toFixed(5)} interpreted`,
  );
}
show('9. steps on the device', losses.join('\n'));
session.dispose();
