/**
 * Globals that only some platforms have. The types of Node and of browsers each claim that theirs are always there.
 */
export const platform: {
  readonly navigator?: { readonly gpu?: GPU };
  readonly process?: { readonly platform: string; readonly versions: { readonly node?: string } };
} = globalThis;
