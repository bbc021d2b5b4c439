export { lora, Lora, type AdaptedLayer, type LoraOptions } from './lora.js';
export { mergeLora, type LoraValues } from './merge.js';
export { LoraError } from './peft-config.js';
export { loadLora, saveLora, type SaveLoraOptions } from './peft-files.js';
