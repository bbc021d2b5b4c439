import { ops } from '../ir/ops/index.js';
import { methodNames, type TensorMethods } from './generated/methods.js';

/** Has a method for each operation of `methodNames`; how an operation is added to the trace, tensors say. */
abstract class Operations {
  static {
    for (const name of methodNames) {
      Object.defineProperty(this.prototype, name, {
        value(this: Operations, ...args: unknown[]) {
          return this.operate(name, args);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /** As `Tensor` says. */
  abstract emit(
    op: keyof TensorMethods,
    operands: readonly unknown[],
    options: object | undefined,
    attributes: object,
  ): unknown;

  /** Arguments are the operands after the first, the attributes without default, and an object of the others. */
  private operate(op: keyof TensorMethods, args: readonly unknown[]): unknown {
    const { operands, attributes } = ops[op].signature;
    const operandCount = operands.filter(({ optional }) => !optional).length - 1;
    const required = attributes.filter(({ optional }) => !optional).map(({ name }) => name);
    const positional = args.slice(operandCount, operandCount + required.length);
    const options = args[operandCount + required.length] as object | undefined;
    const named = Object.fromEntries(required.map((name, i) => [name, positional[i]]));
    return this.emit(op, [this, ...args.slice(0, operandCount)], options, named);
  }
}

const constructor: abstract new () => object = Operations;

/** What tensors extend: operations as methods of their first operand, `x.matmul(w).relu()`. */
export const TensorOperations = constructor as abstract new () => TensorMethods;
