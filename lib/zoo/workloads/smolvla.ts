import { mean, square } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { trace } from '../../dsl/trace.js';
import { SmolVLAActionExpert } from '../smolvla/model.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

const ACTIONS = 50;
const CONTEXT_LENGTH = 16;

export const smolvla: Workload = {
  name: 'smolvla',
  trace: () => {
    const model = SmolVLAActionExpert.fromConfig({});
    const { actionDim, timeDim, contextDim } = model.config;
    const inputs = {
      actions: input([1, ACTIONS, actionDim]),
      time: input([1, 1, timeDim]),
      context: input([1, CONTEXT_LENGTH, contextDim]),
    };
    const graph = trace(model, inputs, ({ actions, time, context }) => {
      const predicted = model.forward(actions, time, context);
      return { predicted, loss: mean(square(predicted)) };
    });
    return withDeterministicWeights(graph);
  },
  feeds: () => ({
    actions: values(ACTIONS * 32, (j) => Math.sin(0.01 * j)),
    time: values(1440, (j) => Math.sin(0.005 * j)),
    context: values(CONTEXT_LENGTH * 320, (j) => Math.cos(0.01 * j)),
  }),
};
