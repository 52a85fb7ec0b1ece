import { openingAfter } from '../clearing/apply-transition.js';
import type { ProvenTransition, PublicTrade } from '../clearing/proven-transition.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { Bid, ProvenVerdict } from '../liquidation/bid.js';
import { nextSlice, lotsOf } from '../liquidation/liquidation-plan.js';
import { marginOf } from '../liquidation/liquidated-account.js';
import { tradeOfSlice, type SliceOffer } from '../liquidation/slice-trade.js';
import { ownWish, planBid, type BidPlan, type BidQuestion } from './bid-plan.js';
import type { Duty, Scene } from './duty.js';
import type { NewestTables } from './judged-tables.js';
import type { Intent } from './keeper-action.js';
import type { BidderConfig } from './keeper-config.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { AssetNow, OpeningSource, OwnAccount, OwnAccountSource, ReceiptSource, VenueNow } from './keeper-ports.js';
import { markIntent, needsMark, underWater, type JudgedTables, type LiquidationTools, type SunkAccount } from './mark-auction.js';

export interface BidderParts extends LiquidationTools {
  readonly config: BidderConfig;
  readonly openings: OpeningSource;
  readonly own: OwnAccountSource;
  readonly receipts: ReceiptSource;
  readonly tables: NewestTables;
  readonly log: KeeperLog;
}

/** Four proofs of a portfolio take seconds: a bid is made so long before its price is there, and rehearsed until it is. */
const AHEAD_SECONDS = 45;
/** A bid is sent within so long of being made, or made anew. */
const BID_SECONDS = 900;
/** Most that one bid uses, for what it is reckoned to cost before it can be rehearsed. */
const BID_GAS = 2_000_000n;
const WEI = 10n ** 18n;

/**
 * Buys slices for an account of its own: it opens what was sealed to it, reckons at which price a slice is worth it after penalty and gas, proves
 * the bid and has it rehearsed until the auction takes it. A bid that somebody overtook is refused in the rehearsal and costs nothing.
 */
export class Bidder implements Duty {
  readonly role = 'bidder';

  constructor(private readonly parts: BidderParts) {}

  async look({ now, state }: Scene): Promise<readonly Intent[]> {
    const { tables, own, log } = this.parts;
    const sinking = [...state.accounts].filter(([, { standing }]) => standing === 'liquidating').map(([handle]) => handle);
    if (!now.open || sinking.length === 0) return [];
    const [maintenance, initial, mine] = [await tables.maintenance(now), await tables.initial(now), await own.now()];
    if (maintenance === undefined || initial === undefined || mine === undefined) return [];
    const intents: Intent[] = [];
    for (const handle of sinking.filter((one) => one !== mine.handle)) {
      try {
        intents.push(...await this.forAccount(handle, { maintenance, initial }, mine, now));
      } catch (thrown) {
        log.error('account-not-judged', { handle, ...faultFields(thrown) });
      }
    }
    return intents;
  }

  private async forAccount(handle: bigint, tables: JudgedTables, mine: OwnAccount, now: VenueNow): Promise<readonly Intent[]> {
    const { chain, openings } = this.parts;
    const account = await chain.account(handle);
    if (account?.standing !== 'liquidating') return [];
    const opening = await openings.openingOf(account);
    if (opening === undefined || marginOf(tables.maintenance.market, opening).healthy) return [];
    const sunk: SunkAccount = { handle, commitment: account.commitment, opening };
    const fee = await chain.asset(now.rules.feeRow);
    const [best] = await this.plans(sunk, tables, mine, now, fee);
    if (best === undefined) return this.marks(sunk, tables, now);
    if (fee.allowance < best.plan.penalty) return [this.approval(now.rules.feeRow)];
    // Proofs that are made too early are made again under the next table.
    return now.time + AHEAD_SECONDS < best.plan.readyAt ? [] : [this.bid(sunk, tables, mine, now, best)];
  }

  /** What is worth buying, what is there first before what is there later. One at a time: each sale changes the account under all other bids. */
  private async plans(sunk: SunkAccount, tables: JudgedTables, mine: OwnAccount, now: VenueNow, fee: AssetNow): Promise<readonly PlannedBid[]> {
    const { chain, config } = this.parts;
    const { rules, band, period } = now;
    const gas = (await chain.gasPrice() * BID_GAS * config.valueOfEther) / WEI;
    const found: PlannedBid[] = [];
    for (const lot of lotsOf(tables.initial.market, sunk.opening, sunk.handle)) {
      const auction = await chain.auction(lot);
      if (auction === undefined || needsMark(auction, tables)) continue;
      const question: BidQuestion = {
        lot, auction, opening: sunk.opening, own: mine.opening, bidder: mine.handle, initial: tables.initial.market, rules, band, period, fee,
        minProfit: config.minProfit + gas, minMargin: config.minMargin,
      };
      const plan = planBid(question);
      if (plan !== undefined) found.push({ question, plan });
    }
    return found.sort(({ plan: one }, { plan: other }) => one.readyAt - other.readyAt || (one.gain === other.gain ? 0 : one.gain > other.gain ? -1 : 1));
  }

