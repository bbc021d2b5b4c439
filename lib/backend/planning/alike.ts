import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { computedBy } from '../fusion/group.js';
import type { Kernel, KernelContext } from '../kernels/kernel.js';

/** A group as data that does not tell which tensors it works on, and those tensors in the order of their numbers. */
interface Outline {
  readonly key: string;
  readonly nodes: readonly Node[];
}

/**
 * Makes the kernel of a group, or takes that of a group that differs only in the tensors it works on: the layers of a
 * model are alike, and writing a kernel takes far longer than comparing groups. Kernels of one plan, whose profile is
 * the same, share an instance.
 */
export class KernelLibrary {
  private readonly known = new Map<string, { kernel: Kernel; numbers: ReadonlyMap<Node, number> }>();

  constructor(private readonly write: (context: KernelContext) => Kernel) {}

  kernelOf(context: KernelContext): Kernel {
    const { key, nodes } = outlineOf(context);
    const alike = this.known.get(key);
    if (alike) return transferred(alike.kernel, context.group.members[0]!.scope, alike.numbers, nodes);
    const kernel = this.write(context);
    this.known.set(key, { kernel, numbers: new Map(nodes.map((node, i) => [node, i])) });
    return kernel;
  }
}

/** The kernel on the tensors of the same numbers. */
function transferred(
  kernel: Kernel,
  scope: string,
  numbers: ReadonlyMap<Node, number>,
  nodes: readonly Node[],
): Kernel {
  const counterpart = (node: Node) => nodes[numbers.get(node)!]!;
  return {
    ...kernel,
    scope,
    bindings: kernel.bindings.map(({ tensor, access, nodes: through }) => ({
      tensor: counterpart(tensor),
      access,
      nodes: new Set([...through].map(counterpart)),
    })),
    wgsl: (writable) => kernel.wgsl((tensor) => writable(counterpart(tensor))),
  };
}

/**
 * Everything that a kernel's text depends on: what is computed, from operands of which types, through which views, what
 * is stored, and which tensors share storage.
 */
function outlineOf({ group, stored, storage }: KernelContext): Outline {
  const members = new Set(computedBy(group));
  const outputs = new Set(group.outputs);
  const numbers = new Map<Node, number>();
  const parts = [`${group.space.full.join()}|${group.space.reduced?.join() ?? 'none'}`];
  const isLoaded = (node: Node) => isLeaf(node) || (stored.has(node) && !members.has(node));
  const number = (node: Node, text: string) => {
    numbers.set(node, numbers.size);
    parts.push(text);
  };
  /** A tensor in a buffer: only its type counts, and whose storage it has. */
  const place = (node: Node): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    const tensor = storage(node);
    const at = tensor === node ? '' : `@${place(tensor)}`;
    const value = node.op === 'constant' ? valueKey(node.attrs['value'] as number) : '';
    number(node, `${node.op === 'constant' ? 'constant' : 'tensor'}${value} ${node.dtype} ${node.shape.join()}${at}`);
    return numbers.get(node)!;
  };
  const stack: { node: Node; next: number }[] = [];
  for (const member of members) {
    if (!numbers.has(member)) stack.push({ node: member, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input) {
        if (numbers.has(input)) continue;
        if (isLoaded(input)) place(input);
        else stack.push({ node: input, next: 0 });
        continue;
      }
      stack.pop();
      const { node } = top;
      if (numbers.has(node)) continue;
      const at = storage(node) === node ? '' : `@${place(storage(node))}`;
      const role = `${members.has(node) ? 'm' : ''}${outputs.has(node) ? 'o' : ''}`;
      const operands = node.inputs.map((operand) => numbers.get(operand)!).join();
      number(node, `${node.op}(${operands}) ${attributesKey(node)} ${node.dtype} ${node.shape.join()} ${role}${at}`);
    }
  }
  parts.push([...members].map((member) => numbers.get(member)!).join());
  if (group.rowSums) parts.push(`sums beside ${numbers.get(group.rowSums.product)!}`);
  parts.push(group.outputs.map((output) => numbers.get(output)!).join());
  return { key: parts.join(';'), nodes: [...numbers.keys()] };
}

function attributesKey(node: Node): string {
  return opOf(node)
    .signature.attributes.map(({ name }) => {
      const value = node.attrs[name];
      return typeof value === 'number' ? valueKey(value) : String(value);
    })
    .join('/');
}

/** Tells −0 from 0. */
function valueKey(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
