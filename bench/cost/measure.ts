import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDevice } from '../../lib/backend/device/open.js';
import { costCases } from './cases.js';
import { compare, comparisonText } from './compare.js';
import { scatter } from './scatter.js';
import { measure, type Measurement } from './take.js';

const help = `Compares the predicted time of kernels with what they take on the adapter that is there.

  npx tsx bench/cost/measure.ts [--gpu] [--save file] [--svg file]
  npx tsx bench/cost/measure.ts --from file [--from file…] [--svg file]

  --gpu   also the kernels that a software adapter takes too long for
  --from  take measured times from a file that an earlier run saved, in place of a device
  --save  write the measured times to a file
  --svg   draw the scatter of predicted against measured times`;

const { values: options } = parseArgs({
  options: {
    gpu: { type: 'boolean', default: false },
    from: { type: 'string', multiple: true },
    save: { type: 'string' },
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function measured(): Promise<Measurement> {
  const cases = costCases.filter(({ large }) => options.gpu || !large);
  const measurement = await measure(await openDevice(), cases, (text) => console.error(text));
  if (options.save !== undefined) writeFileSync(options.save, `${JSON.stringify(measurement, null, 2)}\n`);
  return measurement;
}

if (options.help) {
  console.log(help);
} else {
  const measurements = options.from
    ? options.from.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Measurement)
    : [await measured()];
  const panels = measurements.map((measurement) => ({ measurement, comparison: compare(measurement) }));
  for (const { measurement, comparison } of panels) {
    console.log(`${measurement.adapter}, ${measurement.date}\n${comparisonText(comparison)}\n`);
  }
  if (options.svg !== undefined) writeFileSync(options.svg, scatter(panels));
}
