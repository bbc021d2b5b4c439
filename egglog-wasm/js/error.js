/** See index.d.ts. */
export class EgglogError extends Error {
  constructor(message, { kind, span, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    if (span !== undefined) this.span = span;
  }

  get name() {
    return 'EgglogError';
  }
}

/** Wrong arguments, or a call at a wrong time. */
export function usageError(message) {
  return new EgglogError(`egglog-wasm: ${message}`, { kind: 'usage' });
}
