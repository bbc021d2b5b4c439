import { describe } from '@jest/globals';
import { checkKernels } from './check-kernels.js';

describe('kernels as the adapter wants them against the interpreter', () => {
  checkKernels({});
});
