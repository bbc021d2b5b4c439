import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { init, type EGraph } from 'egglog-wasm';
import { declaredEGraph, loadRules, ruleTexts } from '../../lib/rewrite/program.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { rulesIn } from './rule-text.js';
import { tryRule } from './rule-soundness.js';

/** Graphs for each rule: 10, or 1,000 in `npm run test:full`. */
const INSTANCES = SHAPES_PER_OP >= 20 ? 1000 : 10;

/** Of values in f64; constants are folded in f32, and those of activations stand for real numbers. */
const EXACT = 1e-9;
const ROUNDED: ReadonlySet<string> = new Set(['folding', 'activations']);
const ROUNDED_TO = 1e-6;

let egraph: EGraph;
beforeAll(async () => {
  await init();
  egraph = declaredEGraph();
  loadRules(egraph, 'type rules', ruleTexts['type rules']!);
});
afterAll(() => egraph.free());

// Rules about types and about what is frozen make nothing equal.
const rules = Object.entries(ruleTexts)
  .filter(([file]) => file !== 'type rules' && file !== 'freezing rules')
  .flatMap(([, text]) => rulesIn(text));

test.each(rules.map((rule) => [rule.name, rule] as const))(
  'the rule %s alone keeps values, applies to what it looks for and to nothing like it',
  (_, rule) => {
    const trial = tryRule(egraph, rule, INSTANCES, ROUNDED.has(rule.ruleset) ? ROUNDED_TO : EXACT);
    expect(trial.fired).toBeGreaterThanOrEqual(INSTANCES);
    expect(trial.madeAltered).toBeGreaterThan(0);
    expect(trial.firedAltered).toBe(0);
  },
  60_000 + 300 * INSTANCES,
);
