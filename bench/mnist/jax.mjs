import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';

/** A training step of jax-js: one `jit`, arrays stay on the device. */
export async function jaxJs({ images, labels, batch, initial, learningRate, momentum, upload }) {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error(`jax-js has no WebGPU, only ${devices.join(', ')}`);
  defaultDevice('webgpu');

  // Weights are [in, out] here, as users of jax write them.
  const weights = (name, inputs, outputs) => np.array(initial[name]).reshape([outputs, inputs]).transpose();
  let parameters = {
    w1: weights('hidden.weight', 784, 128),
    b1: np.array(initial['hidden.bias']),
    w2: weights('output.weight', 128, 10),
    b2: np.array(initial['output.bias']),
  };
  let velocity = tree.map((p) => np.zerosLike(p.ref), parameters);

  const lossOf = (p, x, y) => {
    const hidden = nn.relu(np.matmul(x, p.w1).add(p.b1));
    const logProbabilities = nn.logSoftmax(np.matmul(hidden, p.w2).add(p.b2));
    return logProbabilities
      .mul(y)
      .sum()
      .mul(-1 / batch);
  };
  const update = jit((p, v, x, y) => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(p), x, y);
    const next = tree.map((old, gradient) => old.mul(momentum).add(gradient), v, gradients);
    return [loss, tree.map((old, change) => old.sub(change.ref.mul(learningRate)), p, next), next];
  });

  const oneHot = new Float32Array(batch * 10);
  labels.forEach((label, i) => (oneHot[i * 10 + label] = 1));
  const upload1 = () => np.array(images).reshape([batch, 784]);
  const upload2 = () => np.array(oneHot).reshape([batch, 10]);
  const [x, y] = [upload1(), upload2()];
  let loss;
  return {
    step: () => {
      loss?.dispose();
      [loss, parameters, velocity] = update(
        parameters,
        velocity,
        upload ? upload1() : x.ref,
        upload ? upload2() : y.ref,
      );
    },
    loss: async () => (await loss.ref.data())[0],
    dispose: () => tree.dispose([parameters, velocity, x, y, loss]),
  };
}
