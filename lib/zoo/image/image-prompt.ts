import { ValueError } from '../../ir/errors.js';
import type { TileGrid } from './tiling-processor.js';

/** Tokens by which SmolVLM and Idefics3 are told of pictures. */
export interface ImageTokens {
  /** Around pictures. Default `<fake_token_around_image>`. */
  readonly fake?: string;
  /** Stands for one vector of a picture, and in prompts for the whole. Default `<image>`. */
  readonly image?: string;
  /** Before the view of the whole. Default `<global-img>`. */
  readonly global?: string;
}

/**
 * What stands for a picture in the text: its tiles row by row, then the view of the whole.
 *
 * @param grid As the image processor split it.
 * @param vectors How many a tile becomes: (image size / patch size)² / scale factor².
 */
export function imagePrompt(grid: TileGrid, vectors: number, tokens: ImageTokens = {}): string {
  const { fake = '<fake_token_around_image>', image = '<image>', global = '<global-img>' } = tokens;
  const whole = fake + global + image.repeat(vectors) + fake;
  if (grid.rows === 0 && grid.columns === 0) return whole;
  const rows = Array.from({ length: grid.rows }, (_, row) => {
    const tiles = Array.from(
      { length: grid.columns },
      (__, column) => `${fake}<row_${row + 1}_col_${column + 1}>${image.repeat(vectors)}`,
    );
    return `${tiles.join('')}\n`;
  });
  return `${rows.join('')}\n${whole}`;
}

/**
 * A prompt in which each `<image>` is replaced by what stands for its picture.
 *
 * @param grids Of its pictures, in order.
 * @throws {ValueError} When there are more or fewer pictures than `<image>` in the prompt.
 */
export function expandImages(
  prompt: string,
  grids: readonly TileGrid[],
  vectors: number,
  tokens: ImageTokens = {},
): string {
  const parts = prompt.split(tokens.image ?? '<image>');
  if (parts.length - 1 !== grids.length) {
    throw new ValueError(
      `the prompt has ${parts.length - 1} places for pictures (${tokens.image ?? '<image>'}), and there are ` +
        `${grids.length} pictures`,
    );
  }
  return parts.map((part, i) => (i === 0 ? '' : imagePrompt(grids[i - 1]!, vectors, tokens)) + part).join('');
}
