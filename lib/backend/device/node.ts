/**
 * WebGPU in Node: Dawn, from the npm package `webgpu`, on the machine's GPU or else on SwiftShader.
 * Imported only dynamically.
 */
import { requiredNodeModule } from '../../ir/node-modules.js';
import { NoAdapterError } from './errors.js';
import { isSoftware } from './info.js';
import { findSwiftShader, type SwiftShader } from './swiftshader.js';

const { createRequire } = requiredNodeModule('node:module');
const os = requiredNodeModule('node:os');
const path = requiredNodeModule('node:path');
const { pathToFileURL } = requiredNodeModule('node:url');
const { isMainThread } = requiredNodeModule('node:worker_threads');

type Dawn = Pick<typeof import('webgpu'), 'create'>;

/** `allow_unsafe_apis` offers subgroup matrices; NVIDIA's f16 hides behind a toggle; quantized timestamps are useless. */
const TOGGLES = ['allow_unsafe_apis', 'vulkan_enable_f16_on_nvidia'];
const DISABLED = ['timestamp_quantization'];

/**
 * On the CPU the bounds check of every access costs a quarter to a half of a kernel's time, and zeroing workgroup
 * memory makes kernels that use it compile ten times slower. Kernels guard their own bounds: without the checks an
 * access out of bounds is a crash. Real GPUs keep both.
 */
const SOFTWARE_TOGGLES = [...TOGGLES, 'disable_robustness', 'disable_workgroup_init'];

const CAN_BE_SOFTWARE = process.platform === 'linux' && process.arch === 'x64';
const INSTALL_SOFTWARE = 'npm install --save-dev @sparticuz/chromium@143.0.4';

/**
 * Opens Dawn. The same object is returned for the rest of the process.
 *
 * @param software Whether to take the software adapter even when there is a GPU; ask the result for an adapter with
 *   `forceFallbackAdapter` then.
 * @throws {NoAdapterError} When `webgpu` is not installed, or there is neither a GPU nor a software GPU.
 */
export async function openNodeGPU({ software = false } = {}): Promise<GPU> {
  const dawn = await loadDawn();
  const driver = prepareVulkan();
  if (!software) {
    const gpu = pinned('hardware', () => create(dawn, TOGGLES));
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter !== null && !isSoftware(adapter.info)) return gpu;
  }
  const gpu = pinned('software', () => create(dawn, SOFTWARE_TOGGLES));
  if ((await gpu.requestAdapter({ forceFallbackAdapter: true })) === null)
    throw new NoAdapterError(`no ${software ? 'software ' : ''}GPU found${adviceFor(driver)}`);
  return gpu;
}

async function loadDawn(): Promise<Dawn> {
  let missing: unknown;
  // From the working directory as well, where the user installed it when this library is linked.
  for (const from of [import.meta.url, pathToFileURL(path.join(process.cwd(), 'package.json')).href]) {
    try {
      return (await import(pathToFileURL(createRequire(from).resolve('webgpu')).href)) as Dawn;
    } catch (error) {
      missing = error;
    }
  }
  throw new NoAdapterError(
    isNotInstalled(missing)
      ? 'no WebGPU in Node: the package `webgpu` is not installed; run `npm install webgpu`' +
          (CAN_BE_SOFTWARE ? ` and, if this machine has no GPU, \`${INSTALL_SOFTWARE}\`` : '')
      : `no WebGPU in Node: the package \`webgpu\` does not load on ${process.platform} ${process.arch}: ${String(missing)}`,
    { cause: missing },
  );
}

function isNotInstalled(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND' && /'webgpu'/.test(error.message)
  );
}

function create(dawn: Dawn, toggles: readonly string[]): GPU {
  return dawn.create([`enable-dawn-features=${toggles.join(',')}`, `disable-dawn-features=${DISABLED.join(',')}`]);
}

/**
 * One object a kind for the whole process: Dawn crashes when the object that `create()` returned is collected while its
 * devices live. On `globalThis`, because a second copy of this library would load the same native addon.
 */
function pinned(kind: 'hardware' | 'software', make: () => GPU): GPU {
  const key = Symbol.for(`meganeura.dawn.${kind}`);
  const pins = globalThis as { [key: symbol]: GPU | undefined };
  return (pins[key] ??= make());
}

/** What stands in the way of a software GPU, for messages. */
type Driver = 'added' | 'absent' | 'unpackable' | 'worker' | 'overridden';

/**
 * Makes SwiftShader known to the Vulkan loader, beside the drivers that are installed: those rank first.
 * The loader is loaded here so that Dawn finds it by name also where it comes from our cache folder.
 */
function prepareVulkan(): Driver {
  if (process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES']) return 'overridden';
  let files: SwiftShader | undefined;
  try {
    files = findSwiftShader();
  } catch {
    return 'unpackable'; // Read-only disks: a real GPU works all the same.
  }
  if (files === undefined) return 'absent';
  if (!isMainThread) return 'worker'; // A worker's process.env is a copy that native code does not see.

  const added = process.env['VK_ADD_DRIVER_FILES']?.split(':') ?? [];
  if (!added.includes(files.manifest)) process.env['VK_ADD_DRIVER_FILES'] = [...added, files.manifest].join(':');
  if (!loadForGood('libvulkan.so.1')) loadForGood(files.loader);
  return 'added';
}

/**
 * Loads a shared library and keeps it. It is no addon, so that `dlopen` throws after having loaded it, and would unload
 * it again but for RTLD_NODELETE (0x1000 in glibc's bits/dlfcn.h, not among Node's constants).
 */
function loadForGood(library: string): boolean {
  const { RTLD_NOW, RTLD_GLOBAL } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_GLOBAL | 0x1000);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register');
  }
}

function adviceFor(driver: Driver): string {
  switch (driver) {
    case 'absent':
      return CAN_BE_SOFTWARE
        ? ` on this machine: install its driver or, for a software GPU, run \`${INSTALL_SOFTWARE}\``
        : ' on this machine: install its driver';
    case 'unpackable':
      return ': to unpack the one out of @sparticuz/chromium, make node_modules/.cache or the temporary folder writable';
    case 'worker':
      return ', and a worker thread cannot set up the software GPU: call openDevice() in the main thread first';
    case 'overridden':
      return ': VK_DRIVER_FILES or VK_ICD_FILENAMES is set, and hides all other drivers; correct or unset it';
    case 'added':
      return ', and SwiftShader, the software GPU out of @sparticuz/chromium, did not load';
  }
}
