import { describe, expect, test } from '@jest/globals';
import { fuse } from '../../../lib/backend/fusion/fuse.js';
import type { Kernel, KernelContext } from '../../../lib/backend/kernels/kernel.js';
import { kernelFor } from '../../../lib/backend/kernels/kernel-for.js';
import { KernelLibrary } from '../../../lib/backend/planning/alike.js';
import { materializeRoots } from '../../../lib/backend/planning/legalize.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { expandComposites } from '../../../lib/ir/expand.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { randomGraph } from '../../fuzz/random-graph.js';
import { limits } from '../limits.js';

/** The groups of a graph, with what their kernels are made from. */
function contextsOf(original: Graph): KernelContext[] {
  const graph = materializeRoots(expandComposites(original));
  const groups = fuse(graph, {
    maxBindings: limits.maxBindings,
    sumsRows: false,
    suitsAttention: () => false,
    suitsGradients: () => false,
  });
  const stored = new Set(groups.flatMap((group) => group.outputs));
  return groups.map((group) => ({ group, profile: limits, stored, storage: (node) => node }));
}

const textOf = (kernel: Kernel) => kernel.wgsl(() => false);

function outputsOf(write: (builder: GraphBuilder, x: Node, y: Node) => Node[]): Graph {
  const builder = new GraphBuilder();
  const [x, y] = ['x', 'y'].map((name) => builder.leaf('input', name, [6, 8], 'f32'));
  const outputs = new Map(write(builder, x!, y!).map((node, i) => [`y${i}`, node]));
  return new Graph({ inputs: new Map([x!, y!].map((node, i) => [`x${i}`, node])), outputs });
}

describe('KernelLibrary', () => {
  test('gives every group of random graphs the kernel that would be written for it, on its own tensors', () => {
    let written = 0;
    let groups = 0;
    const library = new KernelLibrary((context) => {
      written++;
      return kernelFor(context);
    });
    for (let seed = 1; seed <= 12; seed++) {
      // The same graph twice, of other nodes.
      for (const context of [1, 2].flatMap(() => contextsOf(randomGraph(seed).graph))) {
        groups++;
        const [own, shared] = [kernelFor(context), library.kernelOf(context)];
        expect(textOf(shared)).toBe(textOf(own));
        expect({ ...shared, bindings: null, wgsl: null }).toEqual({ ...own, bindings: null, wgsl: null });
        expect(shared.bindings).toHaveLength(own.bindings.length);
        own.bindings.forEach(({ tensor, access, nodes }, i) => {
          const other = shared.bindings[i]!;
          expect(other.tensor).toBe(tensor);
          expect(other.access).toBe(access);
          expect([...other.nodes].every((node) => nodes.has(node)) && other.nodes.size === nodes.size).toBe(true);
        });
      }
    }
    expect(written).toBeLessThanOrEqual(groups / 2);
  });

  test('groups that do the same with other tensors share one text', () => {
    let written = 0;
    const library = new KernelLibrary((context) => {
      written++;
      return kernelFor(context);
    });
    const contexts = contextsOf(outputsOf(({ g }, x, y) => [g.matmul(x, g.transpose(y)), g.matmul(y, g.transpose(x))]));
    const kernels = contexts.map((context) => library.kernelOf(context));
    expect(written).toBe(1);
    expect(kernels.map(({ bindings }) => bindings.map(({ tensor }) => tensor.attrs['name'] ?? tensor.op))).toEqual([
      ['x', 'y', 'matmul'],
      ['y', 'x', 'matmul'],
    ]);
  });

  test('one tensor twice is something else than two tensors', () => {
    const library = new KernelLibrary(kernelFor);
    const contexts = contextsOf(outputsOf(({ g }, x, y) => [g.matmul(x, g.transpose(y)), g.matmul(y, g.transpose(y))]));
    const kernels = contexts.map((context) => library.kernelOf(context));
    expect(kernels.map(({ bindings }) => bindings.length)).toEqual([3, 2]);
  });
});
