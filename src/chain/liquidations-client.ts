import { Contract, type ContractRunner } from 'ethers';
import type { ProvenTransition } from '../clearing/proven-transition.js';
import { STANDINGS, type AccountStanding } from '../liquidation/account-standing.js';
import type { Auction, AuctionClock, Lot } from '../liquidation/auction.js';
import type { Bid, ProvenVerdict } from '../liquidation/bid.js';
import type { LiquidationRules } from '../liquidation/liquidation-rules.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { toSolidityClaim, type MarkClaim } from './account-claims.js';
import type { TokenPayment } from './clearing-client.js';
import { toSoliditySettlement, toSolidityTransition } from './clearing-solidity.js';
import { sendingTo, simulatingAt, type Perform } from './contract-action.js';
import { readContract, type ChainReceipt } from './contract-call.js';
import { ContractRevertedError, OnChainRecordError } from './errors.js';
import { approveToken } from './escrow-client.js';
import { LIQUIDATIONS_INTERFACE } from './liquidations-abi.js';
import { changeCode, pendingChangeOf, type PendingChange } from './pending-change.js';
import { verdictContext } from './verdict-context.js';

/** Marks of an auction's rows, proven in the latest table of initial level. */
export interface ProvenMarks {
  readonly marketCommitment: bigint;
  readonly mark: MarkClaim;
  readonly payMark: MarkClaim;
  /** Of the rules' fee row; left out where that is the pay row. */
  readonly feeMark?: MarkClaim;
}

/** What can be sent to Liquidations, or simulated. */
export class LiquidationActions<Outcome> {
  constructor(
    private readonly perform: Perform<Outcome>,
    private readonly venueId: bigint,
  ) {}

  /** Doubts an account under a fresh maintenance table. @param bond wei: `challengeBond` exactly */
  challenge(handle: bigint, marketCommitment: bigint, bond: bigint): Promise<Outcome> {
    return this.perform({ what: `challenging handle ${handle}`, method: 'challenge', args: [handle, marketCommitment], value: bond });
  }

  /** @param healthy a watched healthy proof of the commitment of now */
  answer(handle: bigint, healthy: ProvenVerdict): Promise<Outcome> {
    return this.perform({ what: `showing handle ${handle} healthy`, method: 'answer', args: [handle, toSolidityClaim(healthy)] });
  }

  /** @param underWater a not-healthy proof under the latest maintenance table */
  start(handle: bigint, underWater: ProvenVerdict): Promise<Outcome> {
    return this.perform({ what: `starting the liquidation of handle ${handle}`, method: 'start', args: [handle, toSolidityClaim(underWater)] });
  }

  /** @param marketCommitment a fresh maintenance table */
  freeze(handle: bigint, marketCommitment: bigint): Promise<Outcome> {
    return this.perform({ what: `freezing handle ${handle}`, method: 'freeze', args: [handle, marketCommitment] });
  }

  /** Of a venue that named another liquidation contract: the bond goes back, the handle is sound here. */
  release(handle: bigint): Promise<Outcome> {
    return this.perform({ what: `releasing handle ${handle}`, method: 'release', args: [handle] });
  }

  /** Bonds that are the sender's. */
  withdrawBonds(): Promise<Outcome> {
    return this.perform({ what: 'withdrawing bonds', method: 'withdrawBonds', args: [] });
  }

  /** @param underWater a not-healthy proof under the latest maintenance table */
  markAuction(lot: Lot, { marketCommitment, mark, payMark, feeMark = NO_MARK }: ProvenMarks, underWater: ProvenVerdict): Promise<Outcome> {
    return this.perform({
      what: `marking the auction of row ${lot.row} of handle ${lot.handle}`, method: 'markAuction',
      args: [lot, marketCommitment, toSolidityClaim(mark), toSolidityClaim(payMark), toSolidityClaim(feeMark), toSolidityClaim(underWater)],
    });
  }

