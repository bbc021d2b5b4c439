import type { DType } from '../ir/dtype.js';
import { closeNames, NameError } from '../ir/errors.js';
import { isHalf, toHalfBits } from '../ir/half.js';
import { bitsIn } from '../ir/typed-array.js';
import { requireSession, type GivenParameter, type ParameterValues, type Session } from '../session/session.js';
import { loadSafetensors, saveSafetensors } from './safetensors-file.js';
import type { TensorData } from './safetensors-layout.js';
import type { SafeTensors } from './safetensors.js';

/**
 * Writes a session's parameters and the model's buffers to a safetensors file, atomically: at `path` there is what was there before, or all of
 * the new file. Those of f16 and bf16 are written as F16 and BF16.
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
  const parameters = Object.entries(await session.stateDict());
  const tensors = parameters.map(([name, { shape, dtype, data }]): [string, TensorData] => [
    name,
    tensorOf(shape, dtype, data),
  ]);
  await saveSafetensors(path, tensors, metadata);
}

function tensorOf(shape: readonly number[], dtype: DType, data: ParameterValues['data']): TensorData {
  if (isHalf(dtype)) return { shape, data: toHalfBits(dtype, data), dtype: dtype === 'f16' ? 'F16' : 'BF16' };
  return dtype === 'bool' ? { shape, data, dtype: 'BOOL' } : { shape, data };
}

export interface LoadParametersOptions {
  /** Whether the file must hold these parameters and no others. Default true. */
  strict?: boolean;
}

/**
 * Reads a session's parameters from a safetensors file, by name. F16 and BF16 go into parameters of the same dtype as
 * they are; they and F64 are converted into those of another. All or none.
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
      known.map(([name, { dtype }]): [string, GivenParameter] => [
        name,
        { shape: file.entry(name).shape, dtype, data: valuesOf(file, name, dtype) },
      ]),
    ),
  );
}

function valuesOf(file: SafeTensors, name: string, dtype: DType): GivenParameter['data'] {
  switch (dtype) {
    case 'f16':
    case 'bf16':
      return file.entry(name).dtype === dtype.toUpperCase() ? bitsIn(dtype, file.array(name))! : file.float32(name);
    case 'f32':
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
