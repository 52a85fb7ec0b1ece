import { ClearproofError } from '../error/clearproof-error.js';
import { applyBeacon as applyBeaconToKey } from '../groth16/phase-two.js';
import { readCeremony, requireWhole, type CeremonyState } from './ceremony-folder.js';
import { BEACON_NAME } from './ceremony-format.js';
import type { BeaconAnnouncement, ContributionRecord } from './ceremony-records.js';
import { unixNow } from './contribute.js';
import type { ContributionWatch } from './contribution-work.js';
import { makeContribution } from './make-contribution.js';
import type { RecordFile } from './record-chain.js';

/** The beacon cannot be applied (yet): nothing is announced, or it has been applied. */
export class BeaconStateError extends ClearproofError {
  readonly code = 'BEACON_STATE';
}

/** A value that is no hash of a block. */
export class BeaconValueError extends ClearproofError {
  readonly code = 'BEACON_VALUE';
}

/** The announcement that a beacon answers. @throws BeaconStateError, CeremonyIncompleteError */
export function requireAnnouncement(state: CeremonyState): BeaconAnnouncement {
  if (state.announcement === undefined) {
    throw new BeaconStateError(`${state.directory} has no announcement of a beacon: run "clearproof ceremony announce" when all have contributed`, { directory: state.directory });
  }
  requireWhole(state);
  const last = state.records.at(-1);
  if (last?.value.kind === 'beacon') throw new BeaconStateError(`${last.file} is the beacon: the ceremony is over`, { file: last.file });
  return state.announcement.value;
}

/**
 * Makes the last contribution, from the announced block's hash. It has no secret: anyone makes the same keys of it.
 *
 * @param blockHash 32 bytes, hex with or without 0x; the caller has made sure that it is of the announced block and will stay so
 * @throws BeaconStateError, BeaconValueError, the errors of readCeremony and of keys
 */
export async function makeBeacon(directory: string, blockHash: string, watch: ContributionWatch & { readonly now?: () => number } = {}): Promise<RecordFile<ContributionRecord>> {
  const value = blockHash.toLowerCase().replace(/^0x/, '');
  if (!/^[0-9a-f]{64}$/.test(value)) throw new BeaconValueError('the block\'s hash must be 64 hex digits');
  const state = await readCeremony(directory);
  const { iterations } = requireAnnouncement(state);
  return makeContribution(state, {
    kind: 'beacon', contributor: BEACON_NAME, now: watch.now ?? unixNow, onCircuit: watch.onCircuit, onDiscard: watch.onDiscard,
    beacon: { announcement: state.announcement?.sha256 ?? '', blockHash: value },
    contribute: (key, to) => applyBeaconToKey({
      from: key.file, to, name: BEACON_NAME, blockHash: value, iterations, ...(watch.onPoints === undefined ? {} : { progress: watch.onPoints }),
    }),
    mayPublish: async () => void requireAnnouncement(await readCeremony(directory)),
  });
}
