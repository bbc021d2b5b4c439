import { isLeaf, type Node, type TensorType } from '../ir/graph.js';
import { classesOver, isLeafCandidate, type Candidate, type Candidates } from './candidates.js';
import { constructorName } from './names.js';
import type { Region } from './regions.js';
import { UnionFind } from './union-find.js';

/** What there is to choose from for a whole graph. */
export interface Replayed {
  readonly candidates: Candidates;
  /** For each candidate the one of the regions that it repeats; -1 for leaves. */
  readonly origins: readonly number[];
  /** Of each candidate. */
  readonly costs: Float64Array;
  /** Class of each node of the graph. */
  readonly classOf: ReadonlyMap<Node, number>;
}

/**
 * Repeats at every place of a region what was found for it. What holds whatever the leaves are, and whatever stands for
 * operands that were left out, holds at all places; terms that come out equal at several places become one class.
 * `found` are the candidates of all regions, `classes` for each region the class of each of its nodes, and `costOf` gives
 * the cost of a candidate of `found`.
 */
export function replay(
  found: Candidates,
  regions: readonly Region[],
  classes: readonly (readonly number[])[],
  costOf: (candidate: Candidate) => number,
): Replayed {
  const replayer = new Replayer(found);
  regions.forEach((region, i) => {
    for (const place of region.places) replayer.add(region.own, place, classes[i]!);
  });
  return replayer.result(found.nodes.map(costOf));
}

/** A candidate of the graph under way: `operands` and `result` are elements of the union-find. */
interface Made {
  readonly origin: number;
  readonly result: number;
  readonly operands: number[];
}

class Replayer {
  private readonly union = new UnionFind();
  private readonly elements = new Map<Node, number>();
  /** Elements of classes that a term without leaves is in: those are the same at all places. */
  private readonly closedElements = new Map<number, number>();
  private readonly isClosed: readonly boolean[];
  private readonly forms: readonly number[];
  private made: Made[] = [];

  constructor(private readonly found: Candidates) {
    this.isClosed = classesOver(found);
    this.forms = formsOf(found.nodes);
  }

  add(own: readonly boolean[], place: readonly Node[], classes: readonly number[]): void {
    const local = new Map<number, number>();
    const todo = new Set<number>();
    classes.forEach((index, i) => {
      const element = this.elementOf(place[i]!);
      const known = this.isClosed[index] ? this.closedElement(index) : local.get(index);
      if (known === undefined) local.set(index, element);
      else this.union.unite(known, element);
      // What is known of other nodes comes from the region that has them as its own.
      if (own[i] && !this.isClosed[index]) todo.add(index);
    });
    const elementIn = (index: number): number => {
      if (this.isClosed[index]) return this.closedElement(index);
      let element = local.get(index);
      if (element === undefined) {
        element = this.union.add();
        local.set(index, element);
        todo.add(index);
      }
      return element;
    };
    // A set gives what is added while it is read.
    for (const index of todo) this.repeat(index, local.get(index)!, elementIn);
  }

  result(foundCosts: readonly number[]): Replayed {
    // A map gives what is added while it is read.
    for (const [index, element] of this.closedElements) {
      this.repeat(index, element, (operand) => this.closedElement(operand));
    }
    this.mergeEqualTerms();
    const classes: number[][] = [];
    const types: TensorType[] = [];
    const nodes: Candidate[] = [];
    const origins: number[] = [];
    const indices = new Map<number, number>();
    const indexOf = (element: number, type: TensorType): number => {
      const root = this.union.find(element);
      let index = indices.get(root);
      if (index === undefined) {
        index = classes.push([]) - 1;
        types.push(type);
        indices.set(root, index);
      }
      return index;
    };
    const classOf = new Map<Node, number>();
    for (const [node, element] of this.elements) {
      const result = indexOf(element, node);
      classOf.set(node, result);
      if (!isLeaf(node) || node.op === 'constant') continue;
      origins.push(-1);
      classes[result]!.push(
        nodes.push({ constructor: constructorName(node.op), result, operands: [], attributes: [] }) - 1,
      );
    }
    for (const { origin, result: element, operands } of this.made) {
      const candidate = this.found.nodes[origin]!;
      const result = indexOf(element, this.found.types[candidate.result]!);
      const inputs = operands.map((operand, i) => indexOf(operand, this.found.types[candidate.operands[i]!]!));
      origins.push(origin);
      const { constructor, attributes } = candidate;
      classes[result]!.push(nodes.push({ constructor, result, operands: inputs, attributes }) - 1);
    }
    const costs = Float64Array.from(origins, (origin) => (origin < 0 ? 0 : foundCosts[origin]!));
    return { candidates: { nodes, classes, types }, origins, costs, classOf };
  }

  private elementOf(node: Node): number {
    let element = this.elements.get(node);
    if (element === undefined) this.elements.set(node, (element = this.union.add()));
    return element;
  }

  private closedElement(index: number): number {
    let element = this.closedElements.get(index);
    if (element === undefined) this.closedElements.set(index, (element = this.union.add()));
    return element;
  }

  /** Adds the candidates of a class, over the elements of their operands. */
  private repeat(index: number, result: number, elementIn: (index: number) => number): void {
    for (const origin of this.found.classes[index]!) {
      const candidate = this.found.nodes[origin]!;
      if (isLeafCandidate(candidate)) continue;
      if (this.isClosed[index] && !candidate.operands.every((operand) => this.isClosed[operand])) continue;
      this.made.push({ origin, result, operands: candidate.operands.map(elementIn) });
    }
  }

  /** Unites the results of candidates that are the same but for them, until there are none: congruence. */
  private mergeEqualTerms(): void {
    for (let hasMerged = true; hasMerged;) {
      hasMerged = false;
      const known = new Map<number, Made[]>();
      this.made = this.made.filter((made) => {
        const form = this.forms[made.origin]!;
        let hash = form;
        for (let i = 0; i < made.operands.length; i++) {
          const operand = this.union.find(made.operands[i]!);
          made.operands[i] = operand;
          hash = Math.imul(hash ^ operand, 0x9e3779b1) ^ (hash >>> 15);
        }
        const alike = known.get(hash);
        const twin = alike?.find(
          (other) =>
            this.forms[other.origin] === form && other.operands.every((operand, i) => operand === made.operands[i]),
        );
        if (twin) {
          hasMerged = this.union.unite(twin.result, made.result) || hasMerged;
          return false;
        }
        if (alike) alike.push(made);
        else known.set(hash, [made]);
        return true;
      });
    }
  }
}

/** For each candidate a number that is the same for the same operation with the same attributes. */
function formsOf(nodes: readonly Candidate[]): number[] {
  const forms = new Map<string, number>();
  return nodes.map(({ constructor, attributes }) => {
    const text = attributes.reduce<string>(
      (sum, value) => `${sum}|${Object.is(value, -0) ? '-0' : String(value)}`,
      constructor,
    );
    const form = forms.get(text) ?? forms.size;
    forms.set(text, form);
    return form;
  });
}
