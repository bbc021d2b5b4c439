import type { AttributePattern } from '../lib/ir/signature.js';
import { plainType } from './attribute-types.js';
import { ops } from '../lib/ir/ops/index.js';
import type { GeneratedFile } from './project.js';

const attributeTypes: Record<Exclude<AttributePattern['kind'], 'word'>, string> = {
  int: 'Num',
  float: 'Num',
  bool: 'boolean',
  dtype: 'DType',
  axis: 'Num',
  newAxis: 'Num',
  axes: 'Num | readonly Num[]',
  permutation: 'readonly number[]',
  shape: 'readonly Num[]',
  ints: 'readonly number[]',
  pair: 'number | readonly number[]',
  text: 'string',
};

function attributeType(attribute: AttributePattern): string {
  return attribute.kind === 'word' ? plainType(attribute) : attributeTypes[attribute.kind];
}

/** `Builder<V>`: one method an operation, for code that makes nodes: gradients, decompositions, optimizers. */
export const builderFile: GeneratedFile = {
  path: 'lib/ir/generated/builder.ts',
  source: 'lib/ir/ops',
  write(file) {
    file.addImportDeclarations([
      { moduleSpecifier: '../dtype.js', namedImports: ['DType'], isTypeOnly: true },
      { moduleSpecifier: '../symbolic.js', namedImports: ['BuildAttribute', 'Num'], isTypeOnly: true },
    ]);
    const methods = Object.values(ops).map((op) => {
      const { operands, attributes } = op.signature;
      const positional = attributes.filter((attribute) => !attribute.optional);
      const options = attributes.filter((attribute) => attribute.optional);
      const required = operands.filter(({ optional }) => !optional);
      const left = operands.filter(({ optional }) => optional).map(({ name }) => name);
      const optionTypes = [
        ...left.map((name) => `${name}?: V | undefined`),
        ...options.map((option) => `${option.name}?: ${attributeType(option)} | undefined`),
      ];
      const parameters = [
        ...required.map(({ name, list }) => ({ name, type: list ? 'readonly V[]' : 'V', hasQuestionToken: false })),
        ...positional.map((attribute) => ({
          name: attribute.name,
          type: attributeType(attribute),
          hasQuestionToken: false,
        })),
        ...(optionTypes.length > 0
          ? [{ name: 'options', type: `{ ${optionTypes.join('; ')} }`, hasQuestionToken: true }]
          : []),
      ];
      const names = positional.map(({ name }) => name);
      const attrs = [...names, ...(options.length > 0 ? ['...attributes'] : [])].join(', ');
      const inputs = required.map(({ name, list }) => (list ? `...${name}` : name));
      const given = left.length > 0 ? `...given('${op.name}', [${left.join(', ')}])` : undefined;
      const emitted = `emit('${op.name}', [${[...inputs, ...(given ? [given] : [])].join(', ')}], {${attrs ? ` ${attrs} ` : ''}})`;
      const parts = [...left, ...(options.length > 0 ? ['...attributes'] : [])].join(', ');
      const call = optionTypes.length > 0 ? `{ const { ${parts} } = options ?? {}; return ${emitted}; }` : emitted;
      return { name: op.name, doc: `${op.doc} \`${op.signatureText}\``, parameters, call };
    });
    file.addTypeAlias({
      name: 'Emit',
      isExported: true,
      docs: ['Makes the node of one operation.'],
      typeParameters: ['V'],
      type: '(op: string, operands: readonly V[], attrs: Readonly<Record<string, BuildAttribute>>) => V',
    });
    file.addInterface({
      name: 'OpMethods',
      isExported: true,
      docs: ['One method for each record of the op table.'],
      typeParameters: ['V'],
      methods: methods.map(({ name, doc, parameters }) => ({ name, docs: [doc], parameters, returnType: 'V' })),
    });
    file.addInterface({
      name: 'Builder',
      isExported: true,
      docs: ['Writes computations over values of type `V`: nodes of a graph, or patterns of a rewrite rule.'],
      typeParameters: ['V'],
      extends: ['OpMethods<V>'],
      methods: [
        {
          name: 'scalar',
          docs: ['A rank-0 constant of the dtype of `like`.'],
          parameters: [
            { name: 'value', type: 'Num' },
            { name: 'like', type: 'V' },
          ],
          returnType: 'V',
        },
        {
          name: 'literal',
          docs: ['A tensor of constants, row-major.'],
          parameters: [
            { name: 'values', type: 'readonly number[]' },
            { name: 'shape', type: 'readonly number[]' },
            { name: 'dtype', type: 'DType' },
          ],
          returnType: 'V',
        },
        {
          name: 'dim',
          docs: ['Size of dimension `axis` of x.'],
          parameters: [
            { name: 'x', type: 'V' },
            { name: 'axis', type: 'number' },
          ],
          returnType: 'Num',
        },
      ],
    });
    const leavesOut = methods.some(({ call }) => call.includes('given('));
    if (leavesOut) file.addImportDeclaration({ moduleSpecifier: '../errors.js', namedImports: ['GraphError'] });
    if (leavesOut)
      file.addFunction({
        name: 'given',
        docs: ['Operands that may be left out, without those that were: the last ones.'],
        typeParameters: ['V'],
        parameters: [
          { name: 'op', type: 'string' },
          { name: 'operands', type: 'readonly (V | undefined)[]' },
        ],
        returnType: 'V[]',
        statements: [
          'const present = operands.filter((operand) => operand !== undefined);',
          'if (operands.slice(0, present.length).includes(undefined)) {',
          '  throw new GraphError(`${op}: an optional operand was given without the one before it`);',
          '}',
          'return present;',
        ],
      });
    file.addFunction({
      name: 'opMethods',
      isExported: true,
      docs: ['The methods of {@link OpMethods}, each a call of `emit`.'],
      typeParameters: ['V'],
      parameters: [{ name: 'emit', type: 'Emit<V>' }],
      returnType: 'OpMethods<V>',
      statements: [
        `return {\n${methods.map(({ name, parameters, call }) => `  ${name}: (${parameters.map((parameter) => parameter.name).join(', ')}) => ${call},`).join('\n')}\n};`,
      ],
    });
  },
};
