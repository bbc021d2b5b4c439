import * as wasm from '../generated/egglog.js';
import { usageError } from './error.js';
import { call, currentGeneration, isLive } from './instance.js';

/** Frees e-graphs that were forgotten without free(). */
const forgotten = new FinalizationRegistry(({ generation, handle }) => {
  try {
    destroy(generation, handle);
  } catch {
    // The instance is poisoned now, and the next call says so; there is no caller here to tell.
  }
});

function destroy(generation, handle) {
  if (isLive(generation)) call(generation, () => wasm.destroy(handle));
}

/** See index.d.ts. */
export class EGraph {
  #generation = currentGeneration();
  #handle;

  constructor({ experimental = false } = {}) {
    this.#handle = call(this.#generation, () => wasm.create(Boolean(experimental)));
    forgotten.register(this, { generation: this.#generation, handle: this.#handle }, this);
  }

  run(program) {
    expect(typeof program === 'string', 'run: the program must be a string');
    return this.#call((handle) => wasm.run(handle, program));
  }

  insert(entries) {
    expect(Array.isArray(entries), 'insert: the entries must be an array');
    return this.#call((handle) => wasm.insert(handle, entries));
  }

  snapshot() {
    return this.#call((handle) => wasm.snapshot(handle));
  }

  find(sort, values) {
    expect(typeof sort === 'string', 'find: the sort must be a string');
    const list = Uint32Array.from(values);
    return this.#call((handle) => wasm.find(handle, sort, list));
  }

  get size() {
    return this.#call((handle) => wasm.size(handle));
  }

  serialize() {
    return this.#call((handle) => wasm.serialize(handle));
  }

  primitive(name, inputSorts, outputSort, callback) {
    const strings = [name, outputSort, ...inputSorts].every((text) => typeof text === 'string');
    expect(strings, 'primitive: the name and the sorts must be strings');
    expect(typeof callback === 'function', `primitive ${name}: the callback must be a function`);
    this.#call((handle) => wasm.primitive(handle, name, [...inputSorts], outputSort, callback));
  }

  report() {
    return this.#call((handle) => wasm.report(handle));
  }

  free() {
    const handle = this.#handle;
    if (handle === undefined) return;
    destroy(this.#generation, handle);
    this.#handle = undefined;
    forgotten.unregister(this);
  }

  #call(action) {
    if (this.#handle === undefined) throw usageError('this e-graph was freed');
    return call(this.#generation, () => action(this.#handle));
  }
}

// `Symbol.dispose` is not in Node 20's realms of `node:vm`, nor in older browsers.
if (Symbol.dispose) EGraph.prototype[Symbol.dispose] = EGraph.prototype.free;

function expect(condition, message) {
  if (!condition) throw usageError(message);
}
