import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { opOf, reductionAxes } from '../../ir/ops/index.js';
import { elementCount, sameShape, type Shape } from '../../ir/shape.js';
import { attentionShape, findAttention, type Attention, type AttentionShape } from './attention.js';
import { Dependencies } from './dependencies.js';
import { areRowsOf, reducedRows, RowSums } from './row-sums.js';
import { baseOf, broadcastIndex, sameIndex, Space, throughViews } from './space.js';

/**
 * Operations that become one kernel: contractions that give the same elements, none of which needs another, and maps of
 * what they give; or any number of maps and reductions over one space.
 */
export interface Group {
  space: Space;
  readonly contractions: Node[];
  /** What the contraction's left operand is computed from in the same kernel, where that is the softmax of scores. */
  readonly attention: Attention | undefined;
  /** In the order they can be computed. */
  readonly members: Node[];
  /** Members that others need, or that the graph returns: they are stored. */
  outputs: Node[];
  /** What is summed on the way through a product, beside the members. */
  rowSums?: RowSums;
}

/** Everything that the group's kernel computes. */
export function computedBy({ members, rowSums, attention }: Group): readonly Node[] {
  return [...(rowSums?.members ?? []), ...(attention?.inner ?? []), ...members];
}

export interface FusionLimits {
  /** Storage buffers that one kernel may bind. */
  readonly maxBindings: number;
  /** Whether rows are summed on the way through products. */
  readonly sumsRows: boolean;
  /** Whether there is a kernel for an attention that is faster than those of its parts. */
  readonly suitsAttention: (shape: AttentionShape) => boolean;
}

/** Assigns every map, reduction and contraction of a graph without composites to a group. */
export function fuse(graph: Graph, limits: FusionLimits): Group[] {
  const fusion = new Fusion(graph, limits);
  for (const node of graph.nodes()) fusion.place(node);
  return fusion.finish();
}

class Fusion {
  private readonly groups: Group[] = [];
  /** Position of each group in the order in which they were opened. */
  private readonly opened = new Map<Group, number>();
  private readonly groupOf = new Map<Node, Group>();
  /** Position of each node in the order in which they were placed: operands first. */
  private readonly placed = new Map<Node, number>();
  /** Groups whose results a group reads. */
  private readonly dependencies = new Dependencies<Group>();
  /** Tensors outside of the group that it reads. */
  private readonly reads = new Map<Group, Set<Node>>();
  private readonly stored = new Set<Node>();
  private readonly users = new Map<Node, Set<Node | 'root'>>();
  private readonly hasOverwrites: boolean;
  /** Of the contractions that are the last step of one; each with the space it was found in. */
  private readonly attentions = new Map<Node, { attention: Attention; space: Space }>();
  /** What is computed within attentions. */
  private readonly inner = new Set<Node>();

  constructor(
    graph: Graph,
    private readonly limits: FusionLimits,
  ) {
    const use = (operand: Node, user: Node | 'root') => {
      const base = baseOf(operand);
      this.users.set(base, (this.users.get(base) ?? new Set()).add(user));
    };
    const nodes = graph.nodes();
    this.hasOverwrites = nodes.some((node) => !isLeaf(node) && opOf(node).kind === 'overwrite');
    for (const node of nodes) {
      if (!isLeaf(node) && opOf(node).kind !== 'view') node.inputs.forEach((input) => use(input, node));
    }
    graph.roots().forEach((root) => use(root, 'root'));
    for (const node of nodes) if (!isLeaf(node) && opOf(node).kind === 'contraction') this.findAttention(node);
  }

  private findAttention(node: Node): void {
    const { suitsAttention, maxBindings } = this.limits;
    const space = new Space(node.shape);
    const attention = findAttention(node, space, this.users);
    if (!attention || !suitsAttention(attentionShape(node, attention))) return;
    const bound = [...attention.operands].filter((base) => this.isBound(base, undefined));
    if (bound.length >= maxBindings) return;
    this.attentions.set(node, { attention, space });
    for (const inner of attention.inner) this.inner.add(inner);
  }

  place(node: Node): void {
    if (isLeaf(node)) return;
    const op = opOf(node);
    if (op.kind === 'view' || op.kind === 'source' || this.inner.has(node)) return;
    const candidates = op.kind === 'contraction' || op.kind === 'scatter' ? [] : this.producers(readOperands(node));
    for (const group of candidates) {
      const space = this.spaceWith(node, group);
      if (!space) continue;
      group.space = space;
      this.join(node, group);
      candidates.filter((other) => other !== group).forEach((other) => this.absorb(other, group));
      return;
    }
    this.join(node, this.open(node));
  }

