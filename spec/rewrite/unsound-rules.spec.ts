import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { init, type EGraph } from 'egglog-wasm';
import { declaredEGraph, loadRules, ruleTexts } from '../../lib/rewrite/program.js';
import { rulesIn } from './rule-text.js';
import { tryRule } from './rule-soundness.js';

let egraph: EGraph;
beforeAll(async () => {
  await init();
  egraph = declaredEGraph();
  loadRules(egraph, 'type rules', ruleTexts['type rules']!);
});
afterAll(() => egraph.free());

const rule = (query: string, action: string, ruleset = 'wrong') =>
  rulesIn(`(rule (${query}) (${action}) :ruleset ${ruleset} :name "wrong")`)[0]!;

test.each<[string, ReturnType<typeof rule>, RegExp]>([
  ['another value', rule('(= e (Sub a b))', '(union e (Sub b a))'), /^Sub\(.*\) is .*, not /],
  ['another value in rare places', rule('(= e (Abs x))', '(union e (Sqrt (Square x)))'), /u32|i32|must be of a float/],
  [
    'a shape that is too small',
    rule('(= e (Add x (BroadcastTo (Constant 0.0 d) s)))', '(union e x)'),
    /shape|conflict/i,
  ],
  ['another dtype', rule('(= e (Cast x d))', '(union e x)'), /dtype|conflict/i],
  [
    'what holds for floats only',
    rule('(= e (FloorDivide x y))', '(union e (Div x y))'),
    /div: .* must be of a float dtype|is .*, not /,
  ],
  ['a fixed axis for any', rule('(= e (Softmax x a))', '(union e (Softmax x -1))'), /^Softmax|out of range/],
  [
    'a sum in the other order of axes',
    rule('(= e (Sum (Transpose x) a k))', '(union e (Sum x a k))'),
    /is .*, not |shape|conflict/i,
  ],
])('the test of soundness finds a rule with %s', (_, wrong, message) => {
  expect(() => tryRule(egraph, wrong, 200, 1e-9)).toThrow(message);
});

test('a rule that cannot apply is found by how often it did', () => {
  const dead = rule('(= e (Transpose (Constant v d)))', '(union e (Constant v d))');
  expect(tryRule(egraph, dead, 3, 1e-9).fired).toBe(0);
});

test('a rule that is right passes', () => {
  const right = rule('(= e (Sub a b))', '(union e (Add a (Neg b)))');
  expect(tryRule(egraph, right, 100, 1e-9).fired).toBeGreaterThanOrEqual(100);
});
