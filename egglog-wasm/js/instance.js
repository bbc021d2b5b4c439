import { __wbg_reset_state, initSync, memory_bytes } from '../generated/egglog.js';
import { EgglogError, usageError } from './error.js';
import { compile } from './source.js';

/** Counts instances; 0 before the first. An e-graph belongs to the instance it was made in. */
let generation = 0;
/** Why the instance must not be called again. */
let poison;
/** A call is going on: a callback must not start another. */
let busy = false;
let started;

/** See index.d.ts. */
export function init(source) {
  started ??= start(source).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start(source) {
  initSync({ module: await compile(source) });
  generation = 1;
}

/** See index.d.ts. */
export function reset() {
  if (generation === 0) throw usageError('call `await init()` first');
  if (busy) throw usageError('reset() called inside a primitive');
  __wbg_reset_state();
  generation++;
  poison = undefined;
}

/** See index.d.ts. */
export function memoryBytes() {
  return generation === 0 ? 0 : memory_bytes();
}

export function currentGeneration() {
  return generation;
}

/** Whether e-graphs of this generation can be called. */
export function isLive(wanted) {
  return wanted === generation && poison === undefined;
}

/**
 * Runs `action`, which calls into the instance, and gives its failures their final form.
 *
 * @param wanted the generation of the e-graph that is used
 */
export function call(wanted, action) {
  if (generation === 0) throw usageError('call `await init()` first');
  if (wanted !== generation) throw usageError('this e-graph died in reset(); make a new one');
  if (poison !== undefined) {
    const message = `the instance is poisoned by an earlier panic (${poison}); call reset()`;
    throw new EgglogError(`egglog-wasm: ${message}`, { kind: 'poisoned' });
  }
  if (busy) throw usageError('a primitive must not call egglog-wasm');
  busy = true;
  try {
    return action();
  } catch (cause) {
    throw toError(cause);
  } finally {
    busy = false;
  }
}

/** Failures that Rust reports are arrays (`src/failure.rs`); all else left the instance in an unknown state. */
function toError(cause) {
  if (!Array.isArray(cause)) return poisoned(describeTrap(cause), cause);
  const [kind, message, span] = cause;
  switch (kind) {
    case 'thrown':
      return message;
    case 'panic':
      return poisoned(message);
    case 'usage':
      return usageError(message);
    default:
      return new EgglogError(message, { kind, span });
  }
}

function poisoned(reason, cause) {
  poison = reason;
  return new EgglogError(`egglog-wasm: egglog panicked: ${reason}; call reset()`, { kind: 'panic', cause });
}

/** Traps are not Rust panics, which come as arrays. A failed allocation aborts, which executes `unreachable`. */
function describeTrap(cause) {
  // Firefox names it InternalError.
  const overflow = cause?.name === 'RangeError' || cause?.name === 'InternalError';
  const message = String(cause?.message ?? cause);
  if (overflow || /out of bounds/.test(message)) return 'stack overflow: the program or a term is nested too deeply';
  return /unreachable/i.test(message) ? 'out of memory' : message;
}
