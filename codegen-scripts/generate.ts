import { parseArgs } from 'node:util';
import { arithmeticFile } from './arithmetic.js';
import { builderFile } from './builder.js';
import { dslOpsFile } from './dsl-ops.js';
import { nodesFile } from './nodes.js';
import { emit } from './project.js';
import { tensorMethodsFile } from './tensor-methods.js';

const { check, root } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
}).values;

const stale = emit([builderFile, nodesFile, arithmeticFile, dslOpsFile, tensorMethodsFile], { check, root });
// What follows runs decompositions with the builder, and is loaded after it is written: it may just have got methods.
if (!check || !stale.includes(builderFile.path)) {
  const { egglogProgramFile } = await import('./egglog-program.js');
  const { rewriteVersionFile } = await import('./rewrite-version.js');
  const { opReferenceFile } = await import('./op-reference.js');
  stale.push(...emit([egglogProgramFile, rewriteVersionFile, await opReferenceFile()], { check, root }));
}
if (stale.length > 0) {
  console.log(`${check ? 'stale, run `npm run codegen`' : 'written'}: ${stale.join(', ')}`);
  if (check) process.exitCode = 1;
}
