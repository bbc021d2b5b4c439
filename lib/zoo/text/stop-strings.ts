import { ValueError } from '../../ir/errors.js';

/**
 * Ends streamed text where a stop string starts. The start of a stop string at the end of the text is held back until
 * it is clear whether the rest follows, so that none is ever given out in part.
 */
export class StopStrings {
  /** Whether a stop string was met: nothing is given out any more. */
  stopped = false;
  private held = '';

  /** @throws {ValueError} For an empty stop string, which would stop before anything. */
  constructor(private readonly strings: readonly string[]) {
    if (strings.some((stop) => typeof stop !== 'string' || stop === '')) {
      throw new ValueError('stop strings must be text of one character or more');
    }
  }

  /** Takes the next piece of text, and gives what can be shown. */
  push(piece: string): string {
    if (this.stopped) return '';
    const text = this.held + piece;
    const starts = this.strings.map((stop) => text.indexOf(stop)).filter((start) => start >= 0);
    if (starts.length > 0) {
      this.stopped = true;
      this.held = '';
      return text.slice(0, Math.min(...starts));
    }
    const certain = text.length - Math.max(0, ...this.strings.map((stop) => startAtEnd(text, stop)));
    this.held = text.slice(certain);
    return text.slice(0, certain);
  }

  /** What was held back, when no more text comes. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }
}

/** How many characters at the end of `text` are the start of `stop`, but not all of it. */
function startAtEnd(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
