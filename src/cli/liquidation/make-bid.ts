import { baseOfVenue } from '../../attestation/venue-base.js';
import { houseOf } from '../clearing/account-file.js';
import type { Deployment } from '../../chain/deployment.js';
import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import type { ProvenTransition, PublicTrade } from '../../clearing/proven-transition.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { tradeCommitment, type TradeTerms } from '../../commitment/trade-commitment.js';
import { assembleBid } from '../../liquidation/assemble-bid.js';
import type { Lot } from '../../liquidation/auction.js';
import type { Bid } from '../../liquidation/bid.js';
import { requireUnderWater } from '../../liquidation/liquidated-account.js';
import { tradeOfSlice } from '../../liquidation/slice-trade.js';
import type { OwnerSecret } from '../../proving/prove-account.js';
import { randomFieldElement } from '../../proving/random.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { LiquidationProver } from './liquidation-prover.js';

/** An account and what it is on the chain. */
export interface KnownAccount {
  readonly account: ClearedAccountFile;
  readonly opening: ClearedOpening;
}

/** Of an account without its owner. */
const NOBODY = { userId: '', subAccount: 0 } as const;

/** A slice that somebody wants, with all that its proofs need. */
export interface BidToMake {
  readonly deployment: Deployment;
  readonly lot: Lot;
  readonly quantity: bigint;
  /** Quanta of the pay row. */
  readonly payment: bigint;
  /** Token base units asked from the waterfall. */
  readonly subsidy: bigint;
  /** Last Unix second at which it settles. */
  readonly expiry: number;
  /** What it is a slice of: the lot's account, as it is on the chain. */
  readonly sold: ClearedOpening;
  readonly bidder: KnownAccount & { readonly owner: OwnerSecret };
  /** The auction's. */
  readonly initial: MarketTable;
  /** The latest. */
  readonly maintenance: MarketTable;
  /** Liquidations.verdictContext of what is sold. */
  readonly context: bigint;
  /** Of the clearing rules, ppm. */
  readonly band: number;
  /** Funding period. */
  readonly period: number;
  /** Below the least lot: it may leave the account healthy, and nothing is shown of that. */
  readonly dust: boolean;
  /** "Under water", where it was proven of this commitment before. */
  readonly underWater?: Bid['underWater'];
}

/** A bid, and what both accounts become by it. Secret but for the bid. */
export interface MadeBid {
  readonly bid: Bid;
  readonly soldAfter: ClearedOpening;
  readonly bidderAfter: ClearedOpening;
}

/**
 * Proves all that a slice is settled by: both sides of its trade, that the account is under water before, and below initial margin after.
 *
 * @throws NotUnderWaterError, AccountHealthyError for a slice that goes too far, and the errors of planTransition for either side
 */
export async function makeBid(prover: LiquidationProver, wanted: BidToMake): Promise<MadeBid> {
  const { deployment, lot, quantity, payment, subsidy, expiry, sold, bidder, initial, maintenance, context } = wanted;
  requireUnderWater(maintenance, sold);
  const offer = { bidder: bidder.account.handle, quantity, payment, expiry, nonce: randomFieldElement() };
  const terms = tradeOfSlice(lot, offer);
  const soldSide = await proveSide(prover, wanted, terms);
  // Before the bidder's side, which takes as long: a slice that goes too far has no proof of this.
  const stillBelow = wanted.dust ? undefined : await prover.verdict({ opening: soldSide.opening, table: initial, verdict: 'unhealthy', context });
  const underWater = wanted.underWater ?? await prover.verdict({ opening: sold, table: maintenance, verdict: 'unhealthy', context });
  const bidderSide = await proveSide(prover, wanted, terms, bidder);
  const [buyer, seller] = lot.accountSells ? [bidderSide, soldSide] : [soldSide, bidderSide];
  const settlement = { trade: publicTrade(prover.poseidon, deployment, initial, terms), buyerSide: buyer.transition, sellerSide: seller.transition };
  const bid = assembleBid(prover.poseidon, { lot, offer, subsidy, base: baseOfVenue(prover.poseidon, houseOf(deployment).venue), settlement, underWater, stillBelow });
  return { bid, soldAfter: soldSide.opening, bidderAfter: bidderSide.opening };
}

/** @param bidder undefined of what is sold, without its owner */
function proveSide(
  { transitions }: LiquidationProver, { deployment, initial, band, period, lot, sold }: BidToMake, trade: TradeTerms, bidder?: BidToMake['bidder'],
): Promise<{ readonly transition: ProvenTransition; readonly opening: ClearedOpening }> {
  const seller = (bidder === undefined) === lot.accountSells;
  const wish = { act: { kind: 'trade', seller, trade, band }, owned: bidder !== undefined, period } as const;
  const account = bidder?.account ?? { ...houseOf(deployment), ...NOBODY };
  return transitions.prove({ account, table: initial, before: bidder?.opening ?? sold, wish, owner: bidder?.owner });
}

/** What the house is told of a trade. */
function publicTrade(poseidon: Poseidon, deployment: Deployment, table: MarketTable, terms: TradeTerms): PublicTrade {
  const { buyer, seller, expiry } = terms;
  const base = baseOfVenue(poseidon, houseOf(deployment).venue);
  return { buyer, seller, expiry, commitment: tradeCommitment(poseidon, base, marketCommitment(poseidon, table), terms) };
}
