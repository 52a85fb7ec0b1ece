import type { VenueLocation } from '../attestation/attestation.js';
import { checksumAddress } from '../attestation/checksum-address.js';

/** What readers know of the venue from a source of their own. */
export interface KnownVenue {
  /** Address of the registry; with it, the bundle's own word counts for nothing. */
  readonly registry?: string;
  readonly venueId?: bigint;
  readonly chainId?: bigint;
}

/** The venue the reader means: what they said, and for the rest what the bundle says. Nothing without a registry or a bundle that can be read. */
export function venueMeant({ registry, venueId, chainId }: KnownVenue, found: VenueLocation | undefined): { readonly venue?: VenueLocation } {
  if (found === undefined || registry === undefined) return {};
  return { venue: { registry: checksumAddress(registry), venueId: venueId ?? found.venueId, chainId: chainId ?? found.chainId } };
}
