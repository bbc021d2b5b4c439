import { describe } from '@jest/globals';
import { checkKernels } from './check-kernels.js';

// A file of its own: it is one of the two that take longest. They run on the software adapter as well, only slower.
describe('kernels with workgroup memory against the interpreter', () => {
  checkKernels({ software: false });
});
