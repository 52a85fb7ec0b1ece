import type { Attestation } from '../../attestation/attestation.js';
import { submissionOf } from '../../chain/attested-submission.js';
import { openSnapshotCall, submitEpochCall } from '../../chain/registry-calls.js';
import type { Sql } from '../../store/database.js';
import { enqueue, type OutboxEntry } from '../../store/outbox.js';
import { MisplacedEntryError } from './publication-errors.js';

/** A venue as a publisher knows it. */
export interface PublishedVenue {
  /** Its row. */
  readonly venue: number;
  readonly chainId: bigint;
  /** Address. */
  readonly registry: string;
  readonly venueId: bigint;
}

/**
 * Puts the submission of an epoch into the outbox, in the transaction that stores its attestation. Again: the same entry.
 *
 * @param commitment of the attestation's market table
 * @throws MisplacedEntryError for an attestation of another venue; OutboxConflictError
 */
export async function enqueueSubmission(sql: Sql, place: PublishedVenue, attestation: Attestation, commitment: bigint): Promise<OutboxEntry> {
  const { venue, registry, venueId } = place;
  const of = attestation.venue;
  if (of.chainId !== place.chainId || of.venueId !== venueId || of.registry.toLowerCase() !== registry.toLowerCase()) {
    throw new MisplacedEntryError(
      `the attestation of epoch ${attestation.epoch} is of venue ${of.venueId} at ${of.registry} on chain ${of.chainId}; this service publishes for venue ${venueId} at ${registry} on chain ${place.chainId}`,
      { epoch: attestation.epoch, venueId: of.venueId, registry: of.registry, chainId: of.chainId },
    );
  }
  const calldata = submitEpochCall(venueId, submissionOf(attestation, commitment));
  return (await enqueue(sql, { venue, epoch: attestation.epoch, kind: 'submit-epoch', target: registry, calldata })).entry;
}

/** Puts the opening of an epoch's snapshot into the outbox. Again: the same entry. */
export async function enqueueOpening(sql: Sql, { venue, registry, venueId }: Omit<PublishedVenue, 'chainId'>, epoch: number): Promise<OutboxEntry> {
  return (await enqueue(sql, { venue, epoch, kind: 'open-snapshot', target: registry, calldata: openSnapshotCall(venueId) })).entry;
}
