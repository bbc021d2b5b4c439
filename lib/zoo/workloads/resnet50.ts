import { buffer, child, param } from '../../dsl/decorators.js';
import { add, batchNorm, conv2d, crossEntropy, maxPool2d, mean, relu } from '../../dsl/generated/ops.js';
import { ones, zeros } from '../../dsl/init.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import { parameter } from '../../dsl/state.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { Linear } from '../../layers/linear.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

type Images = Tensor<[number, number, number, number], 'f32'>;

/** A convolution without bias that keeps the size, but for the stride. */
class Conv extends Module {
  @param weight = parameter([this.outputs, this.inputs, this.size, this.size]);

  constructor(
    readonly inputs: number,
    readonly outputs: number,
    readonly size: number,
    private readonly stride = 1,
  ) {
    super();
  }

  forward(x: Images): Images {
    return conv2d(x, this.weight, { stride: this.stride, padding: (this.size - 1) / 2 });
  }
}

/** In evaluation mode. */
class BatchNorm extends Module {
  @param weight = parameter([this.channels], ones());
  @param bias = parameter([this.channels], zeros());
  @buffer runningMean = buffer([this.channels], zeros());
  @buffer runningVar = buffer([this.channels], ones());

  constructor(readonly channels: number) {
    super();
  }

  forward(x: Images): Images {
    return batchNorm(x, this.runningMean, this.runningVar, { weight: this.weight, bias: this.bias });
  }
}

/** Torchvision's bottleneck: the stride is in the 3 × 3 convolution. */
class Bottleneck extends Module {
  @child conv1 = new Conv(this.inputs, this.width, 1);
  @child bn1 = new BatchNorm(this.width);
  @child conv2 = new Conv(this.width, this.width, 3, this.stride);
  @child bn2 = new BatchNorm(this.width);
  @child conv3 = new Conv(this.width, 4 * this.width, 1);
  @child bn3 = new BatchNorm(4 * this.width);
  @child downsample =
    this.stride > 1 || this.inputs !== 4 * this.width
      ? ([new Conv(this.inputs, 4 * this.width, 1, this.stride), new BatchNorm(4 * this.width)] as const)
      : [];

  constructor(
    private readonly inputs: number,
    private readonly width: number,
    private readonly stride: number,
  ) {
    super();
  }

  forward(x: Images): Images {
    const first = relu(this.bn1.forward(this.conv1.forward(x)));
    const second = relu(this.bn2.forward(this.conv2.forward(first)));
    const third = this.bn3.forward(this.conv3.forward(second));
    return relu(
      add(
        third,
        this.downsample.reduce<Images>((y, layer) => layer.forward(y), x),
      ),
    );
  }
}

const STAGES = [
  { width: 64, blocks: 3 },
  { width: 128, blocks: 4 },
  { width: 256, blocks: 6 },
  { width: 512, blocks: 3 },
];
const CLASSES = 1000;

/** ResNet-50 (He et al. 2016, arXiv:1512.03385), named as torchvision names it. */
class ResNet50 extends Module {
  @child conv1 = new Conv(3, 64, 7, 2);
  @child bn1 = new BatchNorm(64);
  @child layer1 = stage(0);
  @child layer2 = stage(1);
  @child layer3 = stage(2);
  @child layer4 = stage(3);
  @child fc = new Linear<number, number>(2048, CLASSES);

  /** Images `[n, 3, h, w]` → logits `[n, 1000]`. */
  forward(images: Images): Tensor<[number, number], 'f32'> {
    const stem = relu(this.bn1.forward(this.conv1.forward(images)));
    const pooled: Images = maxPool2d(stem, 3, { stride: 2, padding: 1 });
    const blocks = [...this.layer1, ...this.layer2, ...this.layer3, ...this.layer4];
    const features = blocks.reduce<Images>((x, block) => block.forward(x), pooled);
    return this.fc.forward(mean(features, { axes: [2, 3] }));
  }
}

function stage(index: number): Bottleneck[] {
  const { width, blocks } = STAGES[index]!;
  const before = index === 0 ? 64 : 4 * STAGES[index - 1]!.width;
  return Array.from({ length: blocks }, (_, i) =>
    i === 0 ? new Bottleneck(before, width, index === 0 ? 1 : 2) : new Bottleneck(4 * width, width, 1),
  );
}

const BATCH = 4;
const SIZE = 224;

export const resnet50: Workload = {
  name: 'resnet50',
  trace: () => {
    const model = new ResNet50();
    const inputs = {
      images: input([BATCH, 3, SIZE, SIZE] as number[] as [number, number, number, number]),
      labels: input([BATCH] as number[] as [number], 'i32'),
    };
    const graph = trace(model, inputs, ({ images, labels }) => {
      const logits = model.forward(images);
      return { logits, loss: crossEntropy(logits, labels) };
    });
    const exceptions = (name: string) => {
      if (name === 'fc.weight') return 'transposed';
      if (!/(bn\d|downsample\.1)\./.test(name)) return undefined;
      return name.endsWith('weight') ? 'ones' : 'zeros';
    };
    return withDeterministicWeights(graph, { amplitude: 0.01, exceptions });
  },
  feeds: () => ({
    images: values(BATCH * 3 * SIZE * SIZE, (j) => Math.sin(0.001 * j)),
    labels: Int32Array.from({ length: BATCH }, (_, i) => i),
  }),
  loss: 6.917037,
};
