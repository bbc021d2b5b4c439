import { beforeAll, expect, test } from '@jest/globals';
import { EGraph, EgglogError, init } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

beforeAll(() => init());

test.each([
  ['an unclosed parenthesis', '(check\n  (= 1 1)', 'syntax', [2, 10], [2, 10], 'unexpected end of file'],
  ['a stray parenthesis', '(relation r (i64))\n)', 'syntax', [2, 1], [2, 1], 'unexpected `)`'],
  ['an unknown sort', '(relation r (i65))', 'type', [1, 1], [1, 18], 'Undefined sort i65'],
  ['an unknown constructor', '(let $x\n  (Zed 1))', 'type', [2, 3], [2, 9], 'Unbound function Zed'],
  ['a wrong sort', '(Num "1")', 'type', [1, 6], [1, 8], 'to have type i64, but get type String'],
  ['a wrong number of arguments', '(Add (Num 1))', 'type', [1, 1], [1, 13], 'Arity mismatch, expected 2 args'],
  ['an ungrounded variable', '(rule ((> x 1)) ((Num x)))', 'type', [1, 1], [1, 26], 'is ungrounded'],
  ['an unknown ruleset', '(run fold 3)', 'type', [1, 1], [1, 12], 'No such ruleset: fold'],
  ['a repeated declaration', '(relation r ())(relation r ())', 'type', [1, 16], [1, 30], 'Function already bound r'],
  ['a failing check', '(Num 1)\n(check (= (Num 1) (Num 2)))', 'check', [2, 1], [2, 27], 'Check failed'],
  ['a command that should fail', '(fail (check (= 1 1)))', 'check', [1, 1], [1, 22], 'Command should have failed'],
  ['a file', '(include "rules.egg")', 'runtime', [1, 1], [1, 21], 'operation not supported on this platform'],
  ['characters beyond ASCII', '(Var "äöü𝒳") (Zed)', 'type', [1, 14], [1, 18], 'Unbound function Zed'],
] as const)('%s: kind, position and message', (_, program, kind, start, end, message) => {
  const error = failure(() => graph(MATH).run(program));
  const { span } = error;
  expect({ kind: error.kind, start: span?.start, end: span?.end }).toEqual({
    kind,
    start: { line: start[0], column: start[1] },
    end: { line: end[0], column: end[1] },
  });
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(span!.text);
});

test('an error is an EgglogError and an Error', () => {
  const error = failure(() => graph('').run('('));
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(EgglogError);
  expect(error.name).toBe('EgglogError');
  expect(String(error)).toMatch(/^EgglogError: In 1:2-2: \nparse error: /);
});

test('a failed action of a rule names the primitive', () => {
  const error = failure(() => graph(`(relation r (i64)) (r 0) (rule ((r x)) ((r (/ 1 x))))`).run('(run 1)'));
  expect(error.kind).toBe('runtime');
  expect(error.span).toBeUndefined();
  expect(error.message).toMatch('/');
});

test('the e-graph goes on after an error; commands before the failed one took effect', () => {
  const egraph = graph(MATH);
  failure(() => egraph.run('(Num 7) (check (Num 8))'));
  expect(egraph.run('(check (Num 7)) (print-size Num)')).toEqual(['1']);
});

test('arguments of a wrong type are refused before egglog sees them', () => {
  const egraph = new EGraph();
  expect(failure(() => egraph.run(5 as never)).message).toBe('egglog-wasm: run: the program must be a string');
  expect(failure(() => egraph.insert('x' as never)).message).toBe('egglog-wasm: insert: the entries must be an array');
  expect(failure(() => egraph.find(1 as never, [])).message).toBe('egglog-wasm: find: the sort must be a string');
  expect(failure(() => egraph.primitive('f', [], 'i64', 5 as never)).message).toBe(
    'egglog-wasm: primitive f: the callback must be a function',
  );
});
