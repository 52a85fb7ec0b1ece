import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { baseOf, keyOf, ownerOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { tieredRows } from '../../src/risk/tiers.js';
import type { AccountTerms } from '../../src/statement/account-terms.js';
import type { Holding } from '../../src/venue/account.js';
import { accountExitInput, accountExitSignals, type ExitStatement } from '../../src/witness/account-exit-input.js';
import { accountMarginInput, accountMarginSignals, type MarginStatement } from '../../src/witness/account-margin-input.js';
import type { AccountOpening, AccountPlace, AccountSecret } from '../../src/witness/account-parts.js';
import { accountSignerInput, accountSignerSignals, type SignerStatement } from '../../src/witness/account-signer-input.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { rowMarkInput, rowMarkSignals } from '../../src/witness/row-mark-input.js';
import { TEST_VENUE } from './epoch.js';

/** The smallest shapes of account circuits in circuits.json: what tests prove. */
export const ACCOUNT_SHAPE = {
  K: 4, S: 2, DEPTH: 2,
  marginCircuit: 'account-margin-k4-s2-d2', exitCircuit: 'account-exit-k4-s2-d2', signerCircuit: 'account-signer', markCircuit: 'row-mark-s2',
} as const;

export const OWNER: AccountSecret = Object.freeze({ secret: 123_456_789n, signer: 987_654_321n, userId: 'alice', subAccount: 3 });
export const EPOCH = 7n;
/** Where the account stands in its tree. */
export const POSITION = 37;

/** Terms of a proof that the account is healthy, for scope 5 and context 9. */
export const HEALTHY: AccountTerms = Object.freeze({ verdict: 'healthy', unmargined: false, scope: 5n, context: 9n });
export const HELD: AccountTerms = Object.freeze({ ...HEALTHY, verdict: 'held' });
export const UNHEALTHY: AccountTerms = Object.freeze({ verdict: 'unhealthy', unmargined: false, scope: 0n, context: 9n });
export const WATCHED: AccountTerms = Object.freeze({ ...UNHEALTHY, verdict: 'watched' });

export function withdrawing(row: number, amount: bigint): AccountTerms {
  return { ...HEALTHY, scope: 0n, withdrawal: { row, amount } };
}

export function keyOfOwner(poseidon: Poseidon, owner: AccountSecret = OWNER): bigint {
  return keyOf(poseidon, { ...owner, owner: ownerOf(poseidon, owner.secret, owner.signer) });
}

/** The test owner's account with these row-level holdings. */
export function openingOf(poseidon: Poseidon, table: MarketTable, holdings: readonly Holding[]): AccountOpening {
  return { key: keyOfOwner(poseidon), salt: 555n, slots: slotsOf(holdings, ACCOUNT_SHAPE.K, tieredRows(table)) };
}

/** An account among others in a tree of the test depth. */
export function placeInTree(poseidon: Poseidon, { key, salt, slots }: AccountOpening, position = POSITION): AccountPlace {
  const leaves = Array.from({ length: 50 }, (_, place) => (place === position ? accountLeaf(poseidon, key, salt, slots) : 1_000n + BigInt(place)));
  return { source: 'tree', path: MerkleTree16.ofLeaves(poseidon, ACCOUNT_SHAPE.DEPTH, leaves).path(position) };
}

/** What is said of the test owner's account: in the tree, or on the chain where it is said without the owner; changes as wanted. */
export function marginStatement(
  poseidon: Poseidon, table: MarketTable, holdings: readonly Holding[], terms: AccountTerms, change: Partial<MarginStatement> = {},
): MarginStatement {
  const account = change.account ?? openingOf(poseidon, table, holdings);
  const alone = terms.verdict === 'unhealthy' || terms.verdict === 'watched';
  return {
    base: baseOf(poseidon, TEST_VENUE), circuitId: circuitIdOf(ACCOUNT_SHAPE.marginCircuit), epoch: EPOCH, account, depth: ACCOUNT_SHAPE.DEPTH, table,
    place: alone ? { source: 'chain' } : placeInTree(poseidon, account), terms, owner: alone ? undefined : OWNER, ...change,
  };
}

export function marginInput(poseidon: Poseidon, statement: MarginStatement): CircuitInput {
  return accountMarginInput(poseidon, accountMarginSignals(poseidon, statement), statement);
}

export function exitStatement(poseidon: Poseidon, table: MarketTable, holdings: readonly Holding[], change: Partial<ExitStatement> = {}): ExitStatement {
  const account = change.account ?? openingOf(poseidon, table, holdings);
  return {
    base: baseOf(poseidon, TEST_VENUE), circuitId: circuitIdOf(ACCOUNT_SHAPE.exitCircuit), epoch: EPOCH, account, depth: ACCOUNT_SHAPE.DEPTH, table,
    place: placeInTree(poseidon, account), owner: OWNER, recipient: 0xabcden, ...change,
  };
}

export function exitInput(poseidon: Poseidon, statement: ExitStatement): CircuitInput {
  return accountExitInput(poseidon, accountExitSignals(poseidon, statement), statement);
}

export function signerInput(poseidon: Poseidon, change: Partial<SignerStatement> = {}): CircuitInput {
  const statement = { base: baseOf(poseidon, TEST_VENUE), circuitId: circuitIdOf(ACCOUNT_SHAPE.signerCircuit), epoch: EPOCH, laterEpoch: EPOCH + 2n, owner: OWNER, ...change };
  return accountSignerInput(accountSignerSignals(poseidon, statement), statement);
}

export function markInput(poseidon: Poseidon, table: MarketTable, row: number): CircuitInput {
  return rowMarkInput(poseidon, rowMarkSignals(poseidon, baseOf(poseidon, TEST_VENUE), circuitIdOf(ACCOUNT_SHAPE.markCircuit), table, row), table);
}
