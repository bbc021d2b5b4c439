/** What an incomplete character decodes to at the end of the text. */
const REPLACEMENT = '\uFFFD';

/** Ids that are decoded anew with each token, at most, and how many of them are kept when there are more. */
const WINDOW = 24;
const KEPT = 8;

/**
 * Text of ids that come one by one. A character whose bytes are spread over several tokens is given out when it is
 * whole, and what was given out is never changed: all pieces joined are the decoded ids (without cleaning up, which can
 * change text that was printed).
 */
export class TextStream {
  /** Decoding depends on what stands before: whether a space is the first, whether bytes make a character. */
  private window: number[] = [];
  /** What was given out of the text of the window. */
  private given = '';

  /** @param decode Ids to text. */
  constructor(private readonly decode: (ids: readonly number[]) => string) {}

  /** Takes the next id, and gives the text that is certain now: '' where it ends within a character. */
  push(id: number): string {
    this.window.push(id);
    const text = this.decode(this.window);
    // An unfinished character is one replacement character, the last; what is before it stays as it is.
    const certain = text.endsWith(REPLACEMENT) ? text.slice(0, -1) : text;
    const piece = this.beyondGiven(certain);
    this.given += piece;
    if (this.window.length > WINDOW && certain === text && this.given === text) this.shorten();
    return piece;
  }

  /** What is left when no more ids come: characters that were never finished. The stream can then start anew. */
  end(): string {
    const piece = this.beyondGiven(this.decode(this.window));
    this.window = [];
    this.given = '';
    return piece;
  }

  private beyondGiven(text: string): string {
    return text.startsWith(this.given) ? text.slice(this.given.length) : '';
  }

  /** Forgets ids, as long as those that stay have text, by which the text of the next ones is found. */
  private shorten(): void {
    const kept = this.window.slice(-KEPT);
    const text = this.decode(kept);
    if (text === '' || text.endsWith(REPLACEMENT)) return;
    this.window = kept;
    this.given = text;
  }
}
