import { Random } from '../margin/synthetic/random.js';
import { PPM } from '../risk/model/parts-per-million.js';
import { debtOf, type SimulatedAccount } from './accounts.js';
import { assetOf, CASH } from './market.js';
import { afterSlice, largestSlice, mayCarry, MIN_LOT, nextRow, sliceOf, type Lot, type Slice } from './sale.js';
import { bidCost } from './surroundings.js';
import { proveSoon } from './watchers.js';
import { ledgerOf, observe, type World } from './world.js';

/** How a bidder behaves. */
export interface Bidder {
  readonly account: SimulatedAccount;
  /** Steps for three to four proofs and a transaction. */
  readonly delay: number;
  /** Least gain, ppm of a slice's value. */
  readonly edge: bigint;
  /** Dearest gas it pays. */
  readonly mostGwei: bigint;
}

/** Row marks are proven before an auction starts, seconds. */
const MARK_DELAY = 60;
/** Seconds of the fastest and the slowest bidder, ppm of the least and the largest edge, gwei of the first and the last to give up. */
const DELAYS = [30, 180] as const;
const EDGES = [2_000, 8_000] as const;
const GWEIS = [60, 1_000] as const;
/** Of a move in the last ten minutes, the part that bidders ask for on top: what is bought may fall on. */
const FEAR = 5n;
/** A slice that is too large for a bidder is halved this often. */
const HALVINGS = 4;
/** Seconds after which bidders work out anew what nobody wanted. */
const RETRY = 120;
/** Ether where a run has none, 10^-8. */
const ETHER = 2_000n * 10n ** 8n;

export function biddersOf(accounts: readonly SimulatedAccount[], seed: string, steps: (seconds: number) => number): readonly Bidder[] {
  const random = Random.fromSeed(`${seed} bidders`);
  return accounts.filter(({ role }) => role === 'maker').map((account) => ({
    account, delay: steps(Number(random.between(...DELAYS))), edge: random.between(...EDGES), mostGwei: random.between(...GWEIS),
  })).sort((a, b) => a.delay - b.delay);
}

/** One step of all liquidations: debts that can be paid, auctions that start, bids that pay off. */
export function sellAll(world: World, bidders: readonly Bidder[]): void {
  if (world.gate.modeAt(world.step) === 3) return;
  for (const account of world.accounts) {
    if (account.standing !== 'liquidating') continue;
    payDebt(world, account);
    const lot = lotOf(world, account);
    if (lot !== undefined && world.step >= account.readyAt && world.feed.allowsLiquidation(world.step)) offer(world, account, lot, bidders);
  }
}

function payDebt(world: World, account: SimulatedAccount): void {
  const debt = debtOf(account.quantities);
  if (debt === 0n) return;
  const paid = world.waterfall.pay(debt, ledgerOf(world));
  account.quantities[CASH] = (account.quantities[CASH] ?? 0n) + paid;
  if (paid === debt) {
    observe(world, account);
    proveSoon(world, account);
  }
}

/** The lot whose clock runs; another row starts another clock, and so does a table that grew too old. */
function lotOf(world: World, account: SimulatedAccount): Lot | undefined {
  const { step, feed } = world;
  const next = nextRow(feed.tables, account.quantities);
  if (next === undefined || !feed.allowsLiquidation(step)) {
    account.auction = undefined;
    return undefined;
  }
  if (account.auction?.row !== next.row) account.auction = { ...next, since: step + feed.steps(MARK_DELAY) };
  const { since } = account.auction;
  return step < since ? undefined : { ...next, elapsed: (step - since) * world.path.stepSeconds };
}

/** The first bidder in time for whom the slice pays has it; what the others sent reverts, and they saw so before they sent it. */
function offer(world: World, account: SimulatedAccount, lot: Lot, bidders: readonly Bidder[]): void {
  const { feed, sale, step } = world;
  const held = account.quantities[lot.row] ?? 0n;
  const whole = sliceOf(feed.tables, lot, held < 0n ? -held : held, sale);
  const willing = bidders.filter((bidder) => isReady(world, bidder, account) && gainOf(world, whole, subsidyOf(world, whole)) > leastGain(world, bidder, whole));
  if (willing.length === 0) return;
  const largest = largestSlice(feed.tables, account, lot, sale);
  account.readyAt = step + feed.steps(RETRY);
  if (largest === undefined) return;
  for (const bidder of willing) {
    const slice = bestFor(world, bidder, account, largest);
    if (slice === undefined) continue;
    settle(world, account, bidder, slice);
    account.readyAt = bidder.account.readyAt = step + bidder.delay;
    return;
  }
}

