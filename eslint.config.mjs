import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What each folder of lib may import, besides itself. Data goes through them in this order, and imports point back.
 * Nothing but lib/index.ts may import from everywhere, and nothing imports the package's entries.
 */
const MAY_IMPORT = {
  ir: [],
  dsl: ['ir'],
  autodiff: ['ir'],
  rewrite: ['ir'],
  backend: ['ir', 'rewrite'],
  session: ['ir', 'dsl', 'autodiff', 'rewrite', 'backend'],
  layers: ['ir', 'dsl'],
  hub: ['ir', 'dsl', 'autodiff', 'rewrite', 'backend', 'session', 'layers'],
  profile: ['ir', 'dsl', 'autodiff', 'rewrite', 'backend', 'session', 'layers'],
  train: ['ir', 'dsl', 'autodiff', 'rewrite', 'backend', 'session', 'layers', 'hub', 'profile'],
  zoo: ['ir', 'dsl', 'autodiff', 'rewrite', 'backend', 'session', 'layers', 'hub', 'profile', 'train'],
  explain: ['ir', 'rewrite', 'backend', 'session', 'profile', 'train', 'zoo'],
  command: ['ir', 'dsl', 'backend', 'session', 'train', 'profile', 'explain'],
};

/** Folders whose index.ts is an entry of the package, as lib/index.ts is. */
const ENTRIES = ['explain', 'hub', 'layers', 'profile', 'train', 'zoo'];

const zones = [
  ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    target: `./lib/${folder}`,
    from: './lib',
    except: [folder, ...allowed].map((name) => `./${name}`),
    message: `lib/${folder} may import ${allowed.length === 0 ? 'nothing else of lib' : `only ${allowed.join(', ')}`}.`,
  })),
  {
    target: './lib',
    from: ['.', ...ENTRIES].map((folder) => `./lib/${folder}/index.ts`.replace('/./', '/')),
    message: 'An index.ts is for users; import the file that defines it.',
  },
  { target: './lib', from: ['./spec', './examples', './bench', './codegen-scripts'], message: 'lib stands alone.' },
];

/** Globals that Node lacks, also where a device is injected. */
const gpuFlags = ['GPUBufferUsage', 'GPUMapMode', 'GPUShaderStage'].map((name) => ({
  name,
  message: 'Node lacks it: use lib/backend/device/constants.ts.',
}));

const banned = [
  {
    selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
    message: '`as unknown as` hides a mistake from the checker: state the types that make it needless.',
  },
];

export default defineConfig(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/out',
      '**/generated',
      '**/.cache',
      '**/coverage',
      'egglog-wasm/target',
      'egglog-wasm/pkg',
      'spec/reference/*/',
    ],
  },
  tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.js', '.mjs'], extensionAlias: { '.js': ['.ts', '.js'] } }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-restricted-syntax': ['error', ...banned],
      'import-x/no-cycle': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-extraneous-dependencies': ['error', { packageDir: import.meta.dirname }],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // An index that a loop or a check has just made sure of: noUncheckedIndexedAccess cannot know.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Parameters that only name a type for hovers and messages are what the typed shapes are made of.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  { files: ['lib/**'], rules: { 'no-restricted-globals': ['error', ...gpuFlags], 'no-console': 'error' } },
  { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
