import { canonicalText } from '../../attestation/canonical-json.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { openEnvelope, readElement } from '../../attestation/format-fields.js';
import type { MoveApproval, SignatureTarget } from '../../chain/vault-signatures.js';
import { readHandle, readRow, readTime } from '../../clearing/file-fields.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readText } from '../files.js';
import { ApprovalError } from '../vault/approval-file.js';

/** What the venue lets move from the tree to an account of the clearing house. */
export interface SignedMove extends Omit<MoveApproval, 'handle'> {
  readonly handle: bigint;
  readonly signature: string;
}

const FORMAT = 'clearproof-move-approval';
const FIELDS = ['chainId', 'vault', 'venueId', 'nullifier', 'row', 'amount', 'handle', 'deadline', 'signature'];
const MAX_LENGTH = 4_096;
const MAX_AMOUNT = 2n ** 64n - 1n;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;

/** A handle as the vault has it: 32 bytes in hex. */
export function handleBytes(handle: bigint): string {
  return `0x${handle.toString(16).padStart(64, '0')}`;
}

export async function writeMove(file: string, { chainId, vault }: SignatureTarget, { signature, ...move }: SignedMove): Promise<void> {
  const fields = Object.fromEntries(Object.entries({ ...move, chainId }).map(([name, value]) => [name, String(value)]));
  await writeFileAtomically(file, `${canonicalText({ format: FORMAT, version: 1, ...fields, vault, signature }, { file })}\n`);
}

/** Reads what "clearing approve-move" wrote for this vault. Whose signature it has is the contract's to say. @throws ApprovalError, and the errors of bundles */
export async function readMove(file: string, target: SignatureTarget): Promise<SignedMove> {
  const { fields } = openEnvelope(await readText(file), { file }, FORMAT, FIELDS, MAX_LENGTH);
  const [chainId, vault] = [readElement(fields.field('chainId')), checksumAddress(fields.field('vault').textLike(ADDRESS, 'an address: 0x and 40 hex digits'))];
  if (chainId !== target.chainId || vault !== target.vault) {
    throw new ApprovalError(`${file} is for the vault ${vault} on chain ${chainId}, not for ${target.vault} on chain ${target.chainId}`, { file });
  }
  return {
    venueId: readElement(fields.field('venueId')), nullifier: readElement(fields.field('nullifier')), row: readRow(fields.field('row')),
    amount: fields.field('amount').bigInteger(1n, MAX_AMOUNT), handle: readHandle(fields.field('handle')), deadline: readTime(fields.field('deadline')),
    signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 hex digits'),
  };
}
