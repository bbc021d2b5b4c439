import type { Node } from '../../ir/graph.js';
import type { Atom } from '../fusion/affine.js';
import type { Group } from '../fusion/fuse.js';
import { dispatchSize, type KernelProfile } from './profile.js';
import { workOf, type KernelWork } from './work.js';
import { KernelWriter, type Binding, type WriterOptions } from './writer.js';

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
  /** The text depends on which bindings must be writable: those that share a buffer with something written. */
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
  readonly workgroupCount: number;
  /** Module-scope declarations: workgroup memory. */
  readonly declarations?: readonly string[];
}

/** Writes a kernel twice: a draft finds out how buffers are accessed, and the final text relies on it. */
export function writeKernel(
  { group, profile, stored, storage }: KernelContext,
  label: string,
  lane: Atom | undefined,
  write: (writer: KernelWriter, lane: Atom | undefined) => Layout,
): Kernel {
  const { nativeF16 } = profile;
  const members = new Set(group.members);
  const options: WriterOptions = { space: group.space, members, lane, storage, stored, nativeF16 };
  const draft = new KernelWriter(options, undefined);
  write(draft, lane);
  const writer = new KernelWriter(options, draft.result());
  const layout = write(writer, lane);
  const workgroups = dispatchSize(layout.workgroupCount, profile);
  return {
    label,
    scope: group.members[0]!.scope,
    operations: group.members.length,
    work: workOf(group, stored),
    bindings: writer.bindings(),
    workgroups,
    wgsl: (writable) =>
      [
        `// ${label}`,
        ...writer.declarations(writable),
        ...(layout.declarations ?? []),
        `@compute @workgroup_size(${layout.workgroupSize})`,
        'fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {',
        `  let workgroup = group.x + group.y * ${workgroups[0]}u;`,
        ...writer.body(),
        '}',
        '',
      ].join('\n'),
  };
}
