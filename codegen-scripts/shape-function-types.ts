import type { OpDefinition } from '../lib/ir/ops/record.js';
import { typeParameterName, type TypeParameter } from './call-signature.js';

/** One way of calling that the result's shape follows from without a conditional type. */
export interface Form {
  readonly typeParameters: readonly TypeParameter[];
  /** What names of the signature stand for here, in place of a type parameter: spreads of operands, attributes. */
  readonly bound: Readonly<Record<string, string>>;
  /** The type of the operand that is a list. */
  readonly list?: string;
  readonly result: string;
  /** Whether not everything that has this form is right, so that the rule must be asked. */
  readonly asksRule?: true;
}

/** How the result of a shape function is typed. */
export interface ShapeRule {
  /** A type of lib/dsl/shapes that gives the shape or a message; it has the shape function's arguments. */
  readonly rule: string;
  /** The operand or attribute whose type becomes the message; none where nothing can be wrong. */
  readonly checked?: string;
  /** The one whose type decides whether the rule knows; `checked` unless that may be left out. */
  readonly decides?: string;
  /**
   * For operands whose rank or sizes are type parameters of a generic module, where the rule stays open: none, or two
   * and more; or one that is how it is always called. They get the names of the type parameters of the arguments.
   */
  readonly forms: (names: readonly string[]) => readonly Form[];
  /** The result there when no form fits. */
  readonly otherwise: (rule: string, args: readonly string[]) => string;
}

const dims = (name: string): TypeParameter => ({ name, constraint: 'Dim[]' });
const dim = (name: string): TypeParameter => ({ name, constraint: 'Dim' });
const constDims = (name: string): TypeParameter => ({ ...dims(name), isConst: true });

const none = () => [];
const unknown = () => 'UnknownShape';
const argument = (position: number) => (_: string, args: readonly string[]) => args[position]!;
const shapeOf = (rule: string) => `ShapeOf<${rule}>`;

/** A rule that changes one size: known for the last dimension and for the first of a tensor of any rank. */
const atOneAxis = (size: string, asksRule: { asksRule?: true } = {}): Form[] => [
  {
    typeParameters: [dims('B'), dim('L')],
    bound: { s: '[...B, L]', axis: '-1' },
    result: `[...B, ${size}]`,
    ...asksRule,
  },
  {
    typeParameters: [dim('L'), dims('B')],
    bound: { s: '[L, ...B]', axis: '0' },
    result: `[${size}, ...B]`,
    ...asksRule,
  },
];

const reduced = (axis: 'axes' | 'axis'): Form[] => [
  {
    typeParameters: [dims('B'), dim('N')],
    bound: { s: '[...B, N]', [axis]: '-1', keepdims: 'true' },
    result: '[...B, 1]',
  },
  {
    typeParameters: [dims('B'), dim('N')],
    bound: { s: '[...B, N]', [axis]: '-1', keepdims: 'false' },
    result: 'B',
  },
];

/** The size after pooling along one dimension; the arguments are those of the shape function `pool`. */
function pooled(size: string, axis: 0 | 1, [, kernelSize, stride, padding, ceilMode, dilation]: readonly string[]) {
  const of = (name: string | undefined) => (name === undefined ? '1' : `PairElement<${name}, ${axis}>`);
  return `PooledSize<${size}, ${of(kernelSize)}, ${of(stride)}, ${of(padding)}, ${of(dilation)}, ${ceilMode!}>`;
}

/** A list of tensors of these shapes. */
const listOf = (first: string, ...others: readonly string[]) =>
  `readonly [${[`Tensor<${first}, Type>`, ...others.map((shape) => `Tensor<${shape}, NoInfer<Type>>`)].join(', ')}]`;

/*
 * Two tensors, or three. With the ones for axis 0, which may be left out, there are four overloads for calls without
 * options, so that the compiler prints the message of the last one only.
 */
