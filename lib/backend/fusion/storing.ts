import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import { elementCount, type Shape } from '../../ir/shape.js';
import { attentionShape } from './attention.js';
import { computedShape, type FusionLimits, type Group } from './group.js';
import { areRowsOf, reducedRows, RowSums } from './row-sums.js';
import { baseOf, broadcastIndex } from './space.js';

/** What grouping found out. */
export interface Fused {
  readonly groups: readonly Group[];
  readonly groupOf: ReadonlyMap<Node, Group>;
  /** Nodes, and what the graph returns, that use each tensor, through views. */
  readonly users: ReadonlyMap<Node, ReadonlySet<Node | 'root'>>;
  /** Tensors outside of a group that it reads. */
  readonly reads: Map<Group, Set<Node>>;
}

/**
 * Decides which members of groups are stored: those that others need, unless these compute them again, or while they load
 * them, more cheaply. Returns the groups that have something to store.
 */
export function decideWhatIsStored(fused: Fused, limits: FusionLimits): Group[] {
  return new Storing(fused, limits).decide();
}

/** The users of a member that are not in its group. */
export function usersOutside({ users, groupOf }: Pick<Fused, 'users' | 'groupOf'>, member: Node, group: Group) {
  return [...(users.get(member) ?? [])].filter((user) => user === 'root' || groupOf.get(user) !== group);
}

class Storing {
  private readonly stored = new Set<Node>();

  constructor(
    private readonly fused: Fused,
    private readonly limits: FusionLimits,
  ) {}

  /** The groups that have something to store. */
  decide(): Group[] {
    for (const group of this.fused.groups) {
      const needed = group.members.filter((member) => this.usersOutside(member, group).length > 0);
      group.outputs = [...needed, ...(group.attention?.kept ?? []).map(({ node }) => node)];
      for (const member of group.outputs) this.stored.add(member);
    }
    for (const group of this.fused.groups) {
      group.outputs = group.outputs.filter((member) => {
        if (!this.isCheapToRecompute(member, group)) return true;
        this.stored.delete(member);
        return false;
      });
    }
    if (this.limits.sumsRows) for (const group of this.fused.groups) this.sumOnTheWay(group);
    for (const group of this.fused.groups) this.computeOnLoading(group);
    return this.fused.groups.filter((group) => group.outputs.length > 0);
  }

  /**
   * Leaves the sums of rows, which `group` makes, to the products that need them, where only these do; the products' left
   * operands, where they are maps of what is summed that nothing else needs, are computed when they are loaded.
   */
  private sumOnTheWay(group: Group): void {
    const full = group.contractions.length === 0 && group.space.reduced ? reducedRows(group.members) : undefined;
    if (!full || full.at(-1)! % 4 !== 0) return;
    const isRowShaped = (node: Node) => elementCount(node.shape) * full.at(-1)! === elementCount(full);
    const users = group.outputs.flatMap((output) => this.usersOutside(output, group));
    if (users.includes('root') || !group.outputs.every(isRowShaped)) return;
    const groups = users.map((user) => this.fused.groupOf.get(user as Node));
    // What several attentions compute is in no group.
    if (groups.includes(undefined)) return;
    const homes = [...new Set(groups as Group[])];
    const products = homes.map(({ contractions }) => contractions.find((product) => areRowsOf(full, product)));
    const plans = homes.map((home, i) => products[i] && this.withRowSums(home, group, full, products[i], homes));
    const operands = new Set(products.flatMap((product) => product && baseOf(product.inputs[0]!)));
    const maps = [...operands].filter((operand) => operand && this.isLoadedBy(operand, homes)) as Node[];
    const areLoaded = [...operands].every((operand) => operand && (maps.includes(operand) || this.isStored(operand)));
    if (!areLoaded || plans.includes(undefined)) return;
    homes.forEach((home, i) => (home.rowSums = plans[i]!));
    this.unstore([...group.outputs, ...maps]);
  }

  /** The sums as part of a product's group, where they fit. */
  private withRowSums(
    home: Group,
    sums: Group,
    full: Shape,
    product: Node,
    homes: readonly Group[],
  ): RowSums | undefined {
    if (home.rowSums || home.attention) return undefined;
    if (home.contractions.some(({ inputs }) => inputs.some((x) => this.reaches(x, sums)))) return undefined;
    // What is computed again elsewhere would need the sums there.
    const isRepeated = (node: Node) => !this.stored.has(node) && this.usersOutside(node, home).length > 0;
    if (home.members.some((member) => isRepeated(member) && this.reaches(member, sums))) return undefined;
    const rowSums = new RowSums(sums.members, full, product, home.space);
    const isLoaded = (node: Node) => this.stored.has(node) && !sums.members.includes(node);
    const areOwn = home.members.every((member) => {
      if (home.contractions.includes(member)) return true;
      const index = home.space.indexOf(computedShape(member))!;
      return member.inputs.every((x) => rowSums.areOwn(x, broadcastIndex(x.shape, index), isLoaded));
    });
    const sources = new Set<Node>();
    const loaded = baseOf(product.inputs[0]!);
    if (!rowSums.isBeside(loaded)) return undefined;
    const summed = rowSums.reductions.map(({ inputs }) => inputs[0]!);
    const areCheap = [loaded, ...summed].every((node) => {
      if (this.isStored(node) && !(node === loaded && this.isLoadedBy(node, homes))) return sources.add(node).size > 0;
      return this.collectSources(node, sources, MOST_RECOMPUTED) >= 0;
    });
    const reads = new Set([...sources, ...this.fused.reads.get(home)!]);
    for (const node of [...(sources.has(loaded) ? [] : [loaded]), ...sums.members]) reads.delete(node);
    return areOwn && areCheap && reads.size + home.outputs.length <= this.limits.maxBindings ? rowSums : undefined;
  }

