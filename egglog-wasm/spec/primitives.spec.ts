import { beforeAll, expect, test } from '@jest/globals';
import { EGraph, init, reset, type Literal } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

beforeAll(() => init());

test.each<[string, Literal, string, Literal, string]>([
  ['i64', 6, '6', 7, '7'],
  ['i64', 2n ** 62n, '4611686018427387904', -(2n ** 63n), '-9223372036854775808'],
  ['f64', 0.5, '0.5', -1e300, '-1e300'],
  ['String', 'ä', '"ä"', 'ö"', '"ö\\""'],
  ['bool', true, 'true', false, 'false'],
  ['Unit', null, '()', null, '()'],
  ['BigInt', 2n ** 64n, '(<< (bigint 1) 64)', 5n, '(bigint 5)'],
  ['Dims', [1, 2], '(vec-of 1 2)', [], '(vec-empty)'],
  ['Grid', [[1], [2, 3]], '(vec-of (vec-of 1) (vec-of 2 3))', [[4]], '(vec-of (vec-of 4))'],
  ['Tags', ['x'], '(set-of "x")', ['y', 'z', 'y'], '(set-of "z" "y")'],
])('%s: %p comes, %p goes', (sort, value, written, result, expected) => {
  const egraph = graph(
    `(sort Dims (Vec i64)) (sort Grid (Vec Dims)) (sort Tags (Set String)) (relation seen (${sort}))`,
  );
  const calls: unknown[] = [];
  egraph.primitive('convert', [sort], sort, (...args: Literal[]) => {
    calls.push(args);
    return result;
  });
  egraph.run(`(seen (convert ${written})) (check (seen ${expected}))`);
  expect(calls).toEqual([[value]]);
});

test('in a query: undefined is no match; in an action the result is used', () => {
  const egraph = graph(`
    (sort Dims (Vec i64))
    (relation product (Dims Dims)) (relation shape (Dims))`);
  egraph.primitive('matmul-shape', ['Dims', 'Dims'], 'Dims', (a: number[], b: number[]) =>
    a.at(-1) === b[0] ? [...a.slice(0, -1), ...b.slice(1)] : undefined,
  );
  egraph.primitive('transpose', ['Dims'], 'Dims', (a: number[]) => [...a].reverse());
  egraph.run(`
    (rule ((product a b) (= c (matmul-shape a b))) ((shape (transpose c))))
    (product (vec-of 2 3) (vec-of 3 4))
    (product (vec-of 2 3) (vec-of 5 4))
    (run 1)
    (check (shape (vec-of 4 2)))`);
  expect(egraph.run('(print-size shape)')).toEqual(['1']);
});

test('e-classes are their values', () => {
  const egraph = graph(`${MATH} (relation picked (Math))`);
  egraph.primitive('smaller', ['Math', 'Math'], 'Math', (a: number, b: number) => Math.min(a, b));
  const [x] = egraph.insert([
    ['Var', 'x'],
    ['Var', 'y'],
    ['Add', 1, 0],
  ]);
  egraph.run('(rule ((Add a b)) ((picked (smaller a b)))) (run 1) (check (picked (Var "x")))');
  expect(x).toBe(0);
});

test('an overload of a name of egglog, by sorts', () => {
  const egraph = graph('(sort Dims (Vec i64))');
  egraph.primitive('+', ['Dims', 'Dims'], 'Dims', (a: number[], b: number[]) => [...a, ...b]);
  egraph.run('(check (= (vec-of 1 2) (+ (vec-of 1) (vec-of 2)))) (check (= 3 (+ 1 2)))');
});

test('undefined in an action is an error of egglog', () => {
  const egraph = graph('(relation r (i64)) (rule ((r x)) ((r (partial x))))', undefined, {
    partial: [['i64'], 'i64', () => undefined],
  });
  const error = failure(() => egraph.run('(r 1) (run 1)'));
  expect(error.kind).toBe('runtime');
  expect(error.message).toMatch('partial');
});

