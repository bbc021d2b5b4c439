import { parseArgs } from 'node:util';
import { arithmeticFile } from './arithmetic.js';
import { builderFile } from './builder.js';
import { dslOpsFile } from './dsl-ops.js';
import { egglogProgramFile } from './egglog-program.js';
import { nodesFile } from './nodes.js';
import { emit } from './project.js';

const { check, root } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
}).values;
const stale = emit([builderFile, nodesFile, arithmeticFile, dslOpsFile, egglogProgramFile], { check, root });
if (stale.length > 0) {
  console.log(`${check ? 'stale, run `npm run codegen`' : 'written'}: ${stale.join(', ')}`);
  if (check) process.exitCode = 1;
}