  /** Decides what is stored, and drops from the outputs what consumers recompute more cheaply than they load it. */
  finish(): Group[] {
    for (const group of this.groups) {
      group.outputs = group.members.filter((member) => this.usersOutside(member, group).length > 0);
      for (const member of group.outputs) this.stored.add(member);
    }
    for (const group of this.groups) {
      group.outputs = group.outputs.filter((member) => {
        if (!this.isCheapToRecompute(member, group)) return true;
        this.stored.delete(member);
        return false;
      });
    }
    if (this.limits.sumsRows) for (const group of this.groups) this.sumOnTheWay(group);
    for (const group of this.groups) this.computeOnLoading(group);
    return this.groups.filter((group) => group.outputs.length > 0);
  }

  /**
   * Leaves the sums of rows, which `group` makes, to the products that need them, where only these do; the products' left
   * operands, which are maps of what is summed, are computed when they are loaded.
   */
  private sumOnTheWay(group: Group): void {
    const full = group.contractions.length === 0 && group.space.reduced ? reducedRows(group.members) : undefined;
    if (!full || full.at(-1)! % 4 !== 0) return;
    const isRowShaped = (node: Node) => elementCount(node.shape) * full.at(-1)! === elementCount(full);
    const users = group.outputs.flatMap((output) => this.usersOutside(output, group));
    if (users.includes('root') || !group.outputs.every(isRowShaped)) return;
    const homes = [...new Set(users.map((user) => this.groupOf.get(user as Node)!))];
    const products = homes.map(({ contractions }) => contractions.find((product) => areRowsOf(full, product)));
    const plans = homes.map((home, i) => products[i] && this.withRowSums(home, group, full, products[i]));
    const operands = new Set(products.flatMap((product) => product && baseOf(product.inputs[0]!)));
    const areLoaded = [...operands].every((operand) => operand && this.isLoadedBy(operand, homes));
    if (!areLoaded || plans.includes(undefined)) return;
    homes.forEach((home, i) => (home.rowSums = plans[i]!));
    this.unstore([...group.outputs, ...(operands as Set<Node>)]);
  }