test('an exception comes out of run() as it is, from a query, an action and a command', () => {
  const thrown = new RangeError('not today');
  const fails = () => {
    throw thrown;
  };
  for (const program of [
    '(rule ((r x) (= y (boom x))) ((r y))) (run 3)',
    '(rule ((r x)) ((r (boom x)))) (run 3)',
    '(extract (boom 1))',
    '(run-schedule (saturate (run)))  (r (boom 2))',
  ]) {
    const egraph = graph('(relation r (i64)) (r 1) (r 2)', undefined, { boom: [['i64'], 'i64', fails] });
    expect(() => egraph.run(program)).toThrow(thrown);
    // The e-graph can be used further.
    expect(egraph.run('(check (r 1)) (print-size r)')).toEqual(['2']);
  }
});

test('the callback is not called again in a run after its exception', () => {
  let calls = 0;
  const egraph = graph('(relation r (i64)) (rule ((r x) (= y (boom x))) ((r y)))', undefined, {
    boom: [
      ['i64'],
      'i64',
      () => {
        calls++;
        throw new Error('once');
      },
    ],
  });
  egraph.insert(Array.from({ length: 100 }, (_, index) => ['r', index] as const));
  expect(() => egraph.run('(run 10)')).toThrow('once');
  expect(calls).toBe(1);
});

test('a result of a wrong sort is a TypeError that names the primitive', () => {
  const egraph = graph('(sort Dims (Vec i64))');
  egraph.primitive('bad', ['i64'], 'Dims', () => [1, 'x']);
  expect(() => egraph.run('(extract (bad 1))')).toThrow(
    'primitive bad: result: element 1: i64 expects a safe integer or a 64-bit bigint, got the string "x"',
  );
});

test('a primitive in a merge function', () => {
  const egraph = new EGraph();
  egraph.primitive('longer', ['String', 'String'], 'String', (a: string, b: string) => (a.length < b.length ? b : a));
  egraph.run('(function name () String :merge (longer old new)) (set (name) "ab") (set (name) "abc") (set (name) "x")');
  expect(egraph.run('(extract (name))')).toEqual(['"abc"']);
});

test('an exception in a merge function comes out of insert()', () => {
  const egraph = new EGraph();
  egraph.primitive('refuse', ['i64', 'i64'], 'i64', () => {
    throw new Error('no merge');
  });
  egraph.run('(function f () i64 :merge (refuse old new))');
  expect(() =>
    egraph.insert([
      ['set', 'f', [], 1],
      ['set', 'f', [], 2],
    ]),
  ).toThrow('no merge');
  expect(egraph.run('(print-size f)')).toEqual(['1']);
});

test('a callback must not come back', () => {
  const other = graph('');
  for (const call of [() => other.run(''), () => new EGraph(), () => reset()]) {
    const egraph = graph('', undefined, { again: [['i64'], 'i64', call] });
    const error = failure(() => egraph.run('(extract (again 1))'));
    expect(error.kind).toBe('usage');
    expect(error.message).toMatch(/a primitive must not call egglog-wasm|reset\(\) called inside a primitive/);
  }
});

test('unknown sorts and names that are taken', () => {
  const egraph = graph(MATH);
  const define = (name: string, input: string, output: string) => () =>
    egraph.primitive(name, [input], output, () => undefined);
  expect(failure(define('f', 'Zed', 'i64')).message).toBe('egglog-wasm: primitive f: there is no sort Zed');
  expect(failure(define('f', 'i64', 'Zed')).message).toBe('egglog-wasm: primitive f: there is no sort Zed');
  expect(failure(define('Add', 'i64', 'i64')).message).toBe(
    'egglog-wasm: primitive Add: a constructor or function has this name',
  );
  define('f', 'i64', 'i64')();
  expect(failure(define('f', 'i64', 'i64')).message).toBe(
    'egglog-wasm: primitive f: it has a definition for these sorts',
  );
});
