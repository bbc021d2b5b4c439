import type { Picture } from 'meganeura/zoo';

/** Pixels between pictures. */
const GAP = 4;

/**
 * Pictures of one size side by side, in rows of as many, on white; each pixel becomes a square.
 * @param side Of the squares, in pixels.
 */
export function contactSheet(rows: readonly (readonly Picture[])[], side: number): Picture {
  const [columns, tile] = [rows[0]!.length, rows[0]![0]!];
  const [stepX, stepY] = [tile.width * side + GAP, tile.height * side + GAP];
  const [width, height] = [columns * stepX + GAP, rows.length * stepY + GAP];
  const data = new Uint8ClampedArray(3 * width * height).fill(255);
  for (const [row, pictures] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      for (let y = 0; y < tile.height * side; y++) {
        for (let x = 0; x < tile.width * side; x++) {
          const from = 3 * (Math.floor(y / side) * tile.width + Math.floor(x / side));
          const to = 3 * ((GAP + row * stepY + y) * width + GAP + column * stepX + x);
          data.set(picture.data.subarray(from, from + 3), to);
        }
      }
    }
  }
  return { data, width, height };
}