/** A bid's verdicts are under the latest table: a bidder needs its time after each. */
function isReady({ feed, step, gwei }: World, { account, delay, mostGwei }: Bidder, defaulter: SimulatedAccount): boolean {
  return account !== defaulter && account.standing === 'sound' && step >= account.readyAt && step - feed.tables.acceptedAt >= delay && gwei <= mostGwei;
}

function bestFor(world: World, bidder: Bidder, account: SimulatedAccount, largest: Slice): Slice | undefined {
  const { feed, sale } = world;
  let slice = largest;
  for (let halving = 0; halving <= HALVINGS; halving += 1) {
    const gain = gainOf(world, slice, subsidyOf(world, slice));
    if (gain <= leastGain(world, bidder, slice)) return undefined;
    if (mayCarry(feed.tables, bidder.account.quantities, afterSlice(account.quantities, bidder.account.quantities, slice, sale).bidder)) return slice;
    const half = sliceOf(feed.tables, slice.lot, slice.quantity / 2n, sale, slice.discount);
    if (half.quantity === 0n || half.value < MIN_LOT) return undefined;
    slice = half;
  }
  return undefined;
}

function settle(world: World, account: SimulatedAccount, { account: bidder }: Bidder, slice: Slice): void {
  const { feed, sale, waterfall, tally } = world;
  const { account: sold, bidder: bought } = afterSlice(account.quantities, bidder.quantities, slice, sale);
  const subsidy = subsidyOf(world, slice);
  const [gain, gas] = [gainOf(world, slice, subsidy), gasOf(world)];
  [account.quantities, bidder.quantities] = [sold, bought];
  if (slice.value < MIN_LOT) account.dust += 1;
  waterfall.takePenalty(slice.penalty);
  if (subsidy > 0n) waterfall.subsidise(subsidy, ledgerOf(world));
  const mark = feed.tables.initial.rows[CASH]?.mark ?? 1n;
  tally.slices += 1;
  tally.sold += slice.value / mark;
  tally.discounted += (slice.value / mark) * slice.discount;
  tally.conceded += gain - subsidy + slice.penalty;
  tally.earned += gain;
  tally.gas += gas;
  account.seenPrices = feed.pricesAt(world.step);
  if (observe(world, account)) proveSoon(world, account);
}

/** What a bidder has more afterwards at the market's prices of now: payment, penalty and subsidy counted, gas not. Quanta of cash. */
function gainOf({ feed, step }: World, { lot, quantity, payment, penalty }: Slice, subsidy: bigint): bigint {
  const price = feed.pricesAt(step)[assetOf(lot.row) ?? 0] ?? 0n;
  // 10^-8 of a coin at 10^-8 dollars each, in 10^-6 dollars.
  const worth = (quantity * price) / 10n ** 10n;
  return (lot.accountSells ? worth - payment : payment - worth) - penalty + subsidy;
}

/** All that the clock and the waterfall let go of: nobody leaves any. */
function subsidyOf(world: World, { mostSubsidy }: Slice): bigint {
  return mostSubsidy === 0n ? 0n : world.waterfall.subsidyRoom(mostSubsidy, ledgerOf(world));
}

function leastGain(world: World, bidder: Bidder, slice: Slice): bigint {
  return edgeOf(world, bidder, slice) + gasOf(world);
}

function edgeOf({ feed, recentMove }: World, { edge }: Bidder, { value }: Slice): bigint {
  return (value / (feed.tables.initial.rows[CASH]?.mark ?? 1n)) * (edge + recentMove / FEAR) / PPM;
}

function gasOf(world: World): bigint {
  const ether = world.path.assets.indexOf('ETH');
  return bidCost(world.rules, world.gwei, ether < 0 ? ETHER : (world.feed.pricesAt(world.step)[ether] ?? ETHER));
}
