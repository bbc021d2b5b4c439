/** One call signature of a generated function. */
export interface CallSignature {
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly CallParameter[];
  readonly result: string;
}

export interface CallParameter {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
}

export interface TypeParameter {
  readonly name: string;
  readonly constraint: string;
  readonly default?: string;
  readonly isConst?: boolean;
}

/** What generated signatures mean something else by. */
const taken: ReadonlySet<string> = new Set([
  ...['Add', 'Concat', 'Dim', 'Einsum', 'Gather', 'Guard', 'Pad', 'Pair', 'Permute', 'Reduce', 'Repeat', 'Reshape'],
  ...['Scatter', 'Show', 'Slice', 'Slide', 'Squeeze', 'Stack', 'Tensor', 'Type', 'Unsqueeze'],
]);

/** The name of a type parameter for a name of a signature. */
export function typeParameterName(name: string): string {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return taken.has(capital) ? `${capital}_` : capital;
}
