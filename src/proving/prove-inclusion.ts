import type { VenueLocation } from '../attestation/attestation.js';
import type { Receipt } from '../attestation/receipt.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { slotsOf } from '../commitment/account-leaf.js';
import { heldInRows, type BalanceOpening } from '../commitment/balance-commitment.js';
import { circuitIdOf } from '../commitment/digest.js';
import { keyOf } from '../commitment/identity.js';
import type { MerklePath16, MerkleTree16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Prover } from '../groth16/prover.js';
import { tieredRows } from '../risk/tiers.js';
import type { AccountInclusionSignals } from '../statement/account-inclusion.js';
import { accountInclusionInput, accountInclusionSignals } from '../witness/account-inclusion-input.js';
import type { AccountOpening } from '../witness/account-parts.js';
import { circuitOfShape, describeShape, inclusionShape } from './account-circuits.js';
import { AccountOmittedError, BalanceKeyError, BalanceShortError } from './account-errors.js';
import type { EpochPlan } from './epoch-plan.js';
import { batchNamed } from './epoch-shape.js';
import type { ProvenStatementOf } from './prove-account.js';
import { ShapeMismatchError } from './shape-mismatch-error.js';

/** An account where an epoch has it. Secret, but to its user. */
export interface IncludedAccount {
  readonly venue: VenueLocation;
  readonly account: AccountOpening;
  readonly path: MerklePath16;
  /** Of the accounts tree. */
  readonly depth: number;
}

/** The account of a receipt, and its place. @throws LeafShapeError for a receipt that fits in no leaf */
export function accountOfReceipt(poseidon: Poseidon, receipt: Receipt): IncludedAccount {
  const { venue, path, depth, salt, slots, holdings, market } = receipt;
  return { venue, path, depth, account: { key: keyOf(poseidon, receipt), salt, slots: slotsOf(holdings, slots, tieredRows(market)) } };
}

/**
 * A user's account as an epoch's plan has it, and its place in the tree that the plan made.
 *
 * @throws AccountOmittedError when the plan has no such account; it names nobody
 */
export function accountOfPlan(poseidon: Poseidon, plan: EpochPlan, tree: MerkleTree16, of: { readonly userId: string; readonly subAccount: number }): IncludedAccount {
  let position = -1;
  for (const { circuit, places } of plan.batches) {
    for (const place of places) {
      position += 1;
      if (place.kind === 'padding' || place.userId !== of.userId || place.subAccount !== of.subAccount) continue;
      const slots = slotsOf(place.holdings, batchNamed(plan.shape, circuit).shape.K, tieredRows(plan.market));
      return { venue: plan.venue, path: tree.path(position), depth: plan.shape.depth, account: { key: keyOf(poseidon, place), salt: place.salt, slots } };
    }
  }
  throw new AccountOmittedError(
    `epoch ${plan.epoch} has no such account: answer with a later order of its signer or its withdrawal request, or cure with the next epoch`, { epoch: plan.epoch },
  );
}

/**
 * Proves, without anybody's secret, that an account stands in an epoch's tree with no less than a balance receipt promises of it.
 *
 * @param circuits those of the registry: the one of the leaf's and the tree's shape is taken
 * @throws BalanceKeyError, BalanceShortError, BalanceRangeError, ShapeMismatchError, and the prover's errors. None shows what is held.
 */
export async function proveInclusion(
  prover: Prover, poseidon: Poseidon, circuits: readonly CircuitDefinition[], included: IncludedAccount, balance: BalanceOpening,
): Promise<ProvenStatementOf<AccountInclusionSignals>> {
  const { venue, account, path, depth } = included;
  requirePromised(account, balance);
  const { name } = inclusionCircuit(circuits, account.slots.length, depth);
  const statement = { base: baseOfVenue(poseidon, venue), circuitId: circuitIdOf(name), account, path, depth, balance };
  const signals = accountInclusionSignals(poseidon, statement);
  const { proof } = await prover.prove(name, accountInclusionInput(poseidon, signals, statement));
  return { circuit: name, signals, proof };
}

/** The circuit that shows leaves of K slots in trees of this depth. @throws ShapeMismatchError where there is none */
export function inclusionCircuit(circuits: readonly CircuitDefinition[], K: number, DEPTH: number): CircuitDefinition {
  const wanted = inclusionShape(K, DEPTH);
  const found = circuitOfShape(circuits, wanted);
  if (found !== undefined) return found;
  throw new ShapeMismatchError(`no circuit is ${describeShape(wanted)}: make a registry with one for each batch's K and depth, and add it to circuits.json`, { K, DEPTH });
}

function requirePromised({ key, slots }: AccountOpening, { key: promisedTo, firstRow, lastRow, amount }: BalanceOpening): void {
  if (key !== promisedTo) throw new BalanceKeyError('the balance receipt is of another account: take the one whose key it names');
  if (amount === 0n || heldInRows(slots, firstRow, lastRow) >= amount) return;
  throw new BalanceShortError('the account holds less in this epoch than the receipt promises: answer with a later order of its signer or its withdrawal request, or cure with the next epoch');
}
