import { describe, expect, test } from '@jest/globals';
import { makeAxis } from '../../lib/train/chart-axis.js';
import { lineChart } from '../../lib/train/chart.js';

describe('makeAxis', () => {
  test.each([
    { values: [0.05, 1.93], count: 5, labels: '0.0 0.5 1.0 1.5 2.0' },
    { values: [68.6, 99.5], count: 5, labels: '60 70 80 90 100' },
    { values: [-3, 2], count: 5, labels: '-3 -2 -1 0 1 2' },
    { values: [0, 3e-4], count: 5, labels: '0 1e-4 2e-4 3e-4' },
    { values: [0, 3e6], count: 6, labels: '0 5e5 1e6 1.5e6 2e6 2.5e6 3e6' },
    { values: [1234, 5678], count: 5, labels: '1,000 2,000 3,000 4,000 5,000 6,000' },
    { values: [1, 2], count: 6, labels: '1 2' },
    { values: [0.1, 0.3], count: 2, labels: '0.1 0.2 0.3' },
    { values: [50, 50], count: 5, labels: '20 30 40 50 60 70 80' },
    { values: [0, 0], count: 1, labels: '0 1' },
    { values: [NaN, Infinity], count: 2, labels: '0.0 0.5 1.0' },
    { values: [], count: 2, labels: '0.0 0.5 1.0' },
  ])('$values', ({ values, count, labels }) => {
    expect(makeAxis(values, count).labels.join(' ')).toBe(labels);
  });

  test('covers what it is told to, and need not end at ticks', () => {
    expect(makeAxis([98.2], 5, { range: [0, 100] }).labels).toEqual(['0', '20', '40', '60', '80', '100']);
    expect(makeAxis([1, 30], 6, { round: false })).toMatchObject({ min: 1, max: 30, ticks: [5, 10, 15, 20, 25, 30] });
  });
});

describe('lineChart', () => {
  const panel = { xLabel: 'epoch', yLabel: 'loss (nats)' };
  const draw = (...series: Parameters<typeof lineChart>[0]['panels'][0]['series']) =>
    lineChart({ title: 'Title', panels: [{ ...panel, series }] });
  const count = (svg: string, tag: string) => svg.split(`<${tag} `).length - 1;

  test('draws each series, with its name where there are several', () => {
    const one = draw({ name: 'training', points: [[1, 1], [2, 0.5], [3, 0]] }); // prettier-ignore
    expect([count(one, 'polyline'), one.includes('training')]).toEqual([1, false]);
    expect(one).toContain('points="72,8 256,148 440,288"');
    const two = draw({ name: 'training', points: [[1, 1], [2, 0]] }, { name: 'validation', points: [[1, 1], [2, 0.5]] }); // prettier-ignore
    expect([count(two, 'polyline'), two.includes('training'), two.includes('validation')]).toEqual([2, true, true]);
    for (const label of ['Title', 'epoch', 'loss (nats)']) expect(two).toContain(`>${label}<`);
  });

  test('leaves gaps where a value is not finite', () => {
    const svg = draw({ name: 'a', points: [[1, 1], [2, 2], [3, NaN], [4, 4]] }); // prettier-ignore
    expect([count(svg, 'polyline'), count(svg, 'circle')]).toEqual([1, 1]);
    expect(svg).not.toContain('NaN');
  });

  test('says that there are no data', () => {
    expect(draw()).toContain('>no data<');
    expect(lineChart({ title: 'Nothing', panels: [] })).toContain('Nothing');
  });

  test('breaks a long legend into rows', () => {
    const name = 'a name of a good length';
    const svg = draw(...[1, 2, 3].map((i) => ({ name: `${name} ${i}`, points: [[0, i], [1, i]] as const }))); // prettier-ignore
    const heights = [1, 2, 3].map((i) => new RegExp(`y="(\\d+)" >${name} ${i}<`).exec(svg)?.[1]);
    expect(heights).toEqual(['12', '32', '52']);
  });

  test('is well-formed whatever the labels hold', () => {
    const svg = lineChart({ title: '<b> & "\u0007"', panels: [] });
    expect(svg).toContain('<title>&#60;b&#62; &#38; &#34;&#34;</title>');
  });
});
