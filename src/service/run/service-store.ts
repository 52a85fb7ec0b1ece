import type { Deployment } from '../../chain/deployment.js';
import { openConfiguredDatabase } from '../config/database-config.js';
import type { ServiceConfig } from '../config/schema.js';
import type { Database } from '../../store/database.js';
import { JobQueue } from '../../store/job-queue.js';
import { migrate } from '../../store/migrate.js';
import { Steps } from '../../store/steps.js';
import { ensureVenue } from '../../store/venues.js';

/** Before the second try of a step, seconds. */
const RETRY_SECONDS = 5;

/** A store that is open and up to date, and the venue's row in it. */
export interface ServiceStore {
  readonly database: Database;
  readonly jobs: JobQueue;
  readonly steps: Steps;
  readonly venue: number;
  close(): Promise<void>;
}

/** @throws DatabaseUnavailableError, DatabaseRefusedError, StorageError, StoreLockedError, MigrationError */
export async function openServiceStore(config: ServiceConfig, deployment: Pick<Deployment, 'chainId' | 'registry' | 'venueId'>): Promise<ServiceStore> {
  const database = await openConfiguredDatabase(config);
  const jobs = new JobQueue(database, { tries: config.worker.attempts, delaySeconds: RETRY_SECONDS });
  try {
    await migrate(database);
    await jobs.start();
    const venue = await ensureVenue(database, deployment);
    return {
      database, jobs, venue, steps: new Steps(database, jobs),
      close: async () => {
        await jobs.close();
        await database.close();
      },
    };
  } catch (cause) {
    await database.close().catch(() => undefined);
    throw cause;
  }
}