  /** The sender is the controller of the bidder's handle and pays the penalty: see `approve`. @param receipt the operator's, for the bidder's opening; NO_RECEIPT of an unmargined one */
  take(bid: Bid, receipt: string): Promise<Outcome> {
    return this.perform({ what: `buying a slice of handle ${bid.lot.handle}`, method: 'take', args: [toSolidityBid(bid), receipt] });
  }

  /** @param quanta of the row, at least 1 */
  payDebt(handle: bigint, row: number, quanta: bigint, transition: ProvenTransition): Promise<Outcome> {
    return this.perform({ what: `paying what handle ${handle} owes in row ${row}`, method: 'payDebt', args: [handle, row, quanta, toSolidityTransition(transition)] });
  }

  /** The first rules are active at once. The signer must be the parameter admin. */
  proposeRules(rules: LiquidationRules): Promise<Outcome> {
    return this.perform({ what: `proposing liquidation rules (venue ${this.venueId})`, method: 'proposeRules', args: [this.venueId, rules] });
  }

  activateRules(rules: LiquidationRules): Promise<Outcome> {
    return this.perform({ what: `activating liquidation rules (venue ${this.venueId})`, method: 'activateRules', args: [this.venueId, rules] });
  }

  /** The signer must be the venue's admin. */
  cancelRules(): Promise<Outcome> {
    return this.perform({ what: `cancelling liquidation rules (venue ${this.venueId})`, method: 'cancelChange', args: [this.venueId, changeCode('liquidation-rules')] });
  }
}

/** One venue at one Liquidations contract. Errors as SolvencyRegistryClient. */
export class LiquidationsClient {
  /** Sends and waits for the block. */
  readonly send: LiquidationActions<ChainReceipt>;
  /** Gas it would use now, or what stands in the way; sends nothing. */
  readonly simulate: LiquidationActions<bigint>;
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly liquidations: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(liquidations, LIQUIDATIONS_INTERFACE, runner);
    this.send = new LiquidationActions(sendingTo(this.contract), venueId);
    this.simulate = new LiquidationActions(simulatingAt(this.contract), venueId);
  }

  /** Undefined before the first. */
  async rules(): Promise<LiquidationRules | undefined> {
    const rules = (await this.read('reading liquidation rules', 'rulesOf', [this.venueId])) as SolidityRules;
    return rules.timelock === 0n ? undefined : rulesOf(rules);
  }

  async standing(handle: bigint): Promise<AccountStanding> {
    const found = (await this.read(`reading the standing of handle ${handle}`, 'standingOf', [handle])) as SolidityStanding;
    const standing = STANDINGS[Number(found.standing)];
    if (standing === undefined) throw new OnChainRecordError(`handle ${handle} stands at ${found.standing}, which this version does not know: take a newer one`, { handle });
    return {
      standing, liquidation: Number(found.liquidation), keeper: found.keeper, bond: found.bond, deadline: Number(found.deadline), tableTime: Number(found.tableTime),
      soundAt: Number(found.soundAt), soundTableTime: Number(found.soundTableTime), dust: Number(found.dust), challengedAt: Number(found.challengedAt),
    };
  }

  /** Whether the owner can change nothing now. */
  async isFrozen(handle: bigint): Promise<boolean> {
    return (await this.read(`reading whether handle ${handle} is frozen`, 'isFrozen', [handle])) as boolean;
  }

  /** Wei that a challenge of the handle holds now. */
  async challengeBond(handle: bigint): Promise<bigint> {
    return (await this.read(`reading the bond of a challenge of handle ${handle}`, 'challengeBond', [handle])) as bigint;
  }

  /** Undefined where nobody marked it in the present liquidation. */
  async auction(lot: Lot): Promise<Auction | undefined> {
    const found = auctionOf((await this.read(`reading the auction of row ${lot.row} of handle ${lot.handle}`, 'auctionOf', [lot])) as SolidityAuction);
    return found.marketCommitment === 0n ? undefined : found;
  }

  /** Where the clock stands in the latest block; undefined without an auction. */
  async clock(lot: Lot): Promise<AuctionClock | undefined> {
    try {
      const [discount, subsidy] = (await this.read(`reading the clock of row ${lot.row} of handle ${lot.handle}`, 'clockOf', [lot])) as readonly [bigint, bigint];
      return { discount: Number(discount), subsidy: Number(subsidy) };
    } catch (error) {
      if (error instanceof ContractRevertedError && error.errorName === 'NoAuction') return undefined;
      throw error;
    }
  }

  /** Accounts of the venue that are being liquidated now. */
  async liquidating(): Promise<bigint> {
    return (await this.read(`counting liquidations (venue ${this.venueId})`, 'liquidating', [this.venueId])) as bigint;
  }

  /** Context of verdict proofs of a handle. @param sender of `start`; nobody of all others */
  verdictContext(handle: bigint, sender?: string): bigint {
    return verdictContext(this.liquidations, handle, sender);
  }

  /** Lets the contract pull a bid's penalty from the signer. */
  async approve({ signer, token, amount }: TokenPayment): Promise<void> {
    if (amount > 0n) await approveToken(signer, token, this.liquidations, amount);
  }

  /** Wei the account can take out. */
  async bonds(account: string): Promise<bigint> {
    return (await this.read('reading bonds', 'bondsOf', [account])) as bigint;
  }

  async pendingRules(): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [this.venueId, changeCode('liquidation-rules')])) as readonly [string, bigint]);
  }

  /** Addresses of what it goes by. */
  async parts(): Promise<{ readonly house: string; readonly proofs: string; readonly fund: string }> {
    const [house, proofs, fund] = (await Promise.all(['HOUSE', 'PROOFS', 'FUND'].map((name) => this.read('reading the parts of the liquidation contract', name, [])))) as [string, string, string];
    return { house, proofs, fund };
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, action, method, args);
  }
}

