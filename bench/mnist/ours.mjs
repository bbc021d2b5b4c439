import { buildSession } from '../../lib/index.ts';
import { sgd } from '../../lib/train/index.ts';
import { Mlp, traceTraining } from '../../examples/mnist/model.ts';

/** A training step of meganeura; `initial` holds PyTorch's layouts by name. */
export async function meganeura({ images, labels, batch, initial, learningRate, momentum, upload }) {
  const optimizer = sgd({ learningRate, momentum });
  const session = await buildSession(traceTraining(new Mlp(), batch), { optimizer });
  session.setParameters(initial);
  if (!upload) {
    session.setInput('images', images);
    session.setInput('labels', labels);
  }
  return {
    step: () => session.step(upload ? { images, labels } : {}),
    loss: async () => (await session.read('loss'))[0],
    dispose: () => session.dispose(),
  };
}
