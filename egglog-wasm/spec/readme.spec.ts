import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

/** The example, in a thread of its own, with `console.log` collected. */
function runExample(code: string): Promise<unknown[][]> {
  const program = `
    import { parentPort } from 'node:worker_threads';
    const logged = [];
    const console = { log: (...values) => logged.push(values) };
    ${code.replace("'egglog-wasm'", JSON.stringify(new URL('../index.js', import.meta.url).href))}
    parentPort.postMessage(logged);`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

test('the example prints what its comments say', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /```js\n(.*?)```/s.exec(readme)!;
  const logged = (await runExample(example!)).map(([value]) => inspect(value));
  const promised = [...example!.matchAll(/console\.log\(.*\/\/ (.*)/g)].map(([, comment]) => comment);
  expect(promised).toHaveLength(2);
  expect(logged).toEqual(promised);
});
