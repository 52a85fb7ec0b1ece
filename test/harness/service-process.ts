import { readCircuitList } from '../../src/groth16/circuit-list.js';
import type { ProverConfig } from '../../src/groth16/prover-config.js';
import type { ProverLimits } from '../../src/groth16/prover-limits.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import type { Log, LogFields } from '../../src/service/log.js';
import type { PipelineTools } from '../../src/service/pipeline/pipeline-tools.js';
import { runServiceWorker, type WorkerTimes } from '../../src/service/worker/service-worker.js';
import { JobQueue, type StepKind } from '../../src/store/job-queue.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase, type DatabaseConfig } from '../../src/store/open-database.js';
import { Steps } from '../../src/store/steps.js';
import { SignalProver } from './signal-prover.js';

/*
 * Store and worker as one process, which tests start, stop and kill: `tsx test/harness/service-process.ts`, with its configuration
 * as JSON in SERVICE_PROCESS. Writes the worker's log to standard output, one JSON object a line: public values, nothing else.
 */

export interface ServiceProcessConfig {
  readonly database: DatabaseConfig;
  readonly keys: string;
  readonly circuits: readonly string[];
  readonly kinds: readonly StepKind[];
  readonly program: string;
  /** Proofs at once. */
  readonly proofs: number;
  readonly times: WorkerTimes;
  /** Tries of a step. */
  readonly tries: number;
  /** Real proofs by a pool, or proofs of nothing that take so long. */
  readonly prover: { readonly kind: 'pool'; readonly config: ProverConfig; readonly limits?: ProverLimits } | { readonly kind: 'stand-in'; readonly milliseconds: number };
  /** The process kills itself with SIGKILL the moment it logs this. */
  readonly dieAt?: string;
}

/** One line of the log. */
export interface ServiceLogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [field: string]: unknown;
}

const config = JSON.parse(process.env['SERVICE_PROCESS'] ?? '') as ServiceProcessConfig;
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

const write = (level: ServiceLogLine['level']) => (event: string, fields: LogFields): void => {
  process.stdout.write(`${JSON.stringify({ level, event, ...fields }, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`);
  if (event === config.dieAt) process.kill(process.pid, 'SIGKILL');
};
const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };

/** As publication will: one entry an epoch, however often. */
const enqueueSubmission: PipelineTools['enqueueSubmission'] = async (sql, { source }) => {
  await sql.query(`
    insert into outbox (venue, epoch_number, kind, target, calldata) values ($1, $2, 'submit-epoch', $3, '') on conflict do nothing`,
  [source.venue, source.number, source.location.registry]);
};

const database = await openDatabase(config.database);
const jobs = new JobQueue(database, { tries: config.tries, delaySeconds: 0 });
try {
  await migrate(database);
  await jobs.start();
  const catalogue = await readCircuitList();
  const { prover } = config;
  await runServiceWorker({
    ...config, database, catalogue, enqueueSubmission, log,
    steps: new Steps(database, jobs),
    stop: stop.signal,
    keysDirectory: config.keys,
    insecureKeysAllowed: true,
    prover: prover.kind === 'pool'
      ? new ProverPool(prover.config, { workers: config.proofs, ...(prover.limits === undefined ? {} : { limits: prover.limits }) })
      : new SignalProver(catalogue, prover.milliseconds, () => log.info('proof-begun', {})),
    ...(prover.kind === 'pool' ? {} : { verify: () => Promise.resolve(true) }),
    exportReceipts: () => Promise.resolve(() => Promise.resolve()),
    retireEpoch: () => Promise.resolve(),
  });
} catch (thrown) {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'UNKNOWN';
  log.error('service-failed', { code });
  process.exitCode = 1;
} finally {
  await jobs.close().catch(() => undefined);
  await database.close().catch(() => undefined);
}
process.exit();
