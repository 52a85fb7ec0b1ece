import { balanceCommitment, type BalanceOpening } from '../commitment/balance-commitment.js';
import { domainOf } from '../commitment/identity.js';
import type { MerklePath16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { AccountInclusionSignals } from '../statement/account-inclusion.js';
import { openPath } from '../tree/merkle-path.js';
import { leafOf, type AccountOpening } from './account-parts.js';
import type { CircuitInput } from './circuit-input.js';

/** Which account is shown to be in which tree, and what was promised of it. Secret: holds holdings, salt and position. */
export interface InclusionStatement {
  readonly base: bigint;
  readonly circuitId: bigint;
  readonly account: AccountOpening;
  readonly path: MerklePath16;
  /** Of the accounts tree. */
  readonly depth: number;
  readonly balance: BalanceOpening;
}

/**
 * Public signals of the proof of `account-inclusion`.
 *
 * @throws BalanceRangeError, and the errors of openPath
 */
export function accountInclusionSignals(poseidon: Poseidon, { base, circuitId, account, path, depth, balance }: InclusionStatement): AccountInclusionSignals {
  return {
    domain: domainOf(poseidon, base, circuitId), accountsRoot: openPath(poseidon, leafOf(poseidon, account), path, depth).root, balance: balanceCommitment(poseidon, balance),
  };
}

/** Input of `account-inclusion`. */
export function accountInclusionInput(poseidon: Poseidon, signals: AccountInclusionSignals, { account, path, depth, balance }: InclusionStatement): CircuitInput {
  const { key, salt, slots } = account;
  const { firstRow, lastRow, amount, blinding } = balance;
  return {
    ...signals, key, firstRow: BigInt(firstRow), lastRow: BigInt(lastRow), amount, blinding, promises: amount === 0n ? 0n : 1n,
    salt, index: slots.map(({ index }) => BigInt(index)), quantity: slots.map(({ quantity }) => quantity), used: slots.map(({ quantity }) => (quantity === 0n ? 0n : 1n)),
    position: BigInt(path.position), children: openPath(poseidon, leafOf(poseidon, account), path, depth).children,
  };
}
