import type { MapOp, OpDefinition } from '../lib/ir/ops/record.js';
import { attributeSorts, constructorName, foldPrimitive, shapePrimitive, encodedOps } from '../lib/rewrite/names.js';

/** Sorts, the leaves, and a constructor for each operation. */
export function schema(): string {
  const constructors = encodedOps.map(({ name, signature: { operands, attributes } }) => {
    const sorts = [...operands.map(() => 'Tensor'), ...attributes.map(({ kind }) => attributeSorts[kind])];
    return `(constructor ${constructorName(name)} (${sorts.join(' ')}) Tensor)`;
  });
  return [
    '(sort Ints (Vec i64))',
    '(sort Tensor)',
    '(constructor Input (String) Tensor)',
    '(constructor Parameter (String) Tensor)',
    '(constructor Buffer (String) Tensor)',
    '(constructor Constant (f64 String) Tensor)',
    '(constructor Literal (String) Tensor)',
    ...constructors,
    // A rule that unites tensors of different types fails here, by itself.
    '(function shape (Tensor) Ints :no-merge)',
    '(function dtype (Tensor) String :no-merge)',
    // What does not change from step to step, and products of it with what does; empty where nothing is frozen.
    '(relation Frozen (Tensor))',
    '(relation Weighed (Tensor))',
  ].join('\n');
}

/** The type of every node that rules make, from those of its operands. */
export function typeRules(): string {
  const rules = encodedOps.map((op) => {
    const { operands, attributes } = op.signature;
    const names = operands.map((_, i) => `x${i}`);
    const attrs = attributes.map((_, i) => `p${i}`);
    const node = `(${[constructorName(op.name), ...names, ...attrs].join(' ')})`;
    const shapes = names.map((name, i) => `(= s${i} (shape ${name}))`);
    const shapeCall = `(${[shapePrimitive(op.name), ...names.map((_, i) => `s${i}`), ...attrs].join(' ')})`;
    const { clause, value } = resultDType(op, names, attrs);
    const query = [`(= e ${node})`, ...shapes, ...clause].join(' ');
    return `(rule (${query}) ((set (shape e) ${shapeCall}) (set (dtype e) ${value})) :ruleset types :name "type of ${op.name}")`;
  });
  return [
    '(ruleset types)',
    // A rule that unites two constants fails here.
    '(function value (Tensor) f64 :merge (same-value old new))',
    '(rule ((= e (Constant v d))) ((set (shape e) (vec-empty)) (set (dtype e) d) (set (value e) v)) :ruleset types :name "type of constant")',
    ...rules,
  ].join('\n');
}

function resultDType(
  { signature }: OpDefinition,
  names: string[],
  attrs: string[],
): { clause: string[]; value: string } {
  const { dtype } = signature.result;
  const attribute = signature.attributes.findIndex(({ name }) => name === dtype);
  if (attribute >= 0) return { clause: [], value: attrs[attribute]! };
  if (dtype !== undefined) return { clause: [], value: `"${dtype}"` };
  const common = signature.operands.findIndex((operand) => operand.dtype === undefined);
  return { clause: [`(= d (dtype ${names[common]}))`], value: 'd' };
}

/** Maps of constants are constants. */
export function foldRules(): string {
  const maps = encodedOps.filter((op): op is MapOp => op.kind === 'map');
  const rules = maps.map(({ name, signature: { operands, attributes } }) => {
    const constants = operands.map((_, i) => `(Constant v${i} d${i})`);
    const attrs = attributes.map((_, i) => `p${i}`);
    const node = `(${[constructorName(name), ...constants, ...attrs].join(' ')})`;
    const call = `(${[foldPrimitive(name), ...operands.map((_, i) => `v${i}`), 'd'].join(' ')})`;
    return `(rule ((= e ${node}) (= d (dtype e)) (= v ${call})) ((union e (Constant v d))) :ruleset folding :name "fold ${name}")`;
  });
  return ['(ruleset folding)', ...rules].join('\n');
}

