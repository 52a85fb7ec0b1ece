import type { Poseidon } from './poseidon.js';
import { digestOf } from './digest.js';
import { hashList } from './hash-list.js';
import { tagOf } from './tags.js';

/** Version of statements and layouts. Part of every base, so proofs of one version mean nothing to another. */
export const PROTOCOL_VERSION = 1n;

/** Which venue, on which registry, on which chain. */
export interface VenueReference {
  readonly chainId: bigint;
  /** Address of the registry as an integer, below 2^160. */
  readonly registry: bigint;
  readonly venueId: bigint;
}

/** What an account's key is made of. Public to its user, known to the venue. */
export interface KeyParts {
  readonly owner: bigint;
  readonly userId: string;
  readonly subAccount: number;
}

/** H(tag, chain id, registry, venue id, version): names one venue on one chain. */
export function baseOf(poseidon: Poseidon, venue: VenueReference): bigint {
  return hashList(poseidon, tagOf('base'), [venue.chainId, venue.registry, venue.venueId, PROTOCOL_VERSION]);
}

/** H(tag, base, circuit id): the first public signal of every circuit. */
export function domainOf(poseidon: Poseidon, base: bigint, circuitId: bigint): bigint {
  return hashList(poseidon, tagOf('domain'), [base, circuitId]);
}

/** H(tag, secret, signing key digest). The secret has at least 128 random bits and never leaves the user. */
export function ownerOf(poseidon: Poseidon, secret: bigint, signingKeyDigest: bigint): bigint {
  return hashList(poseidon, tagOf('owner'), [secret, signingKeyDigest]);
}

/** H(tag, owner, user id digest, sub-account): by this a user recognises their own leaf. */
export function keyOf(poseidon: Poseidon, parts: KeyParts): bigint {
  return hashList(poseidon, tagOf('key'), [parts.owner, digestOf(parts.userId), BigInt(parts.subAccount)]);
}
