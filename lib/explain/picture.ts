import { box, COLOURS, escapeXml, px, text } from '../profile/svg.js';
import { isLeaf, leafName, type Graph, type Node } from '../ir/graph.js';
import type { OpDefinition } from '../ir/ops/record.js';
import { opOf } from '../ir/ops/index.js';
import { showShape } from '../ir/shape.js';
import { ExplainError } from './errors.js';
import { layered, type Item, type Line } from './layered.js';

/** More operations than that make no readable picture. */
export const MOST_OPERATIONS = 300;

const WIDTH = 132;
const HEIGHT = 34;
const GAP = { x: 14, y: 26 };
const MARGIN = 24;
const HEADING = 84;
const SMALLEST_WIDTH = 640;
const OUTSIDE = '#efefef';
const colours: Record<OpDefinition['kind'], string> = {
  map: COLOURS[1]!,
  reduction: COLOURS[4]!,
  contraction: COLOURS[2]!,
  view: COLOURS[0]!,
  composite: COLOURS[5]!,
  gather: COLOURS[3]!,
  scatter: COLOURS[6]!,
  overwrite: COLOURS[7]!,
  source: COLOURS[8]!,
};

/** A part of a graph: the nodes of a module, and what they read from elsewhere. */
interface Part {
  readonly nodes: readonly Node[];
  /** Operations of the module. */
  readonly inside: ReadonlySet<Node>;
}

/**
 * The graph of a module before and after rewriting, side by side, as SVG. `module` is its path from the model's root,
 * such as `layers.0.self_attn`; '' is the whole graph. Throws ExplainError for a module that is not there, naming those
 * that are, and for one of more than 300 operations.
 */
