import { mnist } from './mnist.js';
import { resnet50 } from './resnet50.js';
import { sdUnet } from './sd-unet.js';
import { smollm2, smollm2Decoding } from './smollm2.js';
import { smolvla } from './smolvla.js';
import { whisper } from './whisper.js';
import type { Workload } from './workload.js';

/** The models of the public Inferena benchmark at full size, a token of decoding, and the perceptron of MNIST. */
export const workloads: readonly Workload[] = [mnist, smollm2, smollm2Decoding, smolvla, sdUnet, resnet50, whisper];
