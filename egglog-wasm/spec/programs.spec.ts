import { beforeAll, describe, expect, test } from '@jest/globals';
import { EGraph, init } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

beforeAll(() => init());

describe.each([{ experimental: false }, { experimental: true }])('programs, experimental: $experimental', (options) => {
  const run = (program: string) => new EGraph(options).run(program);

  test('rewrites prove an equality and extraction finds the smallest term', () => {
    const program = `${MATH}
      (rewrite (Add a b) (Add b a))
      (rewrite (Mul a (Num 1)) a)
      (rewrite (Add (Num a) (Num b)) (Num (+ a b)))
      (let $e (Mul (Add (Var "x") (Add (Num 2) (Num 3))) (Num 1)))
      (run 5)
      (check (= $e (Add (Num 5) (Var "x"))))
      (extract $e)`;
    expect(run(program)).toEqual(['(Add (Var "x") (Num 5))']);
  });

  test('a rule with a name, conditions and actions', () => {
    const program = `
      (relation edge (i64 i64))
      (relation path (i64 i64))
      (rule ((edge x y)) ((path x y)) :name "start")
      (rule ((path x y) (edge y z) (!= x z)) ((path x z)) :name "step")
      (edge 1 2) (edge 2 3) (edge 3 4) (edge 4 1)
      (run 10)
      (check (path 1 4))
      (fail (check (path 1 1)))
      (print-size path)`;
    expect(run(program)).toEqual(['12']);
  });

  test('rulesets run only when they are scheduled', () => {
    const program = `${MATH}
      (ruleset fold) (ruleset commute)
      (rewrite (Add (Num a) (Num b)) (Num (+ a b)) :ruleset fold)
      (rewrite (Add a b) (Add b a) :ruleset commute)
      (Add (Var "x") (Num 1)) (Add (Num 1) (Num 2))
      (run fold 1)
      (check (= (Num 3) (Add (Num 1) (Num 2))))
      (fail (check (= (Add (Var "x") (Num 1)) (Add (Num 1) (Var "x")))))
      (run commute 1)
      (check (= (Add (Var "x") (Num 1)) (Add (Num 1) (Var "x"))))`;
    expect(run(program)).toEqual([]);
  });

  test('nested schedules saturate inside out', () => {
    // `down` divides, and `up` needs the end of `down`; one round of each reaches only the first even number.
    const program = `
      (ruleset up) (ruleset down)
      (relation n (i64)) (relation done (i64))
      (rule ((n x) (> x 0) (= 0 (% x 2))) ((n (/ x 2))) :ruleset down)
      (rule ((n x) (= 1 (% x 2)) (< x 20)) ((done x) (n (+ (* 3 x) 1))) :ruleset up)
      (n 7)
      (run-schedule (saturate (seq (saturate (run down)) (run up))))
      (check (done 1) (done 5) (done 11) (done 13) (done 17) (done 7))
      (print-size done)`;
    expect(run(program)).toEqual(['6']);
  });

  test('repeat and until end a schedule', () => {
    const program = `
      (function counter () i64 :merge (max old new))
      (set (counter) 0)
      (rule ((= c (counter))) ((set (counter) (+ c 1))))
      (run-schedule (repeat 5 (run)))
      (check (= (counter) 5))
      (run 100 :until (>= (counter) 20))
      (check (= (counter) 20))`;
    expect(run(program)).toEqual([]);
  });

  test('functions merge', () => {
    const program = `
      (function best (String) i64 :merge (min old new))
      (set (best "a") 5) (set (best "a") 3) (set (best "a") 4)
      (check (= 3 (best "a")))
      (print-function best)`;
    expect(run(program)).toEqual(['(\n   (best "a") -> 3\n)']);
  });

  test('a conflict in a :no-merge function names the function', () => {
    const egraph = graph(
      `${MATH} (function width (Math) i64 :no-merge)
       (rewrite (Add a b) (Add b a))
       (set (width (Add (Num 1) (Num 2))) 1) (set (width (Add (Num 2) (Num 1))) 2)`,
      options,
    );
    const error = failure(() => egraph.run('(run 2)'));
    expect(error.kind).toBe('runtime');
    expect(error.message).toMatch('Illegal merge attempted for function width');
  });

  test('Vec, Set, Map, MultiSet and Pair', () => {
    const program = `
      (sort Dims (Vec i64)) (sort Names (Set String)) (sort Table (Map String i64)) (sort Bag (MultiSet i64))
      (sort Both (Pair i64 String))
      (function shape (String) Dims :no-merge)
      (set (shape "w") (vec-of 3 4 5))
      (check (= 4 (vec-get (shape "w") 1)))
      (check (= 3 (vec-length (shape "w"))))
      (check (= (vec-push (vec-of 3 4) 5) (shape "w")))
      (check (= (set-of "a" "b") (set-of "b" "a")))
      (check (= 7 (map-get (map-insert (map-empty) "k" 7) "k")))
      (check (= (multiset-of 1 2 1) (multiset-of 1 1 2)))
      (check (!= (multiset-of 1 2) (multiset-of 1 1 2)))
      (check (= 1 (pair-first (pair 1 "x"))))
      (extract (shape "w"))`;
    expect(run(program)).toEqual(['(vec-of 3 4 5)']);
  });

  test('containers of e-classes are rebuilt after a union', () => {
    const program = `${MATH} (sort Maths (Vec Math)) (constructor Sum (Maths) Math)
      (let $a (Sum (vec-of (Var "x") (Num 1))))
      (let $b (Sum (vec-of (Var "y") (Num 1))))
      (union (Var "x") (Var "y"))
      (check (= $a $b))`;
    expect(run(program)).toEqual([]);
  });

  test('ordering-min and ordering-max pick one of two e-classes, whatever their order', () => {
    const program = `${MATH}
      (relation operands (Math Math))
      (rule ((= e (Add a b))) ((operands (ordering-min a b) (ordering-max a b))))
      (Add (Var "x") (Var "y")) (Add (Var "y") (Var "x"))
      (run 1)
      (print-size operands)`;
    expect(run(program)).toEqual(['1']);
  });

  test('i64, f64, String, bool, BigInt and BigRat', () => {
    const program = `
      (check (= 9223372036854775807 (+ 9223372036854775806 1)))
      (fail (check (= 0 (+ 9223372036854775807 1))))
      (check (= 0.75 (/ 3.0 4.0)))
      (check (= "ab" (+ "a" "b")))
      (check (= true (bool-< 1 2)))
      (extract (* (bigint 9223372036854775807) (bigint 2)))
      (extract (+ (bigrat (bigint 1) (bigint 3)) (bigrat (bigint 1) (bigint 6))))`;
    expect(run(program)).toEqual([
      '(from-string "18446744073709551614")',
      '(bigrat (from-string "1") (from-string "2"))',
    ]);
  });

  test('subsume, delete, push and pop', () => {
    const program = `${MATH}
      (rewrite (Mul a (Num 2)) (Add a a) :subsume)
      (let $m (Mul (Var "x") (Num 2)))
      (run 1)
      (extract $m)
      (push) (Add (Num 8) (Num 9)) (check (Add (Num 8) (Num 9))) (pop)
      (fail (check (Add (Num 8) (Num 9))))
      (relation seen (i64)) (seen 1) (delete (seen 1)) (fail (check (seen 1)))`;
    expect(run(program)).toEqual(['(Add (Var "x") (Var "x"))']);
  });

  test('a program comes in pieces', () => {
    const egraph = graph(MATH, options);
    egraph.run('(rewrite (Add a b) (Add b a))');
    egraph.run('(let $e (Add (Num 1) (Num 2)))');
    expect(egraph.run('(run 1) (check (= $e (Add (Num 2) (Num 1))))')).toEqual([]);
  });
});

