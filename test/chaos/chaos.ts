import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from '../../src/file/atomic-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { PostgresServer } from '../harness/postgres.js';
import { runSeed, type SeedResult } from './seed-run.js';
import { startService, type RunningService } from './service-under-attack.js';

/*
 * `make chaos`: epochs of one venue while its processes are killed (SIGKILL, with their provers) at seeded moments. Half of the
 * seeds on an embedded store in one process, half on a PostgreSQL with two. Stops at the first seed that fails, and says which.
 */

const REPORT = 'build/report/chaos.json';
const MOST_KILLS = 4;

interface Part {
  readonly store: 'embedded' | 'server';
  /** An epoch that nobody disturbed, milliseconds. */
  readonly undisturbedMilliseconds: number;
  readonly seeds: readonly SeedResult[];
}

async function main(): Promise<void> {
  const seeds = Number(process.env['SEEDS'] ?? '50');
  if (!Number.isSafeInteger(seeds) || seeds < 2) throw new Error('SEEDS is a whole number from 2 on');
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-chaos-'));
  const postgres = await PostgresServer.start();
  const started = performance.now();
  const parts: Part[] = [];
  try {
    for (const store of ['embedded', 'server'] as const) {
      const first = store === 'embedded' ? 1 : Math.ceil(seeds / 2) + 1;
      const last = store === 'embedded' ? Math.ceil(seeds / 2) : seeds;
      const service = await startService(join(folder, store), store === 'server' ? await postgres.createDatabase() : undefined);
      try {
        parts.push(await runPart(service, store, first, last, { started, total: seeds }, (part) => writeReport([...parts, part])));
      } catch (cause) {
        throw new Error(`chaos: the logs are in ${folder}`, { cause });
      } finally {
        await service.stop();
      }
    }
    await rm(folder, { recursive: true, force: true });
  } finally {
    await postgres.stop();
    // Or the threads that verified receipts would keep this process alive.
    await releaseCurves();
  }
  const all = parts.flatMap((part) => part.seeds);
  say(`${all.length} seeds, ${all.reduce((sum, { kills }) => sum + kills.length, 0)} kills: one root and one publication in each; figures in ${REPORT}`);
}

/** @param report told after every seed, so that a run that is ended leaves what it has shown */
async function runPart(
  service: RunningService, store: Part['store'], first: number, last: number, { started, total }: { readonly started: number; readonly total: number },
  report: (part: Part) => Promise<void>,
): Promise<Part> {
  const undisturbed = await runSeed(service, 0, 1, 0, 1);
  const undisturbedMilliseconds = Math.round(undisturbed.seconds * 1000);
  const seeds: SeedResult[] = [];
  for (let seed = first; seed <= last; seed += 1) {
    const result = await runSeed(service, seed, seed - first + 2, 1 + (seed % MOST_KILLS), undisturbedMilliseconds);
    seeds.push(result);
    await report({ store, undisturbedMilliseconds, seeds });
    const left = ((performance.now() - started) / 1000 / seed) * (total - seed);
    say(`${store} seed ${seed}: epoch ${result.epoch}, ${result.kills.length} kills (${result.kills.map(({ during }) => during).join(', ')}), ${result.seconds} s; about ${Math.ceil(left)} s left`);
  }
  return { store, undisturbedMilliseconds, seeds };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function writeReport(parts: readonly Part[]): Promise<void> {
  await writeFileAtomically(REPORT, `${JSON.stringify({ parts }, undefined, 2)}\n`);
}

await main();
