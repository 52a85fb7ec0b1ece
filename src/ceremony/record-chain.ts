import { ClearproofError } from '../error/clearproof-error.js';
import type { BeaconAnnouncement, CeremonyPlan, ContributionRecord } from './ceremony-records.js';

/** A record does not follow from the one before it: it is of another ceremony, was dropped in, repeated, or made on something else. `details.file`. */
export class CeremonyChainError extends ClearproofError {
  readonly code = 'CEREMONY_CHAIN';
}

/** A file of the ceremony as it was read: what it says and the SHA-256 of its bytes. */
export interface RecordFile<Value> {
  readonly file: string;
  readonly sha256: string;
  readonly value: Value;
}

/** Keys by circuit in the plan's order: what the next contribution is made on. */
export function keysAfter(plan: CeremonyPlan, record: ContributionRecord | undefined): readonly { readonly name: string; readonly sha256: string }[] {
  if (record === undefined) return plan.circuits.map(({ name, initialSha256 }) => ({ name, sha256: initialSha256 }));
  return record.circuits.map(({ name, zkeySha256 }) => ({ name, sha256: zkeySha256 }));
}

/** A record is of this ceremony and over all its circuits. @throws CeremonyChainError */
export function requirePlanned({ value: plan }: RecordFile<CeremonyPlan>, { file, value: record }: RecordFile<ContributionRecord>): void {
  if (record.ceremony !== plan.id) throw broken(file, `is of ceremony ${record.ceremony}, not of ${plan.id}`);
  const planned = plan.circuits.map(({ name }) => name).join(', ');
  if (record.circuits.map(({ name }) => name).join(', ') !== planned) throw broken(file, `is not over the circuits of the ceremony in their order (${planned})`);
}

/**
 * A record was made on the one before it: number, hash of that record, and every key.
 *
 * @param before undefined for the first, which is made on the plan
 * @throws CeremonyChainError
 */
export function requireFollows(plan: RecordFile<CeremonyPlan>, before: RecordFile<ContributionRecord> | undefined, next: RecordFile<ContributionRecord>): void {
  requirePlanned(plan, next);
  const { file, value: record } = next;
  const index = (before?.value.index ?? 0) + 1;
  if (record.index !== index) throw broken(file, `has number ${record.index} where ${index} follows`);
  if (before?.value.kind === 'beacon') throw broken(file, 'comes after the beacon, which ends a ceremony');
  const previous = before ?? plan;
  if (record.previous !== previous.sha256) {
    throw broken(file, `was made after a record of hash ${record.previous}, but ${previous.file} has ${previous.sha256}: one of the two was replaced, or two people contributed at once`);
  }
  for (const [place, key] of keysAfter(plan.value, before?.value).entries()) {
    if (record.circuits[place]?.previousSha256 !== key.sha256) throw broken(file, `was made on another key of ${key.name} than the one before it`);
  }
}

/**
 * An announcement is of this ceremony and names its last contribution. `records` are all that are there, in order, each following the one before.
 *
 * @throws CeremonyChainError
 */
export function requireAnnounced(
  plan: RecordFile<CeremonyPlan>, records: readonly RecordFile<ContributionRecord>[], announcement: RecordFile<BeaconAnnouncement>,
): void {
  const { file, value } = announcement;
  if (value.ceremony !== plan.value.id) throw broken(file, `is of ceremony ${value.ceremony}, not of ${plan.value.id}`);
  const last = records.find(({ value: record }) => record.index === value.contributions);
  if (last === undefined) throw broken(file, `names ${value.contributions} contributions, but the last of them is not here`);
  if (value.previous !== last.sha256) throw broken(file, `was announced after a record of hash ${value.previous}, but ${last.file} has ${last.sha256}`);
  for (const { file: after, value: record } of records.filter(({ value: { index } }) => index > value.contributions)) {
    if (record.kind !== 'beacon') throw broken(after, 'was contributed after the beacon was announced: it is no part of the ceremony, move it away');
  }
}

/** The beacon's record answers the announcement. @throws CeremonyChainError */
export function requireBeacon({ file, value: record }: RecordFile<ContributionRecord>, announcement: RecordFile<BeaconAnnouncement> | undefined): void {
  if (announcement === undefined) throw broken(file, 'is a beacon that nothing announced: beacon.json is not here');
  if (record.index !== announcement.value.contributions + 1) throw broken(file, `has number ${record.index}, but the beacon comes right after contribution ${announcement.value.contributions}`);
  if (record.beacon?.announcement !== announcement.sha256) throw broken(file, `answers another announcement than ${announcement.file}`);
}

function broken(file: string, problem: string): CeremonyChainError {
  return new CeremonyChainError(`${file} ${problem}`, { file });
}
