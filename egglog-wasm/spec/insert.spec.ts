import { beforeAll, describe, expect, test } from '@jest/globals';
import { init, rowsOf, type EGraph, type InsertEntry } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

beforeAll(() => init());

const NO_VALUE = 0xffff_ffff;

/** The terms of all classes as text, so that e-graphs with other values can be compared. */
function contents(egraph: EGraph): unknown {
  return egraph.run('(print-function Num) (print-function Add) (print-function Mul) (print-size)').sort();
}

test('the same e-graph as a program of lets', () => {
  const inserted = graph(MATH);
  const ids = inserted.insert([
    ['Num', 1],
    ['Num', 2],
    ['Add', 0, 1],
    ['Mul', 2, 0],
    ['Add', 0, 1],
    ['union', 2, 1],
  ]);
  const written = graph(`${MATH}
    (let $a (Num 1)) (let $b (Num 2)) (let $c (Add $a $b)) (let $d (Mul $c $a)) (union $c $b)`);
  expect(contents(inserted)).toEqual(contents(written));

  expect(ids).toBeInstanceOf(Uint32Array);
  expect(ids[4]).toBe(ids[2]);
  expect(ids[5]).toBe(NO_VALUE);
  const [one, two, sum, product] = inserted.find('Math', ids);
  expect(sum).toBe(two);
  expect(new Set([one, sum, product]).size).toBe(3);
});

test('rules see inserted nodes', () => {
  const egraph = graph(`${MATH} (rewrite (Add (Num a) (Num b)) (Num (+ a b)))`);
  const ids = egraph.insert([
    ['Num', 1],
    ['Num', 2],
    ['Add', 0, 1],
  ]);
  egraph.run('(run 1)');
  const three = egraph.insert([['Num', 3]]);
  expect(egraph.find('Math', [ids[2]!])).toEqual(egraph.find('Math', three));
});

test('congruence holds when insert returns', () => {
  const egraph = graph(MATH);
  const ids = egraph.insert([
    ['Var', 'x'],
    ['Var', 'y'],
    ['Mul', 0, 0],
    ['Mul', 1, 1],
    ['union', 0, 1],
  ]);
  const [, , a, b] = egraph.find('Math', ids);
  expect(a).toBe(b);
});

test('classes of an earlier call, also after they were united', () => {
  const egraph = graph(MATH);
  const [x, y] = egraph.insert([
    ['Var', 'x'],
    ['Var', 'y'],
  ]);
  egraph.run('(union (Var "x") (Var "y"))');
  const ids = egraph.insert([
    ['Add', { value: x! }, { value: x! }],
    ['Add', { value: y! }, { value: x! }],
    ['union', 0, { value: y! }],
  ]);
  expect(ids[0]).toBe(ids[1]);
  expect(egraph.run('(check (= (Var "x") (Add (Var "y") (Var "x"))))')).toEqual([]);
});

test('functions, relations and sorts of every kind', () => {
  const egraph = graph(`${MATH}
    (sort Dims (Vec i64)) (sort Grid (Vec Dims)) (sort Args (Vec Math)) (sort Tags (Set String)) (sort Bag (MultiSet f64))
    (constructor Sum (Args) Math)
    (constructor Leaf (i64 f64 String bool Unit BigInt Dims Grid Tags Bag) Math)
    (function shape (Math) Dims :no-merge)
    (relation used (Math i64))`);
  const big = 2n ** 80n;
  egraph.insert([
    ['Leaf', -5, 0.25, 'a "b"\n', true, null, big, [1, -2, 3], [[1], []], ['x', 'y', 'x'], [1, 1, 0.5]],
    ['set', 'shape', [0], [3, 4]],
    ['used', 0, 2n ** 63n - 1n],
    ['Sum', [0, 0]],
  ]);
  expect(
    egraph.run(`
      (check (Leaf -5 0.25 "a \\"b\\"\\n" true () (<< (bigint 1) 80) (vec-of 1 -2 3) (vec-of (vec-of 1) (vec-empty))
        (set-of "y" "x") (multiset-of 0.5 1.0 1.0)))
      (check (= (vec-of 3 4) (shape x)) (used x 9223372036854775807) (= s (Sum (vec-of x x))))`),
  ).toEqual([]);
});

test('f64: infinities, NaN and negative zero arrive', () => {
  const egraph = graph('(relation r (f64))');
  const values = [Infinity, -Infinity, NaN, -0, 5e-324];
  egraph.insert(values.map((value): InsertEntry => ['r', value]));
  const snapshot = egraph.snapshot();
  const back = [...rowsOf(snapshot)].map((row) => snapshot.literals.get('f64')!.get(row.arguments[0]!));
  expect(back).toEqual(expect.arrayContaining([Infinity, -Infinity, NaN, 5e-324]));
});

