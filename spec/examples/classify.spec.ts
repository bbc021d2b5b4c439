import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { encodePng, type Classification } from 'meganeura/zoo';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { checkpointVariant, removeVariants } from '../zoo/checkpoint-variant.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec-classify';
const PICTURE = path.join(OUT, 'picture.png');

const runClassify = (...args: string[]) => runScript('example:classify', ...args);

/** `npm run test:full`. */
const full = SHAPES_PER_OP >= 20;

describe('npm run example:classify', () => {
  let vit = '';
  beforeAll(async () => {
    fs.mkdirSync(OUT, { recursive: true });
    const data = Uint8ClampedArray.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 256);
    fs.writeFileSync(PICTURE, await encodePng({ data, width: 40, height: 30 }));
    const { image_size: size, hidden_size: classes } = JSON.parse(
      fs.readFileSync('spec/reference/vit-tiny/config.json', 'utf8'),
    ) as Record<string, number>;
    // The pooler as classifier.
    vit = checkpointVariant('spec/reference/vit-tiny', {
      name: (name) => (name.startsWith('pooler.dense') ? name.replace('pooler.dense', 'classifier') : `vit.${name}`),
      config: {
        architectures: ['ViTForImageClassification'],
        id2label: Object.fromEntries(Array.from({ length: classes! }, (_, i) => [i, `class ${i}`])),
      },
      files: {
        'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', size: { height: size, width: size } },
      },
    });
  });
  afterAll(removeVariants);

  test(`prints the best classes with bars${full ? ', or as JSON' : ''}`, () => {
    const { stdout, stderr, status } = runClassify(vit, PICTURE, '--top', '3');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^class \d+ +\d+\.\d % █*$/);
    if (!full) return;
    const best = JSON.parse(runClassify(vit, PICTURE, '--top', '3', '--json').stdout) as Classification[];
    expect(best.map(({ label }) => label)).toEqual(lines.map((line) => /^class \d+/.exec(line)?.[0]));
  }, 300_000);

  const refused: (readonly [string[], string])[] = [
    [[], 'npm run example:classify -- <repository or folder> <picture>'],
    [['spec/reference/bert-tiny', PICTURE], 'bert-tiny holds a Bert, which classifies no pictures'],
    // Messages of the library, which has tests of its own for them.
    [['spec/reference/vit-tiny', PICTURE], 'the model has no classifier'],
    [['spec/reference/vit-tiny', 'package.json'], 'package.json: this is no picture'],
    [['spec/reference/vit-tiny', PICTURE, '--top', 'all'], 'topK must be a number of classes'],
  ];
  test.each(full ? refused : refused.slice(0, 2))(
    '%j ends with one line that says why',
    (args, message) => {
      const { stderr, status } = runClassify(...args);
      expect(status).toBe(1);
      expect(stderr.trim().split('\n').at(-1)).toContain(message);
      expect(stderr).not.toContain('    at ');
    },
    60_000,
  );
});
