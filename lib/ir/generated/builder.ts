// Generated from lib/ir/ops by `npm run codegen`: do not edit.
import type { DType } from '../dtype.js';
import type { BuildAttribute, Num } from '../symbolic.js';
import { GraphError } from '../errors.js';

/** Makes the node of one operation. */
export type Emit<V> = (op: string, operands: readonly V[], attrs: Readonly<Record<string, BuildAttribute>>) => V;

/** One method for each record of the op table. */
export interface OpMethods<V> {
  /** −x; modulo 2³² for u32. `x[...s]:number -> [...s]` */
  neg(x: V): V;
  /** |x|; the gradient at 0 is 0. The least i32 has no positive counterpart and stays. `x[...s]:number -> [...s]` */
  abs(x: V): V;
  /** −1, 0 or 1 by the sign of x; 0 for NaN. `x[...s]:number -> [...s]` */
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
  /** ⌊a/b⌋; integers divided by zero stay what they are. `a[...]:number, b[...]:number -> [...]` */
  floorDivide(a: V, b: V): V;
  /** a − b·⌊a/b⌋: a modulo b, with the sign of b. For floats exact to the precision of the dtype up to |a/b| = 2²⁴, and 0 beyond; of integers divided by zero it is 0. `a[...]:number, b[...]:number -> [...]` */
  remainder(a: V, b: V): V;
  /** aᵇ; NaN of a negative a where b is not whole. a⁰ and 1ᵇ are 1, for NaN too. `a[...]:float, b[...]:float -> [...]` */
  pow(a: V, b: V): V;
  /** The greater of a and b, NaN if one is; at a tie each gets half of the gradient. `a[...]:number, b[...]:number -> [...]` */
  maximum(a: V, b: V): V;
  /** The smaller of a and b, NaN if one is; at a tie each gets half of the gradient. `a[...]:number, b[...]:number -> [...]` */
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
  /** Whether x is NaN. `x[...s]:float -> [...s]:bool` */
  isNan(x: V): V;
  /** Whether x is infinite, of either sign. `x[...s]:float -> [...s]:bool` */
  isInf(x: V): V;
  /** Whether x is neither infinite nor NaN. `x[...s]:float -> [...s]:bool` */
  isFinite(x: V): V;
  /** True where x is false. `x[...s]:bool -> [...s]:bool` */
  logicalNot(x: V): V;
  /** True where a and b are. `a[...]:bool, b[...]:bool -> [...]:bool` */
  logicalAnd(a: V, b: V): V;
  /** True where a or b is. `a[...]:bool, b[...]:bool -> [...]:bool` */
  logicalOr(a: V, b: V): V;
  /** True where one of a and b is, and not both. `a[...]:bool, b[...]:bool -> [...]:bool` */
  logicalXor(a: V, b: V): V;
  /** a where the condition holds, else b. `condition[...]:bool, a[...], b[...] -> [...]` */
  where(condition: V, a: V, b: V): V;
  /** x in another dtype: truth values go to 0 and 1, numbers to x ≠ 0 (NaN is true). Floats are cut towards zero and held within the range of the integers, NaN becomes 0; between i32 and u32 the bits stay. `x[...s], dtype: dtype -> [...s]:dtype` */
  cast(x: V, dtype: DType): V;
  /** x·Φ(x), where Φ is the normal distribution function, by erf (Hendrycks and Gimpel 2016, arXiv:1606.08415). `x[...s]:float -> [...s]` */
  gelu(x: V): V;
  /** x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))): what GPT-2 and PyTorch with `approximate="tanh"` use for gelu. `x[...s]:float -> [...s]` */
  geluTanh(x: V): V;
  /** log(1 + eˣ), which does not overflow. `x[...s]:float -> [...s]` */
  softplus(x: V): V;
  /** x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681). `x[...s]:float -> [...s]` */
  mish(x: V): V;
  /** x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244). `x[...s]:float -> [...s]` */
  hardswish(x: V): V;
  /** min(max(x + 3, 0), 6)/6; the gradient at −3 and 3 is 0 (Howard et al. 2019, arXiv:1905.02244). `x[...s]:float -> [...s]` */
  hardsigmoid(x: V): V;
  /** min(max(x, 0), 6); the gradient at 0 and 6 is 0 (Krizhevsky 2010). `x[...s]:float -> [...s]` */
  relu6(x: V): V;
  /** λ·x where it is positive, else λ·α·(eˣ − 1), for λ = 1.05070… and α = 1.67326… (Klambauer et al. 2017, arXiv:1706.02515). `x[...s]:float -> [...s]` */
  selu(x: V): V;
  /** x where it is positive, else slope·x. `x[...s]:float, slope: float = 0.01 -> [...s]` */
  leakyRelu(x: V, options?: { slope?: Num | undefined }): V;
  /** x where it is positive, else alpha·(eˣ − 1) (Clevert et al. 2015, arXiv:1511.07289). `x[...s]:float, alpha: float = 1 -> [...s]` */
  elu(x: V, options?: { alpha?: Num | undefined }): V;
  /** x held between min and max; the gradient passes where x is within, bounds included. `x[...s]:number, min: float = -Infinity, max: float = Infinity -> [...s]` */
  clamp(x: V, options?: { min?: Num | undefined; max?: Num | undefined }): V;
  /** `value` where the mask is true, else x. `x[...]:number, mask[...]:bool, value: float -> [...]` */
  maskedFill(x: V, mask: V, value: Num): V;
  /** Sum over `axes` (all when omitted). `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  sum(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where some are 0. `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  prod(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Arithmetic mean over `axes` (all when omitted). `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  mean(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient. `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  max(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient. `x[...s]:number, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  min(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Whether some element is true, over `axes` (all when omitted). `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool` */
  any(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Whether every element is true, over `axes` (all when omitted). `x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool` */
  all(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** Variance Σ(x − mean)²/(n − correction) over `axes` (all when omitted). `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)` */
  variance(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined; correction?: Num | undefined }): V;
  /** Standard deviation: the root of `variance`. Its gradient is 0 where all values are equal. `x[...s]:float, axes: axes?, keepdims: bool = false, correction: int = 1 -> reduce(s, axes, keepdims)` */
  std(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined; correction?: Num | undefined }): V;
  /** Euclidean length √Σx² over `axes` (all when omitted). Its gradient is 0 where it is 0. `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  l2Norm(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
  /** log Σeˣ over `axes` (all when omitted), shifted by the maximum so that nothing overflows. `x[...s]:float, axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)` */
  logsumexp(x: V, options?: { axes?: Num | readonly Num[] | undefined; keepdims?: boolean | undefined }): V;
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
  /** x itself, as a constant to differentiation. `x[...s] -> [...s]` */
  stopGradient(x: V): V;
  /** 0, 1, …, count − 1. `count: int -> [count]:i32` */
  arange(count: Num): V;
  /** A tensor of one value. `shape: shape, value: float, dtype: dtype = f32 -> [...shape]:dtype` */
  full(shape: readonly Num[], value: Num, options?: { dtype?: DType | undefined }): V;
  /** The identity matrix: 1 on the diagonal, else 0. `n: int -> [n n]:f32` */
  eye(n: Num): V;
  /** `count` numbers at equal distances from start to stop, both included. `start: float, stop: float, count: int -> [count]:f32` */
  linspace(start: Num, stop: Num, count: Num): V;
  /** Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction. `x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)` */
  slice(x: V, axis: Num, options?: { start?: Num | undefined; stop?: Num | undefined; step?: Num | undefined }): V;
  /** The elements in reverse order along `axes` (all when omitted). `x[...s], axes: axes? -> [...s]` */
  flip(x: V, options?: { axes?: Num | readonly Num[] | undefined }): V;
  /** `low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its elements; negative `low` and `high` take elements away. `x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> padAxis(s, axis, low, high, interior)` */
  padAxis(x: V, axis: Num, options?: { low?: Num | undefined; high?: Num | undefined; interior?: Num | undefined; value?: Num | undefined }): V;
  /** A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of `axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows of a convolution. `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)` */
  slide(x: V, axis: Num, taps: Num, size: Num, options?: { stride?: Num | undefined; dilation?: Num | undefined; start?: Num | undefined }): V;
  /** Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where nothing was taken. Summed over `taps`, this is what overlapping windows add up to. `x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> slide(s, axis, size)` */
  unslide(x: V, axis: Num, taps: Num, size: Num, options?: { stride?: Num | undefined; dilation?: Num | undefined; start?: Num | undefined }): V;
  /** y[i, j, …] = x[i, index[i, j, …], …]: the element of x at the place that `index` names along `axis`. Along other dimensions index may be smaller than x. An index outside of x gives NaN (0 for integers). `x[...s], index[...t]:i32, axis: axis -> gather(s, t, axis)` */
  gather(x: V, index: V, axis: Num): V;
  /** x, with each element of `source` added at the place that `index` names along `axis`; several at one place add up, always in the same order. An index outside of x adds nothing. `x[...s]:number, index[...t]:i32, source[...t]:number, axis: axis -> scatter(s, t, axis)` */
  scatterAdd(x: V, index: V, source: V, axis: Num): V;
  /** The rows of `weight` that `index` names. Row `paddingIndex` gets no gradient, so that it stays as it is. `index[...b]:i32<v, weight[v d], paddingIndex: int? -> [...b d]` */
  embedding(index: V, weight: V, options?: { paddingIndex?: Num | undefined }): V;
  /** The slices of x along `axis` that `index` names. An index outside of x gives NaN (0 for integers). `x[...s], index[n]:i32, axis: axis -> slide(s, axis, n)` */
  indexSelect(x: V, index: V, axis: Num): V;
  /** 1 where the position in the last dimension equals the index, else 0. `index[...b]:i32<classes, classes: int -> [...b classes]:i32` */
  oneHot(index: V, classes: Num): V;
  /** x, with each element of `source` in place of the one that `index` names along `axis`; the last one stays where several have one place, and the others get no gradient. An index outside of x writes nothing. `x[...s], index[...t]:i32, source[...t], axis: axis -> scatter(s, t, axis)` */
  scatterRows(x: V, index: V, source: V, axis: Num): V;
  /** `size` elements along `axis` from `position` on, which may be another one in every step. Elements outside of x are NaN (0 for integers), and no gradient flows through them. `x[...s], position[]:i32, axis: axis, size: int -> slide(s, axis, size)` */
  dynamicSlice(x: V, position: V, axis: Num, size: Num): V;
  /** x with `values` in place of its elements along `axis` from `position` on, which may be another one in every step: how a cache of keys and values grows. Values outside of x are not written. Where x is a buffer that `update` gives the result, nothing else of it is touched. `x[...s], values[...t], position[]:i32, axis: axis -> overwrite(s, t, axis)` */
  writeAt(x: V, values: V, position: V, axis: Num): V;
  /** The tensors one after the other along `axis`; their other dimensions are the same. `xs[...s]*, axis: axis = 0 -> concat(s, axis)` */
  concat(xs: readonly V[], options?: { axis?: Num | undefined }): V;
  /** Tensors of one shape along a new dimension, which is dimension `axis` of the result. `xs[...s]*, axis: newAxis = 0 -> stack(s, axis)` */
  stack(xs: readonly V[], options?: { axis?: Num | undefined }): V;
  /** More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end. `x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)` */
  pad(x: V, pads: readonly number[], options?: { mode?: 'constant' | 'reflect' | 'replicate' | 'circular' | undefined; value?: Num | undefined }): V;
  /** x times[i] times along dimension i of the result, one copy after the other; `times` may have dimensions in front that x has not. torch.Tensor.repeat, numpy.tile. `x[...s], times: ints -> repeat(s, times)` */
  repeat(x: V, times: readonly number[]): V;
  /** Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat. `x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)` */
  repeatInterleave(x: V, times: Num, axis: Num): V;
  /** Every element `shift` places further along `axis`; those that leave at the end come back at the front. `x[...s], shift: int, axis: axis -> [...s]` */
  roll(x: V, shift: Num, axis: Num): V;
  /** The lower triangle of each matrix: x where column − row ≤ diagonal, else 0. `x[...b m n], diagonal: int = 0 -> [...b m n]` */
  tril(x: V, options?: { diagonal?: Num | undefined }): V;
  /** The upper triangle of each matrix: x where column − row ≥ diagonal, else 0. `x[...b m n], diagonal: int = 0 -> [...b m n]` */
  triu(x: V, options?: { diagonal?: Num | undefined }): V;
  /** Sums of the elements up to and including each one along `axis`. `x[...s]:number, axis: axis -> [...s]` */
  cumsum(x: V, axis: Num): V;
  /** Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the greatest. `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32` */
  argmax(x: V, options?: { axis?: Num | undefined; keepdims?: boolean | undefined }): V;
  /** Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first if there are several. NaN counts as the smallest. `x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32` */
  argmin(x: V, options?: { axis?: Num | undefined; keepdims?: boolean | undefined }): V;
  /** The indices that put the elements along `axis` in order: `gather` with them sorts. Equal elements keep their order; NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. `x[...s]:number, axis: axis = -1, descending: bool = false -> [...s]:i32` */
  argsort(x: V, options?: { axis?: Num | undefined; descending?: boolean | undefined }): V;
  /** The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of equal ones goes first. NaN is greater than all numbers. Every element is compared with every other along the axis, n² comparisons for n elements. `x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32` */
  topkIndices(x: V, k: Num, options?: { axis?: Num | undefined; largest?: boolean | undefined }): V;
  /** Sums of products by the convention of Einstein: each dimension of each tensor has a letter, and what the result lacks is summed over, as in `ij,jk->ik`. A letter that a tensor has twice means its diagonal; `...` stands for dimensions that broadcast. Without `->` the result has the letters that stand once, in the order of the alphabet. More than two tensors are contracted from the left to the right. `xs[...s]*:float, equation: text -> einsum(s, equation)` */
  einsum(xs: readonly V[], equation: string): V;
  /** eˣ/Σeˣ along `axis`, shifted by the maximum so that nothing overflows. `x[...s]:float, axis: axis = -1 -> [...s]` */
  softmax(x: V, options?: { axis?: Num | undefined }): V;
  /** log softmax(x) along `axis`, without the loss of digits that taking the logarithm would cost. `x[...s]:float, axis: axis = -1 -> [...s]` */
  logSoftmax(x: V, options?: { axis?: Num | undefined }): V;
  /** −log softmax(logits)[target] over the last dimension, one number a row; 0 for a target outside of it. `logits[...b c]:float, target[...b]:i32<c -> [...b]` */
  softmaxCrossEntropy(logits: V, target: V): V;
  /** (softmax(logits) − oneHot(target))·upstream: the gradient of softmaxCrossEntropy in its logits. `logits[...b c]:float, target[...b]:i32<c, upstream[...b]:float -> [...b c]` */
  softmaxCrossEntropyGradient(logits: V, target: V, upstream: V): V;
  /** The loss of a classifier: −log softmax(logits)[target] over the last dimension. With `labelSmoothing` ε the target has the probability 1 − ε + ε/c, each other class ε/c (Szegedy et al. 2016, arXiv:1512.00567). A row counts as much as `weight` says of its class (1 without), and not at all where the target is `ignoreIndex`; the mean divides by the sum of these weights, so it is NaN where no row counts. A target that is computed and out of range gives NaN. `logits[...b c]:float, target[...b]:i32<c|ignoreIndex, weight[c]:float?, ignoreIndex: int?, labelSmoothing: float = 0, reduction: mean|sum|none = mean -> [...reduceLoss(b, reduction)]` */
  crossEntropy(logits: V, target: V, options?: { weight?: V | undefined; ignoreIndex?: Num | undefined; labelSmoothing?: Num | undefined; reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** Negative log-likelihood −logProbabilities[target] over the last dimension. A row counts as much as `weight` says of its class (1 without), and not at all where the target is `ignoreIndex`; the mean divides by the sum of these weights, so it is NaN where no row counts. A target that is computed and out of range gives NaN. `logProbabilities[...b c]:float, target[...b]:i32<c|ignoreIndex, weight[c]:float?, ignoreIndex: int?, reduction: mean|sum|none = mean -> [...reduceLoss(b, reduction)]` */
  nllLoss(logProbabilities: V, target: V, options?: { weight?: V | undefined; ignoreIndex?: Num | undefined; reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** Binary cross-entropy −t·log σ(x) − (1 − t)·log(1 − σ(x)) of logits x and probabilities t, without overflow. `positiveWeight`, broadcast over the last dimensions, multiplies the first term. `logits[...s]:float, target[...s]:float, positiveWeight[...w]:float?, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  bceWithLogits(logits: V, target: V, options?: { positiveWeight?: V | undefined; reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** Kullback-Leibler divergence target·(log target − x) of log-probabilities x from probabilities (with `logTarget`: from log-probabilities); 0 where the target is 0. `batchmean` divides the sum by the size of the first dimension, which gives the mean of the divergences, and `mean` by the number of elements. `x[...s]:float, target[...s]:float, logTarget: bool = false, reduction: mean|batchmean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  klDiv(x: V, target: V, options?: { logTarget?: boolean | undefined; reduction?: 'mean' | 'batchmean' | 'sum' | 'none' | undefined }): V;
  /** (prediction − target)²: its mean, its sum, or each. `prediction[...s]:float, target[...s]:float, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  mseLoss(prediction: V, target: V, options?: { reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** |prediction − target|: its mean, its sum, or each. `prediction[...s]:float, target[...s]:float, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  l1Loss(prediction: V, target: V, options?: { reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** d²/2 where |d| < delta, else delta·(|d| − delta/2), for d = prediction − target (Huber 1964). `prediction[...s]:float, target[...s]:float, delta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  huberLoss(prediction: V, target: V, options?: { delta?: Num | undefined; reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** d²/(2·beta) where |d| < beta, else |d| − beta/2, for d = prediction − target (Girshick 2015, arXiv:1504.08083). `prediction[...s]:float, target[...s]:float, beta: float = 1, reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]` */
  smoothL1Loss(prediction: V, target: V, options?: { beta?: Num | undefined; reduction?: 'mean' | 'sum' | 'none' | undefined }): V;
  /** (x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450). `x[...b n]:float, weight[n]:float, bias[n]:float, eps: float = 0.00001 -> [...b n]` */
  layerNorm(x: V, weight: V, bias: V, options?: { eps?: Num | undefined }): V;
  /** x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467). `x[...b n]:float, weight[n]:float, eps: float = 0.00001 -> [...b n]` */
  rmsNorm(x: V, weight: V, options?: { eps?: Num | undefined }): V;
  /** (x − mean)/√(var + eps)·weight + bias over each of `groups` groups of channels with all their places (Wu and He 2018, arXiv:1803.08494). `x[n c ...s]:float, weight[c]:float?, bias[c]:float?, groups: int, eps: float = 0.00001 -> [n c ...s]` */
  groupNorm(x: V, groups: Num, options?: { weight?: V | undefined; bias?: V | undefined; eps?: Num | undefined }): V;
  /** (x − mean)/√(variance + eps)·weight + bias, each of one number a channel (Ioffe and Szegedy 2015, arXiv:1502.03167). The statistics are those of the batch in training, running ones in evaluation. `x[n c ...s]:float, mean[c]:float, variance[c]:float, weight[c]:float?, bias[c]:float?, eps: float = 0.00001 -> [n c ...s]` */
  batchNorm(x: V, mean: V, variance: V, options?: { weight?: V | undefined; bias?: V | undefined; eps?: Num | undefined }): V;
  /** Convolution (cross-correlation, as in all of deep learning) of images: y[n, o, i, j] = bias[o] + Σ weight[o, c, a, b]·x[n, c, i·stride + a·dilation − padding, …], x being 0 outside. Channels are in `groups`: an output channel sees the input channels of its group. `x[n c h w]:float, weight[o c/groups kh kw]:float, bias[o]:float?, stride: pair = 1, padding: pair = 0, dilation: pair = 1, groups: int = 1 -> [n o (h+2*padding.0-dilation.0*(kh-1)-1)/stride.0+1 (w+2*padding.1-dilation.1*(kw-1)-1)/stride.1+1]` */
  conv2d(x: V, weight: V, options?: { bias?: V | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; groups?: Num | undefined }): V;
  /** Convolution of sequences: as `conv2d`, along one dimension. `x[n c l]:float, weight[o c/groups k]:float, bias[o]:float?, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1 -> [n o (l+2*padding-dilation*(k-1)-1)/stride+1]` */
  conv1d(x: V, weight: V, options?: { bias?: V | undefined; stride?: Num | undefined; padding?: Num | undefined; dilation?: Num | undefined; groups?: Num | undefined }): V;
  /** Transposed convolution: the gradient of `conv2d` in its input, as an operation. Each element of x puts a copy of the kernel, `stride` apart, into the result, of which `padding` is cut off on both sides; `outputPadding` more elements stand at the end. `x[n c h w]:float, weight[c o kh kw]:float, bias[o*groups]:float?, stride: pair = 1, padding: pair = 0, outputPadding: pair = 0, dilation: pair = 1, groups: int = 1 -> [n o*groups (h-1)*stride.0-2*padding.0+dilation.0*(kh-1)+outputPadding.0+1 (w-1)*stride.1-2*padding.1+dilation.1*(kw-1)+outputPadding.1+1]` */
  convTranspose2d(x: V, weight: V, options?: { bias?: V | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; groups?: Num | undefined }): V;
  /** Transposed convolution of sequences: as `convTranspose2d`, along one dimension. `x[n c l]:float, weight[c o k]:float, bias[o*groups]:float?, stride: int = 1, padding: int = 0, outputPadding: int = 0, dilation: int = 1, groups: int = 1 -> [n o*groups (l-1)*stride-2*padding+dilation*(k-1)+outputPadding+1]` */
  convTranspose1d(x: V, weight: V, options?: { bias?: V | undefined; stride?: Num | undefined; padding?: Num | undefined; outputPadding?: Num | undefined; dilation?: Num | undefined; groups?: Num | undefined }): V;
  /** Greatest element of each window of `[… h w]`; padding counts as −∞. `stride` is `kernelSize` when it is left out; with `ceilMode` a window may reach past the padding. The gradient goes to the first of equal elements. `x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, dilation: pair = 1, ceilMode: bool = false -> poolOfPairs(s, kernelSize, stride, padding, ceilMode, dilation)` */
  maxPool2d(x: V, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): V;
  /** Greatest element of each window of `[… l]`: as `maxPool2d`, along one dimension. `x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, dilation: int = 1, ceilMode: bool = false -> pool(s, kernelSize, stride, padding, ceilMode, dilation)` */
  maxPool1d(x: V, kernelSize: Num, options?: { stride?: Num | undefined; padding?: Num | undefined; dilation?: Num | undefined; ceilMode?: boolean | undefined }): V;
  /** Average of each window of `[… h w]`, whose padding is 0 and counts as elements unless `countIncludePad` is false; the sum divided by `divisor` where it is given. `stride` is `kernelSize` when it is left out; with `ceilMode` a window may reach past the padding. `x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, ceilMode: bool = false, countIncludePad: bool = true, divisor: int? -> poolOfPairs(s, kernelSize, stride, padding, ceilMode)` */
  avgPool2d(x: V, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined; divisor?: Num | undefined }): V;
  /** Average of each window of `[… l]`: as `avgPool2d`, along one dimension. `x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, ceilMode: bool = false, countIncludePad: bool = true -> pool(s, kernelSize, stride, padding, ceilMode)` */
  avgPool1d(x: V, kernelSize: Num, options?: { stride?: Num | undefined; padding?: Num | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined }): V;
  /** Averages of `[… h w]` over `outputSize` places of about equal size: place i of n takes the elements ⌊i·h/n⌋ … ⌈(i + 1)·h/n⌉ − 1, which overlap where n does not divide h. `x[...b h w]:float, outputSize: pair -> [...b outputSize.0 outputSize.1]` */
  adaptiveAvgPool2d(x: V, outputSize: number | readonly number[]): V;
  /** `[… h w]` at another `size`. `nearest`: place (i, j) gets element (⌊i·h/size⌋, ⌊j·w/size⌋). `bilinear`: the four elements around a place, by their distance; the corners of both are one with `alignCorners`, else the outer edges of their elements are. `x[...b h w]:float, size: pair, mode: nearest|bilinear = nearest, alignCorners: bool = false -> [...b size.0 size.1]` */
  interpolate(x: V, size: number | readonly number[], options?: { mode?: 'nearest' | 'bilinear' | undefined; alignCorners?: boolean | undefined }): V;
  /** Channels as pixels: of each factor² channels, the squares of `factor` by `factor` elements of one (Shi et al. 2016, arXiv:1609.05158). `x[...b c h w], factor: int -> [...b c/(factor*factor) h*factor w*factor]` */
  pixelShuffle(x: V, factor: Num): V;
  /** Squares of `factor` by `factor` elements as channels: the inverse of `pixelShuffle`. `x[...b c h w], factor: int -> [...b c*factor*factor h/factor w/factor]` */
  pixelUnshuffle(x: V, factor: Num): V;
  /** x/max(‖x‖₂, eps) along `axis`: vectors of length 1. `x[...s]:float, axis: axis = -1, eps: float = 1e-12 -> [...s]` */
  normalize(x: V, options?: { axis?: Num | undefined; eps?: Num | undefined }): V;
  /** Cosine of the angle between a and b along `axis`: a·b/(max(‖a‖₂, eps)·max(‖b‖₂, eps)). `a[...s]:float, b[...s]:float, axis: axis = -1, eps: float = 1e-8 -> reduceAxis(s, axis)` */
  cosineSimilarity(a: V, b: V, options?: { axis?: Num | undefined; eps?: Num | undefined }): V;
  /** silu(x·gateᵀ)·(x·upᵀ), the weights stored [out, in] (Shazeer 2020, arXiv:2002.05202). `x[...b k]:float, gate[n k]:float, up[n k]:float -> [...b n]` */
  swiglu(x: V, gate: V, up: V): V;
  /** a·gelu(b) for the halves a and b of the last dimension (Shazeer 2020, arXiv:2002.05202). `x[...b n]:float -> [...b n/2]` */
  geglu(x: V): V;
  /** Whether query i, at the position offset + i, may see key j: j ≤ offset + i, and with `window` only the last `window` of these. The mask of `scaledDotProductAttention` for decoding with keys that are kept from step to step: places of later keys are masked. `offset[...p]:i32, queries: int, keys: int, window: int? -> [...p queries keys]:bool` */
  causalMask(offset: V, queries: Num, keys: Num, options?: { window?: Num | undefined }): V;
  /** softmax(q·kᵀ·scale + mask): what `scaledDotProductAttention` multiplies values by, with the same options. To look at, or for dropout of them. `q[...b h m d]:float, k[...b g n d]:float, mask[...t]:any?, causal: bool = false, scale: float?, window: int? -> [...b h m n]` */
  attentionWeights(q: V, k: V, options?: { mask?: V | undefined; causal?: boolean | undefined; scale?: Num | undefined; window?: Num | undefined }): V;
  /** softmax(q·kᵀ·scale + mask)·v of h heads (Vaswani et al. 2017, arXiv:1706.03762); `scale` is 1/√d when omitted. h may be a multiple of the g heads of k and v, which then serve h/g neighbouring heads of q each (Ainslie et al. 2023, arXiv:2305.13245). `mask` broadcasts to [...b h m n]: truth values that say which keys a query may see, or floats to add, where −∞ masks. With `causal` query i sees the keys j ≤ i, with `window` those with |i − j| < window. A query that may see no key gives 0, not NaN, so that padding of a batch stays apart from the rest. `q[...b h m d]:float, k[...b g n d]:float, v[...b g n e]:float, mask[...t]:any?, causal: bool = false, scale: float?, window: int? -> [...b h m e]` */
  scaledDotProductAttention(q: V, k: V, v: V, options?: { mask?: V | undefined; causal?: boolean | undefined; scale?: Num | undefined; window?: Num | undefined }): V;
  /** Cosines or sines of position·theta^(−2i/dim): what `rope` turns pairs of elements by. `linear` scaling divides frequencies by `factor`; `llama3` those that turn less than `lowFreqFactor` times in `originalMaxPositions`, and keeps those above `highFreqFactor`. Angles are reduced to one turn in integers, so that results are right to 1e-6 at every position. `positions[...p]:i32, dim: int, part: cos|sin, theta: float = 10000, scaling: default|linear|llama3 = default, factor: float = 1, lowFreqFactor: float = 1, highFreqFactor: float = 4, originalMaxPositions: int = 8192 -> [...p dim/2]:f32` */
  rotaryTable(positions: V, dim: Num, part: 'cos' | 'sin', options?: { theta?: Num | undefined; scaling?: 'default' | 'linear' | 'llama3' | undefined; factor?: Num | undefined; lowFreqFactor?: Num | undefined; highFreqFactor?: Num | undefined; originalMaxPositions?: Num | undefined }): V;
  /** Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of elements of x turned by position·theta^(−2i/d). `half` pairs element i with i + d/2 (Llama, GPT-NeoX), `interleaved` pairs 2i with 2i + 1 (GPT-J, and the paper). `positions` broadcasts to [...b n]; see `rotaryTable` for scaling and precision. `x[...b n d]:float, positions[...p n]:i32, layout: half|interleaved = half, theta: float = 10000, scaling: default|linear|llama3 = default, factor: float = 1, lowFreqFactor: float = 1, highFreqFactor: float = 4, originalMaxPositions: int = 8192 -> [...b n d]` */
  rope(x: V, positions: V, options?: { layout?: 'half' | 'interleaved' | undefined; theta?: Num | undefined; scaling?: 'default' | 'linear' | 'llama3' | undefined; factor?: Num | undefined; lowFreqFactor?: Num | undefined; highFreqFactor?: Num | undefined; originalMaxPositions?: Num | undefined }): V;
  /** Positional encoding: element 2i is the sine of position·maxPeriod^(−2i/dim), element 2i + 1 its cosine (Vaswani et al. 2017, arXiv:1706.03762). To add to embeddings. `positions[...p]:i32, dim: int, maxPeriod: float = 10000 -> [...p dim]:f32` */
  sinusoidalPositions(positions: V, dim: Num, options?: { maxPeriod?: Num | undefined }): V;
  /** Sines, then cosines (`flipSinToCos`: cosines first) of timestep·maxPeriod^(−i/(⌊dim/2⌋ − downscaleFreqShift)), as diffusion models take them (Ho et al. 2020, arXiv:2006.11239) and get_timestep_embedding of diffusers computes them; an odd `dim` ends with a 0. Timesteps may be fractions. `timesteps[...p]:number, dim: int, flipSinToCos: bool = false, downscaleFreqShift: float = 1, maxPeriod: float = 10000 -> [...p dim]:f32` */
  timestepEmbedding(timesteps: V, dim: Num, options?: { flipSinToCos?: boolean | undefined; downscaleFreqShift?: Num | undefined; maxPeriod?: Num | undefined }): V;
  /** First word of Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") for the key (seed, stream) and the counter (counter, step). `counter[...]:u32, step[...]:u32, seed[...]:u32, stream[...]:u32 -> [...]:u32` */
  randomBits(counter: V, step: V, seed: V, stream: V): V;
  /** Uniform in [0, 1), in multiples of 2⁻²⁴. The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step). `step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32` */
  uniformAt(step: V, shape: readonly Num[], seed: Num, stream: Num): V;
  /** Standard normal: the inverse distribution function (Wichura 1988, AS 241) of 23 bits. The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step). `step[]:u32, shape: shape, seed: int, stream: int -> [...shape]:f32` */
  normalAt(step: V, shape: readonly Num[], seed: Num, stream: Num): V;
  /** 0 with probability p, else x/(1 − p); the gradient passes where x did (Srivastava et al. 2014). The bits are Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the key (seed, stream), both modulo 2³², and the counter (index of the element, step). `x[...s]:float, step[]:u32, p: float = 0.5, seed: int, stream: int -> [...s]` */
  dropoutAt(x: V, step: V, seed: Num, stream: Num, options?: { p?: Num | undefined }): V;
}

/** Writes computations over values of type `V`: nodes of a graph, or patterns of a rewrite rule. */
export interface Builder<V> extends OpMethods<V> {
  /** A rank-0 constant of the dtype of `like`. */
  scalar(value: Num, like: V): V;
  /** A tensor of constants, row-major. */
  literal(values: readonly number[], shape: readonly number[], dtype: DType): V;
  /** Size of dimension `axis` of x. */
  dim(x: V, axis: number): Num;
}

/** Operands that may be left out, without those that were: the last ones. */
function given<V>(op: string, operands: readonly (V | undefined)[]): V[] {
  const present = operands.filter((operand) => operand !== undefined);
  if (operands.slice(0, present.length).includes(undefined)) {
    throw new GraphError(`${op}: an optional operand was given without the one before it`);
  }

  return present;
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
    floorDivide: (a, b) => emit('floorDivide', [a, b], {}),
    remainder: (a, b) => emit('remainder', [a, b], {}),
    pow: (a, b) => emit('pow', [a, b], {}),
    maximum: (a, b) => emit('maximum', [a, b], {}),
    minimum: (a, b) => emit('minimum', [a, b], {}),
    equal: (a, b) => emit('equal', [a, b], {}),
    notEqual: (a, b) => emit('notEqual', [a, b], {}),
    less: (a, b) => emit('less', [a, b], {}),
    lessEqual: (a, b) => emit('lessEqual', [a, b], {}),
    greater: (a, b) => emit('greater', [a, b], {}),
    greaterEqual: (a, b) => emit('greaterEqual', [a, b], {}),
    isNan: (x) => emit('isNan', [x], {}),
    isInf: (x) => emit('isInf', [x], {}),
    isFinite: (x) => emit('isFinite', [x], {}),
    logicalNot: (x) => emit('logicalNot', [x], {}),
    logicalAnd: (a, b) => emit('logicalAnd', [a, b], {}),
    logicalOr: (a, b) => emit('logicalOr', [a, b], {}),
    logicalXor: (a, b) => emit('logicalXor', [a, b], {}),
    where: (condition, a, b) => emit('where', [condition, a, b], {}),
    cast: (x, dtype) => emit('cast', [x], { dtype }),
    gelu: (x) => emit('gelu', [x], {}),
    geluTanh: (x) => emit('geluTanh', [x], {}),
    softplus: (x) => emit('softplus', [x], {}),
    mish: (x) => emit('mish', [x], {}),
    hardswish: (x) => emit('hardswish', [x], {}),
    hardsigmoid: (x) => emit('hardsigmoid', [x], {}),
    relu6: (x) => emit('relu6', [x], {}),
    selu: (x) => emit('selu', [x], {}),
    leakyRelu: (x, options) => { const { ...attributes } = options ?? {}; return emit('leakyRelu', [x], { ...attributes }); },
    elu: (x, options) => { const { ...attributes } = options ?? {}; return emit('elu', [x], { ...attributes }); },
    clamp: (x, options) => { const { ...attributes } = options ?? {}; return emit('clamp', [x], { ...attributes }); },
    maskedFill: (x, mask, value) => emit('maskedFill', [x, mask], { value }),
    sum: (x, options) => { const { ...attributes } = options ?? {}; return emit('sum', [x], { ...attributes }); },
    prod: (x, options) => { const { ...attributes } = options ?? {}; return emit('prod', [x], { ...attributes }); },
    mean: (x, options) => { const { ...attributes } = options ?? {}; return emit('mean', [x], { ...attributes }); },
    max: (x, options) => { const { ...attributes } = options ?? {}; return emit('max', [x], { ...attributes }); },
    min: (x, options) => { const { ...attributes } = options ?? {}; return emit('min', [x], { ...attributes }); },
    any: (x, options) => { const { ...attributes } = options ?? {}; return emit('any', [x], { ...attributes }); },
    all: (x, options) => { const { ...attributes } = options ?? {}; return emit('all', [x], { ...attributes }); },
    variance: (x, options) => { const { ...attributes } = options ?? {}; return emit('variance', [x], { ...attributes }); },
    std: (x, options) => { const { ...attributes } = options ?? {}; return emit('std', [x], { ...attributes }); },
    l2Norm: (x, options) => { const { ...attributes } = options ?? {}; return emit('l2Norm', [x], { ...attributes }); },
    logsumexp: (x, options) => { const { ...attributes } = options ?? {}; return emit('logsumexp', [x], { ...attributes }); },
    matmul: (a, b) => emit('matmul', [a, b], {}),
    linear: (x, weight, bias) => emit('linear', [x, weight, bias], {}),
    reshape: (x, shape) => emit('reshape', [x], { shape }),
    permute: (x, axes) => emit('permute', [x], { axes }),
    transpose: (x) => emit('transpose', [x], {}),
    unsqueeze: (x, axis) => emit('unsqueeze', [x], { axis }),
    squeeze: (x, axis) => emit('squeeze', [x], { axis }),
    broadcastTo: (x, shape) => emit('broadcastTo', [x], { shape }),
    stopGradient: (x) => emit('stopGradient', [x], {}),
    arange: (count) => emit('arange', [], { count }),
    full: (shape, value, options) => { const { ...attributes } = options ?? {}; return emit('full', [], { shape, value, ...attributes }); },
    eye: (n) => emit('eye', [], { n }),
    linspace: (start, stop, count) => emit('linspace', [], { start, stop, count }),
    slice: (x, axis, options) => { const { ...attributes } = options ?? {}; return emit('slice', [x], { axis, ...attributes }); },
    flip: (x, options) => { const { ...attributes } = options ?? {}; return emit('flip', [x], { ...attributes }); },
    padAxis: (x, axis, options) => { const { ...attributes } = options ?? {}; return emit('padAxis', [x], { axis, ...attributes }); },
    slide: (x, axis, taps, size, options) => { const { ...attributes } = options ?? {}; return emit('slide', [x], { axis, taps, size, ...attributes }); },
    unslide: (x, axis, taps, size, options) => { const { ...attributes } = options ?? {}; return emit('unslide', [x], { axis, taps, size, ...attributes }); },
    gather: (x, index, axis) => emit('gather', [x, index], { axis }),
    scatterAdd: (x, index, source, axis) => emit('scatterAdd', [x, index, source], { axis }),
    embedding: (index, weight, options) => { const { ...attributes } = options ?? {}; return emit('embedding', [index, weight], { ...attributes }); },
    indexSelect: (x, index, axis) => emit('indexSelect', [x, index], { axis }),
    oneHot: (index, classes) => emit('oneHot', [index], { classes }),
    scatterRows: (x, index, source, axis) => emit('scatterRows', [x, index, source], { axis }),
    dynamicSlice: (x, position, axis, size) => emit('dynamicSlice', [x, position], { axis, size }),
    writeAt: (x, values, position, axis) => emit('writeAt', [x, values, position], { axis }),
    concat: (xs, options) => { const { ...attributes } = options ?? {}; return emit('concat', [...xs], { ...attributes }); },
    stack: (xs, options) => { const { ...attributes } = options ?? {}; return emit('stack', [...xs], { ...attributes }); },
    pad: (x, pads, options) => { const { ...attributes } = options ?? {}; return emit('pad', [x], { pads, ...attributes }); },
    repeat: (x, times) => emit('repeat', [x], { times }),
    repeatInterleave: (x, times, axis) => emit('repeatInterleave', [x], { times, axis }),
    roll: (x, shift, axis) => emit('roll', [x], { shift, axis }),
    tril: (x, options) => { const { ...attributes } = options ?? {}; return emit('tril', [x], { ...attributes }); },
    triu: (x, options) => { const { ...attributes } = options ?? {}; return emit('triu', [x], { ...attributes }); },
    cumsum: (x, axis) => emit('cumsum', [x], { axis }),
    argmax: (x, options) => { const { ...attributes } = options ?? {}; return emit('argmax', [x], { ...attributes }); },
    argmin: (x, options) => { const { ...attributes } = options ?? {}; return emit('argmin', [x], { ...attributes }); },
    argsort: (x, options) => { const { ...attributes } = options ?? {}; return emit('argsort', [x], { ...attributes }); },
    topkIndices: (x, k, options) => { const { ...attributes } = options ?? {}; return emit('topkIndices', [x], { k, ...attributes }); },
    einsum: (xs, equation) => emit('einsum', [...xs], { equation }),
    softmax: (x, options) => { const { ...attributes } = options ?? {}; return emit('softmax', [x], { ...attributes }); },
    logSoftmax: (x, options) => { const { ...attributes } = options ?? {}; return emit('logSoftmax', [x], { ...attributes }); },
    softmaxCrossEntropy: (logits, target) => emit('softmaxCrossEntropy', [logits, target], {}),
    softmaxCrossEntropyGradient: (logits, target, upstream) => emit('softmaxCrossEntropyGradient', [logits, target, upstream], {}),
    crossEntropy: (logits, target, options) => { const { weight, ...attributes } = options ?? {}; return emit('crossEntropy', [logits, target, ...given('crossEntropy', [weight])], { ...attributes }); },
    nllLoss: (logProbabilities, target, options) => { const { weight, ...attributes } = options ?? {}; return emit('nllLoss', [logProbabilities, target, ...given('nllLoss', [weight])], { ...attributes }); },
    bceWithLogits: (logits, target, options) => { const { positiveWeight, ...attributes } = options ?? {}; return emit('bceWithLogits', [logits, target, ...given('bceWithLogits', [positiveWeight])], { ...attributes }); },
    klDiv: (x, target, options) => { const { ...attributes } = options ?? {}; return emit('klDiv', [x, target], { ...attributes }); },
    mseLoss: (prediction, target, options) => { const { ...attributes } = options ?? {}; return emit('mseLoss', [prediction, target], { ...attributes }); },
    l1Loss: (prediction, target, options) => { const { ...attributes } = options ?? {}; return emit('l1Loss', [prediction, target], { ...attributes }); },
    huberLoss: (prediction, target, options) => { const { ...attributes } = options ?? {}; return emit('huberLoss', [prediction, target], { ...attributes }); },
    smoothL1Loss: (prediction, target, options) => { const { ...attributes } = options ?? {}; return emit('smoothL1Loss', [prediction, target], { ...attributes }); },
    layerNorm: (x, weight, bias, options) => { const { ...attributes } = options ?? {}; return emit('layerNorm', [x, weight, bias], { ...attributes }); },
    rmsNorm: (x, weight, options) => { const { ...attributes } = options ?? {}; return emit('rmsNorm', [x, weight], { ...attributes }); },
    groupNorm: (x, groups, options) => { const { weight, bias, ...attributes } = options ?? {}; return emit('groupNorm', [x, ...given('groupNorm', [weight, bias])], { groups, ...attributes }); },
    batchNorm: (x, mean, variance, options) => { const { weight, bias, ...attributes } = options ?? {}; return emit('batchNorm', [x, mean, variance, ...given('batchNorm', [weight, bias])], { ...attributes }); },
    conv2d: (x, weight, options) => { const { bias, ...attributes } = options ?? {}; return emit('conv2d', [x, weight, ...given('conv2d', [bias])], { ...attributes }); },
    conv1d: (x, weight, options) => { const { bias, ...attributes } = options ?? {}; return emit('conv1d', [x, weight, ...given('conv1d', [bias])], { ...attributes }); },
    convTranspose2d: (x, weight, options) => { const { bias, ...attributes } = options ?? {}; return emit('convTranspose2d', [x, weight, ...given('convTranspose2d', [bias])], { ...attributes }); },
    convTranspose1d: (x, weight, options) => { const { bias, ...attributes } = options ?? {}; return emit('convTranspose1d', [x, weight, ...given('convTranspose1d', [bias])], { ...attributes }); },
    maxPool2d: (x, kernelSize, options) => { const { ...attributes } = options ?? {}; return emit('maxPool2d', [x], { kernelSize, ...attributes }); },
    maxPool1d: (x, kernelSize, options) => { const { ...attributes } = options ?? {}; return emit('maxPool1d', [x], { kernelSize, ...attributes }); },
    avgPool2d: (x, kernelSize, options) => { const { ...attributes } = options ?? {}; return emit('avgPool2d', [x], { kernelSize, ...attributes }); },
    avgPool1d: (x, kernelSize, options) => { const { ...attributes } = options ?? {}; return emit('avgPool1d', [x], { kernelSize, ...attributes }); },
    adaptiveAvgPool2d: (x, outputSize) => emit('adaptiveAvgPool2d', [x], { outputSize }),
    interpolate: (x, size, options) => { const { ...attributes } = options ?? {}; return emit('interpolate', [x], { size, ...attributes }); },
    pixelShuffle: (x, factor) => emit('pixelShuffle', [x], { factor }),
    pixelUnshuffle: (x, factor) => emit('pixelUnshuffle', [x], { factor }),
    normalize: (x, options) => { const { ...attributes } = options ?? {}; return emit('normalize', [x], { ...attributes }); },
    cosineSimilarity: (a, b, options) => { const { ...attributes } = options ?? {}; return emit('cosineSimilarity', [a, b], { ...attributes }); },
    swiglu: (x, gate, up) => emit('swiglu', [x, gate, up], {}),
    geglu: (x) => emit('geglu', [x], {}),
    causalMask: (offset, queries, keys, options) => { const { ...attributes } = options ?? {}; return emit('causalMask', [offset], { queries, keys, ...attributes }); },
    attentionWeights: (q, k, options) => { const { mask, ...attributes } = options ?? {}; return emit('attentionWeights', [q, k, ...given('attentionWeights', [mask])], { ...attributes }); },
    scaledDotProductAttention: (q, k, v, options) => { const { mask, ...attributes } = options ?? {}; return emit('scaledDotProductAttention', [q, k, v, ...given('scaledDotProductAttention', [mask])], { ...attributes }); },
    rotaryTable: (positions, dim, part, options) => { const { ...attributes } = options ?? {}; return emit('rotaryTable', [positions], { dim, part, ...attributes }); },
    rope: (x, positions, options) => { const { ...attributes } = options ?? {}; return emit('rope', [x, positions], { ...attributes }); },
    sinusoidalPositions: (positions, dim, options) => { const { ...attributes } = options ?? {}; return emit('sinusoidalPositions', [positions], { dim, ...attributes }); },
    timestepEmbedding: (timesteps, dim, options) => { const { ...attributes } = options ?? {}; return emit('timestepEmbedding', [timesteps], { dim, ...attributes }); },
    randomBits: (counter, step, seed, stream) => emit('randomBits', [counter, step, seed, stream], {}),
    uniformAt: (step, shape, seed, stream) => emit('uniformAt', [step], { shape, seed, stream }),
    normalAt: (step, shape, seed, stream) => emit('normalAt', [step], { shape, seed, stream }),
    dropoutAt: (x, step, seed, stream, options) => { const { ...attributes } = options ?? {}; return emit('dropoutAt', [x, step], { seed, stream, ...attributes }); },
  };
}
