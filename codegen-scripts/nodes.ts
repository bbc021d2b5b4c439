import { opList } from '../lib/ir/ops/index.js';
import { plainType } from './attribute-types.js';
import type { AttributeKind, AttributePattern } from '../lib/ir/signature.js';
import type { GeneratedFile } from './project.js';

const attributeTypes: Record<Exclude<AttributeKind, 'word'>, string> = {
  int: 'number',
  float: 'number',
  bool: 'boolean',
  dtype: 'DType',
  axis: 'number',
  newAxis: 'number',
  axes: 'readonly number[]',
  permutation: 'readonly number[]',
  shape: 'readonly number[]',
  ints: 'readonly number[]',
  pair: 'readonly [number, number]',
  text: 'string',
};

function attributeType(attribute: AttributePattern): string {
  return attribute.kind === 'word' ? plainType(attribute) : attributeTypes[attribute.kind];
}

/** Without a default, and left out: all axes are meant where axes are left out, so these are always there. */
function mayBeAbsent({ kind, optional, default: value }: AttributePattern): boolean {
  return optional && value === undefined && kind !== 'axes';
}

/** The type of each operation's nodes: its attributes as the IR keeps them, and its operands by position. */
export const nodesFile: GeneratedFile = {
  path: 'lib/ir/generated/nodes.ts',
  source: 'lib/ir/ops',
  write(file) {
    file.addImportDeclarations([
      { moduleSpecifier: '../dtype.js', namedImports: ['DType'], isTypeOnly: true },
      { moduleSpecifier: '../graph.js', namedImports: ['Node'], isTypeOnly: true },
    ]);
    file.addInterface({
      name: 'OpAttributes',
      isExported: true,
      docs: ['Attributes of each operation, as the IR keeps them: defaults filled in, axes counted from the end.'],
      properties: opList.map(({ name, signature }) => ({
        name,
        type:
          signature.attributes.length === 0
            ? 'Record<never, never>'
            : `{ ${signature.attributes.map((attribute) => `readonly ${attribute.name}${mayBeAbsent(attribute) ? '?' : ''}: ${attributeType(attribute)}`).join('; ')} }`,
      })),
    });
    file.addInterface({
      name: 'OpInputs',
      isExported: true,
      docs: ['Operands of each operation, by position.'],
      properties: opList.map(({ name, signature }) => ({
        name,
        type: signature.operands.some(({ list }) => list)
          ? 'readonly Node[]'
          : `readonly [${signature.operands.map(({ name, optional }) => `${name}${optional ? '?' : ''}: Node`).join(', ')}]`,
      })),
    });
  },
};
