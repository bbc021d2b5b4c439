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
];
