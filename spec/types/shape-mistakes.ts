/**
 * Calls with a mistake that the types see, and what both the editor and, when the types did not see it, the trace say.
 * `f32(3, 4)` is a tensor of that shape; `at` is the argument that the editor underlines.
 */
export const shapeMistakes: readonly { call: string; at: string; message: string }[] = [
  {
    call: 'matmul(f32(32, 784), f32(128, 10))',
    at: 'f32(128, 10)',
    message: 'matmul: k is 784 in a but 128 in b',
  },
  {
    call: 'matmul(f32(784), f32(784, 10))',
    at: 'f32(784)',
    message: 'matmul: a must have rank at least 2, got [784]',
  },
  {
    call: 'matmul(f32(8, 5, 64), f32(12, 64, 7))',
    at: 'f32(12, 64, 7)',
    message: 'matmul: cannot broadcast [8] with [12]: dimensions 8 and 12 differ',
  },
  {
    call: 'matmul(f32(32, 784), i32(784, 10))',
    at: 'i32(784, 10)',
    message: 'matmul: a is f32 but b is i32; cast one of them',
  },
  {
    call: 'linear(f32(3, 4), f32(5, 4), f32(6))',
    at: 'f32(6)',
    message: 'linear: n is 5 in weight but 6 in bias',
  },
  {
    call: 'add(f32(32, 784), f32(128))',
    at: 'f32(128)',
    message: 'add: cannot broadcast [32, 784] with [128]: dimensions 784 and 128 differ',
  },
  {
    call: 'add(f32(3), i32(3))',
    at: 'i32(3)',
    message: 'add: a is f32 but b is i32; cast one of them',
  },
  {
    call: 'where(greater(f32(3, 4), 0), f32(3, 4), f32(5))',
    at: 'f32(5)',
    message: 'where: cannot broadcast [3, 4] with [5]: dimensions 4 and 5 differ',
  },
  {
    call: 'logicalNot(f32(3))',
    at: 'f32(3)',
    message: 'logicalNot: x must be bool, got f32; cast it first',
  },
  {
    call: 'sum(f32(2, 3), { axes: 2 })',
    at: 'axes',
    message: 'sum: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'max(f32(2, 3), { axes: [0, -2] })',
    at: 'axes',
    message: 'max: axes [0, -2] repeat an axis',
  },
  {
    call: 'softmax(f32(2, 3), { axis: 5 })',
    at: 'axis',
    message: 'softmax: axis 5 is out of range for [2, 3]',
  },
  {
    call: 'reshape(f32(32, 784), [32, 28, 27])',
    at: '[32, 28, 27]',
    message: 'reshape: [32, 784] cannot become [32, 28, 27]: 25088 elements against 24192',
  },
  {
    call: 'reshape(f32(32, 28), [30, -1])',
    at: '[30, -1]',
    message: 'reshape: [32, 28] cannot become [30, -1]: 896 elements do not divide by 30',
  },
  {
    call: 'reshape(f32(32, 28), [-1, -1])',
    at: '[-1, -1]',
    message: 'reshape: [32, 28] cannot become [-1, -1]: only one dimension may be -1',
  },
  {
    call: 'permute(f32(2, 3, 4), [0, 2, 2])',
    at: '[0, 2, 2]',
    message: 'permute: axes [0, 2, 2] repeat an axis',
  },
  {
    call: 'permute(f32(2, 3, 4), [0, 2])',
    at: '[0, 2]',
    message: 'permute: axes [0, 2] do not fit the rank of [2, 3, 4]',
  },
  {
    call: 'permute(f32(2, 3), [0, 2])',
    at: '[0, 2]',
    message: 'permute: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'unsqueeze(f32(2, 3), 5)',
    at: '5',
    message: 'unsqueeze: axis 5 is out of range for [2, 3]',
  },
  {
    call: 'squeeze(f32(2, 3), -1)',
    at: '-1',
    message: 'squeeze: cannot remove a dimension of size 3 from [2, 3]: only size 1 can go',
  },
  {
    call: 'broadcastTo(f32(2, 3), [4, 2, 4])',
    at: '[4, 2, 4]',
    message: 'broadcastTo: [2, 3] does not broadcast to [4, 2, 4]',
  },
  {
    call: 'crossEntropy(f32(64, 10), i32(32))',
    at: 'i32(32)',
    message: 'crossEntropy: ...b is [64] in logits but [32] in target',
  },
  {
    call: 'crossEntropy(f32(64, 10), f32(64))',
    at: 'f32(64)',
    message: 'crossEntropy: target must be i32, got f32; cast it first',
  },
  {
    call: 'mseLoss(f32(3), f32(4))',
    at: 'f32(4)',
    message: 'mseLoss: ...s is [3] in prediction but [4] in target',
  },
  {
    call: 'slice(f32(2, 3), 2)',
    at: '2',
    message: 'slice: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'slice(f32(2, 3), 1, { step: 0 })',
    at: 'step',
    message: 'slice: step must be at least 1, got 0; flip the tensor first',
  },
  {
    call: 'padAxis(f32(2, 3), 1, { low: -5 })',
    at: '1',
    message: 'padAxis: low -5 and high 0 take more away than [2, 3] has',
  },
  {
    call: 'pad(f32(2, 3), [1])',
    at: '[1]',
    message: 'pad: pads [1] must come in pairs',
  },
  {
    call: 'pad(f32(2), [1, 1, 1, 1])',
    at: '[1, 1, 1, 1]',
    message: 'pad: pads [1, 1, 1, 1] are more than two for each dimension of [2]',
  },
  {
    call: 'repeat(f32(2, 3), [2])',
    at: '[2]',
    message: 'repeat: times [2] are fewer than the dimensions of [2, 3]',
  },
  {
    call: 'repeatInterleave(f32(2, 3), 2, 2)',
    at: '2',
    message: 'repeatInterleave: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'concat([f32(2, 3), f32(5, 4)], { axis: 1 })',
    at: '[f32(2, 3), f32(5, 4)]',
    message: 'concat: dimension 0 is 2 in xs[0] but 5 in xs[1]',
  },
  {
    call: 'concat([f32(2, 3), f32(2)])',
    at: '[f32(2, 3), f32(2)]',
    message: 'concat: the rank of xs[0] [2, 3] is not that of xs[1] [2]',
  },
  {
    call: 'concat([f32(2, 3), f32(2, 3)], { axis: 2 })',
    at: 'axis',
    message: 'concat: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'concat([f32(2, 3), i32(2, 3)])',
    at: '[f32(2, 3), i32(2, 3)]',
    message: 'concat: xs[0] is f32 but xs[1] is i32; cast one of them',
  },
  {
    call: 'stack([f32(2, 3), f32(2, 4)])',
    at: '[f32(2, 3), f32(2, 4)]',
    message: 'stack: xs[0] is [2, 3] but xs[1] is [2, 4]',
  },
  {
    call: 'stack([f32(2, 3), f32(2, 3)], { axis: 3 })',
    at: 'axis',
    message: 'stack: axis 3 is out of range for [2, 3]',
  },
  {
    call: "einsum([f32(2, 3), f32(4, 5)], 'ij,jk->ik')",
    at: "'ij,jk->ik'",
    message: 'einsum: j is 3 in xs[0] but 4 in xs[1]',
  },
  {
    call: "einsum([f32(2, 3)], 'ij->iq')",
    at: "'ij->iq'",
    message: "einsum: 'q' of the result is in no operand",
  },
  {
    call: "einsum([f32(2, 3)], 'ijk->i')",
    at: "'ijk->i'",
    message: "einsum: 'ijk' does not fit the rank of xs[0] [2, 3]",
  },
  {
    call: 'gather(f32(2, 3), i32(4, 3), 1)',
    at: 'i32(4, 3)',
    message: 'gather: index [4, 3] does not fit into x [2, 3] beside axis -1',
  },
  {
    call: 'scatterAdd(f32(2, 3), i32(2, 3), f32(2, 4), 1)',
    at: 'f32(2, 4)',
    message: 'scatterAdd: ...t is [2, 3] in index but [2, 4] in source',
  },
  {
    call: 'argmax(f32(2, 3), { axis: 2 })',
    at: 'axis',
    message: 'argmax: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'topkIndices(f32(2, 3), 1, { axis: -3 })',
    at: 'axis',
    message: 'topkIndices: axis -3 is out of range for [2, 3]',
  },
  {
    call: 'conv2d(f32(1, 3, 8, 8), f32(4, 2, 3, 3))',
    at: 'f32(4, 2, 3, 3)',
    message: 'conv2d: dimension 1 of weight must be 3, not 2',
  },
  {
    call: 'conv2d(f32(1, 6, 9, 9), f32(4, 2, 3, 3), { groups: 4 })',
    at: 'f32(4, 2, 3, 3)',
    message: 'conv2d: c 6 does not divide by groups 4',
  },
  {
    call: 'conv2d(f32(1, 3, 8, 8), f32(4, 3, 3, 3), { bias: f32(5) })',
    at: 'bias',
    message: 'conv2d: o is 4 in weight but 5 in bias',
  },
  {
    call: 'f32(32, 784).matmul(f32(128, 10))',
    at: 'f32(128, 10)',
    message: 'matmul: k is 784 in a but 128 in b',
  },
  {
    call: 'f32(32, 784).add(f32(128))',
    at: 'f32(128)',
    message: 'add: cannot broadcast [32, 784] with [128]: dimensions 784 and 128 differ',
  },
  {
    call: 'f32(32, 28).reshape([30, -1])',
    at: '[30, -1]',
    message: 'reshape: [32, 28] cannot become [30, -1]: 896 elements do not divide by 30',
  },
  {
    call: 'f32(2, 3).sum({ axes: 2 })',
    at: 'axes',
    message: 'sum: axis 2 is out of range for [2, 3]',
  },
  {
    call: 'f32(3).logicalNot()',
    at: 'f32(3)',
    message: 'logicalNot: x must be bool, got f32; cast it first',
  },
  {
    call: 'split(f32(2, 6), [2, 3], { axis: 1 })',
    at: '[2, 3]',
    message: 'split: sizes [2, 3] add up to 5, but the axis has 6',
  },
  {
    call: 'chunk(f32(2, 6), 2, { axis: 2 })',
    at: 'axis',
    message: 'chunk: axis 2 is out of range for [2, 6]',
  },
  {
    call: 'topk(f32(2, 6), 2, { axis: 2 })',
    at: 'axis',
    message: 'topk: axis 2 is out of range for [2, 6]',
  },
  {
    call: 'maxAlong(f32(2, 6), -3)',
    at: '-3',
    message: 'maxAlong: axis -3 is out of range for [2, 6]',
  },
];

