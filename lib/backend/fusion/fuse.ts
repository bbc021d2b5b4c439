import { isLeaf, type Graph, type Node } from '../../ir/graph.js';
import { isContraction, opOf, reductionAxes } from '../../ir/ops/index.js';
import { sameShape } from '../../ir/shape.js';
import { areOnlyFor, attentionShape, findAttention } from './attention.js';
import { findFamily, type Found } from './attention-family.js';
import { Dependencies } from './dependencies.js';
import { computedShape, isReadAnywhere, readOperands, type FusionLimits, type Group } from './group.js';
import { baseOf, broadcastIndex, sameIndex, Space, throughViews } from './space.js';
import { decideWhatIsStored, usersOutside } from './storing.js';

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
  readonly groupOf = new Map<Node, Group>();
  /** Position of each node in the order in which they were placed: operands first. */
  private readonly placed = new Map<Node, number>();
  /** Groups whose results a group reads. */
  private readonly dependencies = new Dependencies<Group>();
  /** Tensors outside of the group that it reads. */
  private readonly reads = new Map<Group, Set<Node>>();
  readonly users = new Map<Node, Set<Node | 'root'>>();
  private readonly hasOverwrites: boolean;
  /** Of the contractions that are the last step of one. */
  private readonly attentions = new Map<Node, Found>();
  /** What is computed within attentions: in how many. */
  private readonly inner = new Map<Node, number>();

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
    const positions = new Map(nodes.map((node, i) => [node, i]));
    for (const node of nodes) {
      if (isContraction(node)) this.findAttention(node, positions);
    }
  }

  private findAttention(node: Node, positions: ReadonlyMap<Node, number>): void {
    const { suitsAttention, suitsGradients, maxBindings } = this.limits;
    const space = new Space(node.shape);
    const attention = findAttention(node, space);
    const shape = attention && attentionShape(node, attention);
    if (!shape || !suitsAttention(shape)) return;
    const found = { attention, space };
    const isAlone = areOnlyFor(attention.inner, new Set([node]), this.users);
    const family = isAlone
      ? new Map<Node, Found>([[node, found]])
      : suitsGradients(shape) && findFamily(node, found, this.users);
    if (!family) return;
    const fits = [...family].every(([member, found]) => {
      const bound = [...found.attention.operands].filter((base) => this.isBound(base, undefined));
      const count = bound.length + found.attention.kept.length + 1;
      // What gradients need must be there before them.
      const isInOrder = positions.get(member)! >= positions.get(node)!;
      return isInOrder && count <= maxBindings && suitsAttention(attentionShape(member, found.attention));
    });
    if (!fits) return;
    for (const [member, found] of family) {
      this.attentions.set(member, found);
      for (const inner of found.attention.inner) this.inner.set(inner, (this.inner.get(inner) ?? 0) + 1);
    }
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

  /** The groups that have something to store. */
  finish(): Group[] {
    const { groups, groupOf, users, reads, limits } = this;
    return decideWhatIsStored({ groups, groupOf, users, reads }, limits);
  }

  private usersOutside(member: Node, group: Group): (Node | 'root')[] {
    return usersOutside(this, member, group);
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
    for (const inner of this.attentions.get(node)?.attention.inner ?? []) {
      // What several compute is nowhere for others.
      if (this.inner.get(inner) === 1) this.groupOf.set(inner, group);
    }
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
}

/** Operations of one kernel. More save no more traffic worth speaking of, and compilers take long over long texts. */
const MOST_MEMBERS = 256;

/** Products of one kernel: each has sums of its own in registers. */
const MOST_CONTRACTIONS = 4;
