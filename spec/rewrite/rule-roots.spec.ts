import { expect, test } from '@jest/globals';
import { ruleTexts } from '../../lib/rewrite/program.js';
import { UnionFind } from '../../lib/rewrite/union-find.js';
import { InstanceMaker } from './rule-instances.js';
import { rulesIn } from './rule-text.js';

/** How a rule's left side hangs together. */
interface Left {
  /** Nodes that are no operands of others in it. */
  readonly roots: number;
  /** Parts that have no tensor in common. */
  readonly parts: number;
}

function leftSides(program: string): (Left & { name: string })[] {
  return rulesIn(program).map((rule) => {
    const { patterns } = new InstanceMaker(rule);
    const operands = new Set(patterns.flatMap((pattern) => pattern.operands));
    const parts = new UnionFind();
    const elements = new Map<string, number>();
    const elementOf = (name: string) => {
      const element = elements.get(name) ?? parts.add();
      elements.set(name, element);
      return element;
    };
    for (const { result, operands } of patterns) {
      for (const operand of operands) parts.unite(elementOf(result), elementOf(operand));
      elementOf(result);
    }
    const roots = patterns.filter(({ result }) => !operands.has(result)).length;
    const standing = new Set([...elements.values()].map((element) => parts.find(element)));
    return { name: rule.name, roots, parts: standing.size };
  });
}

// A run of egglog cannot be ended from outside: it must be short by itself. Where a left side is one node and what it is
// made of, a run tries each node once, in as many ways as its operands can be computed; a second node that shares an operand
// multiplies that by the uses of a tensor. Nodes that share nothing would be tried in all pairs: millions in a large graph.
test.each(Object.entries(ruleTexts).filter(([file]) => file !== 'type rules'))(
  '%s: what a rule looks for hangs together',
  (_, text) => {
    for (const { name, roots, parts } of leftSides(text)) {
      expect({ name, parts }).toEqual({ name, parts: 1 });
      expect(roots).toBeLessThanOrEqual(2);
    }
  },
);

test('rules that look for all pairs or for many uses of a tensor are noticed', () => {
  const rule = (query: string) => leftSides(`(rule (${query}) ((Neg e)) :ruleset algebra :name "wrong")`)[0]!;
  expect(rule('(= e (Add a b)) (= f (Add c d)) (= s (shape e)) (= s (shape f))').parts).toBe(2);
  expect(rule('(= e (Add x a)) (= f (Add x b)) (= g (Add x c))')).toMatchObject({ roots: 3, parts: 1 });
});
