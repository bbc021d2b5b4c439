import { THREEFRY_PARITY, THREEFRY_ROUNDS, threefryRotations } from '../../ir/threefry.js';

/** WGSL types of a function's arguments (`T`), and unsigned integers and truth values of as many lanes. */
export interface HelperTypes {
  readonly T: string;
  readonly U: string;
  readonly B: string;
}

/** The text of a function of that name; constants are splat by the types. */
export type Helper = (name: string, types: HelperTypes) => string;

const bits = (x: string, U: string) => `(bitcast<${U}>(${x}) & ${U}(0x7fffffffu))`;

/** Whether a float is NaN, told by its bits: drivers may take `x != x` for false. */
export function isNanText(x: string, U: string): string {
  return `(${bits(x, U)} > ${U}(0x7f800000u))`;
}

const eitherNan = (U: string) => `(${isNanText('a', U)} | ${isNanText('b', U)})`;

/** A comparison that is false for NaN. */
const comparison =
  (operator: string): Helper =>
  (name, { T, U, B }) =>
    `fn ${name}(a: ${T}, b: ${T}) -> ${B} { return (a ${operator} b) & !${eitherNan(U)}; }`;

/** A choice of two that is NaN if one is: as their sum. */
const extreme =
  (fn: 'max' | 'min'): Helper =>
  (name, { T, U }) =>
    `fn ${name}(a: ${T}, b: ${T}) -> ${T} { return select(${fn}(a, b), a + b, ${eitherNan(U)}); }`;

const bitTest =
  (operator: string): Helper =>
  (name, { T, U, B }) =>
    `fn ${name}(x: ${T}) -> ${B} { return ${bits('x', U)} ${operator} ${U}(0x7f800000u); }`;

/** Functions that WGSL has with too little precision, in part or not at all. */
export const helpers = {
  equal: comparison('=='),
  less: comparison('<'),
  lessEqual: comparison('<='),
  maximum: extreme('max'),
  minimum: extreme('min'),
  isNan: bitTest('>'),
  isInf: bitTest('=='),
  isFinite: bitTest('<'),
  sign: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} { return select(sign(x), ${T}(), ${isNanText('x', U)}); }`,
  unsignedSign: (name, { T }) => `fn ${name}(x: ${T}) -> ${T} { return min(x, ${T}(1u)); }`,
  // WGSL's tanh may lose all digits near 0 and give NaN for large arguments. Below 0.625 the odd polynomial of Cephes
  // (Moshier 1989, tanhf), above it 1 − 2/(e²ˣ + 1), where e²⁰ is the most that f32 can tell from infinity.
  tanh: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} {
  let z = x * x;
  let p = (((-5.70498872745e-3f * z + ${T}(2.06390887954e-2f)) * z - ${T}(5.37397155531e-2f)) * z + ${T}(1.33314422036e-1f)) * z - ${T}(3.33332819422e-1f);
  let large = sign(x) * (${T}(1.0f) - 2.0f / (exp(2.0f * min(abs(x), ${T}(10.0f))) + ${T}(1.0f)));
  let y = select(large, x + x * z * p, abs(x) < ${T}(0.625f));
  return select(y, x, ${isNanText('x', U)});
}`,
  div: (name, { T }) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
${division('a', 'b', T)}
  return ratio;
}`,
  // SwiftShader's own gives ∞ for NaN.
  exp: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} { return select(exp(x), x, ${isNanText('x', U)}); }`,
  // eˣ − 1 without the cancellation near 0: the series of e, nested.
  expm1: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} {
  let one = ${T}(1.0f);
  let p = x * (one + x * (one + x * (one + x * (one + x * (one + x * (one + x * (one + x / 8.0f) / 7.0f) / 6.0f) / 5.0f) / 4.0f) / 3.0f) / 2.0f);
  return select(exp(x) - one, p, (abs(x) < ${T}(0.5f)) | ${isNanText('x', U)});
}`,
  log: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} {
${logarithm('x', T, U)}
  return logarithm;
}`,
  // log(1 + x) near 0 as 2 artanh(x/(2 + x)): WGSL's logarithm has an absolute error of 2⁻²¹ around 1.
  log1p: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} {
  let s = x / (x + ${T}(2.0f));
  let z = s * s;
  let p = ((((z / 11.0f + ${T}(0.1111111111f)) * z + ${T}(0.1428571429f)) * z + ${T}(0.2f)) * z + ${T}(0.3333333333f)) * z;
${logarithm(`(x + ${T}(1.0f))`, T, U)}
  return select(logarithm, 2.0f * (s + s * p), abs(x) < ${T}(0.4f));
}`,
  // Two fits by N. Juffa (https://stackoverflow.com/a/35148199): an odd polynomial near 0, else 1 − e^p(|x|). Beyond 4
  // the result is 1 in f32.
  erf: (name, { T, U }) => `fn ${name}(x: ${T}) -> ${T} {
  let t = min(abs(x), ${T}(4.0f));
  let s = t * t;
  let u = ((-1.72853470e-5f * t + ${T}(3.83197126e-4f)) * s + (-3.88396438e-3f * t + ${T}(2.42546219e-2f)));
  let p = (((u * t - ${T}(1.06777877e-1f)) * t - ${T}(6.34846687e-1f)) * t - ${T}(1.28717512e-1f)) * t - t;
  let far = sign(x) * (${T}(1.0f) - exp(p));
  let q = ((((-5.96761703e-4f * s + ${T}(4.99119423e-3f)) * s - ${T}(2.67681349e-2f)) * s + ${T}(1.12819925e-1f)) * s - ${T}(3.76125336e-1f)) * s + ${T}(1.28379166e-1f);
  return select(select(far, q * x + x, abs(x) < ${T}(0.927734375f)), x, ${isNanText('x', U)});
}`,
  sin: (name, types) => sine(name, types, 0),
  cos: (name, types) => sine(name, types, 1),
  pow: (name, types) => power(name, types),
  floorDivide: (name, { T, U }) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
${truncatedRemainder(T, U)}
  let exact = ((a - rest) * scale) / (b * scale) - select(${T}(0.0f), ${T}(1.0f), opposite);
  return select(round(exact), a / b, b == ${T}(0.0f));
}`,
  remainder: (name, { T, U }) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
