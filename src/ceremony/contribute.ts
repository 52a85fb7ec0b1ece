import { ClearproofError } from '../error/clearproof-error.js';
import { contributeToKey } from '../groth16/phase-two.js';
import { ceremonyPaths, contributionNumbers, readCeremony, type CeremonyState } from './ceremony-folder.js';
import { BEACON_NAME, MOST_CONTRIBUTIONS, MOST_NAME_LENGTH } from './ceremony-format.js';
import type { ContributionRecord } from './ceremony-records.js';
import type { ContributionWatch, RecordSigner } from './contribution-work.js';
import { drawEntropy, readEntropyFile } from './entropy.js';
import { ContributionRacedError, makeContribution } from './make-contribution.js';
import type { RecordFile } from './record-chain.js';
import { isVisible, visibleRule } from './record-fields.js';

/** A name that no contributor can have. */
export class ContributorNameError extends ClearproofError {
  readonly code = 'CONTRIBUTOR_NAME';
}

/** This name has contributed: once is what counts. */
export class AlreadyContributedError extends ClearproofError {
  readonly code = 'ALREADY_CONTRIBUTED';
}

/** The beacon is announced, or there: nobody contributes any more. */
export class ContributionsClosedError extends ClearproofError {
  readonly code = 'CONTRIBUTIONS_CLOSED';
}

export interface Contributor extends ContributionWatch {
  /** Public: 1 to 64 visible characters. */
  readonly name: string;
  /** File that nobody else can guess or read, mixed with the system's entropy. */
  readonly entropyFile?: string | undefined;
  readonly signer?: RecordSigner | undefined;
  /** Unix seconds. */
  readonly now?: (() => number) | undefined;
}

/**
 * Contributes to every key of the ceremony in `directory`: 64 bytes from the system for each, fresh and overwritten after use.
 * Goes on where an earlier run of the same contributor was killed; needs ceremony.json and the last folder only.
 *
 * @throws ContributorNameError, AlreadyContributedError, ContributionsClosedError, ContributionRacedError, EntropyFileError, FileLockedError,
 *   the errors of readCeremony and of keys
 */
export async function contribute(directory: string, contributor: Contributor): Promise<RecordFile<ContributionRecord>> {
  const { name, onPoints } = contributor;
  requireName(name);
  const state = await readCeremony(directory);
  requireOpen(state);
  requireNew(state, name);
  const extra = contributor.entropyFile === undefined ? undefined : await readEntropyFile(contributor.entropyFile);
  try {
    return await makeContribution(state, {
      kind: 'contribution', contributor: name, signer: contributor.signer, now: contributor.now ?? unixNow, onCircuit: contributor.onCircuit, onDiscard: contributor.onDiscard,
      contribute: (key, to) => contributeSecretly({ from: key.file, to, name, ...(onPoints === undefined ? {} : { progress: onPoints }) }, extra),
      mayPublish: () => requireStillNext(state),
    });
  } finally {
    extra?.fill(0);
  }
}

/** The clock of this machine, Unix seconds. Others' clocks differ: times in records are for people. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

async function contributeSecretly(keys: Omit<Parameters<typeof contributeToKey>[0], 'entropy'>, extra: Uint8Array | undefined): ReturnType<typeof contributeToKey> {
  const entropy = drawEntropy(extra);
  try {
    return await contributeToKey({ ...keys, entropy });
  } finally {
    entropy.fill(0);
  }
}

function requireName(name: string): void {
  if (!isVisible(name, MOST_NAME_LENGTH)) throw new ContributorNameError(`the contributor's name ${visibleRule(MOST_NAME_LENGTH)}`);
  if (name.toLowerCase() === BEACON_NAME) throw new ContributorNameError(`"${BEACON_NAME}" is how the beacon is called: choose another name`);
}

function requireOpen({ directory, announcement, records }: CeremonyState): void {
  if (announcement !== undefined) {
    throw new ContributionsClosedError(
      `${announcement.file} announces block ${announcement.value.block} of chain ${announcement.value.chainId} as the beacon: contributions ended with number ${announcement.value.contributions}`,
      { file: announcement.file },
    );
  }
  const last = records.at(-1)?.value;
  if (last !== undefined && last.index >= MOST_CONTRIBUTIONS) throw new ContributionsClosedError(`${directory} has ${last.index} contributions, as many as there can be`, { directory });
}

/** A run that is started again after it had succeeded must not contribute twice. */
function requireNew({ records }: CeremonyState, name: string): void {
  const earlier = records.find(({ value }) => value.contributor.toLowerCase() === name.toLowerCase());
  if (earlier === undefined) return;
  throw new AlreadyContributedError(`${earlier.file} is the contribution of "${name}": once is enough; if you are somebody else, add to your name what tells you apart`, { file: earlier.file });
}

/** Contributing takes long: others may have gone first, or the coordinator may have announced the beacon. */
async function requireStillNext(before: CeremonyState): Promise<void> {
  const { directory, records } = before;
  const next = (records.at(-1)?.value.index ?? 0) + 1;
  const numbers = await contributionNumbers(directory);
  const later = numbers.find((index) => index >= next);
  if (later !== undefined) {
    const file = ceremonyPaths.folder(directory, later);
    throw new ContributionRacedError(`${file} is there already: somebody contributed while this contribution was made; run the command again, it contributes after them`, { file });
  }
  requireOpen(await readCeremony(directory));
}