/** What is made of frozen tensors is frozen; products with them are weighed, and so are views of those and shifts. */
export function frozenRules(): string {
  const rule = (name: string, query: string, fact: string) =>
    `(rule (${query}) ((${fact} e)) :ruleset freezing :name "${name}")`;
  const operations = encodedOps.filter(({ signature }) => signature.operands.length > 0);
  const weighed = (name: string, query: string) => rule(`weighed: ${name}`, query, 'Weighed');
  return [
    '(ruleset freezing)',
    ...operations.map(({ name, signature: { operands, attributes } }) => {
      const names = operands.map((_, i) => `x${i}`);
      const node = `(${[constructorName(name), ...names, ...attributes.map((_, i) => `p${i}`)].join(' ')})`;
      return rule(`frozen ${name}`, `(= e ${node}) ${names.map((x) => `(Frozen ${x})`).join(' ')}`, 'Frozen');
    }),
    weighed('product with a weight on the right', '(= e (Matmul a w)) (Frozen w)'),
    weighed('product with a weight on the left', '(= e (Matmul w a)) (Frozen w)'),
    weighed('reshape', '(= e (Reshape x s)) (Weighed x)'),
    weighed('permute', '(= e (Permute x order)) (Weighed x)'),
    weighed('shift', '(= e (Add x c)) (Weighed x) (Frozen c)'),
  ].join('\n');
}

/** Broadcasts move outwards, or vanish where an operation broadcasts by itself: what is small is computed once. */
export function broadcastRules(): string {
  const rule = (name: string, query: string, action: string) =>
    `(rule (${query}) ((union e ${action})) :ruleset broadcasts :name "${name}")`;
  const maps = encodedOps.filter(({ kind, signature }) => kind === 'map' && signature.attributes.length === 0);
  const unary = maps.filter(({ signature }) => signature.operands.length === 1);
  const binary = maps.filter(({ signature }) => signature.operands.length === 2);
  const views = encodedOps.filter((op) => op.kind === 'view' && !op.mask && op.name !== 'broadcastTo');
  return [
    '(ruleset broadcasts)',
    ...unary.map(({ name }) => {
      const op = constructorName(name);
      return rule(`${name} of a broadcast`, `(= e (${op} (BroadcastTo x s)))`, `(BroadcastTo (${op} x) s)`);
    }),
    ...binary.flatMap(({ name }) => {
      const op = constructorName(name);
      return [
        rule(
          `${name} broadcasts a`,
          `(= e (${op} (BroadcastTo a s) b)) (= t (shape b)) (= t (shape e))`,
          `(${op} a b)`,
        ),
        rule(
          `${name} broadcasts b`,
          `(= e (${op} a (BroadcastTo b s))) (= t (shape a)) (= t (shape e))`,
          `(${op} a b)`,
        ),
        rule(
          `${name} of a broadcast and a constant`,
          `(= e (${op} (BroadcastTo x s) (Constant v d)))`,
          `(BroadcastTo (${op} x (Constant v d)) s)`,
        ),
        rule(
          `${name} of a constant and a broadcast`,
          `(= e (${op} (Constant v d) (BroadcastTo x s)))`,
          `(BroadcastTo (${op} (Constant v d) x) s)`,
        ),
      ];
    }),
    ...views.flatMap(({ name, signature }) => {
      const of = (x: string) => {
        return `(${[constructorName(name), x, ...signature.attributes.map((_, i) => `p${i}`)].join(' ')})`;
      };
      const filled = '(BroadcastTo (Constant v d) s)';
      return [
        ...(takesScalars(signature)
          ? [rule(`${name} of a constant`, `(= e ${of('(Constant v d)')}) (= s (shape e))`, filled)]
          : []),
        rule(`${name} of a filled tensor`, `(= e ${of('(BroadcastTo (Constant v d) r)')}) (= s (shape e))`, filled),
      ];
    }),
  ].join('\n');
}

/** Whether a view can be one of a scalar: it names no dimension and no axis of it. */
function takesScalars({ operands, attributes }: OpDefinition['signature']): boolean {
  return operands[0]!.dims.every(({ kind }) => kind === 'spread') && !attributes.some(({ kind }) => kind === 'axis');
}
