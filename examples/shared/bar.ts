/** A line that is redrawn in place on a terminal, and left out elsewhere: `model.safetensors ━━━━──── 42 %  113.1 of 269.1 MB`. */
const WIDTH = 24;

export class Bar {
  private drawn = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** @param fraction From 0 to 1. */
  draw(label: string, fraction: number, text: string): void {
    if (!this.stream.isTTY) return;
    const filled = Math.round(Math.min(1, fraction) * WIDTH);
    const percent = String(Math.floor(fraction * 100)).padStart(3);
    const line = `${label} ${'━'.repeat(filled)}${'─'.repeat(WIDTH - filled)} ${percent} %  ${text}`;
    this.stream.write(`\r${line.slice(0, this.stream.columns - 1)}\x1b[K`);
    this.drawn = true;
  }

  /** What is printed next starts on a line of its own. */
  end(): void {
    if (this.drawn) this.stream.write('\r\x1b[K');
    this.drawn = false;
  }
}
