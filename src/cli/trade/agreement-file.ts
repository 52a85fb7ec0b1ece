import { canonicalText } from '../../attestation/canonical-json.js';
import { openEnvelope, readAddress, readElement } from '../../attestation/format-fields.js';
import type { BondedTrade } from '../../chain/trade-bonds-client.js';
import { agreementSignerOf, type BondsTarget } from '../../chain/trade-signatures.js';
import { readHandle, readTime } from '../../clearing/file-fields.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { FIELD_MODULUS } from '../../field/scalar-field.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';

/** A signed agreement is not what it says, or is of another one than it has to be. */
export class AgreementFileError extends ClearproofError {
  readonly code = 'AGREEMENT_FILE';
}

/** An agreement as one controller signed it. Public: it names no more of the trade than the chain will. */
export interface SignedAgreement extends BondsTarget {
  readonly agreement: BondedTrade;
  readonly signature: string;
}

const FORMAT = 'clearproof-trade-agreement';
const FIELDS = ['chainId', 'bonds', 'tradeCommitment', 'buyer', 'seller', 'expiry', 'bond', 'signature'];
const MAX_LENGTH = 16_384;
/** Wei of the contract's own accounting: far above all there is. */
const MAX_BOND = 2n ** 128n - 1n;
const SIGNATURE = /^0x([0-9a-f]{2}){1,1024}$/;

export async function writeAgreement(file: string, { chainId, bonds, agreement: { trade, bond }, signature }: SignedAgreement): Promise<void> {
  const { commitment: tradeCommitment, buyer, seller, expiry } = trade;
  const members = Object.fromEntries(Object.entries({ chainId, tradeCommitment, buyer, seller, expiry, bond }).map(([name, value]) => [name, value.toString()]));
  await writeFileAtomically(file, `${canonicalText({ format: FORMAT, version: 1, ...members, bonds, signature }, { file })}\n`);
}

/** Reads what "trade agree" wrote. @throws AgreementFileError for what nobody can have signed, and the errors of bundles */
export async function readAgreement(file: string): Promise<SignedAgreement> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  const trade = {
    buyer: readHandle(fields.field('buyer')), seller: readHandle(fields.field('seller')), expiry: readTime(fields.field('expiry')),
    commitment: readElement(fields.field('tradeCommitment')),
  };
  const signed: SignedAgreement = {
    chainId: fields.field('chainId').bigInteger(1n, FIELD_MODULUS - 1n), bonds: readAddress(fields.field('bonds')),
    agreement: { trade, bond: fields.field('bond').bigInteger(0n, MAX_BOND) }, signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and lower-case hex digits'),
  };
  const { commitment: tradeCommitment, ...parties } = trade;
  if (agreementSignerOf(signed, { tradeCommitment, ...parties, bond: signed.agreement.bond }, signed.signature) === undefined) {
    throw new AgreementFileError(`${file} has a signature that no key can have made: have it signed again`, { file });
  }
  return signed;
}
