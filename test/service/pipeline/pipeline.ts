import { randomUUID } from 'node:crypto';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { useOneThread } from '../../../src/groth16/curves.js';
import { defaultProver } from '../../../src/groth16/prover-choice.js';
import { ProverPool } from '../../../src/groth16/prover-pool.js';
import type { Prover } from '../../../src/groth16/prover.js';
import { attestStep } from '../../../src/service/pipeline/attest.js';
import type { PipelineTools, StepHandler, SubmissionRequest } from '../../../src/service/pipeline/pipeline-tools.js';
import { fromPublicFailure, toPublicFailure, type PlannerAnswers, type PlannerQuestion } from '../../../src/service/pipeline/plan-messages.js';
import { Planner } from '../../../src/service/pipeline/planner.js';
import { PlanningChild, type Planning } from '../../../src/service/pipeline/planning-child.js';
import { planStep } from '../../../src/service/pipeline/plan.js';
import { proveStep } from '../../../src/service/pipeline/prove.js';
import { receiptsStep } from '../../../src/service/pipeline/receipts.js';
import { retireStep } from '../../../src/service/pipeline/retire.js';
import type { LogFields } from '../../../src/service/log.js';
import { VerificationKeys } from '../../../src/service/worker/verification-keys.js';
import type { Database } from '../../../src/store/database.js';
import { IN_MEMORY } from '../../../src/store/embedded-database.js';
import { JobQueue, type StepKind } from '../../../src/store/job-queue.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { Steps, type StepLease } from '../../../src/store/steps.js';

/** Made by `make keys`. */
export const KEYS = 'build/keys';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

/** A planner without its process; what it throws comes as it would from there. */
class InlinePlanning implements Planning {
  private readonly planner = new Planner();

  async ask<Kind extends keyof PlannerAnswers>(kind: Kind, question: PlannerAnswers[Kind]['question']): Promise<PlannerAnswers[Kind]['answer']> {
    try {
      return await this.planner.answer({ kind, ...question } as PlannerQuestion);
    } catch (thrown) {
      throw fromPublicFailure(toPublicFailure(thrown));
    }
  }

  close(): void {
    // It goes with its last reference.
  }
}

/** A store in memory with real provers, and the steps of an epoch driven by hand. */
export class TestPipeline {
  readonly worker = randomUUID();
  readonly log: LogLine[] = [];
  readonly submissions: SubmissionRequest[] = [];
  /** Circuits of the proofs that were made. */
  readonly proven: string[] = [];
  exported = 0;
  /** In place of verification with real keys. */
  verify: PipelineTools['verify'] | undefined;
  /** Plans in this process: starting one takes longer than such small plans. */
  inline = false;

  private constructor(readonly database: Database, private readonly jobs: JobQueue, readonly steps: Steps, private readonly pool: Prover, private readonly catalogue: PipelineTools['catalogue']) {}

  /** @param given processes with the keys unless told */
  static async open(given?: Prover): Promise<TestPipeline> {
    const prover = given ?? new ProverPool(await defaultProver(KEYS), { workers: 1 });
    // As a worker has it.
    await useOneThread();
    const database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
    const jobs = new JobQueue(database, { tries: 3, delaySeconds: 0 });
    await jobs.start();
    return new TestPipeline(database, jobs, new Steps(database, jobs), prover, await readCircuitList());
  }

  get tools(): PipelineTools {
    const keys = new VerificationKeys(KEYS);
    const note = (level: LogLine['level']) => (event: string, fields: LogFields): void => void this.log.push({ level, event, fields });
    return {
      database: this.database, steps: this.steps, catalogue: this.catalogue,
      prover: {
        prove: (circuit, input, signal) => {
          this.proven.push(circuit);
          return this.pool.prove(circuit, input, signal);
        },
        close: () => this.pool.close(),
      },
      verify: (circuit, signals, proof) => (this.verify ?? keys.verify.bind(keys))(circuit, signals, proof),
      verificationKey: (circuit) => keys.json(circuit),
      startPlanning: (signal) => (this.inline ? new InlinePlanning() : new PlanningChild(signal)),
      enqueueSubmission: async (sql, submission) => {
        await sql.query('select 1');
        this.submissions.push(submission);
      },
      exportReceipts: () => {
        this.exported += 1;
        return Promise.resolve(() => Promise.resolve());
      },
      retireEpoch: async (sql, epoch) => void (await sql.query('delete from plan where epoch = $1', [epoch.toString()])),
      log: { info: note('info'), warn: note('warn'), error: note('error') },
    };
  }

  /** Takes the next step of a kind and does it; `between` runs before its result is stored. */
  async step(kind: StepKind, between: (lease: StepLease) => Promise<void> = () => Promise.resolve()): Promise<StepLease> {
    const lease = await this.steps.take([kind], this.worker, 60);
    if (lease === undefined) throw new Error(`no step ${kind} is ready`);
    const store = await this.handler(kind)({ lease, worker: this.worker, signal: new AbortController().signal });
    await between(lease);
    if (!(await this.steps.finish(lease, store))) throw new Error(`the lease of ${lease.name} was lost`);
    return lease;
  }

  /** Does a step by name, whether or not it is its turn, and stores what it did. */
  async run(kind: StepKind, epoch: bigint, name: string = kind): Promise<void> {
    const lease: StepLease = { epoch, name, kind, lease: 1n, attempts: 1 };
    const store = await this.handler(kind)({ lease, worker: this.worker, signal: new AbortController().signal });
    await this.database.transaction(store);
  }

  async count(from: string): Promise<number> {
    const { rows } = await this.database.query(`select count(*)::integer as n from ${from}`);
    return Number(rows[0]?.['n']);
  }

  async stepStates(): Promise<Record<string, string>> {
    const { rows } = await this.database.query('select name, state from step order by name');
    return Object.fromEntries(rows.map(({ name, state }) => [String(name), String(state)]));
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.jobs.close();
    await this.database.close();
  }

  handler(kind: StepKind): StepHandler {
    const { tools } = this;
    switch (kind) {
      case 'plan': return planStep(tools);
      case 'prove': return proveStep(tools);
      case 'attest': return attestStep(tools);
      case 'receipts': return receiptsStep(tools);
      case 'retire': return retireStep(tools);
      case 'publish': throw new Error('publication is no part of this pipeline');
    }
  }
}