/** Mistakes with names among the dimensions, which only the types see. */
export const namedMistakes: typeof shapeMistakes = [
  {
    call: "matmul(f32('batch', 'model'), f32('hidden', 10))",
    at: "f32('hidden', 10)",
    message: 'matmul: k is model in a but hidden in b',
  },
  {
    call: "reshape(f32('b', 's', 768), ['b', 's', 12, 60])",
    at: "['b', 's', 12, 60]",
    message: 'reshape: [b, s, 768] cannot become [b, s, 12, 60]: b*s*768 elements against b*s*12*60',
  },
  {
    call: "sum(f32('b', 's'), { axes: -3 })",
    at: 'axes',
    message: 'sum: axis -3 is out of range for [b, s]',
  },
  {
    call: "add(f32('b', 3), f32('c', 1))",
    at: "f32('c', 1)",
    message: 'add: cannot broadcast [b, 3] with [c, 1]: dimensions b and c differ',
  },
  {
    call: "concat([f32('b', 3), f32('c', 1)], { axis: 1 })",
    at: "[f32('b', 3), f32('c', 1)]",
    message: 'concat: dimension 0 is b in xs[0] but c in xs[1]',
  },
  {
    call: "conv2d(f32('n', 'c', 8, 8), f32(4, 'd', 3, 3))",
    at: "f32(4, 'd', 3, 3)",
    message: 'conv2d: dimension 1 of weight must be c, not d',
  },
];
