import type { HouseLocation } from '../clearing/order.js';
import type { ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Lot } from './auction.js';

/** "The account on chain does, or does not, meet this table", without its owner: LiquidationTypes.VerdictClaim. Of level and context the contract says which. */
export interface ProvenVerdict {
  readonly circuitId: bigint;
  readonly marketCommitment: bigint;
  readonly proof: Groth16Proof;
}

/** A trade with both its proofs: ClearingTypes.Settlement. */
export interface BidSettlement {
  readonly trade: PublicTrade;
  readonly buyerSide: ProvenTransition;
  readonly sellerSide: ProvenTransition;
}

/** Everything to settle a slice: LiquidationTypes.Bid. */
export interface Bid {
  readonly lot: Lot;
  /** Quanta of the row, at least 1. */
  readonly quantity: bigint;
  /** Quanta of the pay row for all of it. */
  readonly payment: bigint;
  /** Of the trade commitment. */
  readonly nonce: bigint;
  /** Token base units asked from the waterfall. */
  readonly subsidy: bigint;
  readonly settlement: BidSettlement;
  /** Not healthy at maintenance level before, under the latest table. */
  readonly underWater: ProvenVerdict;
  /** Not healthy at initial level after, under the auction's table; undefined of dust, of which a liquidation sells few without. */
  readonly stillBelow: ProvenVerdict | undefined;
}

/** A bid that waits for its price. The bidder's controller alone can send it; it tells what the account holds of the row. */
export interface BidFile extends HouseLocation {
  /** Address of the liquidation contract. */
  readonly liquidations: string;
  readonly bid: Bid;
}
