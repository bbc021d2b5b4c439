import { bytesPerElement } from '../../ir/dtype.js';
import type { Node } from '../../ir/graph.js';
import type { Binding } from './buffers.js';
import { kernelOf, type Kernel } from './kernel.js';
import type { KernelProfile } from './profile.js';
import { workgroupsOf, type Program, type ProgramPart, type SharedArray } from './program.js';
import type { KernelWork } from './work.js';

/** Parts of one dispatch. */
const MOST_PARTS = 8;
/** Characters of their statements: compilers take long over long texts. */
const MOST_TEXT = 40_000;

/** Operations of a kernel that keeps a GPU busy by itself: two of them gain nothing, and registers are those of the greedier. */
const MANY_OPERATIONS = 5e8;
const isHeavy = ({ work }: Kernel) => work.flops > MANY_OPERATIONS;

interface JoinedBuffer {
  readonly tensor: Node;
  readonly element: string;
  written: boolean;
  readonly nodes: Set<Node>;
}

/**
 * Kernels that become one dispatch, whose workgroups are theirs laid end to end. None of them may wait for another. It
 * saves launches, and on a GPU the smaller of them run where the larger leave processors idle.
 */
export class KernelBatch {
  private readonly parts: Kernel[];
  private buffers: ReadonlyMap<Node, JoinedBuffer>;
  private shared: ReadonlyMap<string, SharedArray>;
  private text: number;
  private workgroupSize: number;

  constructor(
    first: Kernel,
    private readonly profile: KernelProfile,
  ) {
    this.parts = [first];
    this.buffers = joined(new Map(), first)!;
    this.shared = sharedBy(new Map(), first);
    this.text = lengthOf(first.program);
    this.workgroupSize = first.program.workgroupSize;
  }

  /** Takes one more in, where it fits: whether it did. */
  add(kernel: Kernel): boolean {
    const { profile, parts } = this;
    if (parts.length >= MOST_PARTS || (isHeavy(kernel) && parts.some(isHeavy))) return false;
    const all = [...parts, kernel];
    const workgroupSize = commonSize(all, profile.software);
    if (workgroupSize === undefined) return false;
    const counts = all.map(({ program }) => countOf(program, workgroupSize));
    // Tensors without elements need no work.
    if (counts.includes(0) || counts.reduce((sum, count) => sum + count) > profile.maxWorkgroups) return false;
    const text = this.text + lengthOf(kernel.program);
    const buffers = joined(this.buffers, kernel);
    const shared = sharedBy(this.shared, kernel);
    if (text > MOST_TEXT || !buffers || buffers.size > profile.maxBindings) return false;
    if (bytesOf(shared) > profile.workgroupMemory) return false;
    parts.push(kernel);
    Object.assign(this, { buffers, shared, text, workgroupSize });
    return true;
  }

  /** The kernel of all parts; `work`: what they have to do together. */
  kernel(work: () => KernelWork): Kernel {
    const { parts, buffers, workgroupSize } = this;
    if (parts.length === 1) return parts[0]!;
    const places = new Map([...buffers.keys()].map((tensor, i) => [tensor, i]));
    const program: Program = {
      elements: [...buffers.values()].map(({ element }) => element),
      helpers: new Map(parts.flatMap(({ program: { helpers } }) => [...helpers])),
      shared: [...this.shared.values()],
      workgroupSize,
      parts: parts.flatMap(({ program, bindings }) => {
        const numbers = bindings.map(({ tensor }) => places.get(tensor)!);
        return program.parts.map((part) => renumbered(part, numbers));
      }),
    };
    const bindings = [...buffers.values()].map(({ tensor, written, nodes }): Binding => {
      return { tensor, access: written ? 'read_write' : 'read', nodes };
    });
    const operations = parts.reduce((sum, part) => sum + part.operations, 0);
    return kernelOf(program, { label: labelOf(parts), scope: scopeOf(parts), operations, work: work(), bindings }, this.profile); // prettier-ignore
  }
}