  /** Leaves maps that only an attention needs, such as rotated queries and keys, to that, where few elements are computed often. */
  private computeOnLoading(group: Group): void {
    if (!group.attention?.softmax) return;
    const { node: product } = group.attention.products[0]!;
    const { batches, rows, keys, depth } = attentionShape(group.contractions[0]!, group.attention);
    if (batches * keys * depth * Math.ceil(rows / FEWEST_ROWS) > MOST_COMPUTED_ON_LOADING) return;
    for (const map of product.inputs.map(baseOf)) {
      if (isLeaf(map) || opOf(map).kind !== 'map' || !this.stored.has(map) || this.fused.users.get(map)!.size > 1)
        continue;
      const sources = new Set<Node>();
      const owner = this.fused.groupOf.get(map)!;
      // Where the map's kernel has something else to store, nothing would be saved.
      if (owner.outputs.length > 1 || this.collectSources(map, sources, MOST_RECOMPUTED) < 0) continue;
      const reads = new Set([...this.fused.reads.get(group)!, ...sources]);
      reads.delete(map);
      if (reads.size + group.outputs.length > this.limits.maxBindings) continue;
      this.fused.reads.set(group, reads);
      this.unstore([map]);
    }
  }

  private isStored(node: Node): boolean {
    return isLeaf(node) || this.stored.has(node);
  }

  /** Whether a stored map may be computed by whoever loads it: products of `homes`, as their left operand. */
  private isLoadedBy(map: Node, homes: readonly Group[]): boolean {
    if (isLeaf(map) || opOf(map).kind !== 'map' || !this.stored.has(map)) return false;
    const sources = new Set<Node>();
    if (this.collectSources(map, sources, MOST_RECOMPUTED) < 0 || sources.size > MOST_LOADED) return false;
    return [...this.fused.users.get(map)!].every((user) => {
      const isOwn =
        user !== 'root' && opOf(user).kind === 'contraction' && homes.includes(this.fused.groupOf.get(user)!);
      return isOwn && baseOf(user.inputs[1]!) !== map;
    });
  }

  private unstore(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.stored.delete(node);
      const owner = this.fused.groupOf.get(node)!;
      owner.outputs = owner.outputs.filter((output) => output !== node);
    }
  }

  /** Whether a node, or what is not stored of what it needs, is a member of a group. */
  private reaches(node: Node, group: Group): boolean {
    const base = baseOf(node);
    if (this.fused.groupOf.get(base) === group) return true;
    return !isLeaf(base) && !this.stored.has(base) && base.inputs.some((input) => this.reaches(input, group));
  }

  private usersOutside(member: Node, group: Group): (Node | 'root')[] {
    return usersOutside(this.fused, member, group);
  }

  /** A map of one stored tensor: reading that tensor costs no more than reading the map's result would. */
  private isCheapToRecompute(member: Node, group: Group): boolean {
    // Contractions read each element many times, and what the graph returns must be somewhere.
    const inlinable = (user: Node | 'root') => user !== 'root' && opOf(user).kind !== 'contraction';
    if (opOf(member).kind !== 'map' || !this.usersOutside(member, group).every(inlinable)) return false;
    const sources = new Set<Node>();
    return this.collectSources(member, sources, MOST_RECOMPUTED) >= 0 && sources.size <= 1;
  }

  /** Adds the buffers that computing a map anew would read; returns what is left of `budget` operations, or -1. */
  private collectSources(map: Node, sources: Set<Node>, budget: number): number {
    let left = budget - 1;
    for (const base of map.inputs.map(baseOf)) {
      if (left < 0) return -1;
      if (base.op === 'constant' || (!isLeaf(base) && opOf(base).kind === 'source')) continue;
      if (isLeaf(base) || this.stored.has(base)) sources.add(base);
      else left = opOf(base).kind === 'map' ? this.collectSources(base, sources, left) : -1;
    }
    return left;
  }
}

/** Operations that a consumer may repeat rather than read their result. */
const MOST_RECOMPUTED = 8;

/** Rows that share what an attention loads of the keys, at least; and elements that it may compute while it loads them. */
const FEWEST_ROWS = 16;
const MOST_COMPUTED_ON_LOADING = 2 ** 20;

/** Tensors that a product's left operand may be computed from while it is loaded. */
const MOST_LOADED = 2;
