import { accountLeaf } from '../../src/commitment/account-leaf.js';
import type { BalanceOpening } from '../../src/commitment/balance-commitment.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { baseOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { Holding } from '../../src/venue/account.js';
import { accountInclusionInput, accountInclusionSignals, type InclusionStatement } from '../../src/witness/account-inclusion-input.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { POSITION, keyOfOwner } from './account.js';
import { TEST_VENUE } from './epoch.js';

/** Shapes of the batches that tests prove: without tiers, and with them. */
export const INCLUSION_SHAPE = { K: 3, DEPTH: 2, circuit: 'account-inclusion-k3-d2', tieredK: 5, tieredCircuit: 'account-inclusion-k5-d2' } as const;

/** Two tiers of an asset, one of them owed, and a row behind them. */
export const HELD_ROWS: readonly Holding[] = Object.freeze([{ index: 4, quantity: 100n }, { index: 5, quantity: -30n }, { index: 9, quantity: 7n }]);
export const HELD_BALANCE = Object.freeze({ firstRow: 4, lastRow: 5, amount: 70n, blinding: 424_242n });

/** What is shown of the test owner's account with these slots; changes as wanted. */
export function inclusionStatement(
  poseidon: Poseidon, slots: readonly Holding[] = HELD_ROWS, balance: Partial<BalanceOpening> = {}, change: Partial<InclusionStatement> & { readonly position?: number } = {},
): InclusionStatement {
  const key = keyOfOwner(poseidon);
  const account = change.account ?? { key, salt: 555n, slots };
  const position = change.position ?? POSITION;
  const leaves = Array.from({ length: 50 }, (_, place) => (place === position ? accountLeaf(poseidon, account.key, account.salt, account.slots) : 1_000n + BigInt(place)));
  const circuit = slots.length === INCLUSION_SHAPE.tieredK ? INCLUSION_SHAPE.tieredCircuit : INCLUSION_SHAPE.circuit;
  return {
    base: baseOf(poseidon, TEST_VENUE), circuitId: circuitIdOf(circuit), account, path: MerkleTree16.ofLeaves(poseidon, INCLUSION_SHAPE.DEPTH, leaves).path(position),
    depth: INCLUSION_SHAPE.DEPTH, balance: { key, ...HELD_BALANCE, ...balance }, ...change,
  };
}

/** Public and private inputs of a statement. */
export function inclusionInput(poseidon: Poseidon, statement: InclusionStatement): CircuitInput {
  return accountInclusionInput(poseidon, accountInclusionSignals(poseidon, statement), statement);
}
