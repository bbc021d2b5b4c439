import type { MethodSignatureStructure, OptionalKind } from 'ts-morph';
import { activationOps } from '../lib/ir/ops/activations.js';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import { elementwiseOps } from '../lib/ir/ops/elementwise.js';
import { indexingOps } from '../lib/ir/ops/indexing.js';
import { lossOps } from '../lib/ir/ops/losses.js';
import { contractionOps } from '../lib/ir/ops/matmul.js';
import { orderingOps } from '../lib/ir/ops/ordering.js';
import { parametricOps } from '../lib/ir/ops/parametric.js';
import { rearrangingOps } from '../lib/ir/ops/rearranging.js';
import { reductionOps } from '../lib/ir/ops/reductions.js';
import { statisticOps } from '../lib/ir/ops/statistics.js';
import { viewOps } from '../lib/ir/ops/views.js';
import { windowOps } from '../lib/ir/ops/windows.js';
import { documentation } from './dsl-ops.js';
import { signaturesOf, structure, typeImports } from './declarations.js';
import type { GeneratedFile } from './project.js';

/** Families whose operations a tensor has as methods; layers, losses and sources are functions only. */
const families: readonly Readonly<Record<string, OpDefinition>>[] = [
  ...[elementwiseOps, activationOps, parametricOps, reductionOps, statisticOps, contractionOps, viewOps, windowOps],
  ...[indexingOps, rearrangingOps, orderingOps, lossOps],
];

/** What other operations are made of, and nobody calls. */
const internal: ReadonlySet<string> = new Set(['slide', 'unslide']);

/** Operations on one tensor before all others: the first operand is called x, or a where there is a b. */
const methods = families
  .flatMap((family) => Object.values(family))
  .filter(({ name, signature: { operands } }) => ['x', 'a'].includes(operands[0]?.name ?? '') && !internal.has(name));

/** The methods of tensors: the functions, with the first operand as `this`. */
export const tensorMethodsFile: GeneratedFile = {
  path: 'lib/dsl/generated/methods.ts',
  source: 'lib/ir/ops',
  write(file) {
    file.addInterface({
      name: 'TensorMethods',
      isExported: true,
      docs: ['Operations as methods of their first operand.'],
      methods: methods.flatMap(method),
    });
    file.addStatements([
      '/** The names of these methods. */',
      `export const methodNames = [${methods.map(({ name }) => `'${name}'`).join(', ')}] as const;`,
    ]);
    file.insertImportDeclarations(0, typeImports(file.getFullText()));
  },
};

function method(op: OpDefinition): OptionalKind<MethodSignatureStructure>[] {
  return signaturesOf(op)
    .map(structure)
    .filter(({ parameters }) => parameters[0]!.type !== 'number')
    .map(({ parameters: [self, ...others], ...rest }) => ({
      name: op.name,
      ...rest,
      parameters: [{ ...self!, name: 'this' }, ...others],
      docs: [documentation(op)],
    }));
}
