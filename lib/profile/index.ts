/** The entry `meganeura/profile`: recordings of where a run's time goes. */
export { ProfileError } from './errors.js';
export { Profiler, type ProfilerOptions } from './profiler.js';
