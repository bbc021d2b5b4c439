import { beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { RandomStream } from 'meganeura';
import { loadSafetensors } from 'meganeura/hub';
import { loadDigits, PIXELS, shifted, SIDE } from '../../examples/mnist/digits.js';
import { drawDigits } from '../../examples/mnist/show.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec';

const runMnist = (...args: string[]) => runScript('mnist', ...args);

describe('npm run mnist', () => {
  let result: Record<string, unknown>;
  beforeAll(() => {
    fs.rmSync(OUT, { recursive: true, force: true });
    const { stdout, stderr, status } = runMnist('--json', '--epochs', '1', '--out', OUT);
    expect({ stderr, status }).toMatchObject({ status: 0 });
    result = JSON.parse(stdout) as Record<string, unknown>;
  }, 120_000);

  test('prints one JSON object', () => {
    expect(result).toEqual({
      adapter: expect.any(String),
      accuracy: expect.any(Number),
      seconds: expect.any(Number),
      millisecondsPerStep: expect.any(Number),
      dispatches: expect.any(Number),
      nodesBefore: expect.any(Number),
      nodesAfter: expect.any(Number),
      bytes: expect.any(Number),
      bytesWithoutReuse: expect.any(Number),
    });
    expect(Object.keys(result)).toHaveLength(9);
  });

  test('learns in an epoch already, with at most 10 dispatches a step', () => {
    expect(result['accuracy']).toBeGreaterThan(0.85);
    expect(result['dispatches']).toBeLessThanOrEqual(10);
    expect(result['nodesAfter']).toBeLessThan(result['nodesBefore'] as number);
    expect(result['bytes']).toBeLessThanOrEqual(result['bytesWithoutReuse'] as number);
  });

  test('writes weights and curves', async () => {
    const file = await loadSafetensors(`${OUT}/mnist.safetensors`);
    const shapes = file.names().map((name) => [name, file.entry(name).dtype, file.entry(name).shape]);
    expect(Object.fromEntries(shapes.map(([name, ...rest]) => [name, rest]))).toEqual({
      'hidden.weight': ['F32', [128, 784]],
      'hidden.bias': ['F32', [128]],
      'output.weight': ['F32', [10, 128]],
      'output.bias': ['F32', [10]],
    });
    expect(fs.readFileSync(`${OUT}/mnist.svg`, 'utf8')).toMatch(/^<svg [^]*accuracy \(%\)[^]*<\/svg>\n$/);
  });

  test('says what is wrong with its arguments, without a stack', () => {
    const { stderr, status } = runMnist('--epochs', 'many');
    expect(stderr).toBe("MeganeuraError: --epochs must be a whole number, got 'many'\n");
    expect(status).toBe(1);
  });
});

describe('digits', () => {
  test('every tenth of each class is held out', () => {
    const { training, test: held } = loadDigits();
    expect(training.labels.length + held.labels.length).toBe(10_000);
    for (let label = 0; label < 10; label++) {
      const count = ({ labels }: typeof held) => labels.filter((other) => other === label).length;
      expect(count(held)).toBe(Math.floor((count(training) + count(held)) / 10));
    }
    expect(training.images.shape).toEqual([training.labels.length, PIXELS]);
    expect(held.images.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('are shifted by a pixel at most in each direction, each by its own', () => {
    const random = new RandomStream(1, 0);
    const count = 200;
    const images = new Float32Array(count * PIXELS);
    const middle = 14 * SIDE + 14;
    const corner = 0;
    for (let i = 0; i < count; i++) images[i * PIXELS + middle] = images[i * PIXELS + corner] = 1;
    shifted({ images }, random);
    const seen = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const ink = [...images.subarray(i * PIXELS, (i + 1) * PIXELS).entries()].filter(([, value]) => value === 1);
      const [x, y] = [ink.at(-1)![0] % SIDE, Math.floor(ink.at(-1)![0] / SIDE)];
      // The corner's ink leaves the picture, or moves along; nothing wraps around.
      const stays = x >= 14 && y >= 14;
      expect(ink.map(([at]) => at)).toEqual([...(stays ? [(y - 14) * SIDE + x - 14] : []), y * SIDE + x]);
      seen.set(`${x - 14},${y - 14}`, (seen.get(`${x - 14},${y - 14}`) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['-1,-1', '-1,0', '-1,1', '0,-1', '0,0', '0,1', '1,-1', '1,0', '1,1']);
  });

  test('are drawn five a line in half blocks', () => {
    const images = new Float32Array(6 * PIXELS).fill(1);
    const lines = drawDigits(images, ['a', 'b', 'c', 'd', 'e', 'f']).split('\n');
    expect(lines).toHaveLength(16);
    expect(lines[0]).toBe(Array(5).fill('█'.repeat(14)).join('  '));
    expect(lines[7]!.trim().split(/ +/)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
