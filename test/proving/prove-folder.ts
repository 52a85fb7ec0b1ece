import { Output } from '../../src/cli/output.js';
import { proveInto, selectCircuits } from '../../src/cli/prove.js';
import { PARTED_CIRCUITS, tieredVenue, VENUE } from './support.js';

/**
 * Program for killed-run.test.ts, which kills it: proves an epoch of mixed batches and a close in parts into the folder
 * it is given, with real circuits, two workers and progress on standard error.
 */
const [directory = ''] = process.argv.slice(2);
await proveInto(new Output(true), {
  directory, epoch: 1, venue: VENUE, circuits: await selectCircuits(PARTED_CIRCUITS), keys: 'build/keys', workers: 2,
  stored: () => Promise.resolve(tieredVenue(110, 'killed')),
});
process.exit(0);
