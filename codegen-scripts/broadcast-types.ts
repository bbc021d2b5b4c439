import type { OpDefinition } from '../lib/ir/ops/record.js';
import type { OperandPattern } from '../lib/ir/signature.js';
import { plainParameters } from './attribute-types.js';
import type { CallSignature, TypeParameter } from './call-signature.js';
import { commonType } from './signature-types.js';

const shape = (name: string): TypeParameter => ({ name, constraint: 'Dim[]' });
const dim = (name: string): TypeParameter => ({ name, constraint: 'Dim' });

/** Whether all operands are bare spreads: they broadcast with each other. */
export function broadcasts({ signature: { operands } }: OpDefinition): boolean {
  const isBare = ({ dims }: OperandPattern) => dims.length === 1 && dims[0]!.kind === 'spread' && dims[0]!.name === '';
  return operands.length > 1 && operands.every(isBare);
}

/**
 * The overloads of an elementwise operation of several operands. Those before the last give shapes without a
 * conditional type, so that results have readable types inside generic modules: equal shapes, `[...B, N]` with `[N]` or
 * `[...B, 1]`, numbers. The last one is general, and the only one whose mistake the compiler prints.
 */
export function broadcastSignatures(op: OpDefinition): CallSignature[] {
  const { operands, result } = op.signature;
  const fixed = operands.filter((operand) => operand.dtype !== undefined);
  const free = operands.filter((operand) => operand.dtype === undefined);
  const dtypeOf = (typeParameter: string) => (result.dtype === undefined ? typeParameter : `'${result.dtype}'`);
  // Operands that all have a dtype of their own share none.
  const type = free.length > 0 ? [commonType(op.signature)] : [];
  const attributes = plainParameters(op.signature);
  const signatures: CallSignature[] = [];

  /** All tensors have shape S; those before the first tensor are numbers, those behind it may be. */
  const equalShapes = (firstTensor: number) => {
    let shapeKnown = false;
    const parameters = operands.map((operand) => {
      const position = free.indexOf(operand);
      if (position >= 0 && position < firstTensor) return { name: operand.name, type: 'number' };
      const s = shapeKnown ? 'NoInfer<S>' : 'S';
      shapeKnown = true;
      const dtype = operand.dtype ? `'${operand.dtype}'` : position === firstTensor ? 'Type' : 'NoInfer<Type>';
      return { name: operand.name, type: `Tensor<${s}, ${dtype}>${position > firstTensor ? ' | number' : ''}` };
    });
    signatures.push({ typeParameters: [shape('S'), ...type], parameters, result: `Tensor<S, ${dtypeOf('Type')}>` });
  };

  /** Any shapes that broadcast. */
  const general = (firstTensor: number) => {
    const typeParameters: TypeParameter[] = [];
    let before = '';
    const parameters = operands.map((operand) => {
      const position = free.indexOf(operand);
      if (position >= 0 && position < firstTensor) return { name: operand.name, type: 'number' };
      const own = operand.name.charAt(0).toUpperCase() + operand.name.slice(1);
      const mayBeNumber = position > firstTensor;
      const ownType = operand.dtype ? `'${operand.dtype}'` : mayBeNumber ? `Type_${operand.name}` : 'Type';
      // Without a tensor to infer it from, a number's shape is [].
      typeParameters.push({ ...shape(own), ...(mayBeNumber ? { default: '[]' } : {}) });
      let tensor = `Tensor<${own}, ${ownType}>`;
      if (mayBeNumber) {
        typeParameters.push({ name: ownType, constraint: 'DType', default: 'Type' });
        const first = free[firstTensor]!.name;
        tensor = `SameDType<Type, ${ownType}, ${tensor} | number, \`${op.name}: ${first} is \${Type} but ${operand.name} is \${${ownType}}; cast one of them\`>`;
      }
      if (before !== '') tensor = `Guard<'${op.name}', Broadcast<${before}, ${own}>, ${tensor}>`;
      before = before === '' ? own : `BroadcastShape<${before}, ${own}>`;
      return { name: operand.name, type: tensor };
    });
    const ordered = [...typeParameters, ...type].sort(
      (a, b) => Number(a.default !== undefined) - Number(b.default !== undefined),
    );
    signatures.push({ typeParameters: ordered, parameters, result: `Tensor<${before}, ${dtypeOf('Type')}>` });
  };

  const single = fixed.length === 0 ? free.length - 1 : -1;
  for (let firstTensor = 0; firstTensor < Math.max(free.length, 1); firstTensor++) {
    equalShapes(firstTensor);
    // One tensor alone has nothing to broadcast with.
    if (firstTensor > 0 && firstTensor !== single) general(firstTensor);
  }
  if (operands.length === 2 && fixed.length === 0) {
    const [a, b] = operands as [OperandPattern, OperandPattern];
    for (const other of ['[NoInfer<N>]', '[...NoInfer<B>, 1]']) {
      signatures.push({
        typeParameters: [shape('B'), dim('N'), ...type],
        parameters: [
          { name: a.name, type: 'Tensor<[...B, N], Type>' },
          { name: b.name, type: `Tensor<${other}, NoInfer<Type>>` },
        ],
        result: `Tensor<[...B, N], ${dtypeOf('Type')}>`,
      });
    }
  }
  general(0);
  return signatures.map((signature) => ({ ...signature, parameters: [...signature.parameters, ...attributes] }));
}
