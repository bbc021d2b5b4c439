/** Checkpoints with what other implementations make of them, as `spec/reference/README.md` describes them. */
import { expect } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import type { Session, TypedArray } from '../../lib/index.js';
import { parseSafetensors, type SafeTensors } from '../../lib/hub/index.js';
import { REFERENCE_DIR } from '../reference-dir.js';

/** A model folder: give `folder` to `fromPretrained`. */
export class Reference {
  readonly folder: string;
  /** What `reference.json` says besides: `image_token_id`. */
  readonly facts: Readonly<Record<string, unknown>>;
  private readonly tensors: SafeTensors;

  constructor(name: string) {
    this.folder = path.join(REFERENCE_DIR, name);
    const json = fs.readFileSync(path.join(this.folder, 'reference.json'), 'utf8');
    this.facts = (JSON.parse(json) as { facts: Record<string, unknown> }).facts;
    this.tensors = parseSafetensors(fs.readFileSync(path.join(this.folder, 'reference.safetensors')), name);
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  shape(name: string): readonly number[] {
    return this.tensors.entry(name).shape;
  }

  floats(name: string): Float32Array {
    return this.tensors.float32(name);
  }

  integers(name: string): Int32Array {
    return this.tensors.int32(name);
  }

  /** Names of the parameters whose gradients are stored. */
  get gradients(): string[] {
    return this.tensors.names().flatMap((name) => (name.startsWith('grad.') ? [name.slice('grad.'.length)] : []));
  }

  /** |a − b| ≤ tolerance·(1 + |b|) for every element of a stored tensor. */
  expectClose(actual: ArrayLike<number>, name: string, tolerance = 1e-4): void {
    const expected = this.floats(name);
    expect(actual).toHaveLength(expected.length);
    const excess = Array.from(expected, (b, i) => Math.abs(actual[i]! - b) / (1 + Math.abs(b)));
    const worst = excess.reduce((at, value, i) => (value > excess[at]! || Number.isNaN(value) ? i : at), 0);
    const message = `${name}[${worst}]: ${actual[worst]} for ${expected[worst]}`;
    expect([excess[worst]! <= tolerance, message]).toEqual([true, message]);
  }

  /** A loss within 1e-5 of its size. */
  expectLoss(actual: ArrayLike<number>, name = 'loss'): void {
    const [expected] = this.floats(name);
    expect(Math.abs(actual[0]! - expected!) / Math.abs(expected!)).toBeLessThanOrEqual(1e-5);
  }

  /** Every stored gradient, within 2e-4 of the largest of its tensor. */
  async expectGradients(session: Session): Promise<void> {
    for (const name of this.gradients) {
      expectGradient(name, await session.readGradient(name), this.floats(`grad.${name}`));
    }
  }
}

function expectGradient(name: string, actual: TypedArray, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(actual[i]! - value)), 0);
  const message = `gradient of ${name}: off by ${worst} of ${largest}`;
  expect([worst <= 2e-4 * largest, message]).toEqual([true, message]);
}
