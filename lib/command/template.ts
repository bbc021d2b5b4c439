/** The files of a new project. */

const TRAIN = `/**
 * A small network learns which of three spiral arms a point of the plane lies on.
 * Hold the pointer over any name to see its shape; change a size in the model, and the editor says what does not fit.
 */
import { buildInferenceSession, buildSession, crossEntropy, input, manualSeed, Module, relu, trace } from 'meganeura';
import type { Dim, Tensor } from 'meganeura';
import { saveParameters } from 'meganeura/hub';
import { Linear } from 'meganeura/layers';
import { adam, Batches, Trainer } from 'meganeura/train';

const ARMS = 3;
const BATCH = 60;

class Classifier extends Module {
  first = new Linear(2, 64);
  second = new Linear(64, 64);
  output = new Linear(64, ARMS);

  forward<B extends Dim>(points: Tensor<[B, 2], 'f32'>) {
    const hidden = relu(this.first.forward(points));
    return this.output.forward(relu(this.second.forward(hidden)));
  }
}

/** Points on the arms with a little noise, [count, 2], and as labels the arm of each, [count]. */
function spirals(count: number) {
  const points = new Float32Array(count * 2);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const arm = i % ARMS;
    const radius = Math.random();
    const angle = (arm * 2 * Math.PI) / ARMS + radius * 4 + (Math.random() - 0.5) * 0.3;
    points.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
    labels[i] = arm;
  }
  return { points: { data: points, shape: [count, 2] }, labels };
}

manualSeed(1);
const model = new Classifier();
model.summary();

// Runs the model once and records it as a graph.
const graph = trace(model, { points: input([BATCH, 2]), labels: input([BATCH], 'i32') }, ({ points, labels }) => {
  const logits = model.forward(points);
  return { logits, loss: crossEntropy(logits, labels) };
});

// Compiles forward, backward and update into one list of GPU dispatches.
const session = await buildSession(graph, { optimizer: adam({ learningRate: 0.01 }) });
console.log(\`\${session.device.describe()}: a step has \${session.report().dispatches} dispatches\`);

const training = new Batches(spirals(3000), { size: BATCH, shuffle: true, seed: 1 });
const validation = new Batches(spirals(600), { size: BATCH });
const history = await new Trainer(session, { epochs: 10 }).fit(training, { validation });
const accuracy = history.epochs.at(-1)?.validation?.accuracy ?? 0;
console.log(\`\${(100 * accuracy).toFixed(1)} % of points that it never saw are on the arm it says\`);

await saveParameters(session, 'classifier.safetensors');

// Only what the logits need, on the same weights.
const inference = await buildInferenceSession(graph, { outputs: ['logits'], weights: session });
inference.step({ points: spirals(BATCH).points.data });
console.log('logits of the first point:', Array.from((await inference.read('logits')).subarray(0, ARMS)));
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "rootDir": "src",
    "outDir": "dist",
    "strict": true,
    "types": ["node"],
    // For @param, @buffer and @child, and for fields that read parameters of the constructor.
    "experimentalDecorators": true,
    "useDefineForClassFields": false
  },
  "include": ["src"]
}
`;

const readme = (name: string) => `# ${name}

\`\`\`sh
npm install
npm start              # checks the types, trains, and saves the weights
npx meganeura info     # which GPU is used, and whether it computes right
\`\`\`

The model is in [src/train.ts](src/train.ts). Shapes are part of the types: hold the pointer over a tensor to see its
shape, such as \`Tensor<[B, 3], "f32">\`.

Without a GPU, on linux x64: \`npm install --save-dev @sparticuz/chromium@143.0.4\` brings a software one.
`;

export interface TemplateOptions {
  /** Of the package. */
  readonly name: string;
  /** Version of this library. */
  readonly version: string;
  /** Versions of `webgpu` that it works with, as a range. */
  readonly webgpu: string;
}

/** Contents of the files by path. */
export function templateFiles({ name, version, webgpu }: TemplateOptions): Readonly<Record<string, string>> {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { start: 'tsc && node dist/train.js', check: 'tsc --noEmit' },
    dependencies: { meganeura: `^${version}`, webgpu },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^7.0.2' },
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'tsconfig.json': TSCONFIG,
    'README.md': readme(name),
    '.gitignore': 'node_modules/\ndist/\n*.safetensors\n',
    'src/train.ts': TRAIN,
  };
}
