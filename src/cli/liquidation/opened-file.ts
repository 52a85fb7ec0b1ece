import { parseBid, serializeBid } from '../../liquidation/bid-format.js';
import type { BidFile } from '../../liquidation/bid.js';
import { parseDisclosedOpening, serializeDisclosedOpening, type DisclosedOpening } from '../../liquidation/disclosed-opening.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { readSecretText } from '../files.js';

/** What a bidder was shown of an account. @throws SecretFileError, and the errors of bundles */
export async function readDisclosedOpening(file: string): Promise<DisclosedOpening> {
  return parseDisclosedOpening(await readSecretText(file), file);
}

/** Whole or not at all, readable by its owner only. */
export async function writeDisclosedOpening(file: string, opening: DisclosedOpening): Promise<void> {
  await writeFileAtomically(file, serializeDisclosedOpening(opening), SECRET_FILE);
}

/** @throws SecretFileError, and the errors of bundles */
export async function readBid(file: string): Promise<BidFile> {
  return parseBid(await readSecretText(file), file);
}

/** It says what is bid for which account: nobody else's before it is sent. */
export async function writeBid(file: string, bid: BidFile): Promise<void> {
  await writeFileAtomically(file, serializeBid(bid), SECRET_FILE);
}
