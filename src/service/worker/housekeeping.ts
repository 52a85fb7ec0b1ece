import type { Database } from '../../store/database.js';
import { sweepSnapshots } from '../../store/snapshots.js';
import { forgetWorkers } from '../../store/workers.js';
import type { Log } from '../log.js';

/** Longer than the slowest sender that the API bears takes for a part. Uploads that break off in a living process are dropped at once. */
const IDLE_UPLOAD_SECONDS = 6 * 3600;
/** For an operator who asks what ran where. */
const WORKER_DAYS = 30;

/** Lets go of what processes left behind that were killed. To be called again and again. Gives 0: no lease is among it. */
export async function keepHouse(database: Database, log: Log): Promise<number> {
  const uploads = await sweepSnapshots(database, IDLE_UPLOAD_SECONDS);
  if (uploads > 0) log.warn('uploads-dropped', { uploads });
  await forgetWorkers(database, WORKER_DAYS);
  return 0;
}
