import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDevice } from '../../lib/backend/device/open.js';
import { costCases } from './cases.js';
import { compare, comparisonText } from './compare.js';
import { scatter } from './scatter.js';
import { measure, type Measurement } from './take.js';

const help = `Compares the predicted time of kernels with what they take on the adapter that is there.

  npx tsx bench/cost/measure.ts [--gpu] [--from file] [--save file] [--svg file]

  --gpu   also the kernels that a software adapter takes too long for
  --from  take the measured times from a file, which an earlier run saved, and no device
  --save  write the measured times to a file
  --svg   draw the scatter of predicted against measured times`;

const { values: options } = parseArgs({
  options: {
    gpu: { type: 'boolean', default: false },
    from: { type: 'string' },
    save: { type: 'string' },
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function measured(): Promise<Measurement> {
  if (options.from !== undefined) return JSON.parse(readFileSync(options.from, 'utf8')) as Measurement;
  const cases = costCases.filter(({ large }) => options.gpu || !large);
  return measure(await openDevice(), cases, (text) => console.error(text));
}

if (options.help) {
  console.log(help);
} else {
  const measurement = await measured();
  if (options.save !== undefined) writeFileSync(options.save, `${JSON.stringify(measurement, null, 2)}\n`);
  const comparison = compare(measurement);
  console.log(`${measurement.adapter}, ${measurement.date}\n${comparisonText(comparison)}`);
  if (options.svg !== undefined) writeFileSync(options.svg, scatter([{ measurement, comparison }]));
}
