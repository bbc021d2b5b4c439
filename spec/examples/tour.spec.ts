import { beforeAll, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { runScript } from './run-script.js';

let printed: string;
beforeAll(() => {
  const { stdout, stderr, status } = runScript('tour');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  printed = stdout;
}, 120_000);

test('the tour of the code has nine stages in less than 500 lines', () => {
  const stages = [...printed.matchAll(/^── (\d)\. /gm)].map(([, stage]) => Number(stage));
  expect(stages).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(fs.readFileSync('examples/tour.ts', 'utf8').split('\n').length).toBeLessThan(500);
});

test('its stages agree: gradients with differences, and the device with the interpreter', () => {
  const [, byGraph, byDifferences] = /by the graph: +(.*)\nby differences: +(.*)/.exec(printed)!;
  const numbers = (text: string) => text.split(' ').map(Number);
  numbers(byGraph!).forEach((value, i) => {
    expect(numbers(byDifferences!)[i]).toBeCloseTo(value, 5);
  });
  const steps = [...printed.matchAll(/step \d: ([\d.]+) on the device, ([\d.]+) interpreted/g)];
  expect(steps).toHaveLength(4);
  for (const [, device, interpreted] of steps) expect(Number(device)).toBeCloseTo(Number(interpreted), 4);
});
