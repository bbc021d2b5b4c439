import { isLeaf, type AttributeValue, type Node } from '../ir/graph.js';

/** A part of a graph, and every place where the graph has it: places differ in the names of leaves alone. */
export interface Region {
  /** Where it is, each as its nodes: operands first, and counterparts at the same index. */
  readonly places: readonly (readonly Node[])[];
  /** By index: nodes whose equals are sought. The others are there because rules look at operands. */
  readonly own: readonly boolean[];
  /** By index: nodes whose operands are left out, so that they may be anything of their type. */
  readonly opaque: readonly boolean[];
}

/** How many operands deep a region looks into its neighbours: at their borders no rule sees further from what it replaces. */
const DEPTH = 8;

/** Regions pay for their overlap where together they have at most this share of the graph's nodes. */
const MOST_SHARE = 0.7;

/** How deep lists of modules may be nested in one another so that the inner ones are looked into. */
const LEVELS = 2;

/**
 * Splits a graph at its modules and finds those that are equal, so that each needs to be looked at once. `nodes` is all of
 * the graph, operands first. Each node that is no leaf is `own` at one place of one region. A graph that repeats itself too
 * little is one region. Leaves that are `frozen` equal each other only.
 */
export function regionsOf(nodes: readonly Node[], frozen: ReadonlySet<Node> = new Set()): Region[] {
  const graph = indexed(nodes, frozen);
  for (let level = 1; level <= LEVELS; level++) {
    const regions = repeated(graph, modulesAt(nodes, level), MOST_SHARE * nodes.length);
    if (!regions) continue;
    return Array.from(regions, ({ windows, own, opaque }) => {
      return { places: windows.map((window) => window.map((node) => nodes[node]!)), own, opaque };
    });
  }
  return [wholeGraph(nodes)];
}

/** All of a graph as one region, at one place. */
export function wholeGraph(nodes: readonly Node[]): Region {
  return { places: [nodes], own: nodes.map(() => true), opaque: nodes.map(() => false) };
}

/** Equal windows of modules; undefined where those that differ have more than `most` nodes together. */
function repeated(graph: Indexed, modules: readonly number[], most: number) {
  const members = new Map<number, number[]>();
  modules.forEach((module, i) => {
    // Leaves are part of whatever reads them; what nothing reads is a result, and must be somewhere.
    if (graph.isLeaf[i] && graph.isUsed[i]) return;
    const known = members.get(module);
    if (known) known.push(i);
    else members.set(module, [i]);
  });
  const regions = new Map<string, Omit<Window, 'nodes'> & { windows: (readonly number[])[] }>();
  let size = 0;
  for (const own of members.values()) {
    const window = windowOf(graph, modules, own);
    const structure = structureOf(graph, window);
    const known = regions.get(structure);
    if (known) known.windows.push(window.nodes);
    else {
      regions.set(structure, { windows: [window.nodes], own: window.own, opaque: window.opaque });
      size += window.nodes.length;
      if (size > most) return undefined;
    }
  }
  return regions.values();
}

/** A graph in numbers: nodes by their place in the order. */
interface Indexed {
  readonly inputs: readonly (readonly number[])[];
  /** The same number for nodes that differ in their operands and names at most. */
  readonly labels: readonly number[];
  /** The same for those that are of the same type. */
  readonly types: readonly number[];
  readonly isLeaf: readonly boolean[];
  /** Whether another node reads it. */
  readonly isUsed: readonly boolean[];
}

function indexed(nodes: readonly Node[], frozen: ReadonlySet<Node>): Indexed {
  const order = new Map(nodes.map((node, i) => [node, i]));
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const numberOf = numbering();
  const typeOf = ({ dtype, shape }: Node) => `${dtype}[${shape.join()}]`;
  return {
    inputs: nodes.map((node) => node.inputs.map((input) => order.get(input)!)),
    labels: nodes.map((node) =>
      numberOf(`${frozen.has(node) ? 'frozen ' : ''}${node.op}${attributesText(node)}${typeOf(node)}`),
    ),
    types: nodes.map((node) => numberOf(typeOf(node))),
    isLeaf: nodes.map(isLeaf),
    isUsed: nodes.map((node) => used.has(node)),
  };
}

/** Gives each text a number, the same for the same text. */
function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
}

