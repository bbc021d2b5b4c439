import { child, param } from '../../lib/dsl/decorators.js';
import {
  add,
  mean,
  mul,
  permute,
  reshape,
  rmsNorm,
  scaledDotProductAttention,
  silu,
  square,
} from '../../lib/dsl/generated/ops.js';
import { input } from '../../lib/dsl/input.js';
import { Module } from '../../lib/dsl/module.js';
import { parameter } from '../../lib/dsl/state.js';
import type { Tensor } from '../../lib/dsl/tensor.js';
import { trace } from '../../lib/dsl/trace.js';
import { Linear } from '../../lib/layers/linear.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

type Hidden = Tensor<[number, number, number], 'f32'>;

const WIDTH = 720;
const INNER = 2048;
const LAYERS = 16;
const HEADS = 15;
const KEY_VALUE_HEADS = 5;
const HEAD = 64;
const ACTION = 32;
const ACTIONS = 50;
const CONTEXT = 320;
const CONTEXT_LENGTH = 16;

const projection = (inputs: number, outputs: number) =>
  new Linear<number, number, false>(inputs, outputs, { bias: false });

class Norm extends Module {
  @param weight = parameter([WIDTH] as number[] as [number]);

  forward(x: Hidden): Hidden {
    return rmsNorm(x, this.weight, { eps: 1e-5 });
  }
}

class Attention extends Module {
  @child qProj = projection(WIDTH, HEADS * HEAD);
  @child kProj = projection(WIDTH, KEY_VALUE_HEADS * HEAD);
  @child vProj = projection(WIDTH, KEY_VALUE_HEADS * HEAD);
  @child oProj = projection(HEADS * HEAD, WIDTH);

  forward(x: Hidden, context: Hidden): Hidden {
    const split = (y: Hidden, heads: number) => permute(reshape(y, [1, y.shape[1], heads, HEAD]), [0, 2, 1, 3]);
    const q = split(this.qProj.forward(x), HEADS);
    const k = split(this.kProj.forward(context), KEY_VALUE_HEADS);
    const v = split(this.vProj.forward(context), KEY_VALUE_HEADS);
    const mixed = permute(scaledDotProductAttention(q, k, v), [0, 2, 1, 3]);
    return this.oProj.forward(reshape(mixed, [1, x.shape[1], HEADS * HEAD]));
  }
}

class FeedForward extends Module {
  @child gate = projection(WIDTH, INNER);
  @child up = projection(WIDTH, INNER);
  @child down = projection(INNER, WIDTH);

  forward(x: Hidden): Hidden {
    return this.down.forward(mul(silu(this.gate.forward(x)), this.up.forward(x)));
  }
}

class Layer extends Module {
  @child norm1 = new Norm();
  @child attn = new Attention();
  @child norm2 = new Norm();
  @child mlp = new FeedForward();

  /** Without a context it attends to itself. */
  forward(x: Hidden, context?: Hidden): Hidden {
    const normed = this.norm1.forward(x);
    const mixed = add(x, this.attn.forward(normed, context ?? normed));
    return add(mixed, this.mlp.forward(this.norm2.forward(mixed)));
  }
}

/** The action expert of SmolVLA (Shukor et al. 2025, arXiv:2506.01844), as the public Inferena benchmark has it. */
class ActionExpert extends Module {
  @child actionProj = projection(ACTION, WIDTH);
  @child timeProj = projection(2 * WIDTH, WIDTH);
  @child kvProj = projection(CONTEXT, WIDTH);
  @child layers = Array.from({ length: LAYERS }, () => new Layer());
  @child norm = new Norm();
  @child head = projection(WIDTH, ACTION);

  /** Actions `[1, 50, 32]`, time `[1, 1, 1440]` and context `[1, 16, 320]` → `[1, 50, 32]`. */
  forward(actions: Hidden, time: Hidden, context: Hidden): Hidden {
    const projected = this.kvProj.forward(context);
    const embedded = add(this.actionProj.forward(actions), this.timeProj.forward(time));
    const last = this.layers.reduce<Hidden>(
      (x, layer, i) => layer.forward(x, i % 2 === 0 ? undefined : projected),
      embedded,
    );
    return this.head.forward(this.norm.forward(last));
  }
}

const spec = (length: number, width: number) => input([1, length, width] as number[] as [number, number, number]);

export const smolvla: Workload = {
  name: 'smolvla',
  trace: () => {
    const model = new ActionExpert();
    const inputs = {
      actions: spec(ACTIONS, ACTION),
      time: spec(1, 2 * WIDTH),
      context: spec(CONTEXT_LENGTH, CONTEXT),
    };
    const graph = trace(model, inputs, ({ actions, time, context }) => {
      const predicted = model.forward(actions, time, context);
      return { predicted, loss: mean(square(predicted)) };
    });
    return withDeterministicWeights(graph);
  },
  feeds: () => ({
    actions: values(ACTIONS * ACTION, (j) => Math.sin(0.01 * j)),
    time: values(2 * WIDTH, (j) => Math.sin(0.005 * j)),
    context: values(CONTEXT_LENGTH * CONTEXT, (j) => Math.cos(0.01 * j)),
  }),
};
