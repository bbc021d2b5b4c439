import type { Argument, InsertEntry } from 'egglog-wasm';
import { isLeaf, type AttributeValue, type Node } from '../ir/graph.js';
import { opOf } from '../ir/ops/index.js';
import type { AttributePattern } from '../ir/signature.js';
import { attributeSorts, constructorName } from './names.js';

/** A graph's nodes as entries for bulk insertion, each followed by its type. */
export interface Encoding {
  readonly entries: InsertEntry[];
  /** Index of each node's entry. */
  readonly indices: ReadonlyMap<Node, number>;
}

/** `nodes` in an order in which operands come first. */
export function encode(nodes: readonly Node[]): Encoding {
  const entries: InsertEntry[] = [];
  const indices = new Map<Node, number>();
  for (const node of nodes) {
    const index = entries.push(entryOf(node, indices)) - 1;
    indices.set(node, index);
    entries.push(['set', 'shape', [index], [...node.shape]], ['set', 'dtype', [index], node.dtype]);
  }
  return { entries, indices };
}

function entryOf(node: Node, indices: ReadonlyMap<Node, number>): InsertEntry {
  if (node.op === 'constant') return ['Constant', node.attrs['value'] as number, node.dtype];
  if (node.op === 'literal') return ['Literal', `${indices.size}`];
  if (isLeaf(node)) return [constructorName(node.op), node.attrs['name'] as string];
  const attributes = opOf(node).signature.attributes.map((pattern) => argument(pattern, node.attrs[pattern.name]!));
  return [constructorName(node.op), ...node.inputs.map((input) => indices.get(input)!), ...attributes];
}

function argument({ kind }: AttributePattern, value: AttributeValue): Argument {
  return attributeSorts[kind] === 'Ints' ? [...(value as readonly number[])] : value;
}
