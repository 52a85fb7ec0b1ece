import type { Attestation, VenueLocation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import type { Receipt } from '../attestation/receipt.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { failed, passed, skipped, type Finding } from './report.js';

/** Something that names a venue and, unless it is the reader's own choice, an epoch. */
export interface Placed {
  /** What it is called in details: "the receipt". */
  readonly name: string;
  readonly venue: VenueLocation;
  readonly epoch: number | undefined;
}

export function placeOfReceipt({ venue, epoch }: Receipt): Placed {
  return { name: 'the receipt', venue, epoch };
}

export function placeOfAttestation({ venue, epoch }: Attestation): Placed {
  return { name: 'the attestation', venue, epoch };
}

export function placeOfRecord(record: OnChainRecord): Placed {
  return { name: 'the registry\'s record', venue: record, epoch: record.epoch };
}

/** All places name one venue on one registry of one chain, and one epoch; the record's base is that venue's. */
export function checkPlaces(poseidon: Poseidon, places: readonly Placed[], record: OnChainRecord | undefined): Finding {
  const [first, ...others] = places;
  if (first === undefined) return skipped('nothing to compare');
  for (const other of others) {
    const difference = differenceOf(first, other);
    if (difference !== undefined) return failed(`${difference}: one of them belongs elsewhere`);
  }
  if (record !== undefined && record.base !== baseOfVenue(poseidon, record)) {
    return failed('the base in the registry\'s record is not the hash of its chain, registry and venue: the record was altered or has another version');
  }
  const { chainId, registry, venueId } = first.venue;
  const what = `venue ${venueId} on registry ${registry} of chain ${chainId}${first.epoch === undefined ? '' : `, epoch ${first.epoch}`}`;
  return others.length === 0 ? skipped(`only ${first.name} names a place: ${what}`) : passed(what);
}

function differenceOf(one: Placed, other: Placed): string | undefined {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['chain', one.venue.chainId, other.venue.chainId],
    ['registry', one.venue.registry, other.venue.registry],
    ['venue', one.venue.venueId, other.venue.venueId],
    ['epoch', one.epoch ?? other.epoch, other.epoch ?? one.epoch],
  ];
  const found = pairs.find(([, left, right]) => left !== right);
  return found === undefined ? undefined : `${one.name} is of ${found[0]} ${String(found[1])}, ${other.name} of ${found[0]} ${String(found[2])}`;
}
