import { beforeAll, expect, test } from '@jest/globals';
import { init, rowsOf, type EGraph } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

beforeAll(() => init());

interface Serialized {
  nodes: Record<string, { op: string; eclass: string; children: string[]; subsumed: boolean }>;
}

/** One line for each row: name(arguments) = output, with classes as `sort-value` and literals as such. */
function rowLines(egraph: EGraph): string[] {
  const snapshot = egraph.snapshot();
  return [...rowsOf(snapshot)].map((row) => {
    const sorts = [...row.function.inputs, row.function.output];
    const [output, ...inputs] = [row.output, ...row.arguments].map((value, index) => {
      const sort = index === 0 ? sorts.at(-1)! : sorts[index - 1]!;
      const literals = snapshot.literals.get(sort);
      return literals ? JSON.stringify(literals.get(value)) : `${sort}-${value}`;
    });
    return `${row.function.name}(${inputs.join(', ')}) = ${output}${row.subsumed ? ' subsumed' : ''}`;
  });
}

/** The same lines from `serialize()`, which writes literals as nodes. */
function serializedLines(egraph: EGraph): string[] {
  const { nodes } = JSON.parse(egraph.serialize()) as Serialized;
  const shown = (id: string) => (id.startsWith('primitive-') ? nodes[id]!.op : nodes[id]!.eclass);
  const literal = (eclass: string) => nodes[`primitive-${eclass}`]?.op ?? eclass;
  return Object.entries(nodes)
    .filter(([id]) => id.startsWith('function-'))
    .map(([, { op, eclass, children, subsumed }]) => {
      return `${op}(${children.map(shown).join(', ')}) = ${literal(eclass)}${subsumed ? ' subsumed' : ''}`;
    });
}

test('the rows are those of serialize()', () => {
  const egraph = graph(`${MATH}
    (function size (Math) i64 :merge (max old new))
    (rewrite (Add a b) (Add b a))
    (rewrite (Mul a (Num 2)) (Add a a) :subsume)
    (let $m (Mul (Add (Var "x") (Num 1)) (Num 2)))
    (set (size $m) 4)
    (run 3)`);
  const lines = rowLines(egraph).sort();
  expect(lines).toEqual(serializedLines(egraph).sort());
  expect(lines.filter((line) => line.endsWith('subsumed'))).toHaveLength(1);
  expect(lines).toHaveLength(egraph.size - 1);
});

test('signatures, literals, globals and rows of a small e-graph', () => {
  const snapshot = graph(`
    (datatype Math (Num i64) (Neg Math))
    (sort Dims (Vec i64))
    (function shape (Math) Dims :no-merge)
    (relation used (Math String))
    (let $n (Neg (Num 7)))
    (let $k 12)
    (set (shape $n) (vec-of 2 3))
    (used $n "here")`).snapshot();
  expect(snapshot.functions).toEqual([
    { name: 'Num', inputs: ['i64'], output: 'Math', constructor: true },
    { name: 'Neg', inputs: ['Math'], output: 'Math', constructor: true },
    { name: 'shape', inputs: ['Math'], output: 'Dims', constructor: false },
    { name: 'used', inputs: ['Math', 'String'], output: expect.any(String), constructor: true },
  ]);
  const [num, neg, shape, used] = [...rowsOf(snapshot)];
  expect(snapshot.globals).toEqual(
    new Map<string, unknown>([
      ['$n', { sort: 'Math', value: neg!.output }],
      ['$k', { sort: 'i64', value: 12 }],
    ]),
  );
  expect(neg!.arguments).toEqual(new Uint32Array([num!.output]));
  expect(snapshot.literals.get('i64')!.get(num!.arguments[0]!)).toBe(7);
  expect(snapshot.literals.get('Dims')!.get(shape!.output)).toEqual([2, 3]);
  expect(shape!.arguments).toEqual(new Uint32Array([neg!.output]));
  expect(snapshot.literals.get('String')!.get(used!.arguments[1]!)).toBe('here');
  expect(snapshot.literals.has('Math')).toBe(false);
  expect(snapshot.rows).toHaveLength(4 + 4 + 4 + 5);
});

test('literals of every sort', () => {
  const { literals } = graph(`
    (datatype Math (Num i64))
    (sort Dims (Vec i64)) (sort Args (Vec Math)) (sort Tags (Set String)) (sort Bag (MultiSet i64))
    (sort Table (Map String i64)) (sort Both (Pair i64 String)) (sort Op (UnstableFn (i64) i64))
    (relation r (i64 f64 String bool Unit BigInt BigRat Dims Args Tags Bag Table Both))
    (r -9007199254740993 0.1 "é\\n" false () (<< (bigint 1) 70) (bigrat (bigint 1) (bigint 3)) (vec-of 1 2)
       (vec-of (Num 5) (Num 5)) (set-of "b") (multiset-of 4 3 4) (map-insert (map-empty) "k" 9) (pair 1 "x"))`).snapshot();
  const only = (sort: string) => [...literals.get(sort)!.values()];
  expect(only('i64')).toEqual(expect.arrayContaining([-9007199254740993n]));
  expect(only('f64')).toEqual([0.1]);
  expect(only('String')).toEqual(['é\n']);
  expect(only('bool')).toEqual([false]);
  expect(only('Unit')).toEqual([null]);
  expect(only('BigInt')).toEqual([2n ** 70n]);
  expect(only('BigRat')).toEqual(['(bigrat (from-string "1") (from-string "3"))']);
  expect(only('Dims')).toEqual([[1, 2]]);
  const [[first, second]] = only('Args') as [[number, number]];
  expect(first).toBe(second);
  expect(only('Tags')).toEqual([['b']]);
  expect([...(only('Bag')[0] as number[])].sort()).toEqual([3, 4, 4]);
  expect(only('Table')).toEqual([[['k', 9]]]);
  expect(only('Both')).toEqual([[1, 'x']]);
});

test('a snapshot is a copy', () => {
  const egraph = graph(`${MATH} (Num 1)`);
  const { rows } = egraph.snapshot();
  const before = [...rows];
  egraph.run('(Num 2) (union (Num 1) (Num 2))');
  expect([...rows]).toEqual(before);
});

test('find: the classes of a snapshot are canonical, those from before are mapped to them', () => {
  const egraph = graph(`${MATH} (rewrite (Add a b) (Add b a))`);
  const ids = egraph.insert([
    ['Var', 'x'],
    ['Var', 'y'],
    ['Add', 0, 1],
    ['Add', 1, 0],
  ]);
  egraph.run('(run 2)');
  const outputs = Uint32Array.from([...rowsOf(egraph.snapshot())], (row) => row.output);
  expect(egraph.find('Math', outputs)).toEqual(outputs);
  const [x, y, a, b] = egraph.find('Math', ids);
  expect(a).toBe(b);
  expect(x).not.toBe(y);
  expect(new Set(outputs)).toEqual(new Set([x, y, a]));
  expect(egraph.find('Math', [])).toEqual(new Uint32Array());
});

test('find: the sort must be one of e-classes', () => {
  const egraph = graph(MATH);
  expect(failure(() => egraph.find('Zed', [1])).message).toBe('egglog-wasm: find: there is no sort Zed');
  expect(failure(() => egraph.find('i64', [1])).message).toBe('egglog-wasm: find: i64 is not a sort of e-classes');
});
