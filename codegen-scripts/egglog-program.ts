import { readdirSync, readFileSync } from 'node:fs';
import { compositeRules } from './egglog-composites.js';
import { broadcastRules, foldRules, schema, typeRules } from './egglog-schema.js';
import { fromRoot, type GeneratedFile } from './project.js';

const RULES = 'lib/rewrite/rules';

/** Everything egglog is given, as text: the schema and rules that follow from the op table, and the rule files. */
export const egglogProgramFile: GeneratedFile = {
  path: 'lib/rewrite/generated/program.ts',
  source: `lib/ir/ops and ${RULES}`,
  write(file) {
    const names = readdirSync(fromRoot(RULES)).sort();
    const made = {
      schema: schema(),
      typeRules: typeRules(),
      foldRules: foldRules(),
      broadcastRules: broadcastRules(),
      compositeRules: compositeRules(),
    };
    for (const [name, text] of Object.entries(made)) {
      file.addStatements(`export const ${name} = ${template(text)};`);
    }
    const files = names.map((name) => `  '${name}': ${template(readFileSync(fromRoot(`${RULES}/${name}`), 'utf8'))},`);
    file.addStatements(`/** By file name. */\nexport const ruleFiles = {\n${files.join('\n')}\n};`);
  },
};

function template(text: string): string {
  return `\`\n${text.trim().replace(/[\\`]|\$\{/g, '\\$&')}\n\``;
}
