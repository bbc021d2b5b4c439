import { isLeaf, type Attributes, type Graph, type Node } from './graph.js';
import { showShape } from './shape.js';

/**
 * The graph as text, one node a line, operands before their users:
 *
 *     %3 = matmul(images, %2): f32[64, 128]  # hidden
 */
export function printGraph(graph: Graph): string {
  const names = new Map<Node, string>();
  const lines: string[] = [];
  for (const node of graph.nodes()) {
    if (isLeaf(node)) {
      names.set(node, String(node.attrs['name'] ?? node.attrs['value']));
      if (node.op !== 'constant') lines.push(`${node.op} ${names.get(node)}: ${node.dtype}${showShape(node.shape)}`);
      continue;
    }
    const name = `%${lines.length}`;
    names.set(node, name);
    const operands = [...node.inputs.map((input) => names.get(input)!), ...printAttributes(node.attrs)].join(', ');
    const scope = node.scope ? `  # ${node.scope}` : '';
    lines.push(`${name} = ${node.op}(${operands}): ${node.dtype}${showShape(node.shape)}${scope}`);
  }
  for (const [name, node] of graph.outputs) lines.push(`output ${name} = ${names.get(node)}`);
  for (const [name, node] of graph.updates) lines.push(`update ${name} := ${names.get(node)}`);
  return lines.join('\n');
}

function printAttributes(attrs: Attributes): string[] {
  return Object.entries(attrs).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? showShape(value) : String(value)}`,
  );
}
