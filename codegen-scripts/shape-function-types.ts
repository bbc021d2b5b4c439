import type { ShapeFunctionName } from '../lib/ir/shape-functions.js';
import type { OpDefinition } from '../lib/ir/ops/define.js';
import { commonType, plainType, type CallSignature, type TypeParameter } from './signature-types.js';

/** One way of calling that the result's shape follows from without a conditional type. */
interface Form {
  readonly typeParameters: readonly TypeParameter[];
  readonly operand: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Checks the attribute that the shape function checks; needed where not everything that has this form is right. */
  readonly rule?: string;
  readonly result: string;
}

/** How a shape function over `...s` and attributes is typed. */
interface ShapeFunctionTypes {
  /** Type parameters of its attributes, in the order of the rule's arguments. */
  readonly attributes: readonly TypeParameter[];
  /** The result's shape, or a message: a type of lib/dsl/shapes. */
  readonly rule: string;
  /** Attribute whose type becomes the message, and its type otherwise. */
  readonly checked: { readonly attribute: string; readonly type: string };
  /** For operands whose rank or sizes are type parameters of a generic module, where the rule stays open. */
  readonly forms: readonly Form[];
  /** The result there when no form fits. */
  readonly otherwise: string;
}

const dims = (name: string): TypeParameter => ({ name, constraint: 'Dim[]' });
const dim = (name: string): TypeParameter => ({ name, constraint: 'Dim' });
const constDims = (name: string): TypeParameter => ({ ...dims(name), isConst: true });

const table: Partial<Record<ShapeFunctionName, ShapeFunctionTypes>> = {
  reduce: {
    attributes: [
      { name: 'Axes', constraint: 'ReductionAxes', default: 'undefined', isConst: true },
      { name: 'Keepdims', constraint: 'boolean', default: 'false' },
    ],
    rule: 'Reduce<S, Axes, Keepdims>',
    checked: { attribute: 'axes', type: 'Axes' },
    forms: [
      {
        typeParameters: [dims('B'), dim('N')],
        operand: '[...B, N]',
        attributes: { axes: '-1', keepdims: 'true' },
        result: '[...B, 1]',
      },
      {
        typeParameters: [dims('B'), dim('N')],
        operand: '[...B, N]',
        attributes: { axes: '-1', keepdims: 'false' },
        result: 'B',
      },
    ],
    otherwise: 'UnknownShape',
  },
  reshape: {
    attributes: [constDims('Shape')],
    rule: 'Reshape<S, Shape>',
    checked: { attribute: 'shape', type: 'readonly [...Shape]' },
    forms: [
      {
        typeParameters: [dims('S'), constDims('Rest')],
        operand: 'S',
        attributes: { shape: 'readonly [-1, ...Rest]' },
        rule: 'Reshape<S, [-1, ...Rest]>',
        result: '[number, ...Rest]',
      },
      {
        typeParameters: [dims('S'), dim('First'), constDims('Rest')],
        operand: 'S',
        attributes: { shape: 'readonly [First, -1, ...Rest]' },
        rule: 'Reshape<S, [First, -1, ...Rest]>',
        result: '[First, number, ...Rest]',
      },
      {
        typeParameters: [dims('S'), constDims('Front')],
        operand: 'S',
        attributes: { shape: 'readonly [...Front, -1]' },
        rule: 'Reshape<S, [...Front, -1]>',
        result: '[...Front, number]',
      },
    ],
    otherwise: 'Shape',
  },
  unsqueeze: {
    attributes: [{ name: 'Axis', constraint: 'number' }],
    rule: 'Unsqueeze<S, Axis>',
    checked: { attribute: 'axis', type: 'Axis' },
    forms: [
      { typeParameters: [dims('S')], operand: 'S', attributes: { axis: '-1' }, result: '[...S, 1]' },
      { typeParameters: [dims('S')], operand: 'S', attributes: { axis: '0' }, result: '[1, ...S]' },
    ],
    otherwise: 'UnknownShape',
  },
  squeeze: {
    attributes: [{ name: 'Axis', constraint: 'number' }],
    rule: 'Squeeze<S, Axis>',
    checked: { attribute: 'axis', type: 'Axis' },
    forms: [
      { typeParameters: [dims('S')], operand: '[...S, 1]', attributes: { axis: '-1' }, result: 'S' },
      { typeParameters: [dims('S')], operand: '[1, ...S]', attributes: { axis: '0' }, result: 'S' },
    ],
    otherwise: 'UnknownShape',
  },
  permute: {
    attributes: [{ name: 'Axes', constraint: 'readonly number[]', isConst: true }],
    rule: 'Permute<S, Axes>',
    checked: { attribute: 'axes', type: 'readonly [...Axes]' },
    forms: [],
    otherwise: 'ShapeOf<Permute<S, Axes>>',
  },
  broadcastTo: {
    attributes: [constDims('Shape')],
    rule: 'BroadcastTo<S, Shape>',
    checked: { attribute: 'shape', type: 'readonly [...Shape]' },
    forms: [],
    otherwise: 'Shape',
  },
};

