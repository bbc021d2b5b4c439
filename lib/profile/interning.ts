import { Interned, InternedData } from './perfetto.js';
import { ProtoWriter } from './proto-writer.js';

/** What is written once a trace and then stands as a number. */
export type InternedKind = keyof typeof InternedData;

/** Gives texts numbers, counted from 1 for each kind, and collects the definitions that readers need first. */
export class Interner {
  private readonly numbers: Record<InternedKind, Map<string, number>> = {
    eventCategories: new Map(),
    eventNames: new Map(),
    debugAnnotationNames: new Map(),
    debugAnnotationStringValues: new Map(),
  };
  private readonly entry = new ProtoWriter();
  private readonly definitions = new ProtoWriter();

  number(kind: InternedKind, text: string): number {
    const numbers = this.numbers[kind];
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = numbers.size + 1;
    numbers.set(text, number);
    this.entry.clear().integer(Interned.iid, number).string(Interned.text, text);
    this.definitions.message(InternedData[kind], this.entry.bytes);
    return number;
  }

  /** The message InternedData with what is new since the last call; undefined for nothing. Valid until the next text. */
  takeDefinitions(): Uint8Array | undefined {
    const { bytes } = this.definitions;
    if (bytes.length === 0) return undefined;
    this.definitions.clear();
    return bytes;
  }
}
