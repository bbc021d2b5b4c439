import type { MapOp, OpDefinition } from '../lib/ir/ops/define.js';
import { opList } from '../lib/ir/ops/index.js';
import { attributeSorts, constructorName, foldPrimitive, shapePrimitive } from '../lib/rewrite/names.js';

/** Sorts, the leaves, and a constructor for each operation. */
export function schema(): string {
  const constructors = opList.map(({ name, signature: { operands, attributes } }) => {
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
    ...constructors,
    // A rule that unites tensors of different types fails here, by itself.
    '(function shape (Tensor) Ints :no-merge)',
    '(function dtype (Tensor) String :no-merge)',
  ].join('\n');
}

/** The type of every node that rules make, from those of its operands. */
export function typeRules(): string {
  const rules = opList.map((op) => {
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
    '(rule ((= e (Constant v d))) ((set (shape e) (vec-empty)) (set (dtype e) d)) :ruleset types :name "type of constant")',
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
  const maps = opList.filter((op): op is MapOp => op.kind === 'map');
  const rules = maps.map(({ name, signature: { operands, attributes } }) => {
    const constants = operands.map((_, i) => `(Constant v${i} d${i})`);
    const attrs = attributes.map((_, i) => `p${i}`);
    const node = `(${[constructorName(name), ...constants, ...attrs].join(' ')})`;
    const call = `(${[foldPrimitive(name), ...operands.map((_, i) => `v${i}`), 'd'].join(' ')})`;
    return `(rule ((= e ${node}) (= d (dtype e)) (= v ${call})) ((union e (Constant v d))) :ruleset folding :name "fold ${name}")`;
  });
  return ['(ruleset folding)', ...rules].join('\n');
}

/** An operand that is broadcast explicitly needs not be, where the other gives the result's shape anyway. */
export function broadcastRules(): string {
  const binary = opList.filter(({ signature: { operands } }) => {
    return operands.length === 2 && operands.every(({ dims: [dim] }) => dim?.kind === 'spread' && dim.name === '');
  });
  const rules = binary.flatMap(({ name }) => {
    const constructor = constructorName(name);
    return [
      `(rule ((= e (${constructor} (BroadcastTo a s) b)) (= t (shape b)) (= t (shape e))) ((union e (${constructor} a b))) :ruleset broadcasts :name "${name} broadcasts its first operand")`,
      `(rule ((= e (${constructor} a (BroadcastTo b s))) (= t (shape a)) (= t (shape e))) ((union e (${constructor} a b))) :ruleset broadcasts :name "${name} broadcasts its second operand")`,
    ];
  });
  return ['(ruleset broadcasts)', ...rules].join('\n');
}
