import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat, type DType } from '../../lib/ir/dtype.js';
import { DTypeError, MeganeuraError } from '../../lib/ir/errors.js';
import { expandComposites } from '../../lib/ir/expand.js';
import { Graph } from '../../lib/ir/graph.js';
import type { HalfDType } from '../../lib/ir/half.js';
import { operandPattern } from '../../lib/ir/operands.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { elementCount } from '../../lib/ir/shape.js';
import type { DTypeClass } from '../../lib/ir/signature.js';
import { caseLeaves } from '../op-harness.js';
import { opCases } from './index.js';
import type { OpCase, Range } from './op-case.js';
import { CaseGenerator, MOST_ELEMENTS } from './case-generator.js';

const given = process.env['TEST_SHAPES'];

/** Shapes an operation is tried on: 4, or what the environment variable TEST_SHAPES says (`npm run test:full`: 20). */
export const SHAPES_PER_OP = Number(given ?? 4);

/** The same on a device, where each shape is kernels to compile: 2. */
export const SHAPES_ON_DEVICE = Number(given ?? 2);

/** Shapes that every operation has, those written by hand first. */
export const ALL_SHAPES = 20;
const MOST_TRIES = 600;
/** Elements of all that a case computes: the interpreter takes about 10 µs for each, and differences take many runs. */
const MOST_WORK = 15_000;

/** The dtypes that operands may share. Those of 16 bits are loaded and stored in other ways only: every other case has one. */
const dtypesOf: Record<DTypeClass, readonly DType[]> = {
  float: ['f32'],
  number: ['f32', 'i32', 'u32'],
  any: ['f32', 'i32', 'u32', 'bool'],
};

/** Every case of an operation: those written by hand, and as many more, made from its signature, as give ALL_SHAPES. */
export function allCases(name: OpName): readonly OpCase[] {
  const written = opCases[name];
  const cases = new Map(written.map((entry) => [JSON.stringify(entry), entry]));
  for (let seed = 0; cases.size < ALL_SHAPES && seed < MOST_TRIES; seed++) {
    const entry = new CaseGenerator(ops[name].signature, seed).generate(written[seed % written.length]!);
    if (entry && isDefined(name, entry)) cases.set(JSON.stringify(entry), entry);
  }
  return [...cases.values()];
}

/** `count` of an operation's cases, by hand and made, each in every dtype that its signature allows. */
export function casesToTry(name: OpName, count = SHAPES_PER_OP): readonly OpCase[] {
  const all = allCases(name);
  const some = all.filter(
    (_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length),
  );
  return some.flatMap((entry, i) => inEveryDType(name, entry, ([[], ['f16'], [], ['bf16']] as const)[i % 4]!));
}

/** Whether the operation takes such operands: not all shapes that fit one by one fit together, and some results are large. */
function isDefined(name: OpName, entry: OpCase): boolean {
  const builder = new GraphBuilder();
  try {
    const node = builder.add(name, caseLeaves(builder, entry), entry.attrs ?? {});
    if (elementCount(node.shape) > MOST_ELEMENTS) return false;
    // Some decompositions have no answer for tensors without elements: the maximum of nothing.
    const written = expandComposites(new Graph({ outputs: new Map([['result', node]]) }));
    return written.nodes().reduce((sum, { shape }) => sum + elementCount(shape), 0) <= MOST_WORK;
  } catch (error) {
    if (error instanceof MeganeuraError && !(error instanceof DTypeError)) return false;
    throw error;
  }
}

function inEveryDType(name: OpName, entry: OpCase, halves: readonly HalfDType[]): OpCase[] {
  const { signature } = ops[name];
  const patterns = entry.shapes.map((_, i) => operandPattern(signature, i));
  const numbers = Object.values(entry.attrs ?? {}).filter((value) => typeof value === 'number');
  const fits = (dtype: DType) => isFloat(dtype) || numbers.every((value) => Number.isInteger(value));
  const shares = patterns.some(({ dtype }) => dtype === undefined);
  const shared = shares ? [...dtypesOf[signature.common].filter(fits), ...halves] : (['f32'] as const);
  return shared.map((dtype) => {
    const dtypes = patterns.map((pattern, i) => {
      if (pattern.dtype === 'any') return entry.dtypes?.[i] ?? 'f32';
      return pattern.dtype ?? dtype;
    });
    return { ...entry, dtypes, ranges: dtypes.map((own, i) => rangeIn(own, entry, i)) };
  });
}

/** The range of an operand's values in a dtype that the case may not have been written for. */
function rangeIn(dtype: DType, { dtypes, range = [-1, 1], ranges }: OpCase, operand: number): Range {
  const [low, high] = ranges?.[operand] ?? range;
  const written = dtypes?.[operand] ?? dtypes?.[0] ?? 'f32';
  if (isFloat(dtype) || dtype === 'bool') return [low, high];
  const [least, most] = isFloat(written) || written === 'bool' ? [-5, 6] : [low, high];
  return dtype === 'u32' && least < 0 ? [0, most - least] : [least, most];
}