/** Circuit 0: none. */
const NO_PROOF: Groth16Proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] };
const NO_VERDICT: ProvenVerdict = { circuitId: 0n, marketCommitment: 0n, proof: NO_PROOF };
const NO_MARK: MarkClaim = { circuitId: 0n, row: 0, mark: 0n, proof: NO_PROOF };

/** A bid as Solidity takes it. */
export function toSolidityBid({ settlement, underWater, stillBelow, ...rest }: Bid): object {
  return { ...rest, settlement: toSoliditySettlement(settlement), underWater: toSolidityClaim(underWater), stillBelow: toSolidityClaim(stillBelow ?? NO_VERDICT) };
}

/** An auction as ethers decodes it. */
export type SolidityAuction = Pick<Auction, 'marketCommitment' | 'mark' | 'payMark' | 'feeMark' | 'extra'> & { readonly since: bigint; readonly tableTime: bigint };

export function auctionOf({ marketCommitment, mark, payMark, feeMark, extra, since, tableTime }: SolidityAuction): Auction {
  return { marketCommitment, mark, payMark, feeMark, extra, since: Number(since), tableTime: Number(tableTime) };
}

type SolidityRules = Readonly<Record<Exclude<keyof LiquidationRules, 'windows'>, bigint>> & { readonly windows: readonly bigint[] };
type SolidityStanding = Readonly<Record<Exclude<keyof AccountStanding, 'keeper'>, bigint>> & { readonly keeper: string };

function rulesOf({ bond, minLot, windows, ...numbers }: SolidityRules): LiquidationRules {
  const { timelock, quiet, fall, maxDiscount, maxSubsidy, penalty, keeperShare, fundShare, strikeShare, feeRow } = numbers;
  const [open, reduceOnly, withdrawOnly, halt] = [...windows].map(Number) as [number, number, number, number];
  return {
    timelock: Number(timelock), bond, quiet: Number(quiet), windows: [open, reduceOnly, withdrawOnly, halt], fall: Number(fall), maxDiscount: Number(maxDiscount),
    maxSubsidy: Number(maxSubsidy), penalty: Number(penalty), keeperShare: Number(keeperShare), fundShare: Number(fundShare), strikeShare: Number(strikeShare),
    feeRow: Number(feeRow), minLot,
  };
}
