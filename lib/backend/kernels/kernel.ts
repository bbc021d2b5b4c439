import type { Node } from '../../ir/graph.js';
import type { Atom } from '../fusion/affine.js';
import { computedBy, type Group } from '../fusion/group.js';
import type { Binding } from './buffers.js';
import { dispatchSize, type KernelProfile } from './profile.js';
import { programText, workgroupsOf, type Crew, type Program, type SharedArray } from './program.js';
import { workOf, type KernelWork } from './work.js';
import { KernelWriter, type WriterOptions } from './writer.js';

/** One dispatch: WGSL, what it binds, how many workgroups it needs. */
export interface Kernel {
  /** Kind and main operation, for traces and error messages: `contraction matmul`. */
  readonly label: string;
  /** The module that the kernel's first member belongs to. */
  readonly scope: string;
  /** Operations of the graph that it computes. */
  readonly operations: number;
  readonly work: KernelWork;
  readonly bindings: readonly Binding[];
  readonly workgroups: readonly [number, number, number];
  readonly program: Program;
  /** The program as WGSL, which depends on what must be writable: tensors that share a buffer with something written. */
  readonly wgsl: (writable: (tensor: Node) => boolean) => string;
}

/** What every kind of kernel is made from. */
export interface KernelContext {
  readonly group: Group;
  readonly profile: KernelProfile;
  readonly stored: ReadonlySet<Node>;
  readonly storage: (node: Node) => Node;
}

/** How the body of a kernel is laid out over invocations. */
export interface Layout {
  readonly workgroupSize: number;
  readonly crew: Crew;
  readonly shared?: readonly SharedArray[];
}

/** Writes a kernel twice: a draft finds out how buffers are accessed, and the final text relies on it. */
export function writeKernel(
  { group, profile, stored, storage }: KernelContext,
  label: string,
  lane: Atom | undefined,
  write: (writer: KernelWriter, lane: Atom | undefined) => Layout,
): Kernel {
  const { nativeF16 } = profile;
  const members = new Set(computedBy(group));
  const options: WriterOptions = { space: group.space, members, lane, storage, stored, nativeF16 };
  const draft = new KernelWriter(options, undefined);
  write(draft, lane);
  const writer = new KernelWriter(options, draft.buffers.result());
  const layout = write(writer, lane);
  const { workgroupSize, crew, shared = [] } = layout;
  const parts = [{ body: writer.lines, crew, effort: writer.tally.effort() }];
  const { buffers, helpers } = writer;
  const program = { elements: buffers.elements(), helpers, shared, workgroupSize, parts };
  const work = workOf([group], stored);
  const { scope } = group.members[0]!;
  return kernelOf(program, { label, scope, operations: members.size, work, bindings: buffers.bindings() }, profile);
}

/** A kernel that runs a program on the tensors of `facts`. */
export function kernelOf(
  program: Program,
  facts: Pick<Kernel, 'label' | 'scope' | 'operations' | 'work' | 'bindings'>,
  profile: KernelProfile,
): Kernel {
  const count = program.parts.reduce((sum, part) => sum + workgroupsOf(part, program.workgroupSize), 0);
  const workgroups = dispatchSize(count, profile);
  return {
    ...facts,
    program,
    workgroups,
    wgsl: (writable) => {
      const modes = facts.bindings.map(({ tensor, access }) => access === 'read_write' || writable(tensor));
      return programText(program, facts.label, workgroups[0], modes);
    },
  };
}
