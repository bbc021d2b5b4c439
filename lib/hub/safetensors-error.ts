import { MeganeuraError } from '../ir/errors.js';
import { quote } from './strict-json.js';

/** A file that breaks the safetensors format, cannot be read or written, or holds a tensor other than the one asked for. */
export class SafetensorsError extends MeganeuraError {
  /**
   * @param file The file, or what stands for it.
   * @param problem What was expected and what was got.
   * @param tensor The tensor concerned.
   */
  constructor(
    readonly file: string,
    problem: string,
    readonly tensor?: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${tensor === undefined ? '' : `tensor ${quote(tensor)}: `}${problem}`, options);
  }
}

/** `F32 [2, 3]`, shortened: a malformed file may have any number of axes. */
export function describeTensor(dtype: string, shape: readonly number[]): string {
  return `${dtype} [${shape.slice(0, 16).join(', ')}${shape.length > 16 ? ', …' : ''}]`;
}