const concatenated: Form[] = [
  {
    typeParameters: [dims('B'), dim('M'), dim('N')],
    bound: { s: '[[...B, M], [...B, N]]', axis: '-1' },
    list: listOf('[...B, M]', '[...NoInfer<B>, N]'),
    result: '[...B, Add<M, N>]',
  },
  {
    typeParameters: [dims('B'), dim('M'), dim('N')],
    bound: { s: '[[M, ...B], [N, ...B]]', axis: '0' },
    list: listOf('[M, ...B]', '[N, ...NoInfer<B>]'),
    result: '[Add<M, N>, ...B]',
  },
  {
    typeParameters: [dims('B'), dim('L'), dim('M'), dim('N')],
    bound: { s: '[[...B, L], [...B, M], [...B, N]]', axis: '-1' },
    list: listOf('[...B, L]', '[...NoInfer<B>, M]', '[...NoInfer<B>, N]'),
    result: '[...B, Add<Add<L, M>, N>]',
  },
  {
    typeParameters: [dims('B'), dim('L'), dim('M'), dim('N')],
    bound: { s: '[[L, ...B], [M, ...B], [N, ...B]]', axis: '0' },
    list: listOf('[L, ...B]', '[M, ...NoInfer<B>]', '[N, ...NoInfer<B>]'),
    result: '[Add<Add<L, M>, N>, ...B]',
  },
];

const stacked = [2, 3].flatMap((count): Form[] => {
  const list = listOf('S', ...new Array<string>(count - 1).fill('NoInfer<S>'));
  const s = `[${new Array<string>(count).fill('S').join(', ')}]`;
  return [
    { typeParameters: [dims('S')], bound: { s, axis: '-1' }, list, result: `[...S, ${count}]` },
    { typeParameters: [dims('S')], bound: { s, axis: '0' }, list, result: `[${count}, ...S]` },
  ];
});