${truncatedRemainder(T, U)}
  return select(rest, rest + b, opposite);
}`,
  integerFloorDivide: (name, { T }) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
${integerQuotient(T)}
  return quotient - select(${T}(0i), ${T}(1i), opposite);
}`,
  integerRemainder: (name, { T }) => `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
${integerQuotient(T)}
  return select(rest, rest + divisor, opposite);
}`,
  unsignedDivide: (name, { T }) =>
    `fn ${name}(a: ${T}, b: ${T}) -> ${T} { return a / select(b, ${T}(1u), b == ${T}(0u)); }`,
  unsignedRemainder: (name, { T }) =>
    `fn ${name}(a: ${T}, b: ${T}) -> ${T} { return a % select(b, ${T}(1u), b == ${T}(0u)); }`,
  randomBits: (name, { T }) => threefry(name, T),
} satisfies Record<string, Helper>;

/**
 * `ratio`: a/b, and the `scale` of both that makes it so. WGSL promises precision for |b| up to 2¹²⁶ only, and above it
 * NVIDIA's result is 0.
 */
function division(a: string, b: string, T: string): string {
  return `  let scale = select(${T}(1.0f), ${T}(0.25f), abs(${b}) > ${T}(0x1p126f));
  let ratio = (${a} * scale) / (${b} * scale);`;
}

/**
 * sin(x + quarters·π/2). WGSL promises its own only for |x| ≤ π, to 2⁻¹¹. Cody and Waite's reduction to [−π/4, π/4] by
 * π/2 in three parts, exact for |x| up to 10⁵, and the polynomials of Cephes (Moshier 1989, sinf).
 */
function sine(name: string, { T }: HelperTypes, quarters: 0 | 1): string {
  return `fn ${name}(x: ${T}) -> ${T} {
  let k = round(x * 0.63661977236758134f);
  let r = ((x - k * 1.5703125f) - k * 4.837512969970703125e-4f) - k * 7.54978995489188216e-8f;
  let z = r * r;
  let s = ((-1.9515295891e-4f * z + ${T}(8.3321608736e-3f)) * z - ${T}(1.6666654611e-1f)) * z * r + r;
  let c = ((2.443315711809948e-5f * z - ${T}(1.388731625493765e-3f)) * z + ${T}(4.166664568298827e-2f)) * z * z - 0.5f * z + ${T}(1.0f);
  let turn = k${quarters === 0 ? '' : ` + ${T}(1.0f)`};
  let quadrant = turn - 4.0f * floor(turn * 0.25f);
  let odd = quadrant - 2.0f * floor(quadrant * 0.5f) == ${T}(1.0f);
  let y = select(s, c, odd);
  return select(y, -y, quadrant >= ${T}(2.0f));
}`;
}

/**
 * `logarithm`: of zero −∞, as of what adapters may take for zero; of negative numbers and NaN it is NaN. SwiftShader's
 * own gives −88, 0 and ∞ there.
 */
function logarithm(x: string, T: string, U: string): string {
  return `  let word = bitcast<${U}>(${x});
  let isZero = (word & ${U}(0x7fffffffu)) < ${U}(0x00800000u);
  let undefinedLog = bitcast<${T}>(word | ${U}(0x7fc00000u));
  let positive = select(log(${x}), undefinedLog, word > ${U}(0x7f800000u));
  let logarithm = select(positive, bitcast<${T}>((word & ${U}(0x80000000u)) | ${U}(0xff800000u)), isZero);`;
}

