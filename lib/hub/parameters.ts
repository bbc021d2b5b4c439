import type { MatchOptions, WeightSource } from '../dsl/weights.js';
import type { DType } from '../ir/dtype.js';
import { isHalf, toHalfBits } from '../ir/half.js';
import type { ParameterValues } from '../session/session-states.js';
import { requireSession, type Session } from '../session/session.js';
import { SafetensorsFile, saveSafetensors } from './safetensors-file.js';
import type { TensorData } from './safetensors-layout.js';

/**
 * Writes a session's parameters and the model's buffers to a safetensors file, atomically: at `path` there is what was
 * there before, or all of the new file. Those of f16 and bf16 are written as F16 and BF16.
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

/** Options of {@link loadParameters}. */
export interface LoadParametersOptions {
  /** Whether the file must hold these parameters and buffers and no others. Default true. */
  strict?: boolean;
}

/**
 * Reads a session's parameters and the model's buffers from a safetensors file, by name and one at a time. F16 and BF16
 * go into parameters of the same dtype as they are; they and F64 are converted into those of another. Nothing has
 * changed when names, shapes or dtypes do not fit.
 *
 * @throws {SafetensorsError} When the file cannot be read, or breaks the format, or a dtype cannot be converted.
 * @throws {StateDictError} When names are missing or, unless `strict` is false, unknown, and for other shapes.
 * @throws {UsageError} When `session` is none.
 */
export async function loadParameters(
  session: Session,
  path: string,
  { strict = true }: LoadParametersOptions = {},
): Promise<void> {
  requireSession('loadParameters: the first argument', session);
  const file = await SafetensorsFile.open(path);
  for (const [name, { dtype }] of session.parameterTypes) {
    if (file.entries.has(name)) file.checkValues(name, dtype);
  }
  const source: WeightSource = {
    name: path,
    tensors: file.entries,
    read: (name, dtype) => file.readValues(name, dtype),
  };
  const options: MatchOptions = { strict };
  await session.setParameters(source, options);
}
