import type { VenueLocation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { clearedSalt, type ClearedOpening } from '../commitment/cleared-account.js';
import { circuitIdOf } from '../commitment/digest.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Prover } from '../groth16/prover.js';
import type { MarketTable } from '../risk/market-table.js';
import type { AccountMarginSignals } from '../statement/account-margin.js';
import type { AccountTerms, Verdict } from '../statement/account-terms.js';
import { checkTerms } from './account-checks.js';
import { parameterOf } from './circuit-advice.js';
import { proveMargin, requireShape, type ProvenStatementOf } from './prove-account.js';

/** What anybody who has the opening of an account on the chain may say of it: that it meets a table, or does not. */
export type OpenVerdict = Extract<Verdict, 'watched' | 'unhealthy'>;

/** An account at the clearing house, and how it stands under a table. */
export interface VerdictRequest {
  readonly venue: VenueLocation;
  /** The account as it stands on the chain. Never logged, never in an error. */
  readonly account: ClearedOpening;
  /** Of either level: the contract asks for the one that it wants. */
  readonly market: MarketTable;
  readonly verdict: OpenVerdict;
  /** What the proof is for, below 2^128: Liquidations.verdictContext. */
  readonly context: bigint;
}

/** An account on the chain is in no epoch: frames of it are of this one. */
const NO_EPOCH = 0n;

/**
 * Proves, without anybody's secret, how an account on the chain stands under a table, in an `account-margin` circuit of its shape.
 *
 * @throws ShapeMismatchError, TermsRangeError, AccountNotHealthyError, AccountHealthyError, GreedySplitError, CapExceededError, and the prover's errors
 */
export async function proveVerdict(
  prover: Prover, poseidon: Poseidon, circuit: CircuitDefinition, { venue, account, market, verdict, context }: VerdictRequest,
): Promise<ProvenStatementOf<AccountMarginSignals>> {
  const { key, nonce, period, slots } = account;
  const terms: AccountTerms = { verdict, unmargined: false, scope: 0n, context };
  requireShape(circuit, { K: slots.length, S: market.scenarios.length });
  checkTerms(market, slots, terms);
  return proveMargin(prover, poseidon, circuit, {
    base: baseOfVenue(poseidon, venue), circuitId: circuitIdOf(circuit.name), epoch: NO_EPOCH, account: { key, salt: clearedSalt(poseidon, nonce, period), slots },
    place: { source: 'chain' }, depth: parameterOf(circuit, 'DEPTH'), table: market, terms, owner: undefined,
  });
}
