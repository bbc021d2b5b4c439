/** The entry `meganeura/hub`: weights from the Hugging Face Hub and from files. */
export { loadParameters, saveParameters, type LoadParametersOptions } from './parameters.js';
export { HubError, type HubErrorReason } from './hub-error.js';
export { openRepository, type HubOptions } from './open-repository.js';
export type { DownloadProgress, Repository } from './repository.js';
export { SafeTensorsModel, type DownloadOptions, type LoadOptions } from './safetensors-model.js';
export { SafetensorsError } from './safetensors-error.js';
export { loadSafetensors, SafetensorsFile, saveSafetensors } from './safetensors-file.js';
export type { TensorData } from './safetensors-layout.js';
export { encodeSafetensors, parseSafetensors, SafeTensors } from './safetensors.js';
