/** Pieces of SVG documents. */

/** Light ones, for black text on them; of neighbours colour-blind readers see the difference in lightness. */
export const COLOURS = [
  '#7fb8e0',
  '#f2b84b',
  '#6cc5a1',
  '#f0e68c',
  '#dba3c3',
  '#e58a5c',
  '#a9b8e8',
  '#c5dfa0',
  '#d2c3ae',
];

/** The same colour for the same name, in all pictures. */
export function colourOf(name: string): string {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 2147483647;
  return COLOURS[hash % COLOURS.length]!;
}

/** Text for attributes and contents; control characters, which XML 1.0 cannot have, are dropped. */
export function escapeXml(content: string): string {
  return content
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Rounded to a hundredth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${px(x)}" y="${px(y)}"${attributes && ` ${attributes}`}>${escapeXml(content)}</text>`;
}

/** A rectangle that shows `title` when pointed at. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  { fill, title }: { fill: string; title?: string },
): string {
  const shape = `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${fill}"`;
  return title === undefined ? `${shape}/>` : `${shape}><title>${escapeXml(title)}</title></rect>`;
}