/** The number of each node's module; leaves are together in one. */
function modulesAt(nodes: readonly Node[], level: number): number[] {
  const numberOf = numbering();
  const scopes = new Map<string, number>();
  const leaves = numberOf('leaves');
  return nodes.map((node) => {
    if (isLeaf(node)) return leaves;
    const module = scopes.get(node.scope) ?? numberOf(`module ${modulePath(node.scope, level)}`);
    scopes.set(node.scope, module);
    return module;
  });
}

/**
 * The element of a list of modules that a scope is in: of the outermost list, or on the next level of the one within that,
 * if any. Outside of lists the outermost module.
 */
function modulePath(scope: string, level: number): string {
  const names = scope.split('.');
  let length = 1;
  for (let i = 0, lists = 0; i < names.length && lists < level; i++) {
    if (!/^\d+$/.test(names[i]!)) continue;
    length = i + 1;
    lists++;
  }
  return names.slice(0, length).join('.');
}

/** Without names, and without what is in a literal: rules do not see them. */
function attributesText(node: Node): string {
  if (isLeaf(node) && node.op !== 'constant') return ' ';
  let text = ' ';
  for (const name in node.attrs) text += `${name}=${valueText(node.attrs[name]!)} `;
  return text;
}

function valueText(value: AttributeValue): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A module's nodes with those around that rules may see, in an order that depends on the structure alone. */
interface Window {
  readonly nodes: readonly number[];
  readonly own: readonly boolean[];
  readonly opaque: readonly boolean[];
}

/**
 * The nodes of a module, and what they read of others, `DEPTH` operands deep. What a neighbour reads of a third module
 * stays out: else the window of a layer would depend on all layers before it, which residual sums tie together.
 */
function windowOf(
  { inputs, labels, types, isLeaf }: Indexed,
  modules: readonly number[],
  members: readonly number[],
): Window {
  const depths = new Map(members.map((node) => [node, 0]));
  let front = members;
  for (let level = 1; level <= DEPTH && front.length > 0; level++) {
    const next: number[] = [];
    for (const node of front) {
      for (const input of inputs[node]!) {
        const isNear = level === 1 || isLeaf[input]! || modules[input] === modules[node];
        const depth = isNear ? level : DEPTH;
        if ((depths.get(input) ?? Infinity) <= depth) continue;
        depths.set(input, depth);
        if (isNear) next.push(input);
      }
    }
    front = next;
  }
  const isOpaque = (node: number) => depths.get(node) === DEPTH && !isLeaf[node]!;
  const nodes = inWindowOrder(
    [...depths.keys()].sort((a, b) => a - b),
    (node) => (isOpaque(node) ? [] : inputs[node]!),
    (node) => (isOpaque(node) ? types[node]! : labels[node]!),
  );
  return { nodes, own: nodes.map((node) => depths.get(node) === 0), opaque: nodes.map(isOpaque) };
}

/**
 * Operands first; otherwise by a hash of what each node computes, where the order of the graph decides between equal ones:
 * two windows of the same structure that it puts into different orders only count as two.
 */
function inWindowOrder(
  sorted: readonly number[],
  inputsOf: (node: number) => readonly number[],
  labelOf: (node: number) => number,
): number[] {
  const hashes = new Map<number, number>();
  const unused = new Set(sorted);
  for (const node of sorted) {
    let hash = labelOf(node) + 1;
    for (const input of inputsOf(node)) {
      hash = Math.imul(hash ^ hashes.get(input)!, 0x9e3779b1) + 1;
      hash ^= hash >>> 15;
      unused.delete(input);
    }
    hashes.set(node, hash);
  }
  const roots = [...unused].sort((a, b) => hashes.get(a)! - hashes.get(b)! || a - b);
  const order = new Set<number>();
  const stack: number[] = [];
  for (const root of roots) {
    stack.push(root);
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      const missing = inputsOf(node).filter((input) => !order.has(input));
      if (missing.length > 0) stack.push(...missing.reverse());
      else {
        order.add(node);
        stack.pop();
      }
    }
  }
  return [...order];
}

/** What a window computes, as text that is the same for equal ones only. */
function structureOf({ inputs, labels, types }: Indexed, { nodes, own, opaque }: Window): string {
  const places = new Map(nodes.map((node, i) => [node, i]));
  return nodes
    .map((node, i) => {
      if (opaque[i]) return `?${types[node]!}`;
      return `${own[i] ? '' : '^'}${labels[node]!}(${inputs[node]!.map((input) => places.get(input)!).join()})`;
    })
    .join(' ');
}
