import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../../attestation/format-fields.js';
import { openingsSignerOf, type OpenedCommitment } from '../../chain/trade-signatures.js';
import { HOUSE_FIELDS, houseToJson, readHandle, readHouse } from '../../clearing/file-fields.js';
import type { HouseLocation } from '../../clearing/order.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';

/** A receipt of openings is not of what is to be submitted, or nobody can have signed it. */
export class OpeningsReceiptError extends ClearproofError {
  readonly code = 'OPENINGS_RECEIPT';
}

/** The operator's word that it holds what stands behind these commitments. Public. */
export interface OpeningsReceipt extends HouseLocation {
  readonly openings: readonly OpenedCommitment[];
  readonly signature: string;
}

const FORMAT = 'clearproof-openings-receipt';
const MAX_LENGTH = 65_536;
const MAX_OPENINGS = 512;
const SIGNATURE = /^0x([0-9a-f]{2}){65}$/;

export async function writeOpeningsReceipt(file: string, { openings, signature, ...house }: OpeningsReceipt): Promise<void> {
  const list = openings.map(({ handle, commitment }) => ({ handle: handle.toString(), commitment: commitment.toString() }));
  await writeFileAtomically(file, `${canonicalText({ format: FORMAT, version: 1, ...houseToJson(house, file), openings: list, signature }, { file })}\n`);
}

/** Reads what "clearing receipt" wrote. Whether its signer is the operator is the contract's to say. @throws OpeningsReceiptError, and the errors of bundles */
export async function readOpeningsReceipt(file: string): Promise<OpeningsReceipt> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, [...HOUSE_FIELDS, 'openings', 'signature'], MAX_LENGTH);
  const receipt: OpeningsReceipt = {
    ...readHouse(fields), signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 lower-case hex digits'),
    openings: fields.field('openings').list({ atLeast: 1, atMost: MAX_OPENINGS }).map((node) => {
      const one = node.object(['handle', 'commitment']);
      return { handle: readHandle(one.field('handle')), commitment: readElement(one.field('commitment')) };
    }),
  };
  const { venue, house, openings, signature } = receipt;
  if (openingsSignerOf({ chainId: venue.chainId, house }, venue.venueId, openings, signature) === undefined) {
    throw new OpeningsReceiptError(`${file} has a signature that nobody can have made: ask the venue again`, { file });
  }
  return receipt;
}

/** The signature that goes with these openings; none where the house asks for none. @throws OpeningsReceiptError */
export function receiptFor(openings: readonly OpenedCommitment[], receipt: OpeningsReceipt | undefined): string {
  if (openings.length === 0) return '0x';
  if (receipt === undefined) {
    throw new OpeningsReceiptError(
      `the venue has to sign that it holds the openings of account ${openings.map(({ handle }) => handle).join(', ')}: give it the account files, have it run "clearing receipt", and name what it wrote with --receipt`,
      {},
    );
  }
  if (same(openings, receipt.openings)) return receipt.signature;
  throw new OpeningsReceiptError('the receipt is of other commitments, or of the same in another order, than what is to be submitted: have it signed for these files', {});
}

function same(one: readonly OpenedCommitment[], other: readonly OpenedCommitment[]): boolean {
  return one.length === other.length && one.every(({ handle, commitment }, place) => other[place]?.handle === handle && other[place].commitment === commitment);
}
