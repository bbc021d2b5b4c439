/** The package as a user gets it: sizes, types, what it loads, what it asks for, its commands. */
import { checkPackage, Package, type Analysis } from '@arethetypeswrong/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { InstalledProject, succeed, TYPESCRIPT_6, TYPESCRIPT_7 } from './installed.js';

const full = process.env['TEST_SHAPES'] !== undefined;
const TIMEOUT = 300_000;

/** A folder of the project that has a GPU, or what takes its place. */
const WITH_GPU = 'with-gpu';

let project: InstalledProject;
beforeAll(() => {
  project = new InstalledProject();
  for (const name of ['webgpu', '@sparticuz/chromium']) project.link(name, WITH_GPU);
  project.write(`${WITH_GPU}/package.json`, '{ "type": "module" }');
}, TIMEOUT);
afterAll(() => project.dispose());

/** Runs a module in the project; gives what it prints. Throws Error where it fails or complains. */
function printed(source: string, folder = WITH_GPU, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = project.node(['--input-type=module', '-e', source], folder, env);
  // Dawn complains where there is no Vulkan.
  if (status !== 0 || stderr.replaceAll(/^Warning: Couldn't load Vulkan[^]*?\n\n/gm, '') !== '')
    throw new Error(`ended with ${String(status)}:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** What attw says of an installed package, and of which of its entries. */
async function checked(name: string, entrypoints: string[] | undefined): Promise<Analysis> {
  const folder = path.join(project.folder, 'node_modules', name);
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((file) => fs.statSync(path.join(folder, file)).isFile());
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  const contents = files.map((file) => [`/node_modules/${name}/${file}`, fs.readFileSync(path.join(folder, file))]);
  const found = await checkPackage(
    new Package(Object.fromEntries(contents) as Record<string, Uint8Array>, name, version),
    entrypoints && { entrypoints },
  );
  if (found.types === false) throw new Error(`${name} has no types`);
  return found;
}

test('publint finds nothing to say', () => {
  const cli = path.resolve('node_modules/publint/src/cli.js');
  for (const name of ['meganeura', 'egglog-wasm']) {
    const { stdout } = succeed(process.execPath, [
      cli,
      path.join(project.folder, 'node_modules', name),
      '--pack=false',
    ]);
    expect(stdout).toMatch(/\nAll good!\n$/);
  }
});

test(
  'attw finds types wherever ES modules are imported from',
  async () => {
    // Of each entry's declarations four compilations are made; those of the zoo reach all but those of explain.
    const entrypoints = full ? undefined : ['.', './zoo'];
    for (const name of ['meganeura', 'egglog-wasm']) {
      const { problems, types } = await checked(name, name === 'meganeura' ? entrypoints : undefined);
      expect(types).toEqual({ kind: 'included' });
      // Nothing here is for CommonJS, or for resolution as it was before `exports`; the wasm has no types.
      const others = problems.filter((problem) => {
        if (!('resolutionKind' in problem)) return true;
        const { kind, resolutionKind, entrypoint } = problem;
        if (resolutionKind === 'node10') return kind !== 'NoResolution';
        if (resolutionKind === 'node16-cjs' && kind === 'CJSResolvesToESM') return false;
        return entrypoint !== './egglog_bg.wasm';
      });
      expect(others).toEqual([]);
    }
  },
  TIMEOUT,
);

test('the package has what runs and what documents it', () => {
  const files = fs.readdirSync(path.join(project.folder, 'node_modules/meganeura')).sort();
  expect(files).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  const manifest = fs.readFileSync('package.json', 'utf8');
  expect(manifest).not.toMatch(/"(pre|post)?install"|"prepare"/);
});

describe('the core, bundled for browsers', () => {
  /** Bytes of each chunk, compressed, and what it imports and holds. */
  interface Chunk {
    readonly gzip: number;
    readonly imports: readonly { readonly path: string; readonly kind: string }[];
    readonly inputs: readonly string[];
  }
  const chunks = new Map<string, Chunk>();
  let entry: string;

  beforeAll(() => {
    project.write('core.js', "export * from 'meganeura';");
    const folder = path.join(project.folder, 'bundle');
    const args = ['--bundle', '--minify', '--format=esm', '--splitting', '--platform=browser'];
    args.push('--external:egglog-wasm', '--external:webgpu', `--outdir=${folder}`, `--metafile=${folder}/meta.json`);
    succeed(path.resolve('node_modules/.bin/esbuild'), [path.join(project.folder, 'core.js'), ...args]);
    const { outputs } = JSON.parse(fs.readFileSync(path.join(folder, 'meta.json'), 'utf8')) as {
      outputs: Record<string, { imports: Chunk['imports']; inputs: object; entryPoint?: string }>;
    };
    for (const [file, { imports, inputs, entryPoint }] of Object.entries(outputs)) {
      chunks.set(file, {
        gzip: zlib.gzipSync(fs.readFileSync(path.resolve(file)), { level: 9 }).length,
        imports,
        inputs: Object.keys(inputs),
      });
      if (entryPoint?.endsWith('core.js')) entry = file;
    }
  });

  /** The entry and all that is loaded with it. */
  function loadedAtOnce(): Chunk[] {
    const found = new Set<string>();
    const visit = (file: string) => {
      const chunk = chunks.get(file);
      if (!chunk || found.has(file)) return;
      found.add(file);
      for (const { path: next, kind } of chunk.imports) if (kind === 'import-statement') visit(next);
    };
    visit(entry);
    return [...found].map((file) => chunks.get(file)!);
  }

  const total = (list: Iterable<Chunk>) => [...list].reduce((sum, { gzip }) => sum + gzip, 0);

  test('is at most 120 KB', () => {
    expect(total(loadedAtOnce())).toBeLessThanOrEqual(120_000);
    // Something is in it.
    expect(total(loadedAtOnce())).toBeGreaterThan(50_000);
  });

  test('loads the rewriter later, with its wasm, and then no more than 25 KB', () => {
    const atOnce = loadedAtOnce();
    expect(atOnce.flatMap(({ inputs }) => inputs).filter((file) => file.endsWith('generated/program.js'))).toEqual([]);
    expect(atOnce.flatMap(({ imports }) => imports).filter(({ path: name }) => name === 'egglog-wasm')).toEqual([]);
    expect([...chunks.values()].flatMap(({ imports }) => imports).map(({ path: name }) => name)).toContain(
      'egglog-wasm',
    );
    expect(total(chunks.values()) - total(atOnce)).toBeLessThanOrEqual(25_000);
  });
});

test('the zoo is bundled for browsers without the optional packages, which then are missed when they are needed', () => {
  project.write('zoo.js', "export * from 'meganeura/zoo';");
  const args = ['--bundle', '--format=esm', '--platform=browser', '--external:egglog-wasm', '--log-level=error'];
  // Its field `browser` names other files than its `exports`, and esbuild reads the latter only.
  args.push('--external:@huggingface/hub', `--outfile=${project.folder}/zoo-bundle.js`);
  succeed(path.resolve('node_modules/.bin/esbuild'), [path.join(project.folder, 'zoo.js'), ...args]);
  const bundle = fs.readFileSync(path.join(project.folder, 'zoo-bundle.js'), 'utf8');
  expect(bundle).toMatch(/import\("@huggingface\/jinja"\)\.catch/);
  expect(bundle).not.toMatch(/from "node:|import\("(node:|sharp)/);
});

const ENTRIES = [
  'meganeura',
  ...['explain', 'hub', 'layers', 'profile', 'train', 'zoo'].map((name) => `meganeura/${name}`),
];

const PROGRAM = `
  import { buildSession, input, trace, relu, mean, namedParameter, mul } from 'meganeura';
  import { sgd } from 'meganeura/train';
  const graph = trace({ x: input([4]) }, ({ x }) => {
    const y = relu(mul(x, namedParameter('w', [4])));
    return { y, loss: mean(y) };
  });`;

test('loads its wasm for the first graph that it rewrites, and not before; in the next run not at all', () => {
  const source = `
    let compiled = 0;
    const { compile } = WebAssembly;
    WebAssembly.compile = (bytes) => (compiled++, compile(bytes));
    for (const entry of ${JSON.stringify(ENTRIES)}) await import(entry);
    const { buildSession, input, trace, relu } = await import('meganeura');
    const graph = trace({ x: input([4]) }, ({ x }) => relu(x));
    (await buildSession(graph, { optimize: false })).dispose();
    const before = compiled;
    const session = await buildSession(graph);
    session.step({ x: [-1, 2, -3, 4] });
    console.log(JSON.stringify([before, compiled, [...(await session.read('output'))]]));`;
  const env = { MEGANEURA_CACHE: path.join(project.folder, 'cache') };
  expect(JSON.parse(printed(source, WITH_GPU, env))).toEqual([0, 1, [0, 2, 0, 4]]);
  expect(JSON.parse(printed(source, WITH_GPU, env))).toEqual([0, 0, [0, 2, 0, 4]]);
}, 60_000);

describe('declarations', () => {
  const source = `
    import { buildSession, crossEntropy, input, Module, relu, trace, type Dim, type Tensor } from 'meganeura';
    import { explain } from 'meganeura/explain';
    import { saveParameters } from 'meganeura/hub';
    import { Linear } from 'meganeura/layers';
    import { Profiler } from 'meganeura/profile';
    import { sgd } from 'meganeura/train';
    import { SmolLM2 } from 'meganeura/zoo';

    class Model extends Module {
      layer = new Linear(8, 3);
      forward<B extends Dim>(x: Tensor<[B, 8], 'f32'>): Tensor<[B, 3], 'f32'> {
        return relu(this.layer.forward(x));
      }
    }
    const model = new Model();
    const graph = trace(model, { x: input([5, 8]), y: input([5], 'i32') }, ({ x, y }) => ({
      loss: crossEntropy(model.forward(x), y),
    }));
    const session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1 }), profile: new Profiler() });
    session.step({ x: new Float32Array(40), y: new Int32Array(5) });
    export const loss: Float32Array = await session.read('loss');
    export const more = [explain, saveParameters, SmolLM2];
    // @ts-expect-error -- the shapes are part of the types
    model.forward(input([5, 9]));
    class Wrong extends Module {
      layer = new Linear(9, 3);
      // @ts-expect-error -- 8 is not 9
      forward<B extends Dim>(x: Tensor<[B, 8], 'f32'>) { return this.layer.forward(x); }
    }
    export { Wrong };`;
  const resolutions = [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const;
  const compilers = full ? { 'TypeScript 7': TYPESCRIPT_7, 'TypeScript 6': TYPESCRIPT_6 } : { 'TypeScript 7': TYPESCRIPT_7 }; // prettier-ignore

  for (const [name, compiler] of Object.entries(compilers)) {
    test.each(resolutions)(`are right for ${name}, libraries included: %s, %s`, (module, moduleResolution) => {
      project.write('types.ts', source);
      const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
      options.push('--target', 'es2022', '--module', module, '--moduleResolution', moduleResolution);
      expect(project.node([compiler, ...options, 'types.ts'])).toEqual({ status: 0, stdout: '', stderr: '' });
    }, TIMEOUT); // prettier-ignore
  }
});

describe('a process that used a session', () => {
  const bodies = [
    ['has trained', "s.step({ x: [1, 2, 3, 4] }); await s.read('loss'); s.dispose();"],
    ['keeps it, with a step under way', 's.step({ x: [1, 2, 3, 4] });'],
    ['keeps it, with a value under way', "s.step({ x: [1, 2, 3, 4] }); void s.read('y');"],
  ] as const;
  test.each(bodies)('and %s ends by itself', (_, body) => {
    const source = `${PROGRAM}
      const s = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1 }) });
      ${body}
      console.log('done');`;
    const env = { MEGANEURA_CACHE: path.join(project.folder, 'cache-of-ends') };
    for (let run = 0; run < (full ? 34 : 1); run++) expect(printed(source, WITH_GPU, env)).toBe('done');
  }, full ? 20 * TIMEOUT : TIMEOUT); // prettier-ignore
});

describe('an optional package that is missing is asked for by name, when it is needed', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

  test('webgpu, sharp, tokenizers and jinja', () => {
    const source = `
      const { openDevice } = await import('meganeura');
      const { ChatTemplate, decodePicture, Tokenizer } = await import('meganeura/zoo');
      const caught = (promise) => promise.then(() => 'none', (e) => e.name + ': ' + e.message);
      console.log(await caught(openDevice()));
      console.log(await caught(decodePicture(Buffer.from('${png}', 'base64'))));
      console.log(await caught(Tokenizer.create({ tokenizer: {}, config: {} })));
      console.log(await caught(ChatTemplate.create('{{ a }}', 'it')));`;
    expect(printed(source, '.').split('\n')).toEqual([
      expect.stringMatching(/^NoAdapterError: no WebGPU in Node: .*; run `npm install webgpu`/),
      expect.stringMatching(/^MissingPackageError: pictures need .*: npm install sharp /),
      expect.stringMatching(/^MissingPackageError: tokenizers need .*: npm install @huggingface\/tokenizers /),
      expect.stringMatching(/^MissingPackageError: chat templates need .*: npm install @huggingface\/jinja /),
    ]);
  });

  test('@sparticuz/chromium, on a machine without a GPU', () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    project.link('webgpu', 'without-gpu');
    project.write('without-gpu/package.json', '{ "type": "module" }');
    const env = { VK_LOADER_DRIVERS_DISABLE: '*', VK_ADD_DRIVER_FILES: '' };
    const source = `
      const { openDevice } = await import('meganeura');
      await openDevice().catch((e) => console.log(e.name + ': ' + e.message));`;
    expect(printed(source, 'without-gpu', env)).toMatch(
      /^NoAdapterError: no GPU found on this machine: .* `npm install --save-dev @sparticuz\/chromium@[\d.]+`$/,
    );
  });
});

describe('meganeura init', () => {
  test('makes a project that checks, trains and saves', () => {
    const made = succeed(process.execPath, [project.command, 'init', 'my app'], project.folder);
    expect(made.stdout).toMatch(/\n\n {2}cd "my app"\n {2}npm install\n {2}npm start\n$/);
    const folder = path.join(project.folder, 'my app');
    for (const name of ['webgpu', '@sparticuz/chromium', '@types/node']) project.link(name, 'my app');
    fs.mkdirSync(path.join(folder, 'node_modules/.bin'));
    fs.symlinkSync(TYPESCRIPT_7, path.join(folder, 'node_modules/.bin/tsc'));
    const { stdout } = succeed('npm', ['start', '--silent'], folder);
    expect(stdout.match(/parameters: 4,547/g)).toHaveLength(1);
    expect(Number(/([\d.]+) % of points/.exec(stdout)?.[1])).toBeGreaterThan(90);
    expect(fs.existsSync(path.join(folder, 'classifier.safetensors'))).toBe(true);
    expect(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).toContain('"name": "my-app"');
  }, TIMEOUT); // prettier-ignore
});

describe('meganeura info', () => {
  test('says what there is, and that the GPU computes right', () => {
    const { status, stdout } = project.node([project.command, 'info', '--json'], WITH_GPU);
    const info = JSON.parse(stdout) as {
      versions: { meganeura: string; 'egglog-wasm': string };
      adapters: object[];
      selfTest: { right: boolean; results: object[] };
    };
    expect(info.selfTest.results.filter((result) => 'failure' in result)).toEqual([]);
    expect([status, info.selfTest.right, info.selfTest.results.length]).toEqual([0, true, 14]);
    expect(info.adapters.length).toBeGreaterThan(0);
    expect(info.versions['egglog-wasm']).toMatch(/^\d+\.\d+\.\d+$/);
  }, TIMEOUT); // prettier-ignore

  test('fails without a GPU, and says what to install', () => {
    const { status, stdout, stderr } = project.node([project.command, 'info']);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/webgpu +missing +GPUs in Node: npm install webgpu\n[^]*run `npm install webgpu`/);
  });
});