test('functions with merge, and a conflict without', () => {
  const egraph = graph(`${MATH}
    (function best (Math) i64 :merge (min old new)) (function shape (Math) i64 :no-merge)`);
  egraph.insert([
    ['Num', 1],
    ['set', 'best', [0], 5],
    ['set', 'best', [0], 3],
  ]);
  expect(egraph.run('(check (= 3 (best (Num 1))))')).toEqual([]);
  const error = failure(() =>
    egraph.insert([
      ['Num', 1],
      ['set', 'shape', [0], 1],
      ['set', 'shape', [0], 2],
    ]),
  );
  expect(error.kind).toBe('runtime');
  expect(error.message).toMatch('Illegal merge attempted for function shape');
  expect(egraph.run('(check (Num 1))')).toEqual([]);
});

describe('a wrong entry is named, and nothing is inserted', () => {
  const cases: readonly [unknown, string][] = [
    ['Num', 'entry 1: expected an array, got the string "Num"'],
    [[], 'entry 1: expected the name of a constructor first, got undefined'],
    [['Zed', 1], 'entry 1 (Zed): no constructor or function has this name'],
    [['$g', 1], 'entry 1 ($g): no constructor or function has this name'],
    [['Add', 0], 'entry 1 (Add): expected 2 arguments, got 1'],
    [['Num', 1.5], 'entry 1 (Num): argument 0: i64 expects a safe integer or a 64-bit bigint, got the number 1.5'],
    [
      ['Num', 2 ** 53],
      'entry 1 (Num): argument 0: i64 expects a safe integer or a 64-bit bigint, got the number 9007199254740992',
    ],
    [['Num', 2n ** 63n], 'entry 1 (Num): argument 0: i64 expects a safe integer or a 64-bit bigint, got a bigint'],
    [['Num', undefined], 'entry 1 (Num): argument 0: i64 expects a safe integer or a 64-bit bigint, got undefined'],
    [['Var', 1], 'entry 1 (Var): argument 0: String expects a string, got the number 1'],
    [['Add', 0, 1], 'entry 1 (Add): argument 1: Math expects the index of an earlier entry, got 1'],
    [['Add', 0, -1], 'entry 1 (Add): argument 1: Math expects the index of an earlier entry, got -1'],
    [
      ['Add', 0, 'x'],
      'entry 1 (Add): argument 1: Math expects the index of an earlier entry or { value }, got the string "x"',
    ],
    [
      ['Add', 0, { value: -1 }],
      'entry 1 (Add): argument 1: Math expects the index of an earlier entry or { value }, got an object',
    ],
    [
      ['Box', [1, 'x']],
      'entry 1 (Box): argument 0: element 1: i64 expects a safe integer or a 64-bit bigint, got the string "x"',
    ],
    [['Box', 5], 'entry 1 (Box): argument 0: Dims expects an array, got the number 5'],
    [['shape', 0], 'entry 1 (shape): shape is a function: use ["set", "shape", arguments, value]'],
    [['set', 'Num', [1], 0], 'entry 1 (set Num): Num is a constructor: use ["Num", ...arguments]'],
    [['set', 'shape', [0]], 'entry 1 (set): expected ["set", function, [arguments], value]'],
    [
      ['set', 'shape', [0], [true]],
      'entry 1 (set shape): value: element 0: i64 expects a safe integer or a 64-bit bigint, got the boolean true',
    ],
    [
      ['set', 'shape', ['x'], []],
      'entry 1 (shape): argument 0: Math expects the index of an earlier entry or { value }, got the string "x"',
    ],
    [['union', 0], 'entry 1 (union): expected ["union", a, b]'],
    [['union', 0, 7], 'entry 1 (union): argument 1: Math expects the index of an earlier entry, got 7'],
    [['Pick', 0], 'entry 1 (Pick): argument 0: Shape expects a node of its sort, and entry 0 is a Math'],
    [['Look', 0], 'entry 1 (Look): argument 0: values of sort Table cannot come from JavaScript'],
  ];

  test.each(cases)('%j', (entry, message) => {
    const egraph = graph(`${MATH}
      (let $g (Num 5)) (sort Dims (Vec i64)) (sort Table (Map String i64)) (datatype Shape (Box Dims))
      (constructor Pick (Shape) Math) (constructor Look (Table) Math) (function shape (Math) Dims :no-merge)`);
    const { size } = egraph;
    const error = failure(() => egraph.insert([['Num', 1], entry as InsertEntry]));
    expect(error.kind).toBe('usage');
    expect(error.message).toBe(`egglog-wasm: insert: ${message}`);
    expect(egraph.size).toBe(size);
  });
});

test('a deep graph is inserted and rewritten, though a program could not nest so far', () => {
  const depth = 100_000;
  const egraph = graph(`${MATH} (rewrite (Add a b) (Add b a))`);
  const chain = Array.from({ length: depth }, (_, index): InsertEntry => ['Add', index, 0]);
  egraph.insert([['Num', 1], ...chain]);
  egraph.run('(run 1)');
  expect(egraph.size).toBe(2 * depth);
});
