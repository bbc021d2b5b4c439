import { readdirSync } from 'node:fs';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import { opList } from '../lib/ir/ops/index.js';
import { fromRoot } from './project.js';

const FOLDER = 'lib/ir/ops';

/** The operations of one file of the op table, in its order. */
export interface OpFamily {
  /** `Regression losses`, from the file's name. */
  readonly title: string;
  /** Path of the file from the repository's root. */
  readonly file: string;
  readonly ops: readonly OpDefinition[];
}

/** All operations by the file their record is in, in the order of the table. */
export async function opFamilies(): Promise<OpFamily[]> {
  const families = new Map<string, OpDefinition[]>();
  const fileOf = new Map<OpDefinition, string>();
  for (const name of readdirSync(fromRoot(FOLDER))) {
    if (name === 'index.ts') continue;
    const exported = (await import(`../${FOLDER}/${name.replace(/\.ts$/, '.js')}`)) as Record<string, unknown>;
    const tables = Object.values(exported).filter((value) => typeof value === 'object' && value !== null);
    for (const record of tables.flatMap((table) => Object.values(table) as OpDefinition[])) {
      fileOf.set(record, name);
    }
  }
  for (const op of opList) {
    const file = fileOf.get(op);
    if (file === undefined) throw new Error(`no file of ${FOLDER} exports the record of '${op.name}'`);
    families.set(file, [...(families.get(file) ?? []), op]);
  }
  return [...families].map(([name, ops]) => ({ title: titleOf(name), file: `${FOLDER}/${name}`, ops }));
}

function titleOf(file: string): string {
  const words = file.replace(/\.ts$/, '').replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
