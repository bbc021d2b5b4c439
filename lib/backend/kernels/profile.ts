/** What kernels are made to suit: facts about the adapter. */
export interface KernelProfile {
  /**
   * Runs on the CPU: four invocations are the lanes of one thread, workgroup memory and barriers are slow, and few
   * invocations with much work each are best.
   */
  readonly software: boolean;
  readonly maxBindings: number;
  readonly maxInvocations: number;
  /** Bytes. */
  readonly workgroupMemory: number;
  /** Workgroups in one dimension of a dispatch. */
  readonly maxWorkgroups: number;
  /** WGSL has f16: the feature `shader-f16` is on. Else floats of 16 bits are packed into words, two each. */
  readonly nativeF16: boolean;
}

/** Workgroups in each dimension of a dispatch: at least `count` in all, in rows where one dimension does not have so many. */
export function dispatchSize(count: number, profile: KernelProfile): [number, number, number] {
  if (count <= profile.maxWorkgroups) return [count, 1, 1];
  const rows = Math.ceil(count / profile.maxWorkgroups);
  return [Math.ceil(count / rows), rows, 1];
}
