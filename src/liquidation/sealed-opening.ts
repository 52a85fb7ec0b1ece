import { openText, SealedBoxError, sealText } from '../attestation/sealed-box.js';
import { clearedCommitment } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { MAX_OPENING_LENGTH, parseDisclosedOpening, serializeDisclosedOpening, type DisclosedOpening } from './disclosed-opening.js';
import { SealedOpeningError } from './liquidation-errors.js';

const VERSION = 1;

/** Where an opening is posted, and of what: it opens under no other. */
export interface PostingPlace {
  readonly chainId: bigint;
  /** Address of the LiquidationBidders contract. */
  readonly bidders: string;
  readonly handle: bigint;
  /** The handle's when it was posted. */
  readonly commitment: bigint;
}

/**
 * Seals an account's opening to a bidder's key.
 *
 * @param encryptionKey X25519 public key as the bidder has it on chain
 * @throws SealedOpeningError for what is no key, or an opening of something else than the place says
 */
export function sealOpening(poseidon: Poseidon, disclosed: DisclosedOpening, encryptionKey: Uint8Array, place: PostingPlace): Uint8Array {
  requireItsOpening(poseidon, disclosed, place, 'take the opening of what stands on the chain now');
  return said(() => sealText(serializeDisclosedOpening(disclosed), encryptionKey, purposeOf(place)), place);
}

/**
 * Opens what was posted for a bidder, and holds it against the commitment it was posted for.
 *
 * @throws SealedOpeningError where the key does not open it, or it opens something else; the errors of bundles
 */
export function openSealedOpening(poseidon: Poseidon, ciphertext: Uint8Array, privateKey: Uint8Array, place: PostingPlace): DisclosedOpening {
  const text = said(() => openText(ciphertext, privateKey, purposeOf(place), MAX_OPENING_LENGTH), place);
  const disclosed = parseDisclosedOpening(text, `posted opening of handle ${place.handle}`);
  requireItsOpening(poseidon, disclosed, place, 'whoever posted it posted something else, and nothing can be bid on it');
  return disclosed;
}

function purposeOf({ chainId, bidders, handle, commitment }: PostingPlace): string {
  return `clearproof sealed opening ${VERSION}|${chainId}|${bidders.toLowerCase()}|${handle}|${commitment}`;
}

function requireItsOpening(poseidon: Poseidon, { handle, opening, venue }: DisclosedOpening, place: PostingPlace, advice: string): void {
  if (handle === place.handle && venue.chainId === place.chainId && clearedCommitment(poseidon, opening) === place.commitment) return;
  throw new SealedOpeningError(`the opening is not the one of handle ${place.handle} and its commitment: ${advice}`, { handle: place.handle });
}

function said<Value>(attempt: () => Value, { handle }: PostingPlace): Value {
  try {
    return attempt();
  } catch (cause) {
    if (!(cause instanceof SealedBoxError)) throw cause;
    const message = cause.reason === 'key' ? cause.message : `this key does not open what was posted of handle ${handle}: it is another bidder's, or noise`;
    throw new SealedOpeningError(message, { handle }, { cause });
  }
}
