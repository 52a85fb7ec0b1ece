import { ClearproofError } from '../error/clearproof-error.js';
import { nameInKey, verifyContributions, type Contribution } from './contributions.js';
import type { KeyCeremony, KeyRecord } from './key-manifest-format.js';
import { findPublished } from './published-powers.js';
import { verificationKeyHash } from './verification-key.js';
import { parseZkey } from './zkey.js';

/** A key is not what it takes to be relied on: no ceremony made it, or another than its manifest says. */
export class KeyCeremonyError extends ClearproofError {
  readonly code = 'KEY_CEREMONY';
}

/** A key's entry in a manifest, and what it is called in errors. */
export interface RecordedKey {
  readonly circuit: string;
  readonly record: KeyRecord;
}

/**
 * The manifest's entry names a ceremony that nobody is known to be able to forge after: over a phase 1 of the published table, with at least
 * as many contributions as its plan asked for. Whether the key has them is `requireRecordedContributions`'s to tell.
 *
 * @throws KeyCeremonyError
 */
export function requirePublishedCeremony({ circuit, record: { ceremony } }: RecordedKey): KeyCeremony {
  const wrong = refusal(circuit);
  if (ceremony === undefined) throw wrong('has no ceremony in the manifest');
  const { phaseOne, contributions, minimumContributions } = ceremony;
  if (!phaseOne.published || findPublished(phaseOne.blake2b)?.power !== phaseOne.power) {
    throw wrong(`was made over the phase 1 ${phaseOne.file}, which is not in the published table: whoever made that can forge`);
  }
  if (contributions.length < minimumContributions) {
    throw wrong(`has ${contributions.length} contributions of the ${minimumContributions} that its ceremony asked for at least`);
  }
  return ceremony;
}

/**
 * The proving key is the recorded one, its contributions hang together, and they are, name by name and hash by hash, those the manifest
 * lists with its beacon last.
 *
 * @param file what the key is called in errors
 * @throws KeyCeremonyError, ContributionError, BinaryFileError
 */
export async function requireRecordedContributions({ circuit, record }: RecordedKey, zkey: Uint8Array, file: string): Promise<void> {
  const wrong = refusal(circuit);
  const { ceremony, security } = record;
  if (ceremony === undefined) throw wrong('has no ceremony in the manifest');
  if (verificationKeyHash({ ...parseZkey(zkey, file).verificationKey, security }) !== record.verificationKeyHash) {
    throw wrong(`is another inside ${file} than the manifest says`);
  }
  const { contributions } = await verifyContributions(zkey, file);
  const listed = ceremony.contributions.length + 1;
  if (contributions.length !== listed) throw wrong(`has ${contributions.length} contributions inside ${file}, beacon included; the manifest lists ${listed}`);
  for (const [index, { contributor, hash }] of ceremony.contributions.entries()) {
    const found = contributions[index];
    if (found?.kind === 'contribution' && found.hash === hash && found.name === nameInKey(contributor)) continue;
    throw wrong(`has another contribution ${index + 1} inside ${file} than the manifest lists`);
  }
  requireListedBeacon(contributions.at(-1), ceremony, wrong, file);
}

function requireListedBeacon(found: Contribution | undefined, { beacon }: KeyCeremony, wrong: (problem: string) => KeyCeremonyError, file: string): void {
  if (found?.kind !== 'beacon') throw wrong(`has no beacon at the end of its contributions inside ${file}`);
  const same = found.hash === beacon.hash && found.beacon?.value === beacon.value && found.beacon.iterations === beacon.iterations;
  if (!same) throw wrong(`has another beacon inside ${file} than the manifest names`);
}

function refusal(circuit: string): (problem: string) => KeyCeremonyError {
  return (problem) => new KeyCeremonyError(`the key of ${circuit} ${problem}: take keys and manifest of a ceremony ("clearproof ceremony finalise" writes them)`, { circuit });
}
