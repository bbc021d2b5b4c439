import { opOf } from '../../ir/ops/index.js';
import { writeKernel, type Kernel, type KernelContext } from './kernel.js';
import { describeProducts } from './product.js';
import { registerTileBody } from './register-tile.js';
import { isForSlices, sliceTileBody } from './slice-tile.js';
import { isForTiles, workgroupTileBody } from './workgroup-tile.js';

/** Matrix products with the maps that follow them, on tiles in registers or in workgroup memory, or by slices. */
export function contractionKernel(context: KernelContext): Kernel {
  const { group, profile } = context;
  const products = describeProducts(context);
  const [contractions, followers] = [true, false].map((which) =>
    group.members.filter((member) => (opOf(member).kind === 'contraction') === which).map((member) => member.op),
  );
  const lane = products.n % 4 === 0 && products.n > 0 ? group.space.atoms.at(-1) : undefined;
  const [kind, body] = isForSlices(products, profile)
    ? (['slice', sliceTileBody] as const)
    : isForTiles(products, profile)
      ? (['workgroup', workgroupTileBody] as const)
      : (['register', registerTileBody] as const);
  const label = [`contraction ${kind}`, ...contractions!, ...followers!].join(' ');
  return writeKernel(context, label, lane, (writer, chosen) => body(context, products, writer, chosen));
}
