import path from 'node:path';

/** Folder of the reference data: results of other implementations. A larger set than the one here can be named. */
export const REFERENCE_DIR = process.env['REFERENCE_DIR'] ?? path.resolve('spec/reference');