/** Whether the result's shape is one shape function of the only operand and attributes. */
export function isShapeFunction({ signature: { operands, result } }: OpDefinition): boolean {
  const [dim] = result.dims;
  return operands.length === 1 && result.dims.length === 1 && dim!.kind === 'shapeFunction' && dim!.name in table;
}

/**
 * The signatures of an operation whose result is a shape function. With forms there are four or more: the first for
 * what the rule decides, the forms for generic modules, and a last one that has the result nobody knows, and whose
 * message is the one that the compiler prints. Without forms one signature does it all.
 */
export function shapeFunctionSignatures(op: OpDefinition): CallSignature[] {
  const [shapeFunction] = op.signature.result.dims;
  const types = shapeFunction?.kind === 'shapeFunction' ? table[shapeFunction.name as ShapeFunctionName] : undefined;
  if (!types) throw new Error(`${op.name}: its shape function has no types in codegen-scripts/shape-function-types.ts`);
  const operand = op.signature.operands[0]!.name;
  const dtype = op.signature.result.dtype ? `'${op.signature.result.dtype}'` : 'Type';
  const fixed = op.signature.operands[0]!.dtype;
  const type = fixed === undefined ? commonType(op.signature) : { name: 'Type', constraint: `'${fixed}'` };

  const parameters = (shape: string, attributeTypes: Readonly<Record<string, string>>, optional: readonly string[]) => {
    const { attributes } = op.signature;
    const options = attributes.filter((attribute) => attribute.optional);
    const typeOf = (name: string) =>
      attributeTypes[name] ?? plainType(attributes.find((attribute) => attribute.name === name)!);
    const written = options.map(({ name }) => `${name}${optional.includes(name) ? '?' : ''}: ${typeOf(name)}`);
    return [
      { name: operand, type: `Tensor<${shape}, Type>` },
      ...attributes.filter((attribute) => !attribute.optional).map(({ name }) => ({ name, type: typeOf(name) })),
      ...(options.length > 0
        ? [{ name: 'options', type: `{ ${written.join('; ')} }`, optional: optional.length === options.length }]
        : []),
    ];
  };
  const optionNames = op.signature.attributes.filter(({ optional }) => optional).map(({ name }) => name);
  const general = (checkedType: string, result: string): CallSignature => ({
    typeParameters: [dims('S'), type, ...types.attributes],
    parameters: parameters(
      'S',
      {
        ...Object.fromEntries(types.attributes.map(({ name }) => [name.toLowerCase(), name])),
        [types.checked.attribute]: checkedType,
      },
      optionNames,
    ),
    result: `Tensor<${result}, ${dtype}>`,
  });
  const guard = (rule: string, type: string) => `Guard<'${op.name}', ${rule}, ${type}>`;
  const guarded = general(guard(types.rule, types.checked.type), types.otherwise);
  if (types.forms.length === 0) return [guarded];
  return [
    general(`WhenDecided<${types.rule}, ${types.checked.type}>`, `ShapeOf<${types.rule}>`),
    ...types.forms.map((form) => ({
      typeParameters: [...form.typeParameters, type],
      parameters: parameters(
        form.operand,
        form.rule === undefined
          ? form.attributes
          : {
              ...form.attributes,
              [types.checked.attribute]: guard(form.rule, form.attributes[types.checked.attribute]!),
            },
        optionNames.filter((name) => (form.attributes[name] ?? 'false') === 'false'),
      ),
      result: `Tensor<${form.result}, ${dtype}>`,
    })),
    guarded,
  ];
}
