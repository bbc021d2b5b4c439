import type { ImportDeclarationStructure, OptionalKind } from 'ts-morph';
import { broadcasts, broadcastSignatures } from './broadcast-types.js';
import type { CallSignature } from './call-signature.js';
import type { OpDefinition } from '../lib/ir/ops/record.js';
import { callSignatures } from './signature-types.js';

/** Where the type rules that signatures use come from. */
const ruleModules = {
  '../shapes/arithmetic.js': ['Add', 'Divide', 'Divisible', 'KnownSize', 'Multiply', 'Shift', 'Subtract'],
  '../shapes/axes.js': ['AxisOf', 'Permute', 'Squeeze', 'Unsqueeze'],
  '../shapes/broadcast.js': [
    'Broadcast',
    'BroadcastRows',
    'BroadcastShape',
    'BroadcastTo',
    'CheckBroadcastRows',
    'HasRow',
  ],
  '../shapes/dim.js': [
    'Dim',
    'Guard',
    'Pair',
    'PairElement',
    'SameDim',
    'SameDType',
    'SameShape',
    'ShapeOf',
    'Show',
    'UnknownShape',
    'WhenDecided',
  ],
  '../shapes/einsum.js': ['Einsum'],
  '../shapes/indexing.js': ['Gather', 'Overwrite', 'Scatter'],
  '../shapes/lists.js': ['Concat', 'DTypeOf', 'OneDType', 'ShapesOf', 'Stack'],
  '../shapes/loss.js': ['ReduceLoss'],
  '../shapes/padding.js': ['Pad', 'Repeat'],
  '../shapes/pool.js': ['PooledSize'],
  '../shapes/reduce.js': ['Reduce', 'ReductionAxes'],
  '../shapes/reshape.js': ['Reshape'],
  '../shapes/windows.js': ['PadAxis', 'PaddedSize', 'RepeatInterleave', 'Slice', 'SliceSize', 'Slide'],
};

/** The imports of types that a generated file's text mentions, sorted by file. */
export function typeImports(text: string): OptionalKind<ImportDeclarationStructure>[] {
  const used = (name: string) => new RegExp(`\\b${name}\\b`).test(text);
  return Object.entries({
    '../../ir/dtype.js': ['DType', 'FloatDType', 'NumericDType'],
    ...ruleModules,
    '../tensor.js': ['Tensor'],
  })
    .map(([moduleSpecifier, names]) => ({ moduleSpecifier, namedImports: names.filter(used), isTypeOnly: true }))
    .filter(({ namedImports }) => namedImports.length > 0);
}

/** The call signatures of an operation, each a way of calling it. */
export function signaturesOf(op: OpDefinition): CallSignature[] {
  return broadcasts(op) ? broadcastSignatures(op) : callSignatures(op);
}

/** A call signature as declarations have it. */
export function structure({ typeParameters, parameters, result }: CallSignature) {
  return {
    typeParameters: typeParameters.map(({ default: value, isConst, ...rest }) => ({
      ...rest,
      ...(value === undefined ? {} : { default: value }),
      ...(isConst ? { isConst } : {}),
    })),
    parameters: parameters.map(({ name, type, optional }) => ({ name, type, hasQuestionToken: optional === true })),
    returnType: result,
  };
}
