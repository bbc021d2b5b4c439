import type { GeneratedFile } from './project.js';

const digits = Array.from({ length: 10 }, (_, digit) => digit);

/** `[a, b, …]`, one element for each number. */
const tuple = (numbers: readonly number[], element: (n: number) => string) => `[${numbers.map(element).join(', ')}]`;

/** Two digits: what is carried, and the digit that stays. */
const carryAndDigit = (value: number) => `'${String(value).padStart(2, '0')}'`;

/** Digit tables for the arithmetic on number literals of lib/dsl/shapes/arithmetic.ts. */
export const arithmeticFile: GeneratedFile = {
  path: 'lib/dsl/generated/arithmetic.ts',
  source: 'codegen-scripts/arithmetic.ts',
  write(file) {
    const table = (name: string, doc: string, type: string) =>
      file.addTypeAlias({ name, docs: [doc], isExported: true, type });
    table('Digit', 'A decimal digit.', digits.map((digit) => `'${digit}'`).join(' | '));
    table(
      'Next',
      'The digit after a digit; 9 stays, for no quotient digit goes further.',
      `{ ${digits.map((digit) => `'${digit}': '${Math.min(digit + 1, 9)}'`).join('; ')} }`,
    );
    table(
      'Sum',
      'Carry and digit of a + b + carry: `Sum[carry][a][b]`.',
      tuple([0, 1], (carry) => tuple(digits, (a) => tuple(digits, (b) => carryAndDigit(a + b + carry)))),
    );
    table(
      'Difference',
      'Borrow and digit of a − b − borrow: `Difference[borrow][a][b]`.',
      tuple([0, 1], (borrow) =>
        tuple(digits, (a) => tuple(digits, (b) => `'${a - b - borrow < 0 ? 1 : 0}${(a - b - borrow + 10) % 10}'`)),
      ),
    );
    table(
      'Product',
      'Carry and digit of a·b + carry: `Product[a][b][carry]`.',
      tuple(digits, (a) => tuple(digits, (b) => tuple(digits.slice(0, 9), (carry) => carryAndDigit(a * b + carry)))),
    );
  },
};
