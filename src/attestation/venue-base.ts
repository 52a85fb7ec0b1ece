import { baseOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { VenueLocation } from './attestation.js';

/** The venue's name in every statement, computed from where it is. */
export function baseOfVenue(poseidon: Poseidon, { chainId, registry, venueId }: VenueLocation): bigint {
  return baseOf(poseidon, { chainId, registry: BigInt(registry), venueId });
}