const rules: Readonly<Record<string, ShapeRule | undefined>> = {
  reduce: { rule: 'Reduce', checked: 'axes', forms: () => reduced('axes'), otherwise: unknown },
  reduceAxis: { rule: 'Reduce', checked: 'axis', forms: () => reduced('axis'), otherwise: unknown },
  reduceLoss: { rule: 'ReduceLoss', forms: none, otherwise: (rule) => rule },
  reshape: {
    rule: 'Reshape',
    checked: 'shape',
    forms: () => [
      {
        typeParameters: [dims('S'), constDims('Rest')],
        bound: { s: 'S', shape: '[-1, ...Rest]' },
        result: '[number, ...Rest]',
        asksRule: true,
      },
      {
        typeParameters: [dims('S'), dim('First'), constDims('Rest')],
        bound: { s: 'S', shape: '[First, -1, ...Rest]' },
        result: '[First, number, ...Rest]',
        asksRule: true,
      },
      {
        typeParameters: [dims('S'), constDims('Front')],
        bound: { s: 'S', shape: '[...Front, -1]' },
        result: '[...Front, number]',
        asksRule: true,
      },
    ],
    otherwise: argument(1),
  },
  unsqueeze: {
    rule: 'Unsqueeze',
    checked: 'axis',
    forms: () => [
      { typeParameters: [dims('S')], bound: { s: 'S', axis: '-1' }, result: '[...S, 1]' },
      { typeParameters: [dims('S')], bound: { s: 'S', axis: '0' }, result: '[1, ...S]' },
    ],
    otherwise: unknown,
  },
  squeeze: {
    rule: 'Squeeze',
    checked: 'axis',
    forms: () => [
      { typeParameters: [dims('S')], bound: { s: '[...S, 1]', axis: '-1' }, result: 'S' },
      { typeParameters: [dims('S')], bound: { s: '[1, ...S]', axis: '0' }, result: 'S' },
    ],
    otherwise: unknown,
  },
  permute: { rule: 'Permute', checked: 'axes', forms: none, otherwise: shapeOf },
  broadcastTo: { rule: 'BroadcastTo', checked: 'shape', forms: none, otherwise: argument(1) },
  slice: {
    rule: 'Slice',
    checked: 'step',
    decides: 'axis',
    forms: () => atOneAxis('SliceSize<L, Start, Stop, Step>', { asksRule: true }),
    otherwise: unknown,
  },
  padAxis: {
    rule: 'PadAxis',
    checked: 'axis',
    forms: () => atOneAxis('PaddedSize<L, Low, High, Interior>', { asksRule: true }),
    otherwise: unknown,
  },
  slide: { rule: 'Slide', checked: 'axis', forms: ([, , size]) => atOneAxis(size!), otherwise: unknown },
  repeatInterleave: {
    rule: 'RepeatInterleave',
    checked: 'axis',
    forms: () => atOneAxis('Multiply<L, Times>'),
    otherwise: unknown,
  },
  pad: {
    rule: 'Pad',
    checked: 'pads',
    forms: () => [
      {
        typeParameters: [dims('B'), dim('N'), dim('Low'), dim('High')],
        bound: { s: '[...B, N]', pads: '[Low, High]' },
        result: '[...B, PaddedSize<N, Low, High>]',
        asksRule: true,
      },
      {
        typeParameters: [dims('B'), dim('M'), dim('N'), dim('Left'), dim('Right'), dim('Top'), dim('Bottom')],
        bound: { s: '[...B, M, N]', pads: '[Left, Right, Top, Bottom]' },
        result: '[...B, PaddedSize<M, Top, Bottom>, PaddedSize<N, Left, Right>]',
        asksRule: true,
      },
    ],
    otherwise: unknown,
  },
  pool: {
    rule: 'Pool',
    forms: (names) => [
      { typeParameters: [dims('B'), dim('L')], bound: { s: '[...B, L]' }, result: `[...B, ${pooled('L', 0, names)}]` },
    ],
    otherwise: unknown,
  },
  poolOfPairs: {
    rule: 'Pool',
    forms: (names) => [
      {
        typeParameters: [dims('B'), dim('H'), dim('W')],
        bound: { s: '[...B, H, W]' },
        result: `[...B, ${pooled('H', 0, names)}, ${pooled('W', 1, names)}]`,
      },
    ],
    otherwise: unknown,
  },
  repeat: { rule: 'Repeat', checked: 'times', forms: none, otherwise: shapeOf },
  gather: { rule: 'Gather', checked: 'index', forms: none, otherwise: argument(1) },
  scatter: { rule: 'Scatter', checked: 'index', forms: none, otherwise: argument(0) },
  overwrite: { rule: 'Overwrite', checked: 'values', forms: none, otherwise: argument(0) },
  concat: { rule: 'Concat', checked: 'xs', forms: () => concatenated, otherwise: unknown },
  stack: { rule: 'Stack', checked: 'xs', forms: () => stacked, otherwise: unknown },
  einsum: { rule: 'Einsum', checked: 'equation', forms: none, otherwise: shapeOf },
};

/** The rule of an operation whose result is one shape function that has one. */
export function shapeRule({ signature: { result } }: OpDefinition): ShapeRule | undefined {
  const [dim, ...others] = result.dims;
  return dim?.kind === 'shapeFunction' && others.length === 0 ? rules[dim.name] : undefined;
}

/** The names of the arguments of the only shape function of a result. */
export function shapeArguments({ signature: { result } }: OpDefinition): readonly string[] {
  const [dim] = result.dims;
  return dim?.kind === 'shapeFunction' ? dim.args : [];
}

/** The forms of calling an operation, for generic modules; none unless all attributes that they are about are there. */
export function shapeForms(op: OpDefinition): readonly Form[] {
  const args = shapeArguments(op);
  const forms = shapeRule(op)?.forms(args.map(typeParameterName)) ?? [];
  return forms.every(({ bound }) => Object.keys(bound).every((name) => args.includes(name))) ? forms : [];
}