/**
 * aᵇ as IEEE 754 has it. WGSL's power of a negative base is undefined: the power of |a| gets a sign for odd b, and NaN
 * takes its place where b is not whole.
 */
function power(name: string, { T, U }: HelperTypes): string {
  return `fn ${name}(a: ${T}, b: ${T}) -> ${T} {
  let zero = ${T}(0.0f);
  let one = ${T}(1.0f);
  let infinity = ${U}(0x7f800000u);
  let size = select(pow(abs(a), b), select(one / abs(a), zero, b > zero), a == zero);
  // From 2²⁴ on all floats are even.
  let odd = (abs(b) < ${T}(16777216.0f)) & (abs(b) - 2.0f * floor(abs(b) * 0.5f) == one);
  let negative = bitcast<${U}>(a) > ${U}(0x80000000u);
  let signed = select(size, -size, odd & (bitcast<${U}>(a) >= ${U}(0x80000000u)));
  let finite = (${bits('a', U)} < infinity) & (${bits('b', U)} < infinity);
  let undefined_ = (negative & finite & (b != floor(b))) | ${eitherNan(U)};
  let y = select(signed, bitcast<${T}>(bitcast<${U}>(a) | ${U}(0x7fc00000u)), undefined_);
  let unit = ((b == zero) & !${isNanText('b', U)}) | ((a == one) & !${isNanText('a', U)});
  return select(y, one, unit | ((abs(a) == one) & (${bits('b', U)} == infinity)));
}`;
}

/**
 * `rest`: the remainder of |a|/|b| with the sign of a, and `opposite`: whether it has to move by b to the sign of b. The
 * quotient, below 2²⁴, and |b| are split into halves of 12 bits, whose products are exact.
 */
function truncatedRemainder(T: string, U: string): string {
  return `  let zero = ${T}(0.0f);
  let x = abs(a);
  let y = abs(b);
${division('x', 'y', T)}
  let q = floor(ratio);
  let y1 = bitcast<${T}>(bitcast<${U}>(y) & ${U}(0xfffff000u));
  let q1 = bitcast<${T}>(bitcast<${U}>(q) & ${U}(0xfffff000u));
  let y2 = y - y1;
  let q2 = q - q1;
  let near = (((x - q1 * y1) - q1 * y2) - q2 * y1) - q2 * y2;
  // A quotient that was rounded is one off.
  let above = select(near, near + y, near < zero);
  let below = select(above, above - y, above >= y);
  let size = select(select(below, zero, q >= ${T}(16777216.0f)), x, x < y);
  let infinity = ${U}(0x7f800000u);
  let invalid = (${bits('a', U)} >= infinity) | (${bits('b', U)} > infinity) | (b == zero);
  let nan = bitcast<${T}>(bitcast<${U}>(a) | ${U}(0x7fc00000u));
  let rest = select(select(size, -size, a < zero), nan, invalid);
  let opposite = !invalid & (rest != zero) & ((rest < zero) != (b < zero));`;
}

/** The quotient cut towards zero, its rest, and whether they have to move by one to be the floor's; by zero is by one. */
function integerQuotient(T: string): string {
  return `  let least = ${T}(-2147483647i - 1i);
  let divisor = select(b, ${T}(1i), (b == ${T}(0i)) | ((a == least) & (b == ${T}(-1i))));
  let quotient = a / divisor;
  let rest = a - quotient * divisor;
  let opposite = (rest != ${T}(0i)) & ((rest < ${T}(0i)) != (divisor < ${T}(0i)));`;
}

/** The first word of Threefry-2x32's block (a, b) under the key (c, d); see lib/ir/threefry.ts. */
function threefry(name: string, T: string): string {
  const keys = ['c', 'd', 'parity'];
  const rounds = Array.from({ length: THREEFRY_ROUNDS }, (_, round) => {
    const by = threefryRotations[round % 8]!;
    const mix = `  x += y;\n  y = ((y << ${T}(${by}u)) | (y >> ${T}(${32 - by}u))) ^ x;`;
    if (round % 4 < 3) return mix;
    const injection = (round + 1) / 4;
    return `${mix}\n  x += ${keys[injection % 3]};\n  y += ${keys[(injection + 1) % 3]} + ${T}(${injection}u);`;
  });
  return `fn ${name}(a: ${T}, b: ${T}, c: ${T}, d: ${T}) -> ${T} {
  let parity = ${T}(${THREEFRY_PARITY}u) ^ c ^ d;
  var x = a + c;
  var y = b + d;
${rounds.join('\n')}
  return x;
}`;
}