  /** The sums as part of a product's group, where they fit. */
  private withRowSums(home: Group, sums: Group, full: Shape, product: Node): RowSums | undefined {
    if (
      home.rowSums ||
      home.attention ||
      home.contractions.some(({ inputs }) => inputs.some((x) => this.reaches(x, sums)))
    )
      return undefined;
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
      if (node !== loaded && this.isStored(node)) return sources.add(node).size > 0;
      return this.collectSources(node, sources, MOST_RECOMPUTED) >= 0;
    });
    const reads = new Set([...sources, ...this.reads.get(home)!]);
    for (const node of [loaded, ...sums.members]) reads.delete(node);
    return areOwn && areCheap && reads.size + home.outputs.length <= this.limits.maxBindings ? rowSums : undefined;
  }

  /** Leaves maps that only an attention needs, such as rotated queries and keys, to that, where few elements are computed often. */
  private computeOnLoading(group: Group): void {
    if (!group.attention) return;
    const { node: product } = group.attention.product;
    const { batches, rows, keys, depth } = attentionShape(group.contractions[0]!, group.attention);
    if (batches * keys * depth * Math.ceil(rows / FEWEST_ROWS) > MOST_COMPUTED_ON_LOADING) return;
    for (const map of product.inputs.map(baseOf)) {
      if (isLeaf(map) || opOf(map).kind !== 'map' || !this.stored.has(map) || this.users.get(map)!.size > 1) continue;
      const sources = new Set<Node>();
      const owner = this.groupOf.get(map)!;
      // Where the map's kernel has something else to store, nothing would be saved.
      if (owner.outputs.length > 1 || this.collectSources(map, sources, MOST_RECOMPUTED) < 0) continue;
      const reads = new Set([...this.reads.get(group)!, ...sources]);
      reads.delete(map);
      if (reads.size + group.outputs.length > this.limits.maxBindings) continue;
      this.reads.set(group, reads);
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
    return [...this.users.get(map)!].every((user) => {
      const isOwn = user !== 'root' && opOf(user).kind === 'contraction' && homes.includes(this.groupOf.get(user)!);
      return isOwn && baseOf(user.inputs[1]!) !== map;
    });
  }

  private unstore(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.stored.delete(node);
      const owner = this.groupOf.get(node)!;
      owner.outputs = owner.outputs.filter((output) => output !== node);
    }
  }

  /** Whether a node, or what is not stored of what it needs, is a member of a group. */
  private reaches(node: Node, group: Group): boolean {
    const base = baseOf(node);
    if (this.groupOf.get(base) === group) return true;
    return !isLeaf(base) && !this.stored.has(base) && base.inputs.some((input) => this.reaches(input, group));
  }

  private usersOutside(member: Node, group: Group): (Node | 'root')[] {
    return [...(this.users.get(member) ?? [])].filter((user) => user === 'root' || this.groupOf.get(user) !== group);
  }

  /**
   * Groups of the operands, best first: joining a product or a reduction saves writing its result, and joining the
   * latest keeps the most operands in registers.
   */
  private producers(operands: readonly Node[]): Group[] {
    const found = new Set<Group>();
    for (const input of operands) {
      const group = this.groupOf.get(baseOf(input));
      if (group) found.add(group);
    }
    const rank = ({ contractions, space }: Group) => (contractions.length > 0 ? 2 : space.reduced ? 1 : 0);
    return [...found].sort((a, b) => rank(b) - rank(a) || this.opened.get(b)! - this.opened.get(a)!);
  }

  /** The space of the group if the node joined it; undefined when it does not fit. */
  private spaceWith(node: Node, group: Group): Space | undefined {
    if (group.members.length >= MOST_MEMBERS || opOf(group.members[0]!).kind === 'scatter') return undefined;
    const { space } = group;
    if (this.readsWhatIsOverwritten([...group.members, node], node)) return undefined;
    const isReduction = opOf(node).kind === 'reduction';
    if (isReduction && (group.contractions.length > 0 || !space.admits(reductionAxes(node)))) return undefined;
    const fits = (candidate: Space) =>
      isReduction
        ? sameShape(node.inputs[0]!.shape, candidate.full)
        : candidate.indexOf(computedShape(node)) !== undefined;
    if (fits(space)) {
      if (!this.accessesAgree(node, group, space)) return undefined;
      return this.isFeasible(node, group) ? space : undefined;
    }
    // Maps alone may as well run over another shape of the same elements: the one that the reduction needs.
    if (!isReduction || space.reduced) return undefined;
    const other = new Space(node.inputs[0]!.shape);
    const all = [...group.members, node];
    const agree = all.every((member) => other.indexOf(member === node ? other.full : computedShape(member)) !== undefined && this.accessesAgree(member, group, other)); // prettier-ignore
    return agree && this.isFeasible(node, group) ? other : undefined;
  }

  /** Whether `node` reads, or has overwritten, what is overwritten, or read, by others of `members`. */
  private readsWhatIsOverwritten(members: readonly Node[], node: Node): boolean {
    if (!this.hasOverwrites) return false;
    const touches = (reader: Node, writer: Node) =>
      opOf(writer).kind === 'overwrite' && this.basesRead(reader).some((base) => base === writer.inputs[0]);
    return members.some((member) => touches(node, member) || touches(member, node));
  }

  /** Tensors behind views that a node's kernel reads for it. */
  private basesRead(node: Node): readonly Node[] {
    const operands = this.attentions.get(node)?.attention.operands;
    return operands ? [...operands] : readOperands(node).map(baseOf);
  }

  private isFeasible(node: Node, group: Group): boolean {
    return !this.closesCycle(node, group) && this.bindingsAfter(node, group) <= this.limits.maxBindings;
  }

  /** Whether the node uses members of the group exactly at the elements that the group has at hand. */
  private accessesAgree(node: Node, group: Group, space: Space): boolean {
    const isReduction = opOf(node).kind === 'reduction';
    return node.inputs.every((input, i) => {
      if (isReadAnywhere(node, i)) return this.groupOf.get(baseOf(input)) !== group;
      const index = isReduction
        ? space.indexOf(input.shape)!
        : broadcastIndex(input.shape, space.indexOf(computedShape(node))!);
      const source = throughViews(space.algebra, input, index);
      if (this.groupOf.get(source.node) !== group) return true;
      // Of what has elements overwritten only those are at hand.
      if (opOf(source.node).kind === 'overwrite') return false;
      const own = space.indexOf(source.node.shape);
      return own !== undefined && sameIndex(own, source.index);
    });
  }

  /** Whether some operand from outside itself waits for the group. */
  private closesCycle(node: Node, group: Group): boolean {
    return this.producers(node.inputs).some((other) => other !== group && this.dependencies.reaches(other, group));
  }

  /** Buffers the kernel would bind if every member with users still outside were stored: an upper bound. */
  private bindingsAfter(node: Node, group: Group): number {
    const reads = new Set(this.reads.get(group));
    for (const base of this.basesRead(node)) if (this.isBound(base, group)) reads.add(base);
    const waiting = group.members.filter((member) => this.usersOutside(member, group).some((user) => user !== node));
    return reads.size + waiting.length + 1;
  }

  private isBound(base: Node, group: Group | undefined): boolean {
    if (group && this.groupOf.get(base) === group) return false;
    return isLeaf(base) ? base.op !== 'constant' : opOf(base).kind !== 'source';
  }

  private open(node: Node): Group {
    const op = opOf(node);
    const { attention, space = new Space(op.kind === 'reduction' ? node.inputs[0]!.shape : computedShape(node)) } =
      this.attentions.get(node) ?? {};
    const contractions = op.kind === 'contraction' ? [node] : [];
    const group: Group = { space, contractions, attention, members: [], outputs: [] };
    this.opened.set(group, this.groups.push(group));
    this.dependencies.open(group);
    this.reads.set(group, new Set());
    return group;
  }

  private join(node: Node, group: Group): void {
    const op = opOf(node);
    if (op.kind === 'reduction') group.space.reduce(reductionAxes(node));
    group.members.push(node);
    this.groupOf.set(node, group);
    this.placed.set(node, this.placed.size);
    for (const inner of this.attentions.get(node)?.attention.inner ?? []) this.groupOf.set(inner, group);
    for (const base of this.attentions.get(node)?.attention.operands ?? node.inputs.map(baseOf)) {
      const producer = this.groupOf.get(base);
      if (producer && producer !== group) this.dependencies.add(group, producer);
    }
    for (const base of this.basesRead(node)) {
      if (this.isBound(base, group)) this.reads.get(group)!.add(base);
    }
  }

  /** Moves maps, or products, into the group that reads them, where they fit: x·y + z·w began as two groups. */
  private absorb(other: Group, home: Group): void {
    const { space } = home;
    const members = [...home.members, ...other.members];
    const contractions = [...home.contractions, ...other.contractions];
    if (other.space.reduced || members.length > MOST_MEMBERS || contractions.length > MOST_CONTRACTIONS) return;
    const isProduct = (group: Group) => group.contractions.length > 0;
    if (isProduct(other) && (other.attention || home.attention)) return;
    if (isProduct(other) && !(isProduct(home) && sameShape(other.space.full, space.full))) return;
    if (members.some((member) => opOf(member).kind === 'scatter')) return;
    if (members.some((member) => this.readsWhatIsOverwritten(members, member))) return;
    // Of the whole space, or of what is left of it where home reduces.
    if (other.members.some((member) => space.indexOf(computedShape(member)) === undefined)) return;
    if (this.meetsBetween(other, home)) return;
    const isOwn = (base: Node) => [home, other].includes(this.groupOf.get(base)!);
    if (contractions.some((contraction) => this.basesRead(contraction).some(isOwn))) return;
    const move = (group: Group) => other.members.forEach((member) => this.groupOf.set(member, group));
    move(home);
    const agree = members.every((member) => contractions.includes(member) || this.accessesAgree(member, home, space));
    const bases = members.flatMap((member) => this.basesRead(member));
    const reads = new Set(bases.filter((base) => this.isBound(base, home)));
    const waiting = members.filter((member) => this.usersOutside(member, home).length > 0);
    if (!agree || reads.size + waiting.length > this.limits.maxBindings) {
      move(other);
      return;
    }
    home.members.splice(0, Infinity, ...members.sort((a, b) => this.placed.get(a)! - this.placed.get(b)!));
    home.contractions.splice(0, Infinity, ...home.members.filter((member) => contractions.includes(member)));
    other.members.length = 0;
    this.reads.set(home, reads);
    this.dependencies.merge(other, home);
  }

  /** Whether one of two groups waits for the other by way of a third. */
  private meetsBetween(a: Group, b: Group): boolean {
    return this.dependencies.reachesThroughOthers(a, b) || this.dependencies.reachesThroughOthers(b, a);
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

/** Operations of one kernel. More save no more traffic worth speaking of, and compilers take long over long texts. */
const MOST_MEMBERS = 256;

/** Products of one kernel: each has sums of its own in registers. */
const MOST_CONTRACTIONS = 4;

/** Operations that a consumer may repeat rather than read their result. */
const MOST_RECOMPUTED = 8;

/** Rows that share what an attention loads of the keys, at least; and elements that it may compute while it loads them. */
const FEWEST_ROWS = 16;
const MOST_COMPUTED_ON_LOADING = 2 ** 20;

/** Tensors that a product's left operand may be computed from while it is loaded. */
const MOST_LOADED = 2;

/** The operands that a node's kernel reads: not what has elements overwritten. */
export function readOperands(node: Node): readonly Node[] {
  return opOf(node).kind === 'overwrite' ? node.inputs.slice(1) : node.inputs;
}

/** The shape of what a node's kernel computes: where elements are overwritten, that of those. */
export function computedShape(node: Node): Shape {
  return opOf(node).kind === 'overwrite' ? node.inputs[1]!.shape : node.shape;
}

/** Whether a node reads elements of an operand at other places than it computes: at those that values tell, or at one. */
export function isReadAnywhere(node: Node, operand: number): boolean {
  const { kind } = opOf(node);
  return (kind === 'gather' && operand === 0) || (kind === 'overwrite' && operand !== 1);
}
