import { channelsOf, type Picture } from './picture.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Kinds of pixels, by how many bytes they have (PNG specification, 11.2.1). */
const COLOUR_TYPE = { 3: 2, 4: 6 } as const;

/**
 * The bytes of a PNG file, RGB or RGBA of 8 bits. Needs no package, in Node and in pages.
 * @throws {ShapeError} For a picture whose data does not fit its size.
 */
export async function encodePng(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const channels = channelsOf(picture);
  const { data, width, height } = picture;
  const lines = new Uint8Array(height * (1 + width * channels));
  for (let y = 0; y < height; y++) {
    const at = y * (1 + width * channels);
    lines[at] = 1; // The filter Sub: the difference to the pixel on the left, which deflates better than bytes.
    for (let i = 0; i < width * channels; i++) {
      const byte = y * width * channels + i;
      lines[at + 1 + i] = data[byte]! - (i < channels ? 0 : data[byte - channels]!);
    }
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, COLOUR_TYPE[channels]], 8);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', await deflated(lines)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Length, type, data, and the check sum of the last two. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Of the polynomial in PNG's specification, annex D. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
