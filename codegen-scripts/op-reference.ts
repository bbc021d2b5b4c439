import { GraphBuilder } from '../lib/ir/build.js';
import type { MapOp, OpDefinition } from '../lib/ir/ops/record.js';
import { throws } from './dsl-ops.js';
import { opFamilies, type OpFamily } from './op-families.js';
import { exampleOf, shortNumber, type Example } from './op-reference-examples.js';
import { callText, derivativeText, equationText, formula } from './op-reference-formulas.js';
import { attributesText, typesText } from './op-reference-types.js';
import type { GeneratedFile } from './project.js';

const intro = `# Operations

Every operation of the op table, by the file its record is in. Signatures are in the language of
[\`lib/ir/signature.ts\`](../lib/ir/signature.ts): dimensions by name, \`...s\` for any number of them, a bare \`...\` where
shapes broadcast, dtypes behind a colon. Attributes with a default are given in an object of options, others by
position. Each example was run by the reference interpreter when this page was made, in f64; numbers are rounded to four
digits. How to add one: [adding an operation](adding-an-op.md).`;

const composed = `## Made of these

Functions with several results, of [\`lib/dsl/composed.ts\`](../lib/dsl/composed.ts); gradients flow to the elements that
come out:

- \`split(x, sizes, { axis = 0 })\`, \`chunk(x, count, { axis = 0 })\`: parts of x one after the other;
- \`topk(x, k, { axis = -1, largest = true })\`, \`sort(x, { axis = -1, descending = false })\`,
  \`maxAlong(x, axis, { keepdims = false })\`, \`minAlong(…)\`: \`{ values, indices }\`.

Random numbers of a model, of [\`lib/dsl/draw.ts\`](../lib/dsl/draw.ts): others in every step and for every call, the same
again after the same \`manualSeed\`:

- \`randomUniform(shape)\`, \`randomNormal(shape)\`, \`dropout(x, { p = 0.5 })\`.`;

/** docs/ops.md: what each operation takes, computes, passes back and throws, with an example that was run. */
export async function opReferenceFile(): Promise<GeneratedFile> {
  const families = await opFamilies();
  return {
    path: 'docs/ops.md',
    source: 'lib/ir/ops',
    text: () =>
      [
        intro,
        `- **[Made of these](#made-of-these)**: functions with several results, random numbers\n${index(families)}`,
        composed,
        ...families.map(familySection),
      ].join('\n\n') + '\n',
  };
}

/** Links to every entry; a heading that occurs twice gets a number, as GitHub counts them. */
function index(families: readonly OpFamily[]): string {
  const seen = new Map<string, number>([
    ['operations', 1],
    ['made-of-these', 1],
  ]);
  const link = (heading: string) => {
    const slug = heading.toLowerCase().replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return `[${heading}](#${times === 0 ? slug : `${slug}-${times}`})`;
  };
  return families
    .map(({ title, ops }) => `- **${link(title)}**: ${ops.map(({ name }) => link(name)).join(' · ')}`)
    .join('\n');
}

function familySection({ title, file, ops }: OpFamily): string {
  return [`## ${title}`, `From [\`${file}\`](../${file}).`, ...ops.map(opEntry)].join('\n\n');
}

/** The entry of one operation. Throws where no example can be run. */
export function opEntry(op: OpDefinition): string {
  const example = exampleOf(op);
  const points = [
    ['Computes', computation(op, example)],
    ['Shapes and dtypes', typesText(op)],
    ['Attributes', attributesText(op)],
    ['Gradient', gradientText(op)],
    ['Throws', throws(op).replaceAll('@throws ', '').replaceAll('.\n', '; ').replace(/\.$/, '')],
  ]
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `- ${name!}: ${text!}.`);
  return [
    `### ${op.name}`,
    `\`${op.signatureText}\``,
    op.doc,
    points.join('\n'),
    ['```ts', ...example.lines, '```'].join('\n'),
  ].join('\n\n');
}

/** Decompositions longer than this are read in the record rather than on the page. */
const LONGEST_DECOMPOSITION = 240;

/** The formula; '' where the documentation says it all. */
function computation(op: OpDefinition, { node }: Example): string {
  const names = op.signature.operands.map(({ name }) => name);
  switch (op.kind) {
    case 'map':
      return mapText(op, names);
    case 'reduction': {
      const [combine, finish] = [
        formula(op.combine, ['accumulator', 'element']),
        formula(op.finish, ['accumulator', 'count']),
      ];
      const rest = finish === 'accumulator' ? '' : `, at the end \`${finish}\``;
      const initial = Number.isFinite(op.initial) ? shortNumber(op.initial) : op.initial < 0 ? '−∞' : '∞';
      return `from ${initial}, for each element \`${combine}\`${rest}`;
    }
    case 'source':
      return `\`${formula(op.expression, ['i'])}\` at index i`;
    case 'composite': {
      if (op.equation) return `\`${equationText({ ...op, equation: op.equation })}\``;
      const written = callText(op.decompose(new GraphBuilder().g, node.inputs, node.attrs as Record<string, number>));
      return written.length > LONGEST_DECOMPOSITION ? '' : `in the example, \`${written}\``;
    }
    default:
      return '';
  }
}

/** '' where it says no more than the documentation or the name. */
function mapText({ name, doc, expression }: MapOp, operands: readonly string[]): string {
  const text = formula(expression, operands);
  return doc === `${text}.` || text === `${name}(${operands.join(', ')})` ? '' : `\`${text}\``;
}

function gradientText(op: OpDefinition): string {
  if (op.gradient === 'none') return 'none flows through it';
  if (op.gradient === 'decomposition') return 'that of its decomposition';
  if (op.kind === 'map') return derivativeText(op);
  return 'a rule of its own';
}