  /** Where nobody marked what would be sold next: a bidder may. */
  private async marks(sunk: SunkAccount, tables: JudgedTables, { rules, band, period }: VenueNow): Promise<readonly Intent[]> {
    const terms = { maintenance: tables.maintenance.market, initial: tables.initial.market, rules, band, period, discount: rules.maxDiscount };
    const slice = nextSlice(terms, sunk.opening, sunk.handle);
    if (slice === undefined || !needsMark(await this.parts.chain.auction(slice.lot), tables)) return [];
    return [markIntent(this.role, this.parts, tables, sunk, slice.lot, rules.feeRow)];
  }

  private approval(row: number): Intent {
    const { mostPenalty: amount } = this.parts.config;
    return { role: this.role, kind: 'approve', key: `approve:${row}`, handle: 0n, build: () => Promise.resolve({ kind: 'approve', row, amount }) };
  }

  private bid(sunk: SunkAccount, tables: JudgedTables, mine: OwnAccount, now: VenueNow, { question, plan }: PlannedBid): Intent {
    const { receipts, own, config, chain } = this.parts;
    const { handle } = question.lot;
    let after: ClearedOpening | undefined;
    let gasPrice = 0n;
    return {
      // Of whatever account: each bid changes the bidder's own, under which the next would be proven.
      role: this.role, kind: 'take', key: `take:${mine.handle}`, handle,
      build: async () => {
        if (plan.penalty > config.mostPenalty) return undefined;
        gasPrice = await chain.gasPrice();
        const proven = await this.proven(sunk, tables, mine, now, { question, plan });
        after = proven.after;
        const receipt = proven.unmargined ? NO_RECEIPT : await receipts.receiptFor(mine.handle, proven.after);
        return receipt === undefined ? undefined : { kind: 'take', bid: proven.bid, receipt };
      },
      before: async () => {
        if (after !== undefined) await own.keep(after);
      },
      worthGas: (gas) => plan.gain >= config.minProfit + (gas * gasPrice * config.valueOfEther) / WEI,
    };
  }

  /** Once for one price of one auction: the same proofs are rehearsed until they are taken, or no longer true. */
  private proven(sunk: SunkAccount, tables: JudgedTables, mine: OwnAccount, now: VenueNow, planned: PlannedBid): Promise<ProvenBid> {
    const { memory, prover } = this.parts;
    const { question: { lot: { handle, row, payRow } }, plan: { slice, subsidy } } = planned;
    // Of this stretch of time: none is sent that could not settle any more.
    const expiry = (Math.floor(now.time / BID_SECONDS) + 2) * BID_SECONDS;
    const key = [handle, row, payRow, sunk.commitment, prover.commitmentOf(mine.opening), tables.initial.at.commitment, tables.maintenance.at.commitment, slice.quantity, slice.payment, subsidy, expiry].join(':');
    return memory.once(`bid:${key}`, () => this.prove(sunk, tables, mine, planned, expiry));
  }

  private async prove(sunk: SunkAccount, tables: JudgedTables, mine: OwnAccount, { question, plan }: PlannedBid, expiry: number): Promise<ProvenBid> {
    const { prover, chain } = this.parts;
    const { slice: { lot, quantity, payment, plan: accountPlan, dust }, subsidy } = plan;
    const { initial: { market }, maintenance } = tables;
    const offer: SliceOffer = { bidder: mine.handle, quantity, payment, expiry, nonce: prover.nonce() };
    const trade = tradeOfSlice(lot, offer);
    const { band, period } = question;
    const account = await prover.transition(sunk.opening, market, { act: { kind: 'trade', seller: lot.accountSells, trade, band }, owned: false, period });
    const own = await prover.transition(mine.opening, market, ownWish(question, offer), mine.owner);
    const verdict = await underWater(this.parts, { maintenance }, sunk);
    const sold = openingAfter(accountPlan, account.opening.nonce);
    const stillBelow = dust ? undefined : await prover.verdict(sold, market, false, await chain.verdictContext(sunk.handle));
    const { buyer, seller } = trade;
    const settlement = sides({ buyer, seller, expiry, commitment: prover.tradeCommitment(market, trade) }, lot.accountSells, account.transition, own.transition);
    return { bid: bidOf({ lot, quantity, payment, nonce: offer.nonce, subsidy, settlement }, verdict, stillBelow), after: own.opening, unmargined: own.transition.unmargined };
  }
}

interface PlannedBid {
  readonly question: BidQuestion;
  readonly plan: BidPlan;
}

/** Secret but for the bid. */
interface ProvenBid {
  readonly bid: Bid;
  /** The bidder's own account afterwards. */
  readonly after: ClearedOpening;
  readonly unmargined: boolean;
}

/** Where nobody has to sign for an opening. */
const NO_RECEIPT = '0x';

function sides(trade: PublicTrade, accountSells: boolean, account: ProvenTransition, own: ProvenTransition): Bid['settlement'] {
  return accountSells ? { trade, buyerSide: own, sellerSide: account } : { trade, buyerSide: account, sellerSide: own };
}

function bidOf(said: Omit<Bid, 'underWater' | 'stillBelow'>, verdict: ProvenVerdict, stillBelow: ProvenVerdict | undefined): Bid {
  return { ...said, underWater: verdict, stillBelow };
}