test('egglog-experimental: a back-off scheduler bounds an explosive rule', () => {
  const declarations = `${MATH} (ruleset associate)
    (rewrite (Add a (Add b c)) (Add (Add a b) c) :ruleset associate)
    (rewrite (Add (Add a b) c) (Add a (Add b c)) :ruleset associate)
    (rewrite (Add a b) (Add b a) :ruleset associate)
    ${sum(9)}`;
  const scheduled = graph(declarations, { experimental: true });
  scheduled.run(`(run-schedule
    (let-scheduler bo (back-off :match-limit 10 :ban-length 5)) (repeat 4 (run-with bo associate)))`);
  const unscheduled = graph(declarations);
  unscheduled.run('(run associate 4)');
  expect(scheduled.size).toBeGreaterThan(10);
  expect(scheduled.size).toBeLessThan(unscheduled.size / 2);
});

function sum(terms: number): string {
  const numbers = Array.from({ length: terms }, (_, index) => `(Num ${index})`);
  return numbers.reduce((rest, number) => `(Add ${number} ${rest})`);
}

test('egglog-experimental: for, with-ruleset and Rational', () => {
  const program = `
    (relation a (i64)) (relation b (i64)) (a 1) (a 2)
    (for ((a x)) ((b (+ x 1))))
    (check (b 3))
    (check (= (rational 1 2) (/ (rational 2 1) (rational 4 1))))`;
  expect(new EGraph({ experimental: true }).run(program)).toEqual([]);
});

test('a shared term that is huge as a tree is printed with lets', () => {
  const egraph = graph(`${MATH} (function root () Math :no-merge)`);
  const doublings = Array.from({ length: 60 }, (_, index) => ['Add', index, index] as const);
  egraph.insert([['Num', 1], ...doublings, ['set', 'root', [], 60]]);
  const lines = egraph.run('(extract (root))')[0]!.split('\n');
  expect(lines).toHaveLength(62);
  expect(lines[0]).toMatch(/^\(let t\d+ \(Num 1\)\)$/);
  expect(lines[60]).toMatch(/^\(let (t\d+) \(Add (t\d+) \2\)\)$/);
  expect(lines[61]).toMatch(/^t\d+$/);
});

test.each([false, true])('statistics count matches and time, experimental: %p', (experimental) => {
  const program = `
    (ruleset close)
    (relation edge (i64 i64))
    (rule ((edge a b) (edge b c)) ((edge a c)) :ruleset close :name "transitive")
    (edge 1 2) (edge 2 3) (edge 3 4)
    (run-schedule (saturate (run close)))`;
  const egraph = graph(program, { experimental });
  const report = egraph.report();
  expect(report.rules.map(({ name }) => name)).toEqual(['transitive']);
  expect(report.rules[0]!.matches).toBeGreaterThanOrEqual(3);
  expect(report.rules[0]!.milliseconds).toBeGreaterThan(0);
  expect(report.rulesets.map(({ name }) => name)).toEqual(['close']);
  expect(report.rulesets[0]!.searchMilliseconds).toBeGreaterThan(0);
  expect(report.rulesets[0]!.mergeMilliseconds).toBeGreaterThanOrEqual(0);
  expect(report.iterations).toBeGreaterThanOrEqual(2);

  egraph.run('(edge 4 5) (run close 1)');
  const later = egraph.report();
  expect(later.iterations).toBe(report.iterations + 1);
  expect(later.rules[0]!.matches).toBeGreaterThan(report.rules[0]!.matches);
});
