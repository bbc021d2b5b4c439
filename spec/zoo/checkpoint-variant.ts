/** Checkpoints as other versions and classes would have saved them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encodeSafetensors, parseSafetensors } from '../../lib/hub/safetensors.js';

export interface Variant {
  /** The name that a tensor has in it; undefined where it is left out. */
  name?: (name: string) => string | undefined;
  /** Changes of `config.json`; undefined takes a field away. */
  config?: Readonly<Record<string, unknown>>;
  /** Further files, or others of that name, by path. */
  files?: Readonly<Record<string, unknown>>;
}

const made: string[] = [];

/** A folder with the checkpoint of another, changed. {@link removeVariants} removes it. */
export function checkpointVariant(folder: string, { name = (old) => old, config = {}, files = {} }: Variant): string {
  const variant = fs.mkdtempSync(path.join(os.tmpdir(), 'variant-'));
  made.push(variant);
  const tensors = parseSafetensors(fs.readFileSync(path.join(folder, 'model.safetensors')));
  const kept = tensors.names().flatMap((old) => {
    const now = name(old);
    const { dtype, shape } = tensors.entry(old);
    return now === undefined ? [] : [[now, { dtype, shape, data: tensors.array(old) }] as const];
  });
  fs.writeFileSync(path.join(variant, 'model.safetensors'), encodeSafetensors(Object.fromEntries(kept)));
  const own = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')) as object;
  for (const [file, content] of Object.entries({ 'config.json': { ...own, ...config }, ...files })) {
    fs.mkdirSync(path.dirname(path.join(variant, file)), { recursive: true });
    fs.writeFileSync(path.join(variant, file), JSON.stringify(content));
  }
  return variant;
}

/** For `afterAll`. */
export function removeVariants(): void {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true });
}
