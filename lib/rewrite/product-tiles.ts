/**
 * How kernels share the work of matrix products: what lib/backend/kernels writes them by, and costs are predicted by before
 * there is a kernel.
 */

/** A matrix product: [m, k] · [k, n] for each of a batch. */
export interface ProductSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batches: number;
}

/** What is summed at a time in a product of matrices. */
export interface ProductTile {
  /** Of the result. */
  readonly rows: number;
  readonly columns: number;
  /** Steps of the summed dimension in a turn of the loop. */
  readonly depth: number;
  /** Tiles that there must be for it. */
  readonly least: number;
}

/** A square tile that the invocations of a workgroup share, 4 × 4 results each. */
export interface WorkgroupTile extends ProductTile {
  /** Invocations, and turns of their loop over a depth, whose steps they share where they are more than the results need. */
  readonly shared: { readonly invocations: number; readonly turns: number };
}

/** Slices of the summed dimension, several invocations for four columns. */
export interface ProductSlices {
  /** Rows of a product, at most. */
  readonly rows: number;
  /** At most, where neighbours in the matrix are columns. */
  readonly slices: number;
  /** In all, where there are as many: what keeps a large GPU busy while it waits for memory. */
  readonly invocations: number;
  /** Invocations of a workgroup. */
  readonly workgroup: number;
}

/** In the registers of an invocation: what a software adapter wants. */
export const softwareTile: ProductTile = { rows: 4, columns: 8, depth: 4, least: 0 };

/** Workgroups that keep a large GPU busy. */
export const BUSY_WORKGROUPS = 160;

/** In workgroup memory: what a GPU wants, large ones where there are workgroups enough to keep it busy. */
export const workgroupTiles = [squareTile(64, 16, BUSY_WORKGROUPS), squareTile(32, 32, 0)] as const;

/** For products of few rows on a GPU: with more, there is work enough for each element of the matrix that tiles are better. */
export const rowSlices: ProductSlices = { rows: 8, slices: 32, invocations: 2 ** 18, workgroup: 128 };

function squareTile(size: number, depth: number, least: number): WorkgroupTile {
  const invocations = 256;
  const turns = (depth * (size / 4) ** 2) / invocations;
  return { rows: size, columns: size, depth, least, shared: { invocations, turns } };
}

/** The first tile of which a product has enough; the last one suits all. */
export function tileFor<Tile extends ProductTile>(
  { m, n, batches }: Omit<ProductSize, 'k'>,
  tiles: readonly Tile[],
): Tile {
  const enough = tiles.find(
    ({ rows, columns, least }) => Math.ceil(m / rows) * Math.ceil(n / columns) * batches >= least,
  );
  return enough ?? tiles.at(-1)!;
}
