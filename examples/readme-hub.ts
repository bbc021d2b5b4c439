import { SmolLM2 } from 'meganeura/zoo';

const model = await SmolLM2.fromPretrained('HuggingFaceTB/SmolLM2-135M-Instruct'); // or a local folder
for await (const text of model.generate('Why is the sky blue?', { maxNewTokens: 200 })) process.stdout.write(text);
