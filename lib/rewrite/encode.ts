import type { Argument, InsertEntry } from 'egglog-wasm';
import { isLeaf, type AttributeValue, type Node } from '../ir/graph.js';
import { opOf } from '../ir/ops/index.js';
import type { AttributePattern } from '../ir/signature.js';
import { attributeSorts, constructorName } from './names.js';
import type { Region } from './regions.js';

/** Regions as entries for bulk insertion, each followed by its type. */
export interface Encoding {
  readonly entries: InsertEntry[];
  /** Of all nodes, and the relation of frozen ones where there are any. */
  readonly constructors: ReadonlySet<string>;
  /** For each region the index of each node's entry. */
  readonly indices: readonly (readonly number[])[];
}

/**
 * Encodes each region once, as at its first place. Regions share nothing but constants: each has leaves of its own. Where
 * leaves are frozen, so are constants.
 */
export function encode(regions: readonly Region[], frozen: ReadonlySet<Node> = new Set()): Encoding {
  const entries: InsertEntry[] = [];
  const constructors = new Set<string>(frozen.size > 0 ? [FROZEN] : []);
  const indices = regions.map(({ places: [place], opaque }, region) => {
    const known = new Map<Node, number>();
    return place!.map((node, i) => {
      const name = `${region}.${i}`;
      const entry: NodeEntry = opaque[i] ? ['Input', name] : entryOf(node, name, known);
      const index = entries.push(entry) - 1;
      constructors.add(entry[0]);
      known.set(node, index);
      entries.push(['set', 'shape', [index], [...node.shape]], ['set', 'dtype', [index], node.dtype]);
      if (frozen.has(node) || (frozen.size > 0 && node.op === 'constant')) entries.push([FROZEN, index]);
      return index;
    });
  });
  return { entries, constructors, indices };
}

/** The relation of what does not change; rules that ask for it are read where something is frozen. */
const FROZEN = 'Frozen';

type NodeEntry = readonly [constructor: string, ...args: Argument[]];

function entryOf(node: Node, name: string, indices: ReadonlyMap<Node, number>): NodeEntry {
  if (node.op === 'constant') return ['Constant', node.attrs['value'] as number, node.dtype];
  if (isLeaf(node)) return [constructorName(node.op), name];
  const attributes = opOf(node).signature.attributes.map((pattern) => argument(pattern, node.attrs[pattern.name]!));
  return [constructorName(node.op), ...node.inputs.map((input) => indices.get(input)!), ...attributes];
}

function argument({ kind }: AttributePattern, value: AttributeValue): Argument {
  return attributeSorts[kind] === 'Ints' ? [...(value as readonly number[])] : value;
}
