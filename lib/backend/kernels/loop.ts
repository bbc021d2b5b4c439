import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { elementCount } from '../../ir/shape.js';
import { dependsOn, type Affine, type Atom } from '../fusion/affine.js';
import { computedShape, type Group } from '../fusion/group.js';
import { baseOf } from '../fusion/space.js';
import { valueType, type Width } from './functions.js';
import { writeKernel, type Kernel, type KernelContext, type Layout } from './kernel.js';
import type { KernelProfile } from './profile.js';
import type { SharedArray } from './program.js';
import { countSteps, decodePosition } from './positions.js';
import { ReductionWriter } from './reduction.js';
import { widened } from './values.js';
import type { KernelWriter } from './writer.js';

/** Iterations of a loop over several dimensions that are written out one by one: windows to 4 × 4. */
const MOST_UNROLLED = 16;

/** Invocations that are enough for all threads of a CPU in workgroups of any size. */
const MANY_INVOCATIONS = 4096;

/**
 * Maps and reductions over one space: a loop over the reduced dimensions for each reduction that waits for another
 * (softmax: maximum, sum, quotient), around it the kept dimensions, spread over invocations or workgroups.
 */
export function loopKernel(context: KernelContext): Kernel {
  const { group } = context;
  const reductions = group.members.filter(isReduction);
  const label = `${reductions.length > 0 ? 'reduction' : 'map'} ${group.members.map((member) => member.op).join(' ')}`;
  return writeKernel(context, label, laneOf(group), (writer, lane) => new LoopBody(context, writer, lane).write());
}

/** The last dimension, where it divides into vectors. */
function laneOf({ space }: Group): Atom | undefined {
  const last = space.atoms.at(-1);
  return last && last.extent % 4 === 0 && last.extent > 0 ? last : undefined;
}

class LoopBody {
  private readonly group: Group;
  private readonly reducedAxes: ReadonlySet<number>;
  private readonly depths = new Map<Node, number>();

  constructor(
    private readonly context: KernelContext,
    private readonly writer: KernelWriter,
    private readonly lane: Atom | undefined,
  ) {
    this.group = context.group;
    this.reducedAxes = new Set(this.group.space.reduced ?? []);
    for (const member of this.group.members) this.depths.set(member, this.depthOf(member));
  }

  write(): Layout {
    const { atoms } = this.group.space;
    const keptAtoms = atoms.filter((_, axis) => !this.reducedAxes.has(axis));
    const reduced = atoms.filter((_, axis) => this.reducedAxes.has(axis));
    const outer = countSteps(keptAtoms, this.lane);
    const inner = countSteps(reduced, this.lane);
    const team = this.teamSize(outer, inner);
    const { software } = this.context.profile;
    // Starting a workgroup takes time on the CPU as well, but each of its threads should get several.
    const size = software ? (outer >= MANY_INVOCATIONS ? 128 : 16) : 64;
    const workgroupSize = team > 1 ? team : preferredSize(outer, this.context.profile, size);
    this.writer.line(`let outer = ${team > 1 ? 'workgroup' : 'invocation'};`);
    if (team > 1) this.writer.line(`if (outer >= ${outer}u) { return; }`);
    decodePosition(this.writer, keptAtoms, this.lane, 'outer');
    const deepest = Math.max(...this.group.members.map((member) => this.depths.get(member)!));
    for (let depth = 0; depth <= deepest; depth++) {
      const stores = this.group.outputs.filter(
        (output) => this.isInner(output) && this.storeDepth(output, deepest) === depth,
      );
      this.phase(depth, stores, reduced, inner, team);
    }
    const kept = this.group.outputs.filter((output) => !this.isInner(output));
    if (team === 1) this.store(kept);
    else if (kept.length > 0) this.writer.block('if (local == 0u)', () => this.store(kept), 1 / team);
    return {
      workgroupSize,
      crew: team > 1 ? { workgroups: outer } : { invocations: outer },
      ...(team > 1 ? { shared: this.sharedMemory(team) } : {}),
    };
  }

  /** Invocations that share one loop: a workgroup on a GPU when loops are long, else one. */
  private teamSize(outer: number, inner: number): number {
    const { software, maxInvocations } = this.context.profile;
    if (software || inner < 32) return 1;
    const enough = outer >= 4096 ? 32 : outer >= 64 ? 64 : 256;
    return Math.min(enough, maxInvocations, 2 ** Math.floor(Math.log2(inner)));
  }

  /** One loop: reductions that wait for `depth` others, and what can be stored once those are known. */
  private phase(depth: number, stores: readonly Node[], reduced: readonly Atom[], inner: number, team: number): void {
    const reductions = this.group.members
      .filter((member) => isReduction(member) && this.depths.get(member) === depth)
      .map((member) => new ReductionWriter(this.writer, member));
    if (reductions.length === 0 && stores.length === 0) return;
    if (reduced.length === 0 && reductions.length === 0) {
      this.store(stores);
      return;
    }
    this.hoist(depth);
    const width = this.lane && reduced.includes(this.lane) ? 4 : 1;
    const outerWidth = this.lane && width === 1 ? 4 : 1;
    const accumulators = reductions.map((reduction) => {
      const name = this.writer.name('sum');
      this.writer.line(`var ${name} = ${reduction.initial(width === 4 ? 4 : outerWidth)};`);
      return name;
    });
    this.loop(reduced, inner, team, () => {
      reductions.forEach((reduction, i) => this.accumulate(reduction, accumulators[i]!));
      this.store(stores);
    });
    reductions.forEach((reduction, i) => {
      const folded = width === 4 ? this.writer.let('fold', reduction.fold(accumulators[i]!)) : accumulators[i]!;
      this.finish(reduction, folded, outerWidth, team);
    });
  }

