import type { Effort } from '../../rewrite/cost.js';
import { specialFloat } from './functions.js';

/** An array in workgroup memory. Programs that name theirs alike mean the same type of elements. */
export interface SharedArray {
  readonly name: string;
  /** WGSL type. */
  readonly element: string;
  readonly length: number;
}

/**
 * How many work on something: workgroups of the size that the statements are written for, or invocations, whatever the
 * size of their workgroups.
 */
export type Crew = { readonly workgroups: number } | { readonly invocations: number };

/**
 * What some of a program's workgroups do: statements over `workgroup` and `local`, or over `invocation`. Workgroups and
 * invocations count from 0 in each part.
 */
export interface ProgramPart {
  readonly body: readonly string[];
  readonly crew: Crew;
  /** What each of its invocations does. */
  readonly effort: Effort;
}

/** The text of a kernel but for what depends on where its tensors lie. Buffers are `t0`, `t1`, … in the order of bindings. */
export interface Program {
  /** WGSL type of the elements of each buffer. */
  readonly elements: readonly string[];
  /** Texts of functions by their names, which tell what they do. */
  readonly helpers: ReadonlyMap<string, string>;
  readonly shared: readonly SharedArray[];
  readonly workgroupSize: number;
  /** Their workgroups lie end to end. */
  readonly parts: readonly ProgramPart[];
}

/** Workgroups that a part takes, when they are of a size. */
export function workgroupsOf({ crew }: ProgramPart, size: number): number {
  return 'workgroups' in crew ? crew.workgroups : Math.ceil(crew.invocations / size);
}

/** `across`: workgroups in the first dimension of the dispatch; `writable`: which buffers are bound for writing. */
export function programText(
  { elements, helpers, shared, workgroupSize, parts }: Program,
  label: string,
  across: number,
  writable: readonly boolean[],
): string {
  const buffers = elements.map((element, i) => {
    const mode = writable[i] ? 'read_write' : 'read';
    return `@group(0) @binding(${i}) var<storage, ${mode}> t${i}: array<${element}>;`;
  });
  const isSpecial = parts.some(({ body }) => body.some((text) => text.includes('special_f32(')));
  return [
    `// ${label}`,
    ...(elements.some((element) => /\bf16\b/.test(element)) ? ['enable f16;'] : []),
    ...buffers,
    ...(isSpecial ? [specialFloat] : []),
    ...helpers.values(),
    ...shared.map(({ name, element, length }) => `var<workgroup> ${name}: array<${element}, ${length}>;`),
    ...(parts.length > 1 ? functionsOf(parts, workgroupSize) : []),
    `@compute @workgroup_size(${workgroupSize})`,
    'fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {',
    `  let workgroup = group.x + group.y * ${across}u;`,
    ...(parts.length > 1 ? choiceOf(parts, workgroupSize) : statementsOf(parts[0]!, workgroupSize)),
    '}',
    '',
  ].join('\n');
}

function statementsOf({ body, crew }: ProgramPart, size: number): string[] {
  if ('workgroups' in crew) return [...body];
  return [
    `  let invocation = workgroup * ${size}u + local;`,
    `  if (invocation >= ${crew.invocations}u) { return; }`,
    ...body,
  ];
}

function functionsOf(parts: readonly ProgramPart[], size: number): string[] {
  return parts.flatMap((part, i) => [`fn part${i}(workgroup: u32, local: u32) {`, ...statementsOf(part, size), '}']);
}

/** All invocations of a workgroup take the same way: parts may have barriers. */
function choiceOf(parts: readonly ProgramPart[], size: number): string[] {
  let first = 0;
  return parts.map((part, i) => {
    const call = `part${i}(${first > 0 ? `workgroup - ${first}u` : 'workgroup'}, local);`;
    first += workgroupsOf(part, size);
    const condition = i < parts.length - 1 ? `if (workgroup < ${first}u) ` : '';
    return `  ${i > 0 ? 'else ' : ''}${condition}{ ${call} }`;
  });
}
