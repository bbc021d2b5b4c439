import { closeNames, NameError } from '../ir/errors.js';
import { requireSession, type ParameterValues, type Session } from '../session/session.js';
import { loadSafetensors, saveSafetensors } from './safetensors-file.js';
import type { TensorData } from './safetensors-layout.js';
import type { SafeTensors } from './safetensors.js';

/**
 * Writes a session's parameters to a safetensors file, atomically: at `path` there is what was there before, or all of
 * the new file. Parameters of reduced precision are written as F32, as sessions give them.
 *
 * @throws {SafetensorsError} When writing fails.
 * @throws {UsageError} When `session` is none.
 */
export async function saveParameters(
  session: Session,
  path: string,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  requireSession('saveParameters: the first argument', session);
  const parameters = Object.entries(await session.parameters());
  const tensors = parameters.map(([name, { shape, dtype, data }]): [string, TensorData] => [
    name,
    dtype === 'bool' ? { shape, data, dtype: 'BOOL' } : { shape, data },
  ]);
  await saveSafetensors(path, tensors, metadata);
}

export interface LoadParametersOptions {
  /** Whether the file must hold these parameters and no others. Default true. */
  strict?: boolean;
}

/**
 * Reads a session's parameters from a safetensors file, by name; F16, BF16 and F64 are converted. All or none.
 *
 * @throws {SafetensorsError} When the file cannot be read, or breaks the format, or a dtype cannot be converted.
 * @throws {NameError} When names are missing or, unless `strict` is false, unknown.
 * @throws {ShapeError} When a tensor has another shape.
 * @throws {UsageError} When `session` is none.
 */
export async function loadParameters(
  session: Session,
  path: string,
  { strict = true }: LoadParametersOptions = {},
): Promise<void> {
  requireSession('loadParameters: the first argument', session);
  const file = await loadSafetensors(path);
  const wanted = session.parameterTypes;
  if (strict) checkNames(path, file.names(), [...wanted.keys()]);
  const known = [...wanted].filter(([name]) => file.has(name));
  session.setParameters(
    Object.fromEntries(
      known.map(([name, { dtype }]): [string, ParameterValues] => [
        name,
        { shape: file.entry(name).shape, dtype, data: valuesOf(file, name, dtype) },
      ]),
    ),
  );
}

function valuesOf(file: SafeTensors, name: string, dtype: ParameterValues['dtype']): ParameterValues['data'] {
  switch (dtype) {
    case 'f32':
    case 'f16':
    case 'bf16':
      return file.float32(name);
    case 'i32':
      return file.int32(name);
    case 'u32':
      return Uint32Array.from(file.int32(name));
    case 'bool':
      return Uint8Array.from(file.int32(name));
  }
}

function checkNames(path: string, got: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !got.includes(name));
  const unknown = got.filter((name) => !wanted.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  const close = missing.length > 0 ? closeNames(missing[0]!, unknown) : [];
  const hint = close.length > 0 ? `; '${close[0]}' is close to '${missing[0]}'` : '';
  const parts = [
    ...(missing.length > 0 ? [`lacks ${listed(missing)}`] : []),
    ...(unknown.length > 0 ? [`holds ${listed(unknown)}, which the session does not know`] : []),
  ];
  throw new NameError(`${path}: the file ${parts.join(' and ')}${hint}`);
}

/** The first few names; checkpoints have hundreds. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => `'${name}'`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
