/** Milliseconds that a round of our side should take, and those that it may take of a slower side. */
const ROUND = 60;
const SLOW_ROUND = 500;
const MOST_CALLS = 50;

/** f32 rounds sums of thousands of products differently; another computation differs by more than this. */
const TOLERANCE = 2e-3;

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);

/** Linear between the two nearest. */
function quantile(numbers, part) {
  const list = sorted(numbers);
  const place = part * (list.length - 1);
  const [low, high] = [list[Math.floor(place)], list[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** Milliseconds: of the wall, or of all processors together that this process used. */
const clocks = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** Milliseconds a call. */
async function timed(side, calls, clock = 'wall') {
  const start = clocks[clock]();
  await side.run(calls);
  return (clocks[clock]() - start) / calls;
}

/** Throws unless every side gives what ours does, within TOLERANCE of the greatest magnitude. */
export async function compare({ name }, sides) {
  const expected = await sides.ours.results();
  for (const [side, { results }] of Object.entries(sides)) {
    const got = await results();
    for (const [i, values] of expected.entries()) {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - got[i][at])), 0);
      if (values.length === got[i].length && worst <= TOLERANCE * scale) continue;
      throw new Error(
        `${name}: result ${i} of ${side} is not ours: ${got[i].length} against ${values.length} elements, ` +
          `difference ${worst} of ${scale}: ${got[i].slice(0, 8)} against ${values.slice(0, 8)}`,
      );
    }
  }
}

/** Times of each side, milliseconds a call: the median, the middle half's width as a part of it, and all of them. */
export async function measure(sides, { rounds, clock }) {
  const entries = Object.entries(sides);
  // Pipelines were compiled by the comparison; what else is done once is done here.
  const first = {};
  for (const [name, side] of entries) {
    await timed(side, 2);
    first[name] = await timed(side, 3);
  }
  const slowest = Math.max(...Object.values(first));
  const calls = Math.min(MOST_CALLS, Math.ceil(Math.min(ROUND / first.ours, Math.max(SLOW_ROUND / slowest, 3))));
  const samples = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of entries) samples[name].push(await timed(side, calls, clock));
  }
  const times = Object.fromEntries(
    Object.entries(samples).map(([name, list]) => {
      const median = quantile(list, 0.5);
      return [name, { median, spread: (quantile(list, 0.75) - quantile(list, 0.25)) / median, samples: list }];
    }),
  );
  const ratios = Object.fromEntries(
    entries.flatMap(([name]) => (name === 'ours' ? [] : [[name, times[name].median / times.ours.median]])),
  );
  return { calls, dispatches: sides.ours.dispatches, times, ratios };
}
