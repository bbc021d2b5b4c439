import { ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import { crop, toRgb, type Picture } from './picture.js';
import { readPixelScaling, readResample, writePixels, type PixelScaling } from './pixel-values.js';
import { readProcessorKind } from './processor-kind.js';
import { resize, type ResizeFilter } from './resize.js';

/** Tiles of pictures as SmolVLM and Idefics3 read them. `tiles` is that of the conversation with the most. */
export interface TiledPixelValues {
  /** 0 where a conversation has fewer tiles than others. */
  readonly data: Float32Array;
  /** `[conversations, tiles, 3, edge, edge]` */
  readonly shape: readonly [number, number, 3, number, number];
  /** True (1) for pixels of pictures, false for those of missing tiles, `[conversations, tiles, edge, edge]`. */
  readonly attentionMask: Uint8Array;
  /** Of each picture of each conversation: how many rows and columns of tiles it has; 0 where it was not split. */
  readonly grids: readonly (readonly TileGrid[])[];
}

/** How a picture is split; the view of the whole comes after its tiles. */
export interface TileGrid {
  /** Tiles from top to bottom. */
  readonly rows: number;
  /** Tiles from left to right. */
  readonly columns: number;
}

/** No side of a picture becomes longer. */
const LONGEST = 4096;

const HALF = [0.5, 0.5, 0.5];

/**
 * Pictures to tiles and a small view of the whole, by the `preprocessor_config.json` of SmolVLM and Idefics3, as their
 * image processors of transformers do it with Pillow.
 */
export class TilingImageProcessor {
  /** Use {@link TilingImageProcessor.fromConfig}. */
  private constructor(
    private readonly longestEdge: number | undefined,
    private readonly tile: number,
    private readonly splits: boolean,
    private readonly filter: ResizeFilter,
    private readonly scaling: PixelScaling,
  ) {}

  /**
   * A processor as a `preprocessor_config.json` describes it.
   * @throws {ConfigError} For the configuration of another processor, and for values out of range.
   */
  static fromConfig(config: unknown, name = 'preprocessor_config.json'): TilingImageProcessor {
    const fields = new ConfigFields(config, name);
    readProcessorKind(fields, ['SmolVLM', 'Idefics3']);
    const edge = (key: string, missing: number) =>
      fields.has(key) ? fields.fields(key).integer('longest_edge', undefined, 1) : missing;
    return new TilingImageProcessor(
      fields.boolean('do_resize', true) ? edge('size', 4 * 364) : undefined,
      edge('max_image_size', 364),
      fields.boolean('do_image_splitting', true),
      readResample(fields, 1),
      readPixelScaling(fields, HALF, HALF),
    );
  }

  /**
   * One batch: the pictures of each conversation, in the order in which its text names them.
   * @throws {ValueError} Without any picture.
   * @throws {ShapeError} When the data of a picture does not fit its size.
   */
  process(pictures: readonly (readonly Picture[])[]): TiledPixelValues {
    const split = pictures.map((conversation) => conversation.map((picture) => this.split(toRgb(picture))));
    const tiles = split.map((conversation) => conversation.flatMap((picture) => picture.tiles));
    const most = Math.max(0, ...tiles.map(({ length }) => length));
    if (most === 0) throw new ValueError('TilingImageProcessor: there must be one picture or more');
    const pixels = this.tile * this.tile;
    const data = new Float32Array(pictures.length * most * 3 * pixels);
    const attentionMask = new Uint8Array(pictures.length * most * pixels);
    tiles.forEach((conversation, i) => {
      conversation.forEach((tile, j) => {
        writePixels(tile, this.scaling, data, (i * most + j) * 3 * pixels);
      });
      attentionMask.fill(1, i * most * pixels, (i * most + conversation.length) * pixels);
    });
    return {
      data,
      shape: [pictures.length, most, 3, this.tile, this.tile],
      attentionMask,
      grids: split.map((conversation) => conversation.map(({ grid }) => grid)),
    };
  }

  /** The tiles of a picture from the top left, then the whole; all of them `tile × tile`. */
  private split(picture: Picture): { tiles: Picture[]; grid: TileGrid } {
    const { tile, filter } = this;
    const first =
      this.longestEdge === undefined ? picture : resizeTo(picture, longestTo(picture, this.longestEdge), filter);
    if (!this.splits) return { tiles: [resize(first, tile, tile, filter)], grid: { rows: 0, columns: 0 } };
    const whole = resizeTo(first, multiplesOf(tile, first), filter);
    const [rows, columns] = [whole.height / tile, whole.width / tile];
    if (rows === 1 && columns === 1) return { tiles: [whole], grid: { rows: 0, columns: 0 } };
    const tiles = Array.from({ length: rows * columns }, (_, i) =>
      crop(whole, (i % columns) * tile, Math.floor(i / columns) * tile, tile, tile),
    );
    return { tiles: [...tiles, resize(whole, tile, tile, filter)], grid: { rows, columns } };
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function resizeTo(picture: Picture, { width, height }: Size, filter: ResizeFilter): Picture {
  return resize(picture, width, height, filter);
}

/** The longer side becomes `longest`, the other is rounded down and then up to an even number. */
function longestTo({ width, height }: Size, longest: number): Size {
  const even = (size: number) => Math.max(1, size + (size % 2));
  const ratio = width / height;
  const wanted =
    width >= height
      ? { width: longest, height: even(Math.trunc(longest / ratio)) }
      : { width: even(Math.trunc(longest * ratio)), height: longest };
  return atMost(LONGEST, wanted);
}

function atMost(longest: number, { width, height }: Size): Size {
  if (Math.max(width, height) <= longest) return { width, height };
  const ratio = width / height;
  return width >= height
    ? { width: longest, height: Math.max(1, Math.trunc(longest / ratio)) }
    : { width: Math.max(1, Math.trunc(longest * ratio)), height: longest };
}

/** The longer side is rounded up to a multiple of `tile` and the other follows, then it is rounded up too. */
function multiplesOf(tile: number, { width, height }: Size): Size {
  const up = (size: number) => Math.ceil(size / tile) * tile;
  const ratio = width / height;
  return width >= height
    ? { width: up(width), height: up(Math.trunc(up(width) / ratio)) }
    : { width: up(Math.trunc(up(height) * ratio)), height: up(height) };
}
