import type { VenueLocation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { openingAfter, planTransition } from '../clearing/apply-transition.js';
import { OwnerNeededError } from '../clearing/clearing-errors.js';
import type { ProvenTransition } from '../clearing/proven-transition.js';
import type { TransitionPlan, TransitionWish } from '../clearing/transition-plan.js';
import { derivedNonce, type ClearedOpening } from '../commitment/cleared-account.js';
import { circuitIdOf } from '../commitment/digest.js';
import { keyOf, ownerOf } from '../commitment/identity.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Prover } from '../groth16/prover.js';
import type { MarketTable } from '../risk/market-table.js';
import type { AccountTransitionSignals } from '../statement/account-transition.js';
import { transitionDelta } from '../statement/transition-delta.js';
import type { AccountSecret } from '../witness/account-parts.js';
import { accountTransitionInput, accountTransitionSignals } from '../witness/account-transition-input.js';
import { OwnerMismatchError } from './account-errors.js';
import { requireShape, type ProvenStatementOf } from './prove-account.js';
import { randomFieldElement } from './random.js';

/** What shall be proven of an account at the clearing house. */
export interface TransitionRequest extends TransitionWish {
  readonly venue: VenueLocation;
  readonly market: MarketTable;
  /** The account as it stands on the chain; of an opening emptyAccount(). */
  readonly before: ClearedOpening;
  /** Undefined where the owner takes no part. Never logged, never in an error. */
  readonly owner: AccountSecret | undefined;
}

/** A transition, ready to be sent, and what the account then is, which its owner keeps. */
export interface TransitionProof extends ProvenStatementOf<AccountTransitionSignals> {
  readonly transition: ProvenTransition;
  /** Secret: what the new commitment is of. */
  readonly opening: ClearedOpening;
  readonly plan: TransitionPlan;
}

/**
 * Proves that an account becomes another one, in an `account-transition` circuit of its shape. What is not true is refused with its reason.
 *
 * @throws ShapeMismatchError, OwnerMismatchError, the errors of planTransition, TransitionRangeError, and the prover's
 */
export async function proveTransition(prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, request: TransitionRequest): Promise<TransitionProof> {
  const { venue, market, before, owner, act } = request;
  requireShape(circuit, { K: before.slots.length, S: market.scenarios.length });
  requireOwner(poseidon, request);
  const plan = planTransition(market, before, request);
  const base = baseOfVenue(poseidon, venue);
  const commitment = marketCommitment(poseidon, market);
  const nonce = owner === undefined ? derivedNonce(poseidon, before.nonce, transitionDelta(poseidon, base, commitment, act)) : randomFieldElement();
  const opening = openingAfter(plan, nonce);
  const statement = { base, circuitId: circuitIdOf(circuit.name), table: market, owner, before, after: opening, act, flags: plan.flags };
  const signals = accountTransitionSignals(poseidon, statement);
  const { proof } = await prover.prove(circuit.name, accountTransitionInput(poseidon, signals, statement));
  const { owned, reducing, unmargined } = plan.flags;
  const transition = { circuitId: statement.circuitId, marketCommitment: commitment, newCommitment: signals.newCommitment, reducing, unmargined, owned, proof };
  return { circuit: circuit.name, signals, proof, transition, opening, plan };
}

/** @throws OwnerNeededError, OwnerMismatchError */
function requireOwner(poseidon: Poseidon, { owned, owner, before }: TransitionRequest): void {
  if (!owned) {
    if (owner !== undefined) throw new OwnerNeededError('a transition without the owner is proven without the owner\'s secret: leave it out');
    return;
  }
  if (owner === undefined) throw new OwnerNeededError('a transition by the owner is proven with the owner\'s secret: give the owner file');
  const { secret, signer, userId, subAccount } = owner;
  if (keyOf(poseidon, { owner: ownerOf(poseidon, secret, signer), userId, subAccount }) === before.key) return;
  throw new OwnerMismatchError('the owner file is not the one this account was opened for: take the one that the account file was made with');
}
