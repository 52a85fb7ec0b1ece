import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import type { ApiLimits } from '../../src/service/api/api-limits.js';
import { ApiServer } from '../../src/service/api/api-server.js';
import { storeTokenCheck } from '../../src/service/api/store-token-check.js';
import { ServiceClient } from '../../src/service/client/service-client.js';
import type { ServiceHealth } from '../../src/service/operations.js';
import { StoreOperations, type ReceiptSource } from '../../src/service/store-operations.js';
import { createAccessToken, type Role } from '../../src/store/access-tokens.js';
import type { Database } from '../../src/store/database.js';
import { IN_MEMORY } from '../../src/store/embedded-database.js';
import { JobQueue } from '../../src/store/job-queue.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { assertPinned } from '../../src/store/pins.js';
import { Steps } from '../../src/store/steps.js';
import { ensureVenue } from '../../src/store/venues.js';
import { VENUE } from '../proving/support.js';

export const CIRCUITS = ['solvency-batch-x', 'solvency-close-x'];
/** Opens the receipt of alice in epoch 1. */
export const RECEIPT_TOKEN = 'r'.repeat(43);

/** Receipts without proofs behind them. */
const RECEIPTS: ReceiptSource = {
  byToken: (token) => Promise.resolve(token === RECEIPT_TOKEN ? '{"user":"alice"}' : undefined),
  ofUser: (userId, epoch) => Promise.resolve(epoch === 1 && ['alice', 'bob'].includes(userId) ? [`{"user":"${userId}"}`] : []),
  async* tokens() {
    yield await Promise.resolve(`{"user":"alice","subAccount":"0","token":"${RECEIPT_TOKEN}"}\n`);
  },
};

/** The API over a store in memory, with a client for each role. */
export class StoreApi {
  keys: ServiceHealth['keys'] = 'ok';
  chain: ServiceHealth['chain'] = 'ok';
  readonly log: string[] = [];

  private constructor(
    readonly database: Database,
    readonly jobs: JobQueue,
    readonly steps: Steps,
    readonly venue: number,
  ) {}

  private server: ApiServer | undefined;
  url = '';
  operations!: StoreOperations;

  static async start(limits: Partial<ApiLimits> = {}): Promise<StoreApi> {
    const database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
    const jobs = new JobQueue(database);
    await jobs.start();
    const api = new StoreApi(database, jobs, new Steps(database, jobs), await ensureVenue(database, VENUE));
    await assertPinned(database, { program: 'test', manifestSha256: 'ab'.repeat(32) });
    await api.serve(limits);
    return api;
  }

  /** A client with a new token of that role. */
  async as(role: Role, userId?: string, days?: number): Promise<ServiceClient> {
    return new ServiceClient({ url: this.url, token: await this.token(role, userId, days) });
  }

  async token(role: Role, userId?: string, days?: number): Promise<string> {
    return (await createAccessToken(this.database, { role, userId, days, label: `test ${role}` })).token;
  }

  async stop(): Promise<void> {
    await this.server?.close();
    await this.jobs.close();
    await this.database.close();
  }

  private async serve(limits: Partial<ApiLimits>): Promise<void> {
    const { database, steps, venue } = this;
    this.operations = new StoreOperations({
      database, steps, venue, venueId: VENUE.venueId, registry: VENUE.registry, circuits: CIRCUITS, shape: { slots: 4, tieredSlots: 0, excessBits: 84 },
      poseidon: portablePoseidon, receipts: RECEIPTS,
      probes: { chain: () => Promise.resolve(this.chain), keys: () => Promise.resolve(this.keys), insecureKeys: true },
    });
    this.server = await ApiServer.make({
      operations: this.operations, checkToken: storeTokenCheck(database), version: 'test', logLevel: 'debug', logSink: { write: (line) => void this.log.push(line) },
      limits: { perAddress: 1_000_000, perToken: 1_000_000, ...limits }, streamTiming: { poll: 5, heartbeat: 1_000 },
    });
    const { port } = await this.server.listen('127.0.0.1', 0);
    this.url = `http://127.0.0.1:${port}`;
  }
}
