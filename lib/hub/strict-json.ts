/**
 * JSON as RFC 8259 has it and nothing more. `JSON.parse` will not do for file headers: it keeps the last of two equal
 * keys, and rounds integers above 2^53.
 */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

/** A number as it was written: `2`, `2.0` and `2e0` are told apart. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** What is wrong with a text, and where: `position` counts UTF-16 units from 0. */
export class JsonSyntaxError extends SyntaxError {
  constructor(
    problem: string,
    readonly position: number,
  ) {
    super(`${problem} at position ${position}`);
    this.name = 'JsonSyntaxError';
  }
}

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Parses one JSON value; white space may follow it, nothing else.
 * @throws {JsonSyntaxError} For bad syntax, equal keys in an object, unpaired surrogates, and nesting above 64 levels.
 */
export function parseStrictJson(text: string): Json {
  return new Parser(text).document();
}

/** Text in quotes, shortened: a malformed file may have names of megabytes. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** A character of `text` for messages: `"a"`, or `U+FEFF` where it may not show. */
export function describeCharacter(text: string, at = 0): string {
  const code = text.codePointAt(at)!;
  if (code > 0x20 && code < 0x7f) return `"${String.fromCodePoint(code)}"`;
  return code === 0x20 ? 'a space' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  document(): Json {
    const value = this.#value(0);
    if (this.#at < this.text.length) this.#fail(`expected the end, got ${this.#here()}`);
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) this.#fail(`more than ${MAX_DEPTH} levels of nesting`);
    this.#match(SPACE);
    const value = this.#bareValue(depth);
    this.#match(SPACE);
    return value;
  }

  #bareValue(depth: number): Json {
    switch (this.text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
    }
    for (const [word, value] of [['null', null] as const, ['true', true] as const, ['false', false] as const]) {
      if (this.#skip(word)) return value;
    }
    const number = this.#match(NUMBER);
    if (number === '') this.#fail(`expected a value, got ${this.#here()}`);
    return new JsonNumber(number);
  }

  #object(depth: number): ReadonlyMap<string, Json> {
    const object = new Map<string, Json>();
    this.#expect('{');
    this.#match(SPACE);
    if (this.#skip('}')) return object;
    do {
      this.#match(SPACE);
      const start = this.#at;
      const key = this.#string();
      if (object.has(key)) throw new JsonSyntaxError(`key ${quote(key)} appears twice`, start);
      this.#match(SPACE);
      this.#expect(':');
      object.set(key, this.#value(depth + 1));
    } while (this.#skip(','));
    this.#expect('}');
    return object;
  }

  #array(depth: number): readonly Json[] {
    const array: Json[] = [];
    this.#expect('[');
    this.#match(SPACE);
    if (this.#skip(']')) return array;
    do array.push(this.#value(depth + 1));
    while (this.#skip(','));
    this.#expect(']');
    return array;
  }

  #string(): string {
    const start = this.#at;
    if (!this.#skip('"')) this.#fail(`expected a string, got ${this.#here()}`);
    let value = this.#match(PLAIN);
    while (this.#skip('\\')) value += this.#escape() + this.#match(PLAIN);
    if (!this.#skip('"')) this.#fail(`expected the end of the string, got ${this.#here()}`);
    if (/\p{Surrogate}/u.test(value)) throw new JsonSyntaxError('unpaired surrogate in a string', start);
    return value;
  }

  #escape(): string {
    if (this.#skip('u')) {
      const code = this.text.slice(this.#at, this.#at + 4);
      if (!/^[\da-fA-F]{4}$/.test(code)) this.#fail('expected four hexadecimal digits after \\u');
      this.#at += 4;
      return String.fromCharCode(parseInt(code, 16));
    }
    const letter = this.text[this.#at] ?? '';
    if (!Object.hasOwn(ESCAPES, letter)) this.#fail(`expected an escape, got ${this.#here()}`);
    this.#at++;
    return ESCAPES[letter]!;
  }

  /** Takes what a sticky pattern matches here, which may be nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const matched = pattern.exec(this.text)?.[0] ?? '';
    this.#at += matched.length;
    return matched;
  }

  #skip(text: string): boolean {
    const found = this.text.startsWith(text, this.#at);
    if (found) this.#at += text.length;
    return found;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) this.#fail(`expected "${text}", got ${this.#here()}`);
  }

  #here(): string {
    return this.#at < this.text.length ? describeCharacter(this.text, this.#at) : 'the end';
  }

  #fail(problem: string): never {
    throw new JsonSyntaxError(problem, this.#at);
  }
}
