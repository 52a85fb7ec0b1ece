import type { Database } from '../../store/database.js';
import { vacuum } from '../../store/retention.js';
import { sweepSnapshots } from '../../store/snapshots.js';
import { forgetWorkers } from '../../store/workers.js';
import type { Log } from '../log.js';

/** Longer than the slowest sender that the API bears takes for a part. Uploads that break off in a living process are dropped at once. */
const IDLE_UPLOAD_SECONDS = 6 * 3600;
/** For an operator who asks what ran where. */
const WORKER_DAYS = 30;

/** What a store needs beside its leases: nothing stays that its process left behind, and the bytes of what was dropped make room. */
export class Housekeeping {
  /** A server's own autovacuum sees to what an earlier process left; an embedded database has none. */
  private vacuumDue: boolean;

  constructor(private readonly database: Database, private readonly log: Log) {
    this.vacuumDue = database.kind === 'embedded';
  }

  /** Rows are being dropped in a transaction that is about to end. */
  retired(): void {
    this.vacuumDue = true;
  }

  /** To be called again and again. Gives 0: there are no leases among it. */
  async sweep(): Promise<number> {
    const uploads = await sweepSnapshots(this.database, IDLE_UPLOAD_SECONDS);
    if (uploads > 0) this.log.warn('uploads-dropped', { uploads });
    await forgetWorkers(this.database, WORKER_DAYS);
    if (this.vacuumDue) {
      this.vacuumDue = false;
      await vacuum(this.database).catch((cause: unknown) => {
        this.vacuumDue = true;
        throw cause;
      });
    }
    return 0;
  }
}
