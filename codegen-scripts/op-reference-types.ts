import type { OpDefinition } from '../lib/ir/ops/record.js';
import type { AttributeKind, AttributePattern, OperandPattern } from '../lib/ir/signature.js';
import { literal } from './op-reference-formulas.js';

const dtypeClasses = { float: 'a float dtype', number: 'a numeric dtype', any: 'any dtype' };

/** `a: rank at least 2, b: …; one float dtype. Result: …`: what the signature asks for, in words. */
export function typesText(op: OpDefinition): string {
  const { operands } = op.signature;
  if (operands.length === 0) return `result: ${resultText(op)}`;
  const common = operands.filter(({ dtype }) => dtype === undefined);
  const sentences = operands.map((operand) => `\`${operand.name}\`: ${operandText(op, operand, common.length)}`);
  const shared =
    common.length > 1 ? [`${common.map(({ name }) => `\`${name}\``).join(', ')} share ${dtypeClass(op)}`] : [];
  const parts = isBroadcast(op) ? broadcastText(op) : [...sentences, ...shared];
  return `${parts.join('; ')}. Result: ${resultText(op)}`;
}

const dtypeClass = (op: OpDefinition) => dtypeClasses[op.signature.common];

function isBroadcast({ signature: { operands } }: OpDefinition): boolean {
  return operands.length > 1 && operands.every(({ dims }) => dims.length === 1 && isSpread(dims[0]!, ''));
}

function isSpread(dim: OperandPattern['dims'][number], name?: string): boolean {
  return dim.kind === 'spread' && (name === undefined || dim.name === name);
}

function broadcastText(op: OpDefinition): string[] {
  const { operands } = op.signature;
  const fixed = operands.flatMap(({ name, dtype }) =>
    dtype === undefined ? [] : [`\`${name}\` is ${dtypeText(dtype)}`],
  );
  const common = operands.filter(({ dtype }) => dtype === undefined).map(({ name }) => `\`${name}\``);
  const verb = common.length > 1 ? 'share' : 'has';
  return [
    'shapes broadcast',
    ...fixed,
    ...(common.length > 0 ? [`${common.join(', ')} ${verb} ${dtypeClass(op)}`] : []),
  ];
}

function operandText(op: OpDefinition, operand: OperandPattern, common: number): string {
  const fixed = operand.dims.filter((dim) => !isSpread(dim)).length;
  const spread = operand.dims.length > fixed;
  const rank = spread
    ? fixed > 0
      ? `rank at least ${fixed}`
      : 'any shape'
    : fixed === 0
      ? 'a scalar'
      : `rank ${fixed}`;
  const dtype = operand.dtype === undefined ? (common === 1 ? dtypeClass(op) : '') : dtypeText(operand.dtype);
  const except = operand.except === undefined ? '' : ` or equal to ${operand.except}`;
  const indexes = operand.indexes === undefined ? '' : `, values in [0, ${operand.indexes})${except}`;
  const list = operand.list ? 'one or more tensors of ' : '';
  const optional = operand.optional ? ' (optional)' : '';
  return `${list}${rank}${dtype && `, ${dtype}`}${indexes}${optional}`;
}

const dtypeText = (dtype: string) => (dtype === 'any' ? 'a dtype of its own' : dtype);

function resultText(op: OpDefinition): string {
  const { operands, result } = op.signature;
  const same = operands.find(({ dims, list }) => !list && JSON.stringify(dims) === JSON.stringify(result.dims));
  const written = op.signatureText.split('->')[1]!.trim();
  const shape =
    result.dims.length === 0
      ? 'a scalar'
      : isBroadcast(op) && isSpread(result.dims[0]!, '')
        ? 'the broadcast shape'
        : same
          ? `shape of \`${same.name}\``
          : `\`${written.replace(/\]:\w+$/, ']')}\``;
  const source = operands.find(({ dtype }) => dtype === undefined);
  if (same && source === same && result.dtype === undefined && !isBroadcast(op))
    return `shape and dtype of \`${same.name}\``;
  const isAttribute = op.signature.attributes.some(({ name }) => name === result.dtype);
  const dtype = isAttribute
    ? `the dtype that \`${result.dtype!}\` names`
    : (result.dtype ?? (source ? `dtype of \`${source.name}\`` : ''));
  return `${shape}, ${dtype}`;
}

const kinds: Record<AttributeKind, (attribute: AttributePattern, first: string) => string> = {
  int: () => 'integer',
  float: () => 'number',
  bool: () => 'true or false',
  word: ({ words }) => words!.map((word) => `\`'${word}'\``).join(', '),
  dtype: () => 'dtype',
  axis: (_, first) => `dimension of ${first}`,
  newAxis: () => 'dimension of the result',
  axes: (_, first) => `one or several dimensions of ${first}`,
  permutation: (_, first) => `every dimension of ${first} once`,
  shape: () => 'sizes',
  ints: () => 'list of integers',
  pair: () => 'two integers, or one for both',
  text: () => 'text',
};

/** `axis`: dimension of x, default -1; …: what each attribute may be. */
export function attributesText({ signature: { operands, attributes } }: OpDefinition): string {
  const first = `\`${operands[0]?.name ?? 'x'}\``;
  return attributes
    .map((attribute) => {
      const { name, kind, optional, default: value } = attribute;
      const otherwise =
        kind === 'axes' ? 'all when omitted' : value === undefined ? 'optional' : `default ${literal(value)}`;
      return `\`${name}\`: ${kinds[kind](attribute, first)}, ${optional ? otherwise : 'required'}`;
    })
    .join('; ');
}
