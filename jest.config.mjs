const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    // As in tsconfig.json: decorated fields read constructor parameters in their initialisers.
    transform: { legacyDecorator: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
};

export default {
  testEnvironment: './spec/environment.mjs',
  roots: ['<rootDir>/spec', '<rootDir>/egglog-wasm/spec'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^meganeura$': '<rootDir>/lib/index.ts',
    '^meganeura/(\\w+)$': '<rootDir>/lib/$1/index.ts',
  },
  testTimeout: 60_000,
};
