import { writeKernel, type Kernel, type KernelContext } from './kernel.js';
import { describeProduct } from './product.js';
import { registerTileBody } from './register-tile.js';
import { isForSlices, sliceTileBody } from './slice-tile.js';
import { isForTiles, workgroupTileBody } from './workgroup-tile.js';

/** A matrix product with the maps that follow it, on tiles in registers or in workgroup memory, or by slices. */
export function contractionKernel(context: KernelContext): Kernel {
  const { group, profile } = context;
  const product = describeProduct(context);
  const followers = group.members.slice(1).map((member) => member.op);
  const lane = product.n % 4 === 0 && product.n > 0 ? group.space.atoms.at(-1) : undefined;
  const [kind, body] = isForSlices(product, profile)
    ? (['slice', sliceTileBody] as const)
    : isForTiles(product, profile)
      ? (['workgroup', workgroupTileBody] as const)
      : (['register', registerTileBody] as const);
  const label = [`contraction ${kind} ${product.node.op}`, ...followers].join(' ');
  return writeKernel(context, label, lane, (writer, chosen) => body(context, product, writer, chosen));
}
