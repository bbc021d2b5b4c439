import type { FunctionDeclarationStructure, OptionalKind } from 'ts-morph';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import { ops } from '../lib/ir/ops/index.js';
import { signaturesOf, structure, typeImports } from './declarations.js';
import type { GeneratedFile } from './project.js';

/** The functions users call: one for each operation, typed by its signature and documented. */
export const dslOpsFile: GeneratedFile = {
  path: 'lib/dsl/generated/ops.ts',
  source: 'lib/ir/ops',
  write(file) {
    file.addFunctions(Object.values<OpDefinition>(ops).map(operationFunction));
    const [dtypes, ...rules] = typeImports(file.getFullText());
    file.insertImportDeclarations(0, [dtypes!, { moduleSpecifier: '../emit.js', namedImports: ['emit'] }, ...rules]);
  },
};

function operationFunction(op: OpDefinition): OptionalKind<FunctionDeclarationStructure> {
  const signatures = signaturesOf(op);
  const { operands, attributes } = op.signature;
  const required = attributes.filter((attribute) => !attribute.optional).map(({ name }) => name);
  const hasOptions = [...operands, ...attributes].some(({ optional }) => optional);
  const positional = operands.filter((operand) => !operand.optional).map(({ name }) => name);
  const call = [`'${op.name}'`, operands[0]?.list ? positional[0]! : `[${positional.join(', ')}]`];
  if (hasOptions || required.length > 0) call.push(hasOptions ? 'options' : 'undefined');
  if (required.length > 0) call.push(`{ ${required.join(', ')} }`);
  const shared = {
    name: op.name,
    isExported: true,
    statements: [`return emit(${call.join(', ')});`],
  };
  const [only, ...others] = signatures;
  if (only && others.length === 0) return { ...shared, docs: [documentation(op)], ...structure(only) };
  return {
    ...shared,
    parameters: signatures[0]!.parameters.map(({ name, optional }) => ({
      name,
      type: name === 'options' ? 'object' : 'unknown',
      hasQuestionToken: optional === true,
    })),
    returnType: 'Tensor',
    overloads: signatures.map((signature) => ({ ...structure(signature), docs: [documentation(op)] })),
  };
}

/** What the operation does, its signature as the op table has it, and what is thrown. */
export function documentation(op: OpDefinition): string {
  const gradient = op.gradient === 'none' ? 'No gradient flows through it.' : '';
  const indices = op.signature.operands
    .filter((operand) => operand.indexes !== undefined)
    .map(({ name, indexes }) => `Values of ${name} are in [0, ${indexes}); a session refuses others.`);
  return [[op.doc, ...indices, gradient].filter(Boolean).join(' '), `\`${op.signatureText}\``, throws(op)]
    .filter(Boolean)
    .join('\n\n');
}

/** The `@throws` lines of an operation, one for each kind of error. */
export function throws(op: OpDefinition): string {
  const { operands, attributes, result } = op.signature;
  const common = operands.filter((operand) => operand.dtype === undefined).length;
  const names = operands.flatMap((operand) => operand.dims.map((dim) => JSON.stringify(dim)));
  const isReduction = op.kind === 'reduction';
  const checksShapes =
    new Set(names).size < names.length ||
    operands.some((operand) => operand.dims.some((dim) => dim.kind !== 'spread')) ||
    (!isReduction && result.dims.some((dim) => dim.kind === 'shapeFunction'));
  return [
    checksShapes ? '@throws ShapeError when shapes do not fit.' : '',
    common > 1 || common < operands.length ? '@throws DTypeError when dtypes do not fit.' : '',
    attributes.some(({ kind }) => ['axis', 'newAxis', 'axes', 'permutation'].includes(kind))
      ? '@throws AxisError for an axis out of range or given twice.'
      : '',
    isReduction && !op.hasIdentity ? '@throws ValueError when there is no element to reduce.' : '',
  ]
    .filter(Boolean)
    .join('\n');
}
