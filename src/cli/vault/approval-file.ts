import { canonicalText } from '../../attestation/canonical-json.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { openEnvelope, readElement } from '../../attestation/format-fields.js';
import { approverOf, type PayoutApproval, type SignatureTarget } from '../../chain/vault-signatures.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { MAX_UNIX_SECONDS } from '../../risk/table-rules.js';
import { readText } from '../files.js';

/** A payout approval is not what it says: signed for something else, or by nobody. */
export class ApprovalError extends ClearproofError {
  readonly code = 'APPROVAL';
}

/** A payout approval and its signature. */
export interface SignedApproval {
  readonly approval: PayoutApproval;
  readonly signature: string;
}

const FORMAT = 'clearproof-payout-approval';
const FIELDS = ['chainId', 'vault', 'venueId', 'nullifier', 'row', 'amount', 'recipient', 'deadline', 'signature'];
const MAX_LENGTH = 4_096;
const MAX_ROW = 2 ** 16 - 1;
const MAX_AMOUNT = 2n ** 64n - 1n;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;

export async function writeApproval(file: string, { chainId, vault }: SignatureTarget, { approval, signature }: SignedApproval): Promise<void> {
  const fields = Object.fromEntries(Object.entries({ ...approval, chainId }).map(([name, value]) => [name, String(value)]));
  await writeFileAtomically(file, `${canonicalText({ format: FORMAT, version: 1, ...fields, vault, signature }, { file })}\n`);
}

/** Reads what "vault approve" wrote for this vault. Whether the signer is the operator is the contract's to say. @throws ApprovalError, and the errors of bundles */
export async function readApproval(file: string, target: SignatureTarget): Promise<SignedApproval> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  const addressOf = (name: string): string => checksumAddress(fields.field(name).textLike(ADDRESS, 'an address: 0x and 40 hex digits'));
  const [chainId, vault] = [readElement(fields.field('chainId')), addressOf('vault')];
  if (chainId !== target.chainId || vault !== target.vault) {
    throw new ApprovalError(`${file} is for the vault ${vault} on chain ${chainId}, not for ${target.vault} on chain ${target.chainId}`, { file });
  }
  const approval = {
    venueId: readElement(fields.field('venueId')), nullifier: readElement(fields.field('nullifier')), row: fields.field('row').integer(0, MAX_ROW),
    amount: fields.field('amount').bigInteger(1n, MAX_AMOUNT), recipient: addressOf('recipient'), deadline: fields.field('deadline').integer(0, MAX_UNIX_SECONDS),
  };
  const signature = fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 hex digits');
  if (approverOf(target, approval, signature) === undefined) throw new ApprovalError(`${file} has a signature that nobody can have made: ask the venue again`, { file });
  return { approval, signature };
}
