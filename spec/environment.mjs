/**
 * jest's test environment: `navigator.gpu` as in a browser, on Dawn.
 *
 * Native code must not run inside jest's VM, where process.env is a copy and collected objects of Dawn crash the
 * process; so Dawn is opened out here, once a worker process, and only when a test first asks for an adapter: tests
 * without a GPU do not pay for it.
 */
import { TestEnvironment } from 'jest-environment-node';

/** What a test builds comes from the code as it is, not from an earlier run; those about the cache name a folder. */
process.env.MEGANEURA_CACHE = 'off';

/** Shared by all environments of this worker process, which outlive one another; by whether software is asked for. */
const opening = new Map();

async function openDawn(software) {
  const { tsImport } = await import('tsx/esm/api');
  const { openNodeGPU } = await tsImport('../lib/backend/device/node.ts', import.meta.url);
  const [gpu, { globals }] = await Promise.all([openNodeGPU({ software }), import('webgpu')]);
  return { gpu, globals };
}

export default class WebGPUEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const gpu = {
      requestAdapter: async (options) => {
        // As a browser does it; one of Dawn's objects has one adapter, whatever it is asked for later.
        const software = options?.forceFallbackAdapter === true;
        if (!opening.has(software)) opening.set(software, openDawn(software));
        const dawn = await opening.get(software);
        Object.assign(this.global, dawn.globals);
        return dawn.gpu.requestAdapter(options);
      },
      getPreferredCanvasFormat: () => 'bgra8unorm',
    };
    Object.defineProperty(this.global, 'navigator', { value: { gpu }, configurable: true, writable: true });
  }
}
