import { randomUUID } from 'node:crypto';
import { JobQueue } from '../../src/store/job-queue.js';
import { openDatabase } from '../../src/store/open-database.js';
import { Steps } from '../../src/store/steps.js';

/* A process of steps.test.ts: takes and finishes proving steps while there are any, and prints their names. */

const database = await openDatabase({ kind: 'server', url: process.argv[2] as string });
const jobs = new JobQueue(database);
await jobs.start();
const steps = new Steps(database, jobs);
for (let lease = await steps.take(['prove'], randomUUID(), 60); lease !== undefined; lease = await steps.take(['prove'], randomUUID(), 60)) {
  const { name } = lease;
  if (await steps.finish(lease, () => Promise.resolve())) process.stdout.write(`${name}\n`);
}
await jobs.close();
await database.close();
