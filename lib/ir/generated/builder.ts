// Generated from lib/ir/ops by `npm run codegen`: do not edit.
import type { DType } from '../dtype.js';
import type { BuildAttribute, Num } from '../symbolic.js';

/** Makes the node of one operation. */
export type Emit<V> = (op: string, operands: readonly V[], attrs: Readonly<Record<string, BuildAttribute>>) => V;

/** One method for each record of the op table. */
export interface OpMethods<V> {
  /** −x. `x[...s]:number -> [...s]` */
  neg(x: V): V;
  /** |x|; the gradient at 0 is 0. `x[...s]:number -> [...s]` */
  abs(x: V): V;
  /** −1, 0 or 1 by the sign of x. `x[...s]:number -> [...s]` */
  sign(x: V): V;
  /** eˣ. `x[...s]:float -> [...s]` */
  exp(x: V): V;
  /** Natural logarithm. `x[...s]:float -> [...s]` */
  log(x: V): V;
  /** eˣ − 1, with all digits near 0. `x[...s]:float -> [...s]` */
  expm1(x: V): V;
  /** log(1 + x), with all digits near 0. `x[...s]:float -> [...s]` */
  log1p(x: V): V;
  /** √x. `x[...s]:float -> [...s]` */
  sqrt(x: V): V;
  /** 1/√x. `x[...s]:float -> [...s]` */
  rsqrt(x: V): V;
  /** 1/x. `x[...s]:float -> [...s]` */
  reciprocal(x: V): V;
  /** x². `x[...s]:number -> [...s]` */
  square(x: V): V;
  /** Hyperbolic tangent. `x[...s]:float -> [...s]` */
  tanh(x: V): V;
  /** Error function 2/√π ∫₀ˣ e^(−t²) dt. `x[...s]:float -> [...s]` */
  erf(x: V): V;
  /** Sine, of angles up to 10⁵ radians with the precision of the dtype. `x[...s]:float -> [...s]` */
  sin(x: V): V;
  /** Cosine, of angles up to 10⁵ radians with the precision of the dtype. `x[...s]:float -> [...s]` */
  cos(x: V): V;
  /** Greatest integer not above x. `x[...s]:float -> [...s]` */
  floor(x: V): V;
  /** Least integer not below x. `x[...s]:float -> [...s]` */
  ceil(x: V): V;
  /** Nearest integer; a half goes to the even one. `x[...s]:float -> [...s]` */
  round(x: V): V;
  /** Logistic function 1/(1 + e⁻ˣ). `x[...s]:float -> [...s]` */
  sigmoid(x: V): V;
  /** max(x, 0); the gradient at 0 is 0. `x[...s]:number -> [...s]` */
  relu(x: V): V;
  /** x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118). `x[...s]:float -> [...s]` */
  silu(x: V): V;
  /** a + b. `a[...]:number, b[...]:number -> [...]` */
  add(a: V, b: V): V;
  /** a − b. `a[...]:number, b[...]:number -> [...]` */
  sub(a: V, b: V): V;
  /** a·b, element by element. `a[...]:number, b[...]:number -> [...]` */
  mul(a: V, b: V): V;
  /** a/b, element by element. `a[...]:float, b[...]:float -> [...]` */
  div(a: V, b: V): V;
  /** aᵇ, as PyTorch: of a negative a for whole b only. `a[...]:float, b[...]:float -> [...]` */
  pow(a: V, b: V): V;
  /** The greater of a and b; at a tie each gets half of the gradient. `a[...]:number, b[...]:number -> [...]` */
  maximum(a: V, b: V): V;
  /** The smaller of a and b; at a tie each gets half of the gradient. `a[...]:number, b[...]:number -> [...]` */
  minimum(a: V, b: V): V;
  /** a = b. `a[...], b[...] -> [...]:bool` */
  equal(a: V, b: V): V;
  /** a ≠ b. `a[...], b[...] -> [...]:bool` */
  notEqual(a: V, b: V): V;
  /** a < b. `a[...]:number, b[...]:number -> [...]:bool` */
  less(a: V, b: V): V;
  /** a ≤ b. `a[...]:number, b[...]:number -> [...]:bool` */
  lessEqual(a: V, b: V): V;
  /** a > b. `a[...]:number, b[...]:number -> [...]:bool` */
  greater(a: V, b: V): V;
  /** a ≥ b. `a[...]:number, b[...]:number -> [...]:bool` */
  greaterEqual(a: V, b: V): V;
  /** True where x is false. `x[...s]:bool -> [...s]:bool` */
  logicalNot(x: V): V;
  /** True where a and b are. `a[...]:bool, b[...]:bool -> [...]:bool` */
  logicalAnd(a: V, b: V): V;
  /** True where a or b is. `a[...]:bool, b[...]:bool -> [...]:bool` */
  logicalOr(a: V, b: V): V;
  /** a where the condition holds, else b. `condition[...]:bool, a[...], b[...] -> [...]` */
  where(condition: V, a: V, b: V): V;
  /** x in another dtype: floats go to integers towards zero, truth values to 0 and 1, numbers to x ≠ 0. `x[...s], dtype: dtype -> [...s]:dtype` */
  cast(x: V, dtype: DType): V;
  /** x·Φ(x), where Φ is the normal distribution function, by erf (Hendrycks and Gimpel 2016, arXiv:1606.08415). `x[...s]:float -> [...s]` */
  gelu(x: V): V;
  /** x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))): what GPT-2 and PyTorch with `approximate="tanh"` use for gelu. `x[...s]:float -> [...s]` */
  geluTanh(x: V): V;
  /** log(1 + eˣ), which does not overflow. `x[...s]:float -> [...s]` */
  softplus(x: V): V;
  /** x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244). `x[...s]:float -> [...s]` */
  hardswish(x: V): V;
  /** x where it is positive, else slope·x. `x[...s]:float, slope: float = 0.01 -> [...s]` */
  leakyRelu(x: V, options?: { slope?: Num }): V;
  /** x where it is positive, else alpha·(eˣ − 1) (Clevert et al. 2015, arXiv:1511.07289). `x[...s]:float, alpha: float = 1 -> [...s]` */
  elu(x: V, options?: { alpha?: Num }): V;
  /** x held between min and max; the gradient passes where x is within, bounds included. `x[...s]:number, min: float = -Infinity, max: float = Infinity -> [...s]` */
  clamp(x: V, options?: { min?: Num; max?: Num }): V;
  /** `value` where the mask is true, else x. `x[...]:number, mask[...]:bool, value: float -> [...]` */
  maskedFill(x: V, mask: V, value: Num): V;
  /** Sum over `axes` (all when omitted). `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  sum(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** Arithmetic mean over `axes` (all when omitted). `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  mean(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** Greatest element over `axes` (all when omitted); ties share the gradient. `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  max(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** Smallest element over `axes` (all when omitted); ties share the gradient. `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  min(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted). `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)` */
  variance(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean; correction?: Num }): V;
  /** Standard deviation: the root of `variance`. `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)` */
  std(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean; correction?: Num }): V;
  /** Euclidean length √Σx² over `axes` (all when omitted). `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  l2Norm(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows. `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  logsumexp(x: V, options?: { axes?: Num | readonly Num[]; keepdims?: boolean }): V;
  /** Matrix product over the last two dimensions; leading dimensions broadcast. `a[...p m k]:float, b[...q k n]:float -> [...broadcast(p, q) m n]` */
  matmul(a: V, b: V): V;
  /** x·weightᵀ + bias, with the weight stored [out, in]. `x[...b k]:float, weight[n k]:float, bias[n]:float -> [...b n]` */
  linear(x: V, weight: V, bias: V): V;
  /** The same elements in row-major order under another shape; one size may be -1. `x[...s], shape: shape -> reshape(s, shape)` */
  reshape(x: V, shape: readonly Num[]): V;
  /** Dimension i of the result is dimension axes[i] of x. `x[...s], axes: permutation -> permute(s, axes)` */
  permute(x: V, axes: readonly number[]): V;
  /** Swaps the last two dimensions. `x[...b m n] -> [...b n m]` */
  transpose(x: V): V;
  /** Inserts a dimension of size 1 that is dimension `axis` of the result. `x[...s], axis: newAxis -> unsqueeze(s, axis)` */
  unsqueeze(x: V, axis: Num): V;
  /** Removes dimension `axis`, which must have size 1. `x[...s], axis: axis -> squeeze(s, axis)` */
  squeeze(x: V, axis: Num): V;
  /** x repeated along dimensions that are missing or have size 1, as NumPy broadcasts. `x[...s], shape: shape -> broadcastTo(s, shape)` */
  broadcastTo(x: V, shape: readonly Num[]): V;
  /** 0, 1, …, count − 1. `count: int -> [count]:i32` */
  arange(count: Num): V;
  /** eˣ/Σeˣ along `axis`, shifted by the maximum so that nothing overflows. `x[...s]:float, axis: axis = -1 -> [...s]` */
  softmax(x: V, options?: { axis?: Num }): V;
  /** log softmax(x) along `axis`, without the loss of digits that taking the logarithm would cost. `x[...s]:float, axis: axis = -1 -> [...s]` */
  logSoftmax(x: V, options?: { axis?: Num }): V;
  /** −log softmax(logits)[target] over the last dimension, one number a row. `logits[...b c]:float, target[...b]:i32<c -> [...b]` */
  softmaxCrossEntropy(logits: V, target: V): V;
  /** (softmax(logits) − oneHot(target))·upstream: the gradient of softmaxCrossEntropy in its logits. `logits[...b c]:float, target[...b]:i32<c, upstream[...b]:float -> [...b c]` */
  softmaxCrossEntropyGradient(logits: V, target: V, upstream: V): V;
  /** Mean of softmaxCrossEntropy over all rows: the loss of a classifier. `logits[...b c]:float, target[...b]:i32<c -> []` */
  crossEntropy(logits: V, target: V): V;
  /** Mean of (prediction − target)² over all elements. `prediction[...s]:float, target[...s]:float -> []` */
  mseLoss(prediction: V, target: V): V;
  /** |prediction − target|: its mean, its sum, or each. `prediction[...s]:float, target[...s]:float, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  l1Loss(prediction: V, target: V, options?: { reduction?: 'mean' | 'sum' | 'none' }): V;
  /** d²/2 where |d| < delta, else delta·(|d| − delta/2), for d = prediction − target (Huber 1964). `prediction[...s]:float, target[...s]:float, delta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  huberLoss(prediction: V, target: V, options?: { delta?: Num; reduction?: 'mean' | 'sum' | 'none' }): V;
  /** d²/(2·beta) where |d| < beta, else |d| − beta/2, for d = prediction − target (Girshick 2015, arXiv:1504.08083). `prediction[...s]:float, target[...s]:float, beta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  smoothL1Loss(prediction: V, target: V, options?: { beta?: Num; reduction?: 'mean' | 'sum' | 'none' }): V;
  /** (x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450). `x[...b n]:float, weight[n]:float, bias[n]:float, eps: float = 0.00001 -> [...b n]` */
  layerNorm(x: V, weight: V, bias: V, options?: { eps?: Num }): V;
  /** x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467). `x[...b n]:float, weight[n]:float, eps: float = 0.00001 -> [...b n]` */
  rmsNorm(x: V, weight: V, options?: { eps?: Num }): V;
}

