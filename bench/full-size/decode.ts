/**
 * Tokens a second of SmolLM2-135M with initial weights, one sequence, greedy:
 *
 *     npx tsx bench/full-size/decode.ts [--tokens 200] [--prompt 128]
 */
import { parseArgs } from 'node:util';
import { SmolLM2 } from 'meganeura/zoo';
import { smolLM2 } from './models.js';

const { values } = parseArgs({
  options: { tokens: { type: 'string', default: '200' }, prompt: { type: 'string', default: '128' } },
});
const model = SmolLM2.fromConfig(smolLM2);
const prompt = Array.from({ length: Number(values.prompt) }, (_, i) => (i * 131) % smolLM2.vocab_size);

for (const label of ['with compilation', 'compiled']) {
  const start = performance.now();
  let first = 0;
  let count = 0;
  const options = { maxNewTokens: Number(values.tokens), endTokens: [] };
  const tokens = model.generateTokens(prompt, options);
  while ((await tokens.next()).done !== true) if (count++ === 0) first = performance.now();
  const seconds = (performance.now() - first) / 1000;
  console.log(
    `${label}: first token after ${(first - start).toFixed(0)} ms, then ${((count - 1) / seconds).toFixed(1)} tokens a second`,
  );
}
model.dispose();
