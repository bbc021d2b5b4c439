import { writeKernel, type Kernel, type KernelContext } from './kernel.js';
import { describeProduct } from './product.js';
import { registerTileBody } from './register-tile.js';
import { workgroupTileBody } from './workgroup-tile.js';

/** A matrix product with the maps that follow it, on tiles in registers or in workgroup memory. */
export function contractionKernel(context: KernelContext): Kernel {
  const { group, profile } = context;
  const product = describeProduct(context);
  const followers = group.members.slice(1).map((member) => member.op);
  const lane = product.n % 4 === 0 && product.n > 0 ? group.space.atoms.at(-1) : undefined;
  const big = product.m >= 32 && product.n >= 32 && product.k >= 16;
  const shared = !profile.software && big && profile.maxInvocations >= 256 && profile.workgroupMemory >= 16384;
  const label = [`contraction ${shared ? 'workgroup' : 'register'} ${product.node.op}`, ...followers].join(' ');
  return writeKernel(context, label, lane, (writer, chosen) =>
    shared ? workgroupTileBody(context, product, writer, chosen) : registerTileBody(context, product, writer, chosen),
  );
}
