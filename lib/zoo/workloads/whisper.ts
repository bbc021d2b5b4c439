import { child, param } from '../../dsl/decorators.js';
import {
  add,
  conv1d,
  gelu,
  layerNorm,
  mean,
  permute,
  reshape,
  scaledDotProductAttention,
  square,
  transpose,
} from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import { parameter } from '../../dsl/state.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { Linear } from '../../layers/linear.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

type Hidden = Tensor<[number, number, number], 'f32'>;

const WIDTH = 384;
const HEADS = 6;
const LAYERS = 4;
const INNER = 1536;
const MELS = 80;
const POSITIONS = 1500;

class Norm extends Module {
  @param weight = parameter([WIDTH] as number[] as [number]);
  @param bias = parameter([WIDTH] as number[] as [number]);

  forward(x: Hidden): Hidden {
    return layerNorm(x, this.weight, this.bias);
  }
}

class Conv extends Module {
  @param weight = parameter([WIDTH, this.inputs, 3] as number[] as [number, number, number]);
  @param bias = parameter([WIDTH] as number[] as [number]);

  constructor(
    private readonly inputs: number,
    private readonly stride: number,
  ) {
    super();
  }

  forward(x: Hidden): Hidden {
    return conv1d(x, this.weight, { bias: this.bias, stride: this.stride, padding: 1 });
  }
}

const projection = () => new Linear<number, number>(WIDTH, WIDTH);

class Attention extends Module {
  @child kProj = new Linear<number, number, false>(WIDTH, WIDTH, { bias: false });
  @child vProj = projection();
  @child qProj = projection();
  @child outProj = projection();

  forward(x: Hidden): Hidden {
    const length = x.shape[1];
    const split = (y: Hidden) => permute(reshape(y, [1, length, HEADS, WIDTH / HEADS]), [0, 2, 1, 3]);
    const [q, k, v] = [this.qProj, this.kProj, this.vProj].map((layer) => split(layer.forward(x)));
    const mixed = scaledDotProductAttention(q!, k!, v!);
    return this.outProj.forward(reshape(permute(mixed, [0, 2, 1, 3]), [1, length, WIDTH]));
  }
}

class Layer extends Module {
  @child selfAttn = new Attention();
  @child selfAttnLayerNorm = new Norm();
  @child fc1 = new Linear<number, number>(WIDTH, INNER);
  @child fc2 = new Linear<number, number>(INNER, WIDTH);
  @child finalLayerNorm = new Norm();

  forward(x: Hidden): Hidden {
    const mixed = add(x, this.selfAttn.forward(this.selfAttnLayerNorm.forward(x)));
    return add(mixed, this.fc2.forward(gelu(this.fc1.forward(this.finalLayerNorm.forward(mixed)))));
  }
}

class Positions extends Module {
  @param weight = parameter([POSITIONS, WIDTH] as number[] as [number, number]);

  forward(x: Hidden): Hidden {
    return add(x, this.weight);
  }
}

/** The encoder of Whisper-tiny (Radford et al. 2022, arXiv:2212.04356), named as transformers names it. */
class Encoder extends Module {
  @child conv1 = new Conv(MELS, 1);
  @child conv2 = new Conv(WIDTH, 2);
  @child embedPositions = new Positions();
  @child layers = Array.from({ length: LAYERS }, () => new Layer());
  @child layerNorm = new Norm();

  /** Log-mel features `[1, 80, 3000]` → hidden states `[1, 1500, 384]`. */
  forward(features: Hidden): Hidden {
    const convolved = gelu(this.conv2.forward(gelu(this.conv1.forward(features))));
    const embedded = this.embedPositions.forward(transpose(convolved));
    return this.layerNorm.forward(this.layers.reduce((x, layer) => layer.forward(x), embedded));
  }
}

const FRAMES = 2 * POSITIONS;
const transposed = /(_proj|fc\d)\.weight$/;

export const whisper: Workload = {
  name: 'whisper',
  trace: () => {
    const model = new Encoder();
    const features = input([1, MELS, FRAMES] as number[] as [number, number, number]);
    const graph = trace(model, { features }, (inputs) => {
      const hidden = model.forward(inputs.features);
      return { hidden, loss: mean(square(hidden)) };
    });
    return withDeterministicWeights(graph, {
      exceptions: (name) => (transposed.test(name) ? 'transposed' : undefined),
    });
  },
  feeds: () => ({ features: values(MELS * FRAMES, (j) => Math.sin(0.001 * j)) }),
  loss: 0.00031,
};
