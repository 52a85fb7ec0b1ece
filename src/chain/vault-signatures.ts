import { verifyTypedData, type Signer, type TypedDataField } from 'ethers';

/** The vault that a signature is for. */
export interface SignatureTarget {
  readonly chainId: bigint;
  readonly vault: string;
}

/** What the operator signs to waive a payout's delay. It pays nothing without the owner's proof. */
export interface PayoutApproval {
  readonly venueId: bigint;
  readonly nullifier: bigint;
  readonly row: number;
  /** Quanta of the row. */
  readonly amount: bigint;
  readonly recipient: string;
  /** Unix seconds. */
  readonly deadline: number;
}

/** What the operator signs to let a holding move to the clearing house. */
export interface MoveApproval extends Omit<PayoutApproval, 'recipient'> {
  /** 32 bytes in hex. */
  readonly handle: string;
}

/** What an owner's signing key signs with each order: the account's leaf has changed since. It defers requests made on that leaf. */
export interface LaterOrder {
  readonly venueId: bigint;
  /** Of scope 0 in the leaf's epoch. */
  readonly nullifier: bigint;
  readonly sequence: bigint;
  /** 32 bytes in hex. */
  readonly orderDigest: string;
}

const APPROVAL_TYPES: Record<string, TypedDataField[]> = {
  PayoutApproval: [
    { name: 'venueId', type: 'uint256' }, { name: 'nullifier', type: 'uint256' }, { name: 'row', type: 'uint16' }, { name: 'amount', type: 'uint64' },
    { name: 'recipient', type: 'address' }, { name: 'deadline', type: 'uint64' },
  ],
};
const MOVE_TYPES: Record<string, TypedDataField[]> = {
  MoveApproval: [
    { name: 'venueId', type: 'uint256' }, { name: 'nullifier', type: 'uint256' }, { name: 'row', type: 'uint16' }, { name: 'amount', type: 'uint64' },
    { name: 'handle', type: 'bytes32' }, { name: 'deadline', type: 'uint64' },
  ],
};
const ORDER_TYPES: Record<string, TypedDataField[]> = {
  LaterOrder: [
    { name: 'venueId', type: 'uint256' }, { name: 'nullifier', type: 'uint256' }, { name: 'sequence', type: 'uint64' }, { name: 'orderDigest', type: 'bytes32' },
  ],
};

/** EIP-712 signature of the operator. */
export function signPayoutApproval(operator: Signer, target: SignatureTarget, approval: PayoutApproval): Promise<string> {
  return operator.signTypedData(domainOf(target), APPROVAL_TYPES, { ...approval });
}

/** EIP-712 signature of the operator. */
export function signMoveApproval(operator: Signer, target: SignatureTarget, approval: MoveApproval): Promise<string> {
  return operator.signTypedData(domainOf(target), MOVE_TYPES, { ...approval });
}

/** EIP-712 signature of the owner's signing key. */
export function signLaterOrder(signingKey: Signer, target: SignatureTarget, order: LaterOrder): Promise<string> {
  return signingKey.signTypedData(domainOf(target), ORDER_TYPES, { ...order });
}

/** Address of who approved a payout; undefined for what is no signature. */
export function approverOf(target: SignatureTarget, approval: PayoutApproval, signature: string): string | undefined {
  return signerOf(target, APPROVAL_TYPES, { ...approval }, signature);
}

/** Address of who signed an order; undefined for what is no signature. */
export function orderSignerOf(target: SignatureTarget, order: LaterOrder, signature: string): string | undefined {
  return signerOf(target, ORDER_TYPES, { ...order }, signature);
}

function domainOf({ chainId, vault }: SignatureTarget): { name: string; version: string; chainId: bigint; verifyingContract: string } {
  return { name: 'Clearproof CollateralVault', version: '1', chainId, verifyingContract: vault };
}

function signerOf(
  target: SignatureTarget, types: Record<string, TypedDataField[]>, value: Record<string, unknown>, signature: string,
): string | undefined {
  try {
    return verifyTypedData(domainOf(target), types, value, signature);
  } catch {
    // ethers refuses what has another form than a signature: nobody signed it.
    return undefined;
  }
}