  /**
   * Over all reduced dimensions at once, since a loop within a loop costs more than taking a position apart. Windows are
   * so small that both cost more than the work: they are written out.
   */
  private loop(reduced: readonly Atom[], count: number, team: number, body: () => void): void {
    const step = this.writer.name('k');
    if (team === 1 && reduced.length > 1 && count <= MOST_UNROLLED) {
      for (let position = 0; position < count; position++) {
        this.writer.block('', () => {
          decodePosition(this.writer, reduced, this.lane, `${position}u`);
          body();
        });
      }
      return;
    }
    const start = team > 1 ? 'local' : '0u';
    const turn = () => {
      decodePosition(this.writer, reduced, this.lane, step);
      body();
    };
    this.writer.block(
      `for (var ${step} = ${start}; ${step} < ${count}u; ${step} += ${team}u)`,
      turn,
      Math.ceil(count / team),
    );
  }

  private accumulate(reduction: ReductionWriter, accumulator: string): void {
    const operand = reduction.node.inputs[0]!;
    const value = this.writer.value(operand, this.group.space.indexOf(operand.shape)!);
    const { text, width } = this.lane ? widened(value, operand.dtype) : value;
    this.writer.line(`${accumulator} = ${reduction.combine(accumulator, text, width)};`);
  }

  /** Brings together what the invocations have, and finishes. */
  private finish(reduction: ReductionWriter, own: string, width: Width, team: number): void {
    const { node } = reduction;
    const total = team > 1 ? this.combineTeam(reduction, own, width, team) : own;
    const count = elementCount(node.inputs[0]!.shape) / elementCount(node.shape);
    const name = this.writer.let('v', reduction.finish(total, count, width));
    this.writer.define(node, this.group.space.indexOf(node.shape)!, { text: name, width });
  }

  /** A tree over the workgroup's invocations. */
  private combineTeam(reduction: ReductionWriter, own: string, width: Width, team: number): string {
    const shared = sharedName(reduction.node, width);
    this.writer.line('workgroupBarrier();');
    this.writer.line(`${shared}[local] = ${own};`);
    for (let half = team / 2; half >= 1; half /= 2) {
      this.writer.line('workgroupBarrier();');
      const sum = reduction.combine(`${shared}[local]`, `${shared}[local + ${half}u]`, width);
      this.writer.line(`if (local < ${half}u) { ${shared}[local] = ${sum}; }`);
    }
    this.writer.line('workgroupBarrier();');
    return this.writer.let('all', `${shared}[0]`);
  }

  private sharedMemory(team: number): SharedArray[] {
    const width = this.lane && !this.isReducedAtom(this.lane) ? 4 : 1;
    const arrays = this.group.members.filter(isReduction).map((member) => ({
      name: sharedName(member, width),
      element: valueType(member.dtype, width),
      length: team,
    }));
    return [...new Map(arrays.map((array) => [array.name, array])).values()];
  }

  private isReducedAtom(atom: Atom): boolean {
    return this.reducedAxes.has(this.group.space.atoms.indexOf(atom));
  }

  /** Values of the kept dimensions that the loop needs, computed before it. */
  private hoist(depth: number): void {
    for (const member of this.group.members) {
      const isValue = !isReduction(member) && opOf(member).kind !== 'overwrite';
      if (isValue && !this.isInner(member) && this.depths.get(member)! <= depth) {
        this.writer.value(member, this.group.space.indexOf(member.shape)!);
      }
    }
  }

  private store(members: readonly Node[]): void {
    this.writer.storeAll(members, (member) => this.group.space.indexOf(computedShape(member))!);
  }

  /** The loop in which an output is stored: what is overwritten in place is read by every loop up to the last. */
  private storeDepth(output: Node, deepest: number): number {
    return this.context.storage(output) === output ? this.depths.get(output)! : deepest;
  }

  /** Whether a member has an element for each iteration of the loop. */
  private isInner(member: Node): boolean {
    if (isReduction(member)) return false;
    if (this.reducedAxes.size === 0) return true;
    const { space } = this.group;
    const index: readonly Affine[] = space.indexOf(computedShape(member))!;
    return [...this.reducedAxes].some((axis) => index.some((part) => dependsOn(part, space.atoms[axis]!)));
  }

  /** How many reductions must be finished, one after the other, before the member can be computed. */
  private depthOf(member: Node): number {
    const through = (node: Node): number => {
      const base = baseOf(node);
      if (isLeaf(base) || !this.depths.has(base)) return 0;
      return this.depths.get(base)! + (isReduction(base) ? 1 : 0);
    };
    return Math.max(0, ...member.inputs.map(through));
  }
}

function isReduction(node: Node): boolean {
  return opOf(node).kind === 'reduction';
}

function sharedName(member: Node, width: Width): string {
  return `shared_${valueType(member.dtype, width).replace(/\W/g, '')}`;
}

/** The workgroup's size: no more than there is work for, in whole subgroups. */
function preferredSize(count: number, { maxInvocations }: KernelProfile, size: number): number {
  return Math.max(1, Math.min(size, maxInvocations, 2 ** Math.ceil(Math.log2(Math.max(1, count)))));
}
