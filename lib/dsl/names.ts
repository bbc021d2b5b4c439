/** `qProj` becomes `q_proj`, `QKVProj` becomes `qkv_proj`: how state dicts name attributes. */
export function snakeCase(attribute: string): string {
  return attribute
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** `a.b`, or one alone where the other is empty. */
export function joinName(prefix: string, name: string): string {
  return prefix === '' || name === '' ? prefix + name : `${prefix}.${name}`;
}