export function graphPicture(name: string, before: Graph, after: Graph, module = ''): string {
  const parts = [before, after].map((graph) => partOf(graph, module));
  const [traced, rewritten] = parts as [Part, Part];
  if (traced.inside.size === 0) throw new ExplainError(`${name} has no module '${module}'; ${modulesOf(before)}`);
  const most = Math.max(traced.inside.size, rewritten.inside.size);
  if (most > MOST_OPERATIONS) {
    const what = module === '' ? name : `${module} of ${name}`;
    throw new ExplainError(
      `${what} has ${most} operations, more than the ${MOST_OPERATIONS} that a picture can show; choose a module in it: ${modulesOf(before, module)}`,
    );
  }
  const drawings = parts.map((part) => drawing(part));
  const [left, right] = drawings as [Drawing, Drawing];
  const width = Math.max(SMALLEST_WIDTH, left.width + right.width + 3 * MARGIN);
  const height = HEADING + Math.max(left.height, right.height) + MARGIN;
  const middle = left.width + 2 * MARGIN;
  const title = module === '' ? name : `${name}: ${module}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="white"/>',
    text(MARGIN, 22, title, 'font-size="15" font-weight="bold"'),
    legend(parts),
    text(MARGIN, 70, `as traced: ${operations(traced.inside.size)}`, 'font-size="12"'),
    text(middle, 70, `rewritten: ${operations(rewritten.inside.size)}`, 'font-size="12"'),
    `<path d="M ${px(middle - MARGIN / 2)} ${HEADING - 22} V ${px(height - MARGIN / 2)}" stroke="#bbb" stroke-dasharray="4 4"/>`,
    `<g transform="translate(${MARGIN} ${HEADING})">${left.svg}</g>`,
    `<g transform="translate(${px(middle)} ${HEADING})">${right.svg}</g>`,
    '</svg>',
  ].join('\n');
}

function operations(count: number): string {
  return count === 1 ? '1 operation' : `${count} operations`;
}

function partOf(graph: Graph, module: string): Part {
  const all = graph.nodes();
  const isInside = ({ scope }: Node) => module === '' || scope === module || scope.startsWith(`${module}.`);
  const inside = new Set(all.filter((node) => !isLeaf(node) && isInside(node)));
  const shown = new Set([...inside].flatMap((node) => [node, ...node.inputs.filter(({ op }) => op !== 'constant')]));
  return { nodes: all.filter((node) => shown.has(node)), inside };
}

interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

function drawing({ nodes, inside }: Part): Drawing {
  // What stands at the border is not explained further.
  const needs = (node: Node) => (inside.has(node) ? node.inputs.filter((input) => input.op !== 'constant') : []);
  const half = ({ thing }: Item<Node>) => (thing ? WIDTH + GAP.x : GAP.x) / 2;
  const { items, lines, rowCount } = layered(nodes, needs, (a, b) => half(a) + half(b));
  const all = [...items.values(), ...lines.flat()];
  const left = Math.min(...all.map(({ x }) => x)) - WIDTH / 2;
  const width = Math.max(...all.map(({ x }) => x)) + WIDTH / 2 - left;
  const used = new Set(nodes.flatMap(needs));
  const boxes = [...items].map(([node, { x, row }]) => {
    const corner = { x: x - WIDTH / 2 - left, y: row * (HEIGHT + GAP.y) };
    return nodeBox(node, corner, inside.has(node), used.has(node));
  });
  const svg = [...lines.map((line) => lineOf(line, left)), ...boxes].join('\n');
  return { svg, width, height: rowCount * (HEIGHT + GAP.y) - GAP.y };
}

/** From the bottom of a box to the top of another, straight down through rows that it passes. */
function lineOf(line: Line<Node>, left: number): string {
  const path = line.map(({ x, row }, i) => {
    const [at, top] = [px(x - left), row * (HEIGHT + GAP.y)];
    if (i === 0) return `M ${at} ${px(top + HEIGHT)}`;
    const before = line[i - 1]!;
    const start = before.row * (HEIGHT + GAP.y) + HEIGHT;
    const middle = px((start + top) / 2);
    const curve = `C ${px(before.x - left)} ${middle} ${at} ${middle} ${at} ${px(top)}`;
    return i === line.length - 1 ? curve : `${curve} V ${px(top + HEIGHT)}`;
  });
  return `<path d="${path.join(' ')}" fill="none" stroke="#888" stroke-width="0.9"/>`;
}

/** Operations of the module have the colour of their kind; what it only reads is grey. A result has a thick edge. */
function nodeBox(node: Node, { x, y }: { x: number; y: number }, isInside: boolean, isUsed: boolean): string {
  const leaf = isLeaf(node);
  const label = leaf && typeof node.attrs['name'] === 'string' ? leafName(node) : node.op;
  const fill = isInside ? colours[opOf(node).kind] : OUTSIDE;
  const type = `${node.dtype}${showShape(node.shape)}`;
  const title = `${leaf ? `${node.op} ` : ''}${label} ${type}${node.scope ? ` (at ${node.scope})` : ''}`;
  const stroke = isUsed ? 'stroke="#999" stroke-width="0.6"' : 'stroke="#222" stroke-width="1.6"';
  const centre = x + WIDTH / 2;
  return [
    `<g><title>${escapeXml(title)}</title>`,
    `<rect x="${px(x)}" y="${px(y)}" width="${WIDTH}" height="${HEIGHT}" rx="3" fill="${fill}" ${stroke}/>`,
    text(centre, y + 14, shortened(label, 21), 'text-anchor="middle"'),
    text(centre, y + 27, shortened(type, 25), 'text-anchor="middle" font-size="9" fill="#333"'),
    '</g>',
  ].join('');
}

/** What the colours mean, for the kinds that are there. */
function legend(parts: readonly Part[]): string {
  const kinds = new Set(parts.flatMap(({ inside }) => [...inside].map((node) => opOf(node).kind)));
  const entries = [
    ...Object.entries(colours).filter(([kind]) => kinds.has(kind as OpDefinition['kind'])),
    ['from elsewhere', OUTSIDE] as const,
  ];
  let x = MARGIN;
  const shown = entries.map(([name, colour]) => {
    const at = x;
    x += 30 + 6.2 * name.length;
    return box(at, 35, 10, 10, { fill: colour }) + text(at + 14, 44, name);
  });
  return `${shown.join('')}${text(x, 44, 'thick edge: a result')}`;
}

/** The end of a long name tells it from others. */
function shortened(label: string, most: number): string {
  return label.length <= most ? label : `…${label.slice(1 - most)}`;
}

/** The modules directly in one, of a size that a picture can show first. */
function modulesOf(graph: Graph, module = ''): string {
  const counts = new Map<string, number>();
  const front = module === '' ? '' : `${module}.`;
  for (const node of graph.nodes()) {
    if (isLeaf(node) || !node.scope.startsWith(front) || node.scope === module) continue;
    const names = node.scope.slice(front.length).split('.');
    // Elements of a list are modules; the list itself is none.
    const count = /^\d+$/.test(names[1] ?? '') ? 2 : 1;
    const child = front + names.slice(0, count).join('.');
    counts.set(child, (counts.get(child) ?? 0) + 1);
  }
  const found = [...counts].filter(([name]) => name !== '').map(([name, count]) => `${name} (${count})`);
  if (found.length === 0) return 'it has no modules';
  const shown = found.slice(0, 12).join(', ');
  return `there are ${shown}${found.length > 12 ? ` and ${found.length - 12} more` : ''}`;
}
