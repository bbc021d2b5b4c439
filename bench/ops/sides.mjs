/**
 * The three sides of a case. Each gives `run(calls)`, which submits that many calls and waits by reading the result of the
 * last, and `results()`, the values of one call in our layout. Operands are on the device before, in the layout that the
 * side's users keep them in (`layouts` of a case).
 */
import { buildInferenceSession, buildSession, input, namedParameter, trace } from '../../lib/index.ts';
import { operandsOf, permuted } from './inputs.mjs';

const last = (list) => list[list.length - 1];

/** Operands in the layout of a side. */
function operandsFor(side, benchCase) {
  const layout = benchCase.layouts?.[side] ?? {};
  return operandsOf(benchCase).map((operand) =>
    layout[operand.name] ? { ...operand, ...permuted(operand, layout[operand.name]) } : operand,
  );
}

/** A result in our layout. */
function inOurLayout(side, benchCase, shape, values) {
  const axes = benchCase.layouts?.[side]?.result;
  return axes ? permuted({ shape, values }, axes).values : values;
}

/** A graph traced once, a session that replays its dispatches. */
export async function meganeura(benchCase) {
  const operands = operandsOf(benchCase);
  const { gradients = [] } = benchCase;
  const isParameter = ({ name }) => gradients.includes(name);
  const fed = operands.filter((operand) => !isParameter(operand));
  const graph = trace(
    Object.fromEntries(fed.map(({ name, shape, dtype }) => [name, input(shape, dtype)])),
    (tensors) => {
      const parameters = operands.filter(isParameter).map(({ name, shape }) => [name, namedParameter(name, shape)]);
      return { result: benchCase.ours({ ...tensors, ...Object.fromEntries(parameters) }) };
    },
  );
  const training = { gradients: true, loss: 'result' };
  const session = gradients.length > 0 ? await buildSession(graph, training) : await buildInferenceSession(graph);
  for (const { name, values } of fed) session.setInput(name, values);
  session.setParameters(Object.fromEntries(operands.filter(isParameter).map(({ name, values }) => [name, values])));
  return {
    run: async (calls) => {
      for (let call = 0; call < calls; call++) session.step();
      await session.read('result');
    },
    results: async () => {
      session.step();
      return Promise.all([session.read('result'), ...gradients.map((name) => session.readGradient(name))]);
    },
    dispatches: session.report().dispatches,
    dispose: () => session.dispose(),
  };
}

/** One `jit`. A result that is dropped before it was waited for is never computed, so all are kept until then. */
export async function jaxJs(benchCase, jax) {
  const { gradients } = benchCase;
  const operands = operandsFor('jax', benchCase);
  const arrays = operands.map(({ shape, dtype, values }) =>
    jax.numpy.array(values, { dtype: dtype === 'i32' ? jax.numpy.int32 : jax.numpy.float32 }).reshape(shape),
  );
  await jax.blockUntilReady(arrays);
  const named = (list) => Object.fromEntries(operands.map(({ name }, i) => [name, list[i]]));
  const compute = (...list) => benchCase.jax(jax, named(list));
  const places = operands.flatMap(({ name }, i) => (gradients?.includes(name) ? [i] : []));
  const call = jax.jit(gradients ? jax.valueAndGrad(compute, { argnums: places }) : compute);
  const once = () => {
    const result = call(...arrays.map((array) => array.ref));
    return gradients ? [result[0], ...result[1]] : [result];
  };
  return {
    run: async (calls) => {
      const results = Array.from({ length: calls }, once);
      const read = last(results)[0].ref;
      await Promise.all([jax.blockUntilReady(results), read.data()]);
      jax.tree.dispose(results);
    },
    results: async () => {
      const results = once();
      const shapes = results.map(({ shape }) => [...shape]);
      const values = await Promise.all(results.map((result) => result.data()));
      return values.map((array, i) => inOurLayout('jax', benchCase, shapes[i], array));
    },
    dispose: () => jax.tree.dispose(arrays),
  };
}

/** Operations one by one, as tfjs runs them. */
export async function tensorFlowJs(benchCase, tf) {
  const { gradients } = benchCase;
  const operands = operandsFor('tf', benchCase);
  const tensors = operands.map(({ shape, dtype, values }) =>
    tf.tensor(values, shape, dtype === 'i32' ? 'int32' : 'float32'),
  );
  const named = (list) => Object.fromEntries(operands.map(({ name }, i) => [name, list[i]]));
  const variables = operands.flatMap(({ name }, i) => (gradients?.includes(name) ? [i] : []));
  const varied = tf.valueAndGrads((...list) => {
    const all = tensors.map((tensor, i) => (variables.includes(i) ? list[variables.indexOf(i)] : tensor));
    return benchCase.tf(tf, named(all));
  });
  const once = () =>
    tf.tidy(() => {
      if (!gradients) return [benchCase.tf(tf, named(tensors))];
      const { value, grads } = varied(variables.map((i) => tensors[i]));
      return [value, ...grads];
    });
  return {
    run: async (calls) => {
      for (let call = 1; call < calls; call++) tf.dispose(once());
      const results = once();
      await results[0].data();
      tf.dispose(results);
    },
    results: async () => {
      const results = once();
      const values = await Promise.all(results.map((result) => result.data()));
      const all = values.map((array, i) => inOurLayout('tf', benchCase, results[i].shape, array));
      tf.dispose(results);
      return all;
    },
    dispose: () => tf.dispose(tensors),
  };
}
