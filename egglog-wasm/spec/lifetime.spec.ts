import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { EGraph, init, memoryBytes, reset } from '../index.js';
import { failure, graph, MATH } from './helpers.js';

const POISONED = /^egglog-wasm: the instance is poisoned by an earlier panic \(.+\); call reset\(\)$/;

test('before init', () => {
  expect(memoryBytes()).toBe(0);
  expect(failure(() => new EGraph()).message).toBe('egglog-wasm: call `await init()` first');
  expect(failure(() => reset()).message).toBe('egglog-wasm: call `await init()` first');
});

test('init fails with bytes that are no module, and the next call tries again', async () => {
  await expect(init(new Uint8Array([1, 2, 3, 4]))).rejects.toThrow(/WebAssembly/);
  await init();
  expect(init()).toBe(init());
});

describe('one instance', () => {
  beforeAll(() => init());
  afterEach(() => reset());

  test('e-graphs are independent, and freed ones refuse', () => {
    const [a, b] = [graph('(relation r (i64)) (r 1)'), graph('(relation r (i64)) (r 1) (r 2)')];
    expect([a.size, b.size]).toEqual([1, 2]);
    a.free();
    a.free();
    expect(failure(() => a.size).message).toBe('egglog-wasm: this e-graph was freed');
    expect(graph('').size).toBe(0);
    expect(b.size).toBe(2);
  });

  test('an e-graph is disposable', () => {
    const egraph = graph('');
    egraph[Symbol.dispose]();
    expect(failure(() => egraph.run('')).kind).toBe('usage');
  });

  test('memory is used again after free', () => {
    const fill = () => {
      const egraph = graph('(relation r (i64))');
      egraph.insert(Array.from({ length: 10_000 }, (_, index) => ['r', index] as const));
      egraph.free();
    };
    fill();
    const before = memoryBytes();
    for (let round = 0; round < 10; round++) fill();
    expect(memoryBytes()).toBeLessThan(2 * before);
  });

  test('after reset, older e-graphs are dead and new ones work', () => {
    const egraph = graph('(relation r (i64)) (r 1)');
    reset();
    const error = failure(() => egraph.size);
    expect(error.kind).toBe('usage');
    expect(error.message).toBe('egglog-wasm: this e-graph died in reset(); make a new one');
    const fresh = graph(MATH);
    egraph.free();
    expect(fresh.run('(Num 1) (print-size Num)')).toEqual(['1']);
  });

  test('reset gives memory back', () => {
    const before = memoryBytes();
    graph('(relation r (i64))').insert(Array.from({ length: 50_000 }, (_, index) => ['r', index] as const));
    expect(memoryBytes()).toBeGreaterThan(before + 2 ** 20);
    reset();
    expect(memoryBytes()).toBeLessThanOrEqual(before);
  });

  test('a panic is readable, and poisons every e-graph until reset', () => {
    const [panicking, other] = [graph(''), graph('')];
    // egglog cuts names of rules in its statistics after 80 bytes, here in the middle of a character.
    const name = `${'a'.repeat(79)}é`;
    panicking.run(`(relation r (i64)) (r 1) (rule ((r x)) ((r 2)) :name "${name}") (run 1)`);
    const error = failure(() => panicking.run('(print-stats)'));
    expect(error.kind).toBe('panic');
    expect(error.message).toMatch(
      /^egglog-wasm: egglog panicked: .*is_char_boundary.* \(.+\.rs:\d+\); call reset\(\)$/,
    );

    for (const call of [() => panicking.run(''), () => other.size, () => new EGraph(), () => other.snapshot()]) {
      const later = failure(call);
      expect(later.kind).toBe('poisoned');
      expect(later.message).toMatch(POISONED);
    }
    expect(memoryBytes()).toBeGreaterThan(0);
    other.free();
    reset();
    expect(graph(MATH).run('(Num 1) (print-size Num)')).toEqual(['1']);
  });

  test.each([
    ['a program', (depth: number) => graph(MATH).run(`${'(Mul (Num 1) '.repeat(depth)}(Num 1)${')'.repeat(depth)}`)],
    [
      'an extracted term',
      (depth: number) => {
        const egraph = graph(`${MATH} (function root () Math :no-merge)`);
        const chain = Array.from({ length: depth }, (_, index) => ['Mul', index, 0] as const);
        egraph.insert([['Num', 1], ...chain, ['set', 'root', [], depth]]);
        egraph.run('(extract (root))');
      },
    ],
  ])('%s nested too deeply is an error, not a crash', (_, nest) => {
    nest(200);
    const error = failure(() => nest(20_000));
    expect(error.kind).toBe('panic');
    expect(error.message).toMatch('stack overflow: the program or a term is nested too deeply');
    expect(failure(() => new EGraph()).message).toMatch(POISONED);
  });
});
