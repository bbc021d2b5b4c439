import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { egglogProgramFile } from './egglog-program.js';
import { fromRoot, render, type GeneratedFile } from './project.js';

/** What results of rewriting depend on beside the graph and the adapter, so that what was kept of others is not used. */
export const rewriteVersionFile: GeneratedFile = {
  path: 'lib/rewrite/generated/version.ts',
  source: 'package.json, lib/ir/ops and lib/rewrite/rules',
  write(file) {
    const { version } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as { version: string };
    const rules = createHash('sha256').update(render(egglogProgramFile)).digest('hex').slice(0, 16);
    file.addStatements(
      `/** Of the library, and of its rules. */\nexport const rewriteVersion = '${version} ${rules}';`,
    );
  },
};