/** Writes computations over values of type `V`: nodes of a graph, or patterns of a rewrite rule. */
export interface Builder<V> extends OpMethods<V> {
  /** A rank-0 constant of the dtype of `like`. */
  scalar(value: Num, like: V): V;
  /** Size of dimension `axis` of x. */
  dim(x: V, axis: number): Num;
}

/** The methods of {@link OpMethods}, each a call of `emit`. */
export function opMethods<V>(emit: Emit<V>): OpMethods<V> {
  return {
    neg: (x) => emit('neg', [x], {}),
    abs: (x) => emit('abs', [x], {}),
    sign: (x) => emit('sign', [x], {}),
    exp: (x) => emit('exp', [x], {}),
    log: (x) => emit('log', [x], {}),
    expm1: (x) => emit('expm1', [x], {}),
    log1p: (x) => emit('log1p', [x], {}),
    sqrt: (x) => emit('sqrt', [x], {}),
    rsqrt: (x) => emit('rsqrt', [x], {}),
    reciprocal: (x) => emit('reciprocal', [x], {}),
    square: (x) => emit('square', [x], {}),
    tanh: (x) => emit('tanh', [x], {}),
    erf: (x) => emit('erf', [x], {}),
    sin: (x) => emit('sin', [x], {}),
    cos: (x) => emit('cos', [x], {}),
    floor: (x) => emit('floor', [x], {}),
    ceil: (x) => emit('ceil', [x], {}),
    round: (x) => emit('round', [x], {}),
    sigmoid: (x) => emit('sigmoid', [x], {}),
    relu: (x) => emit('relu', [x], {}),
    silu: (x) => emit('silu', [x], {}),
    add: (a, b) => emit('add', [a, b], {}),
    sub: (a, b) => emit('sub', [a, b], {}),
    mul: (a, b) => emit('mul', [a, b], {}),
    div: (a, b) => emit('div', [a, b], {}),
    pow: (a, b) => emit('pow', [a, b], {}),
    maximum: (a, b) => emit('maximum', [a, b], {}),
    minimum: (a, b) => emit('minimum', [a, b], {}),
    equal: (a, b) => emit('equal', [a, b], {}),
    notEqual: (a, b) => emit('notEqual', [a, b], {}),
    less: (a, b) => emit('less', [a, b], {}),
    lessEqual: (a, b) => emit('lessEqual', [a, b], {}),
    greater: (a, b) => emit('greater', [a, b], {}),
    greaterEqual: (a, b) => emit('greaterEqual', [a, b], {}),
    logicalNot: (x) => emit('logicalNot', [x], {}),
    logicalAnd: (a, b) => emit('logicalAnd', [a, b], {}),
    logicalOr: (a, b) => emit('logicalOr', [a, b], {}),
    where: (condition, a, b) => emit('where', [condition, a, b], {}),
    cast: (x, dtype) => emit('cast', [x], { dtype }),
    gelu: (x) => emit('gelu', [x], {}),
    geluTanh: (x) => emit('geluTanh', [x], {}),
    softplus: (x) => emit('softplus', [x], {}),
    hardswish: (x) => emit('hardswish', [x], {}),
    leakyRelu: (x, options) => emit('leakyRelu', [x], { ...options }),
    elu: (x, options) => emit('elu', [x], { ...options }),
    clamp: (x, options) => emit('clamp', [x], { ...options }),
    maskedFill: (x, mask, value) => emit('maskedFill', [x, mask], { value }),
    sum: (x, options) => emit('sum', [x], { ...options }),
    mean: (x, options) => emit('mean', [x], { ...options }),
    max: (x, options) => emit('max', [x], { ...options }),
    min: (x, options) => emit('min', [x], { ...options }),
    variance: (x, options) => emit('variance', [x], { ...options }),
    std: (x, options) => emit('std', [x], { ...options }),
    l2Norm: (x, options) => emit('l2Norm', [x], { ...options }),
    logsumexp: (x, options) => emit('logsumexp', [x], { ...options }),
    matmul: (a, b) => emit('matmul', [a, b], {}),
    linear: (x, weight, bias) => emit('linear', [x, weight, bias], {}),
    reshape: (x, shape) => emit('reshape', [x], { shape }),
    permute: (x, axes) => emit('permute', [x], { axes }),
    transpose: (x) => emit('transpose', [x], {}),
    unsqueeze: (x, axis) => emit('unsqueeze', [x], { axis }),
    squeeze: (x, axis) => emit('squeeze', [x], { axis }),
    broadcastTo: (x, shape) => emit('broadcastTo', [x], { shape }),
    arange: (count) => emit('arange', [], { count }),
    softmax: (x, options) => emit('softmax', [x], { ...options }),
    logSoftmax: (x, options) => emit('logSoftmax', [x], { ...options }),
    softmaxCrossEntropy: (logits, target) => emit('softmaxCrossEntropy', [logits, target], {}),
    softmaxCrossEntropyGradient: (logits, target, upstream) => emit('softmaxCrossEntropyGradient', [logits, target, upstream], {}),
    crossEntropy: (logits, target) => emit('crossEntropy', [logits, target], {}),
    mseLoss: (prediction, target) => emit('mseLoss', [prediction, target], {}),
    l1Loss: (prediction, target, options) => emit('l1Loss', [prediction, target], { ...options }),
    huberLoss: (prediction, target, options) => emit('huberLoss', [prediction, target], { ...options }),
    smoothL1Loss: (prediction, target, options) => emit('smoothL1Loss', [prediction, target], { ...options }),
    layerNorm: (x, weight, bias, options) => emit('layerNorm', [x, weight, bias], { ...options }),
    rmsNorm: (x, weight, options) => emit('rmsNorm', [x, weight], { ...options }),
  };
}
