import { ClearproofError } from '../error/clearproof-error.js';
import { createFileAtomically } from '../file/create-file.js';
import { ceremonyPaths, readCeremony, readRecord, requireWhole } from './ceremony-folder.js';
import { announcementText, parseAnnouncement } from './ceremony-format.js';
import { newestKeys } from './ceremony-keys.js';
import type { BeaconAnnouncement } from './ceremony-records.js';
import type { RecordFile } from './record-chain.js';

/** A beacon that cannot be announced: its block is there, or nobody will live to see it. `details.block`. */
export class BeaconBlockError extends ClearproofError {
  readonly code = 'BEACON_BLOCK';
}

/** The beacon would end a ceremony with fewer contributions than its plan wants. */
export class TooFewContributionsError extends ClearproofError {
  readonly code = 'TOO_FEW_CONTRIBUTIONS';
}

/** The beacon was announced. It is announced once: whoever announces again chooses among blocks. */
export class AlreadyAnnouncedError extends ClearproofError {
  readonly code = 'ALREADY_ANNOUNCED';
}

/** The chain at the moment of the announcement, and the block to come. */
export interface AnnouncedBlock {
  readonly chainId: bigint;
  /** Number of the newest block. */
  readonly newest: number;
  /** The newest block that is sure to stay: one that a reorganisation takes away would make the announcement unverifiable. Hash with 0x. */
  readonly settled: { readonly number: number; readonly hash: string };
  readonly block: number;
  readonly iterations: number;
}

/** Blocks. At 12 s a block five months; a digit too many would hold the ceremony for years, and an announcement is final. */
const FARTHEST = 1_000_000;

/**
 * Ends contributions: writes beacon.json, which names a block that is still to come. Everybody must be able to see it before that block exists.
 *
 * @throws BeaconBlockError, TooFewContributionsError, AlreadyAnnouncedError, FileExistsError, the errors of readCeremony and of keys
 */
export async function announceBeacon(directory: string, { chainId, newest, settled, block, iterations }: AnnouncedBlock): Promise<RecordFile<BeaconAnnouncement>> {
  const state = await readCeremony(directory);
  if (state.announcement !== undefined) {
    throw new AlreadyAnnouncedError(`${state.announcement.file} announces block ${state.announcement.value.block}: a ceremony has one beacon, announced once`, { file: state.announcement.file });
  }
  requireWhole(state);
  const { minimumContributions } = state.plan.value;
  const last = state.records.at(-1);
  if (last === undefined || last.value.index < minimumContributions) {
    throw new TooFewContributionsError(
      `the ceremony has ${last?.value.index ?? 0} contributions and wants ${minimumContributions} at least: an announcement ends it, so wait for the others`,
      { contributions: last?.value.index ?? 0, minimum: minimumContributions },
    );
  }
  // Announced keys that are not here would leave a ceremony that nobody can end.
  await newestKeys(state);
  requireFuture(block, newest);
  const file = ceremonyPaths.announcement(directory);
  const text = announcementText({
    format: 'clearproof-beacon', version: 1, ceremony: state.plan.value.id, contributions: last.value.index, previous: last.sha256,
    chainId: Number(chainId), block, newestBlock: settled.number, newestBlockHash: settled.hash.replace(/^0x/, ''), iterations,
  });
  parseAnnouncement(text, file);
  await createFileAtomically(file, text);
  return readRecord(file, parseAnnouncement);
}

function requireFuture(block: number, newest: number): void {
  if (block <= newest) {
    throw new BeaconBlockError(`block ${block} exists already (the newest is ${newest}), so its hash could have been chosen: announce one that is far enough away for everybody to see it announced`, { block, newest });
  }
  if (block > newest + FARTHEST) throw new BeaconBlockError(`block ${block} is ${block - newest} blocks away, at most ${FARTHEST} are taken: check the number`, { block, newest });
}
