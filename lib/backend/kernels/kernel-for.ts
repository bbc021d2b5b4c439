import { opOf } from '../../ir/ops/index.js';
import { attentionKernel } from './attention-tile.js';
import { contractionKernel } from './contraction.js';
import type { Kernel, KernelContext } from './kernel.js';
import { loopKernel } from './loop.js';
import { scatterKernel } from './scatter.js';

/** Writes the kernel of a group, of the kind that its members ask for. */
export function kernelFor(context: KernelContext): Kernel {
  const { members, contractions, attention } = context.group;
  if (opOf(members[0]!).kind === 'scatter') return scatterKernel(context);
  if (attention) return attentionKernel(context, attention);
  return contractions.length > 0 ? contractionKernel(context) : loopKernel(context);
}
