/** The subcommand `explain`. Node only. */
import { adapterProfiles, type AdapterName } from '../backend/planning/adapters.js';
import { closeNames } from '../ir/errors.js';
import type { Graph } from '../ir/graph.js';
import { fileSystem } from '../profile/node.js';
import { trainingGraph } from '../session/training-graph.js';
import { sgd } from '../train/optimizers/sgd.js';
import { workloads } from '../zoo/workloads/index.js';
import type { Workload } from '../zoo/workloads/workload.js';
import { ExplainError } from './errors.js';
import { explain, type Explanation } from './explain.js';
import { graphPicture } from './picture.js';
import { explanationText } from './text.js';

const names = workloads.map(({ name }) => name);
const adapters = Object.keys(adapterProfiles) as AdapterName[];

export const EXPLAIN_USAGE = `usage: meganeura explain <workload> [--training | --freeze] [--json] [--adapter <name>] [--svg <file>] [--module <path>]

Prints what rewriting finds in a model and what a step of it will cost. Needs no GPU, and allocates no weights.

  <workload>          ${names.join(', ')}
  --training          with the gradient of every parameter (mnist: with the update by SGD with momentum)
  --freeze            as an inference session with the option freeze: weights that follow from weights computed once
  --json              nodesBefore, nodesAfter, dispatches, bytes, predictedMilliseconds, rewriteSeconds, rules
  --adapter <name>    what to plan for: ${adapters.join(', ')}; default ${adapters[0]!}
  --svg <file>        draws the graph before and after
  --module <path>     draws this module only, such as layers.0
`;

interface Arguments {
  readonly workload: Workload;
  readonly training: boolean;
  readonly freeze: boolean;
  readonly json: boolean;
  readonly adapter: AdapterName;
  readonly svg: string | undefined;
  readonly module: string | undefined;
}

/** Runs the subcommand; gives what it prints. Throws ExplainError for wrong arguments and files that cannot be written. */
export async function explainCommand(args: readonly string[]): Promise<string> {
  const { workload, training, freeze, json, adapter, svg, module } = readArguments(args);
  const explanation = await explain(graphOf(workload, training), adapter, { freeze });
  const title = `${workload.name}${training ? ', training' : ''}${freeze ? ', frozen' : ''}`;
  if (svg !== undefined) write(svg, graphPicture(title, explanation.before, explanation.after, module));
  if (json) return `${JSON.stringify(explanationJson(explanation), null, 2)}\n`;
  const drawn = svg === undefined ? '' : `\nwrote ${svg}\n`;
  return `${explanationText(title, explanation)}${drawn}`;
}

/** What `--json` prints. */
export function explanationJson({ report }: Explanation): Record<string, unknown> {
  const { nodesBefore, nodesAfter, dispatches, bytes, predictedMilliseconds, rewriteSeconds, rules, folded } = report;
  const stopped = report.rewrite?.stopped;
  return {
    nodesBefore,
    nodesAfter,
    dispatches,
    bytes,
    predictedMilliseconds,
    rewriteSeconds,
    rules,
    ...(stopped === undefined ? {} : { stopped }),
    ...(folded && { folded }),
  };
}

function graphOf(workload: Workload, training: boolean): Graph {
  const traced = workload.trace();
  if (!training) return traced;
  const optimizer = workload.name === 'mnist' ? sgd({ learningRate: 0.1, momentum: 0.9 }) : undefined;
  return trainingGraph(traced, { loss: 'loss', optimizer, gradients: !optimizer });
}

function readArguments(args: readonly string[]): Arguments {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--training' || arg === '--freeze' || arg === '--json') flags.add(arg);
    else if (arg === '--adapter' || arg === '--svg' || arg === '--module') {
      const value = args[++i];
      if (value === undefined) throw new ExplainError(`${arg} needs a value\n${EXPLAIN_USAGE}`);
      values.set(arg, value);
    } else if (arg.startsWith('-')) throw new ExplainError(`unexpected argument '${arg}'\n${EXPLAIN_USAGE}`);
    else others.push(arg);
  }
  const [name, ...rest] = others;
  if (name === undefined) throw new ExplainError(`explain needs a workload\n${EXPLAIN_USAGE}`);
  if (rest.length > 0) throw new ExplainError(`explain takes one workload, got ${others.join(' ')}`);
  const workload = workloads.find((known) => known.name === name);
  if (!workload) throw new ExplainError(`there is no workload '${name}'; ${hint(name, names)}`);
  const adapter = values.get('--adapter') ?? adapters[0]!;
  if (!isAdapter(adapter)) throw new ExplainError(`there is no adapter '${adapter}'; ${hint(adapter, adapters)}`);
  const [svg, module] = [values.get('--svg'), values.get('--module')];
  if (module !== undefined && svg === undefined) throw new ExplainError('--module says what to draw: it needs --svg');
  const [training, freeze, json] = ['--training', '--freeze', '--json'].map((flag) => flags.has(flag)) as Flags;
  if (training && freeze) throw new ExplainError('--freeze promises what --training does not keep: give one of them');
  return { workload, training, freeze, json, adapter, svg, module };
}

type Flags = [training: boolean, freeze: boolean, json: boolean];

function isAdapter(name: string): name is AdapterName {
  return Object.hasOwn(adapterProfiles, name);
}

function hint(name: string, known: readonly string[]): string {
  const [close] = closeNames(name, known, 1);
  return close === undefined ? `there are ${known.join(', ')}` : `did you mean '${close}'?`;
}

function write(file: string, content: string): void {
  try {
    fileSystem('explain --svg runs').writeFileSync(file, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExplainError(`cannot write ${file}: ${reason}`, { cause: error });
  }
}
