import fs from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { mean, square } from '../../lib/dsl/generated/ops.js';
import { input } from '../../lib/dsl/input.js';
import { trace } from '../../lib/dsl/trace.js';
import { elementCount } from '../../lib/ir/shape.js';
import { buildSession } from '../../lib/session/build.js';
import { ConfigError } from '../../lib/zoo/config-fields.js';
import { SmolVLAActionExpert } from '../../lib/zoo/smolvla/model.js';
import { expectClose } from '../values.js';
import { formulaValues, formulaWeights } from './formulas.js';

type Sizes = [number, number, number];

interface Expected {
  readonly config: object;
  readonly actions: Sizes;
  readonly time: Sizes;
  readonly context: Sizes;
  readonly output: number[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, number[]>>;
}

describe('the action expert of SmolVLA', () => {
  it('computes what PyTorch does, with loss and gradients', async () => {
    const expected = JSON.parse(fs.readFileSync('spec/reference/smolvla/smolvla.json', 'utf8')) as Expected;
    const model = SmolVLAActionExpert.fromConfig(expected.config);
    model.loadStateDict(formulaWeights(model));
    const inputs = {
      actions: input(expected.actions),
      time: input(expected.time),
      context: input(expected.context),
    };
    const graph = trace(model, inputs, ({ actions, time, context }) => {
      const output = model.forward(actions, time, context);
      return { output, loss: mean(square(output)) };
    });
    using session = await buildSession(graph, { gradients: true });
    session.step({
      actions: formulaValues(elementCount(expected.actions), 0.37),
      time: formulaValues(elementCount(expected.time), 0.23, 1),
      context: formulaValues(elementCount(expected.context), 0.31, 2),
    });
    expectClose(await session.read('output'), expected.output, 1e-5);
    expectClose(await session.read('loss'), [expected.loss], 1e-5);
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      const scale = 1 / Math.max(...gradient.map(Math.abs));
      const actual = Array.from(await session.readGradient(name), (value) => value * scale);
      expectClose(
        actual,
        gradient.map((value) => value * scale),
        1e-4,
      );
    }
  }, 600_000);

  it('has by default the sizes of the public benchmark', () => {
    const model = SmolVLAActionExpert.fromConfig({});
    const attention = 720 * 960 + 2 * 720 * 320 + 960 * 720;
    const layer = attention + 3 * 720 * 2048 + 2 * 720;
    expect(model.parameterCount()).toBe(16 * layer + 32 * 720 + 1440 * 720 + 320 * 720 + 720 + 720 * 32);
    const inputs = { actions: input([1, 50, 32]), time: input([1, 1, 1440]), context: input([1, 16, 320]) };
    const graph = trace(model, inputs, ({ actions, time, context }) => model.forward(actions, time, context));
    expect(graph.outputs.get('output')?.shape).toEqual([1, 50, 32]);
  });

  it.each([
    [{ num_key_value_heads: 4 }, 'num_key_value_heads: expected a divisor of num_attention_heads (15), got 4'],
    [{ head_dim: 0 }, 'head_dim: expected a whole number, at least 1, got 0'],
    [{ rms_norm_eps: 0 }, 'rms_norm_eps: expected a number above 0, got 0'],
  ])('refuses %j', (config, message) => {
    const refused = () => SmolVLAActionExpert.fromConfig(config);
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(message);
  });
});
