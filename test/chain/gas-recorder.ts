import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Where tests leave what calls cost; compared with test/snapshots/gas.json. */
export const GAS_REPORT = 'build/test/gas.json';

/** Notes the gas of one kind of call. Later runs of the same kind replace it. */
export function recordGas(kind: string, gas: bigint): void {
  const report = { ...readGas(), [kind]: Number(gas) };
  const sorted = Object.fromEntries(Object.entries(report).sort(([a], [b]) => (a < b ? -1 : 1)));
  mkdirSync('build/test', { recursive: true });
  writeFileSync(`${GAS_REPORT}.partial`, `${JSON.stringify(sorted, undefined, 2)}\n`);
  renameSync(`${GAS_REPORT}.partial`, GAS_REPORT);
}

/** Everything noted so far: kind of call -> gas. */
export function readGas(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(GAS_REPORT, 'utf8')) as Record<string, number>;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw cause;
  }
}
