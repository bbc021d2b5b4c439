/** The subcommand `info`. Node only. */
import { NoAdapterError } from '../backend/device/errors.js';
import { formatBytes } from '../backend/device/info.js';
import { openDevice } from '../backend/device/open.js';
import { UsageError } from '../ir/errors.js';
import { FEATURES, findAdapters, type AdapterFacts } from './adapters.js';
import type { CommandResult } from './result.js';
import { selfTest, type SelfTest } from './self-test/self-test.js';
import { installedVersions, type Versions } from './versions.js';

export const INFO_USAGE = `usage: meganeura info [--software] [--json]

Prints versions, adapters, features and limits, and whether the GPU computes right: kernels of every kind are compared
with the interpreter, which takes some seconds. Fails where it does not, and where there is no GPU.

  --software    compares on the software adapter
  --json        prints one JSON object
`;

/** What the command finds out. */
export interface MachineInfo {
  readonly versions: Versions;
  /** The one taken by default first. */
  readonly adapters: readonly AdapterFacts[];
  /** Why there is no GPU, and what to install. */
  readonly problem?: string;
  /** The adapter that was tested, and what came out. */
  readonly selfTest?: SelfTest & { readonly adapter: string; readonly right: boolean };
}

/** Runs the subcommand. Throws UsageError for arguments that it does not know. */
export async function infoCommand(args: readonly string[]): Promise<CommandResult> {
  const unknown = args.find((arg) => arg !== '--json' && arg !== '--software');
  if (unknown !== undefined) throw new UsageError(`unexpected argument '${unknown}'\n${INFO_USAGE}`);
  const info = await machineInfo(args.includes('--software'));
  const text = args.includes('--json') ? `${JSON.stringify(info, null, 2)}\n` : infoText(info);
  return { text, failed: info.selfTest?.right !== true };
}

async function machineInfo(software: boolean): Promise<MachineInfo> {
  const versions = installedVersions();
  try {
    const adapters = await findAdapters();
    const device = await openDevice(software ? { forceFallback: true } : {});
    const tested = await selfTest(device);
    const right = tested.results.every(({ failure }) => failure === undefined);
    return { versions, adapters, selfTest: { adapter: device.info.name, right, ...tested } };
  } catch (error) {
    if (!(error instanceof NoAdapterError)) throw error;
    return { versions, adapters: [], problem: error.message };
  }
}

/** What `info` prints without `--json`. */
export function infoText({ versions, adapters, problem, selfTest: tested }: MachineInfo): string {
  const [first] = adapters;
  const lines = [
    `meganeura ${versions.meganeura}, egglog-wasm ${versions['egglog-wasm'] ?? 'not installed'}, Node ${versions.node}, ${versions.platform}`,
    ...table(
      versions.optional.map(({ name, version, purpose }) => [
        name,
        version ?? 'missing',
        purpose + (version === undefined ? `: npm install ${name}` : ''),
      ]),
    ),
  ];
  if (problem !== undefined) lines.push('', problem);
  if (first) {
    lines.push('', 'adapters, the default one first');
    for (const { name, backend, software } of adapters)
      lines.push(`  ${name} (${software ? 'software, ' : ''}${backend})`);
    lines.push('', `features of ${first.name}`);
    lines.push(
      ...table(Object.entries(first.features).map(([name, has]) => [name, has ? 'yes' : 'no', FEATURES[name]!])),
    );
    lines.push('', `limits of ${first.name}`);
    lines.push(...table(Object.entries(first.limits).map(([name, value]) => [name, limitText(name, value)])));
  }
  if (tested) lines.push('', ...verdict(tested));
  return `${lines.join('\n')}\n`;
}

function verdict({ adapter, right, results, milliseconds }: NonNullable<MachineInfo['selfTest']>): string[] {
  const what = `${results.length} checks against the interpreter in ${(milliseconds / 1000).toFixed(1)} s`;
  if (right) return [`self-test of ${adapter}, ${what}: this GPU computes right`];
  const failed = results.flatMap(({ name, failure }) => (failure === undefined ? [] : [`  ${name}: ${failure}`]));
  return [
    `self-test of ${adapter}, ${what}: this GPU computes wrong, ${failed.length} failed`,
    ...failed,
    'A newer driver may mend it, and openDevice({ forceFallback: true }) computes on the CPU. Please report all of this.',
  ];
}

function limitText(name: string, value: number): string {
  return name.endsWith('Size') ? formatBytes(value) : String(value);
}

/** Rows whose columns are as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