/**
 * The buffers of some parts and one more, a tensor bound once. Undefined where one part writes what another touches, or
 * sees a tensor by vectors that another sees by elements.
 */
function joined(
  buffers: ReadonlyMap<Node, JoinedBuffer>,
  { bindings, program: { elements } }: Kernel,
): ReadonlyMap<Node, JoinedBuffer> | undefined {
  const all = new Map(buffers);
  for (const [i, { tensor, access, nodes }] of bindings.entries()) {
    const written = access === 'read_write';
    const element = elements[i]!;
    const known = all.get(tensor);
    if (known && (known.element !== element || known.written || written)) return undefined;
    all.set(tensor, { tensor, element, written, nodes: new Set([...(known?.nodes ?? []), ...nodes]) });
  }
  return all;
}

/** Workgroup memory of some parts and one more: a workgroup runs one part, so that parts have it in common. */
function sharedBy(shared: ReadonlyMap<string, SharedArray>, { program }: Kernel): ReadonlyMap<string, SharedArray> {
  const all = new Map(shared);
  for (const array of program.shared) {
    const known = all.get(array.name);
    all.set(array.name, { ...array, length: Math.max(array.length, known?.length ?? 0) });
  }
  return all;
}

function bytesOf(shared: ReadonlyMap<string, SharedArray>): number {
  const size = (element: string) => bytesPerElement.f32 * (element.startsWith('vec4') ? 4 : 1);
  return [...shared.values()].reduce((sum, { element, length }) => sum + size(element) * length, 0);
}

/** The part with buffers numbered as `numbers` says. */
function renumbered(part: ProgramPart, numbers: readonly number[]): ProgramPart {
  if (numbers.every((number, i) => number === i)) return part;
  const rename = (line: string) => line.replace(/\bt(\d+)\b/g, (_, i: string) => `t${numbers[Number(i)]!}`);
  return { ...part, body: part.body.map(rename) };
}

function countOf({ parts }: Program, size: number): number {
  return parts.reduce((sum, part) => sum + workgroupsOf(part, size), 0);
}

/**
 * A size of workgroups that suits all: that of those which cannot do with another. On a CPU, where a workgroup is what a
 * thread takes on at once, only kernels of a single workgroup change theirs.
 */
function commonSize(kernels: readonly Kernel[], software: boolean): number | undefined {
  const programs = kernels.map(({ program }) => program);
  const fixed = programs.filter(({ parts }) => parts.some(({ crew }) => 'workgroups' in crew));
  const sizes = (fixed.length > 0 ? fixed : programs).map(({ workgroupSize }) => workgroupSize);
  const size = Math.max(...sizes);
  const suits = (program: Program) =>
    program.workgroupSize === size ||
    (!fixed.includes(program) && (!software || countOf(program, program.workgroupSize) <= 1));
  return programs.every(suits) ? size : undefined;
}

function lengthOf({ parts }: Program): number {
  return parts.reduce((sum, { body }) => body.reduce((length, line) => length + line.length, sum), 0);
}

/** What all parts are, equal ones counted: `3 × contraction register matmul + map mul`. */
function labelOf(parts: readonly Kernel[]): string {
  const counts = new Map<string, number>();
  for (const { label } of parts) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => (count > 1 ? `${count} × ${label}` : label)).join(' + ');
}

/** The modules of all parts, what they have in common once: `layers.0.attention.{queries,keys}`. */
function scopeOf(parts: readonly Kernel[]): string {
  const scopes = [...new Set(parts.map(({ scope }) => scope))];
  const paths = scopes.map((scope) => scope.split('.'));
  const common = paths[0]!.findIndex((name, i) => paths.some((path) => path[i] !== name));
  if (scopes.length === 1) return scopes[0]!;
  const depth = common < 0 ? paths[0]!.length : common;
  const rest = paths.map((path) => path.slice(depth).join('.')).join(',');
  return [...paths[0]!.slice(0, depth), `{${rest}}`].join('.');
}
