import { beforeAll, expect, test } from '@jest/globals';
import { init, type EGraph } from 'egglog-wasm';
import { GraphBuilder } from '../../lib/ir/build.js';
import { topologicalOrder, type Node } from '../../lib/ir/graph.js';
import { blamedRule, isConflict } from '../../lib/rewrite/blame.js';
import { encode } from '../../lib/rewrite/encode.js';
import { declaredEGraph, loadRules, ruleTexts } from '../../lib/rewrite/program.js';
import { wholeGraph } from '../../lib/rewrite/regions.js';
import { RuleError } from '../../lib/rewrite/rule-error.js';
import { defaultRows, saturate } from '../../lib/rewrite/saturate.js';

beforeAll(() => init());

/** What rewriting throws for a graph where a wrong rule is among all others. */
function conflictOf(rule: string, write: (builder: GraphBuilder) => Node): RuleError {
  const texts = { ...ruleTexts, 'wrong.egg': rule };
  const nodes = topologicalOrder([write(new GraphBuilder())]);
  const { entries } = encode([wholeGraph(nodes)]);
  const egraph = declaredEGraph();
  try {
    for (const [file, text] of Object.entries(texts)) loadRules(egraph, file, text);
    const error = thrownBy(() => {
      egraph.insert(entries);
      saturate(egraph, nodes.length, {}, undefined);
    });
    if (!isConflict(error)) throw new Error('no conflict', { cause: error });
    return blamedRule(entries, error, defaultRows(nodes.length), texts);
  } finally {
    egraph.free();
  }
}

function thrownBy(body: () => void): unknown {
  try {
    body();
    return undefined;
  } catch (error) {
    return error;
  }
}

test('a rule that unites two different constants is named', () => {
  const error = conflictOf(
    '(rule ((= e (Abs x))) ((union e x)) :ruleset algebra :name "|x| = x, which is wrong")',
    (builder) => builder.g.abs(builder.constant(-2, 'f32')),
  );
  expect(error).toBeInstanceOf(RuleError);
  expect(error.message).toBe(
    "the rewrite rule '|x| = x, which is wrong' makes tensors equal that are not: the constants -2 and 2 become equal",
  );
});

test('also where the rule does not see the constants', () => {
  const error = conflictOf(
    '(rule ((= e (Sub a b))) ((union e (Sub b a))) :ruleset algebra :name "a - b = b - a")',
    (builder) => builder.g.exp(builder.g.sub(builder.constant(3, 'f32'), builder.constant(1, 'f32'))),
  );
  expect(error.message).toMatch(/^the rewrite rule 'a - b = b - a' makes tensors equal that are not: the constants /);
});

test('a rule that unites tensors of different shapes is named', () => {
  const error = conflictOf('(rule ((= e (Sum x a k))) ((union e x)) :ruleset views :name "sum x = x")', (builder) =>
    builder.g.sum(builder.leaf('input', 'x', [3, 4], 'f32'), { axes: -1 }),
  );
  expect(error.message).toMatch(/^the rewrite rule 'sum x = x' makes tensors equal that are not: .*shape/s);
});

test('a rule that unites tensors of different dtypes is named', () => {
  const error = conflictOf(
    '(rule ((= e (Cast x d))) ((union e x)) :ruleset views :name "a cast is nothing")',
    (builder) => builder.g.cast(builder.leaf('input', 'x', [3, 4], 'f32'), 'i32'),
  );
  expect(error.message).toMatch(/^the rewrite rule 'a cast is nothing' makes tensors equal that are not: .*dtype/s);
});

test('constants that differ by rounding only are equal', () => {
  const builder = new GraphBuilder();
  const x = builder.constant(3, 'f32');
  const nodes = topologicalOrder([builder.g.reciprocal(builder.g.sqrt(x)), builder.g.rsqrt(x)]);
  const egraph = declaredEGraph();
  for (const [file, text] of Object.entries(ruleTexts)) loadRules(egraph, file, text);
  egraph.insert(encode([wholeGraph(nodes)]).entries);
  expect(saturate(egraph, nodes.length, {}, undefined).stopped).toBeUndefined();
  egraph.free();
});

test.each<[string, string, RegExp]>([
  ['text that cannot be read', '; A comment\n\n(rule ((= e (Neg x)) ((union e x))', /^rewrite rules wrong\.egg:3: /],
  [
    'an unknown operation',
    '(rule ((= e (Neg x))) ((union e x)) :ruleset algebra :name "a")\n(rule ((= e (Nog x))) ((union e x)) :ruleset algebra :name "b")',
    /^rewrite rules wrong\.egg:2: .*Nog/s,
  ],
  [
    'an unknown ruleset',
    '\n(rule ((= e (Neg x))) ((union e x)) :ruleset arithmetic :name "a")',
    /^rewrite rules wrong\.egg.*arithmetic/s,
  ],
  [
    'a variable of two sorts',
    '(rule ((= e (Reshape x x))) ((union e x)) :ruleset algebra :name "a")',
    /^rewrite rules wrong\.egg:1: /,
  ],
])('a file with %s fails with its line and what egglog says', (_, text, message) => {
  const egraph: EGraph = declaredEGraph();
  for (const [file, rules] of Object.entries(ruleTexts)) loadRules(egraph, file, rules);
  const error = thrownBy(() => loadRules(egraph, 'wrong.egg', text));
  egraph.free();
  expect(error).toBeInstanceOf(RuleError);
  expect((error as Error).message).toMatch(message);
});
