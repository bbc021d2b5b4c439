/** The entry `meganeura/explain`: what the compiler makes of a graph. Needs no GPU. */
export { ExplainError } from './errors.js';
export { explain, type Explanation } from './explain.js';
export { graphPicture } from './picture.js';
export { explanationText } from './text.js';
export { trainingGraph, type TrainingOptions } from '../session/training-graph.js';
