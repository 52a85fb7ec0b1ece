import { concat, keccak256, toBeHex, verifyTypedData, type Signer, type TypedDataField } from 'ethers';
import type { Order } from '../clearing/order.js';

/** The ClearingHouse that an order or a receipt is for. */
export interface HouseTarget {
  readonly chainId: bigint;
  readonly house: string;
}

/** The TradeBonds contract that an agreement is for. */
export interface BondsTarget {
  readonly chainId: bigint;
  readonly bonds: string;
}

/** What both controllers sign to stand in with a bond: ITradeBonds.Agreement. */
export interface TradeAgreement {
  readonly tradeCommitment: bigint;
  readonly buyer: bigint;
  readonly seller: bigint;
  /** Last second, Unix. */
  readonly expiry: number;
  /** Wei of each side. */
  readonly bond: bigint;
}

/** A handle with what it becomes: what the operator says that it holds the opening of. */
export interface OpenedCommitment {
  readonly handle: bigint;
  readonly commitment: bigint;
}

type Types = Record<string, TypedDataField[]>;

const ORDER_TYPES: Types = {
  Order: [
    { name: 'venueId', type: 'uint256' }, { name: 'handle', type: 'uint64' }, { name: 'seller', type: 'bool' }, { name: 'row', type: 'uint16' },
    { name: 'payRow', type: 'uint16' }, { name: 'quantity', type: 'uint64' }, { name: 'payment', type: 'uint64' }, { name: 'partial', type: 'bool' },
    { name: 'expiry', type: 'uint64' }, { name: 'nonce', type: 'uint256' },
  ],
};
const AGREEMENT_TYPES: Types = {
  Agreement: [
    { name: 'tradeCommitment', type: 'uint256' }, { name: 'buyer', type: 'uint64' }, { name: 'seller', type: 'uint64' }, { name: 'expiry', type: 'uint64' },
    { name: 'bond', type: 'uint256' },
  ],
};
const OPENINGS_TYPES: Types = { Openings: [{ name: 'venueId', type: 'uint256' }, { name: 'openings', type: 'bytes32' }] };

/** EIP-712 signature of an account's controller. */
export function signOrder(controller: Signer, target: HouseTarget, venueId: bigint, order: Order): Promise<string> {
  return controller.signTypedData(houseDomain(target), ORDER_TYPES, { venueId, ...order });
}

/** Address of the key that signed an order; undefined for what is no key's signature. A contract that controls an account signs in its own way. */
export function orderSignerOf(target: HouseTarget, venueId: bigint, order: Order, signature: string): string | undefined {
  return signerOf(houseDomain(target), ORDER_TYPES, { venueId, ...order }, signature);
}

/** EIP-712 signature of an account's controller. */
export function signAgreement(controller: Signer, target: BondsTarget, agreement: TradeAgreement): Promise<string> {
  return controller.signTypedData(bondsDomain(target), AGREEMENT_TYPES, { ...agreement });
}

export function agreementSignerOf(target: BondsTarget, agreement: TradeAgreement, signature: string): string | undefined {
  return signerOf(bondsDomain(target), AGREEMENT_TYPES, { ...agreement }, signature);
}

/** EIP-712 signature of the operator: it holds these openings, in this order. */
export function signOpenings(operator: Signer, target: HouseTarget, venueId: bigint, openings: readonly OpenedCommitment[]): Promise<string> {
  return operator.signTypedData(houseDomain(target), OPENINGS_TYPES, { venueId, openings: openingsHash(openings) });
}

export function openingsSignerOf(target: HouseTarget, venueId: bigint, openings: readonly OpenedCommitment[], signature: string): string | undefined {
  return signerOf(houseDomain(target), OPENINGS_TYPES, { venueId, openings: openingsHash(openings) }, signature);
}

/** keccak256 of handle and new commitment, 32 bytes each, in order. */
export function openingsHash(openings: readonly OpenedCommitment[]): string {
  return keccak256(concat(openings.flatMap(({ handle, commitment }) => [toBeHex(handle, 32), toBeHex(commitment, 32)])));
}

interface Domain { readonly name: string; readonly version: string; readonly chainId: bigint; readonly verifyingContract: string }

function houseDomain({ chainId, house }: HouseTarget): Domain {
  return { name: 'Clearproof ClearingHouse', version: '1', chainId, verifyingContract: house };
}

function bondsDomain({ chainId, bonds }: BondsTarget): Domain {
  return { name: 'Clearproof TradeBonds', version: '1', chainId, verifyingContract: bonds };
}

function signerOf(domain: Domain, types: Types, value: Record<string, unknown>, signature: string): string | undefined {
  try {
    return verifyTypedData(domain, types, value, signature);
  } catch {
    // ethers refuses what has another form than a signature: no key signed it.
    return undefined;
  }
}
