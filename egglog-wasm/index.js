export { EGraph } from './js/egraph.js';
export { EgglogError } from './js/error.js';
export { init, memoryBytes, reset } from './js/instance.js';
export { rowsOf } from './js/rows.js';
