import { readdirSync, readFileSync } from 'node:fs';
import { compositeRules } from './egglog-composites.js';
import { broadcastRules, foldRules, frozenRules, schema, typeRules } from './egglog-schema.js';
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
      frozenRules: frozenRules(),
      broadcastRules: broadcastRules(),
      compositeRules: compositeRules(),
    };
    for (const [name, text] of Object.entries(made)) {
      file.addStatements(`export const ${name} = ${template(text.trim())};`);
    }
    const files = names.map((name) => {
      const text = readFileSync(fromRoot(`${RULES}/${name}`), 'utf8');
      return `  '${name}': ${template(withoutComments(text).trimEnd())},`;
    });
    file.addStatements(
      `/** By file name; comments are empty lines, so that lines have the numbers that they have there. */\nexport const ruleFiles = {\n${files.join('\n')}\n};`,
    );
  },
};

/** Only comments that are whole lines: a semicolon may stand in a string. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*;.*$/gm, '');
}

function template(text: string): string {
  return `\`\n${text.replace(/[\\`]|\$\{/g, '\\$&')}\n\``;
}
