import { beforeAll, expect, test } from '@jest/globals';
import { init } from 'egglog-wasm';
import { LiveRules } from '../../lib/rewrite/live-rules.js';
import { constructorName, encodedOps } from '../../lib/rewrite/names.js';
import { declaredEGraph, loadRules, ruleTexts } from '../../lib/rewrite/program.js';
import { RuleError } from '../../lib/rewrite/rule-error.js';
import { rulesIn } from './rule-text.js';

beforeAll(() => init());

const everything = [...encodedOps.map((op) => constructorName(op.name)), 'Constant', 'Frozen'];
const namesIn = (texts: ReadonlyMap<string, string>) =>
  [...texts].flatMap(([, text]) => Array.from(text.matchAll(/:name "([^"]*)"/g), (match) => match[1]!)).sort();

test('where there are all operations, all rules are given out, once', () => {
  const live = new LiveRules(ruleTexts);
  const all = namesIn(new Map(Object.entries(ruleTexts)));
  expect(namesIn(live.take(everything))).toEqual(all);
  expect(live.take(everything)).toEqual(new Map());
});

test('a rule is given out with the first graph that it may apply to, or to what other rules make of it', () => {
  const live = new LiveRules({
    'a.egg':
      '(ruleset a)\n; (rule ((= e (Neg x))) () :name "a comment")\n(rule ((= e (Neg x)) (= d (dtype x)))\n  ((union e (Abs x))) :name "makes abs (Exp")',
    'b.egg':
      '(rule ((= e (Exp (Abs x)))) ((union e x)) :name "exp of abs")\n(rule ((= e (Abs x))) ((union e x)) :name "abs")',
  });
  expect(live.take([])).toEqual(new Map([['a.egg', '(ruleset a)']]));
  expect(namesIn(live.take(['Sin']))).toEqual([]);
  const texts = live.take(['Neg']);
  expect(namesIn(texts)).toEqual(['abs', 'makes abs (Exp']);
  expect(texts.get('b.egg')).toBe('\n(rule ((= e (Abs x))) ((union e x)) :name "abs")');
  expect(namesIn(live.take(['Exp']))).toEqual(['exp of abs']);
});

test('errors tell the line of the file, although not all of it is read', () => {
  const text =
    '; A comment\n(rule ((= e (Exp x))) ((union e x)) :ruleset wrong :name "exp")\n\n(rule ((= e (Neg x)))\n  ((union e (Nog x))) :ruleset wrong :name "neg")';
  const egraph = declaredEGraph();
  egraph.run('(ruleset wrong)');
  const read = () => {
    for (const [file, part] of new LiveRules({ 'wrong.egg': text }).take(['Neg'])) loadRules(egraph, file, part);
  };
  expect(read).toThrow(RuleError);
  expect(read).toThrow(/^rewrite rules wrong\.egg:[45]: .*Nog/s);
  egraph.free();
});

test('a model of few operations needs few rules', () => {
  const taken = namesIn(new LiveRules(ruleTexts).take(['Parameter', 'Input', 'Matmul', 'Add', 'Relu', 'Constant']));
  const all = Object.entries(ruleTexts).filter(([file]) => file !== 'type rules');
  expect(taken).toEqual(expect.arrayContaining(['type of matmul', 'x + 0 = x', 'a + b = b + a']));
  expect(taken.length).toBeLessThan(all.flatMap(([, text]) => rulesIn(text)).length / 2);
});
