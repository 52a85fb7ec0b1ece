import { verifyTypedData, type Signer, type TypedDataField } from 'ethers';
import type { BalanceReceipt } from '../attestation/balance-receipt.js';

/** The OmissionChallenges contract that a signature is for. */
export interface DisputeTarget {
  readonly chainId: bigint;
  readonly disputes: string;
}

/** What a user signs with each order that takes something off an account: IOmissionChallenges.AccountOrder. */
export interface AccountOrder {
  readonly venueId: bigint;
  /** Name of the account in disputes; 32 bytes in hex. */
  readonly account: string;
  /** Counts up with every order of the account, below 2^64. */
  readonly sequence: bigint;
  /** Unix seconds. */
  readonly orderedAt: number;
  /** Hash of the order, whatever the venue's format; 32 bytes in hex. */
  readonly orderDigest: string;
}

type Types = Record<string, TypedDataField[]>;

const RECEIPT_TYPES: Types = {
  BalanceReceipt: [
    { name: 'venueId', type: 'uint256' }, { name: 'balance', type: 'uint256' }, { name: 'account', type: 'bytes32' }, { name: 'signer', type: 'address' },
    { name: 'sequence', type: 'uint64' }, { name: 'issuedAt', type: 'uint64' }, { name: 'validUntil', type: 'uint64' },
  ],
};
const ORDER_TYPES: Types = {
  AccountOrder: [
    { name: 'venueId', type: 'uint256' }, { name: 'account', type: 'bytes32' }, { name: 'sequence', type: 'uint64' }, { name: 'orderedAt', type: 'uint64' },
    { name: 'orderDigest', type: 'bytes32' },
  ],
};

/** EIP-712 signature of a venue's receipt signer. */
export function signBalanceReceipt(receiptSigner: Signer, target: DisputeTarget, receipt: BalanceReceipt): Promise<string> {
  return receiptSigner.signTypedData(domainOf(target), RECEIPT_TYPES, { ...receipt });
}

/** EIP-712 signature of the account owner's signing key. */
export function signAccountOrder(signingKey: Signer, target: DisputeTarget, order: AccountOrder): Promise<string> {
  return signingKey.signTypedData(domainOf(target), ORDER_TYPES, { ...order });
}

/** Address of the key that signed a receipt; undefined for what is no key's signature. */
export function balanceReceiptSignerOf(target: DisputeTarget, receipt: BalanceReceipt, signature: string): string | undefined {
  return signerOf(target, RECEIPT_TYPES, { ...receipt }, signature);
}

/** Address of the key that signed an order; undefined for what is no key's signature. */
export function accountOrderSignerOf(target: DisputeTarget, order: AccountOrder, signature: string): string | undefined {
  return signerOf(target, ORDER_TYPES, { ...order }, signature);
}

function domainOf({ chainId, disputes }: DisputeTarget): { name: string; version: string; chainId: bigint; verifyingContract: string } {
  return { name: 'Clearproof OmissionChallenges', version: '1', chainId, verifyingContract: disputes };
}

function signerOf(target: DisputeTarget, types: Types, value: Record<string, unknown>, signature: string): string | undefined {
  try {
    return verifyTypedData(domainOf(target), types, value, signature);
  } catch {
    // ethers refuses what has another form than a signature: no key signed it.
    return undefined;
  }
}
