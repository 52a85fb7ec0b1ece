import { PPM } from '../risk/model/parts-per-million.js';
import { debtOf, marginOf } from './accounts.js';
import { CASH } from './market.js';
import type { World } from './world.js';

/** A moment of a run, for charts. */
export interface Sample {
  readonly step: number;
  /** Of the first asset, 10^-8. */
  readonly price: bigint;
  /** Gate: 0 OPEN to 3 HALT. */
  readonly mode: number;
  readonly underWater: number;
  readonly liquidating: number;
  /** Debts and subsidies that others have paid so far, quanta of cash. */
  readonly absorbed: bigint;
  /** Cash that bidders have, quanta. */
  readonly bidderCash: bigint;
  /** Maintenance scan range of the first asset, ppm. */
  readonly scan: bigint;
}

export interface Opening {
  /** Value units. */
  readonly openInterest: bigint;
  /** Value of all traders' positions over their equity, ppm. */
  readonly leverage: bigint;
  /** First loss and insurance, quanta of cash. */
  readonly funds: bigint;
}

/** What a run came to. Money in quanta of cash (10^-6 dollars), times in seconds, rates in ppm. */
export interface RunFigures {
  readonly crash: string;
  readonly policy: string;
  readonly seed?: string;
  readonly openInterest: bigint;
  readonly leverage: bigint;
  readonly funds: bigint;
  readonly challenges: number;
  readonly defended: number;
  readonly frozen: number;
  readonly deposits: bigint;
  readonly liquidations: number;
  readonly slices: number;
  readonly sold: bigint;
  /** Average over value. */
  readonly discount: bigint;
  /** What liquidated accounts got less than the market gave, penalties included. */
  readonly conceded: bigint;
  readonly penalties: bigint;
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  readonly shared: bigint;
  readonly subsidies: bigint;
  /** Debts that others paid, and such as nobody had at the end. */
  readonly debts: bigint;
  readonly unpaid: bigint;
  readonly badDebt: bigint;
  /** Below maintenance: episodes, the middle and the longest one; the longest in debt. */
  readonly underWater: number;
  readonly medianUnderWater: number;
  readonly longestUnderWater: number;
  readonly longestInDebt: number;
  /** Still below maintenance at the end. */
  readonly leftUnderWater: number;
  readonly bidders: bigint;
  readonly gas: bigint;
  /** The least cash that all bidders had at once, ppm of what they had at the open. */
  readonly leastCash: bigint;
  /** Seconds in each mode of the gate, from OPEN to HALT. */
  readonly modes: readonly number[];
  readonly samples: readonly Sample[];
}

/** Episodes that last are counted to the end. */
export function figuresOf(world: World, opening: Opening, samples: readonly Sample[]): RunFigures {
  const { tally, waterfall, accounts, path, policy, gate } = world;
  const lasting = (since: (account: World['accounts'][number]) => number | undefined): number[] => accounts.flatMap((account) => {
    const from = since(account);
    return from === undefined ? [] : [(world.step - from) * path.stepSeconds];
  });
  const left = lasting(({ underWaterSince }) => underWaterSince);
  const [underWater, inDebt] = [[...tally.underWater, ...left], [...tally.inDebt, ...lasting(({ inDebtSince }) => inDebtSince)]];
  const unpaid = unpaidOf(world);
  return {
    crash: path.name, policy: policy.name, openInterest: opening.openInterest, leverage: opening.leverage, funds: opening.funds,
    challenges: tally.challenges, defended: tally.defended, frozen: tally.frozen, deposits: tally.deposits,
    liquidations: tally.liquidations, slices: tally.slices, sold: tally.sold, discount: tally.sold === 0n ? 0n : tally.discounted / tally.sold,
    conceded: tally.conceded, penalties: waterfall.penalties, firstLoss: waterfall.paidFirstLoss, insurance: waterfall.paidInsurance,
    shared: waterfall.shared, subsidies: waterfall.subsidies, debts: waterfall.debts, unpaid, badDebt: waterfall.debts + unpaid,
    underWater: underWater.length, medianUnderWater: median(underWater), longestUnderWater: Math.max(0, ...underWater), longestInDebt: Math.max(0, ...inDebt),
    leftUnderWater: left.length, bidders: tally.earned - tally.gas, gas: tally.gas, leastCash: leastCash(samples),
    modes: gate.spent.map((steps) => steps * path.stepSeconds), samples,
  };
}

/** Debts that nothing absorbed yet, of accounts with nothing left to sell and of those that hold something but less than they owe. */
function unpaidOf({ accounts, feed: { tables: { maintenance } } }: World): bigint {
  const mark = maintenance.rows[CASH]?.mark ?? 1n;
  return accounts.reduce((sum, { quantities }) => {
    const debt = debtOf(quantities);
    return sum + (debt > 0n ? debt : marginOf(maintenance, quantities).badDebt / mark);
  }, 0n);
}

function leastCash(samples: readonly Sample[]): bigint {
  const opening = samples[0]?.bidderCash ?? 0n;
  return opening === 0n ? 0n : samples.reduce((least, { bidderCash: cash }) => (cash < least ? cash : least), opening) * PPM / opening;
}

/** The middle of some whole numbers, of two the lower; 0 of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}

/** Figures of one crash and set over several seeds: sums of counts and money over the seeds, the longest of times. */
export interface PooledFigures {
  readonly crash: string;
  readonly policy: string;
  readonly runs: number;
  readonly leverage: bigint;
  /** Of open interest, ppm: what was sold, bad debt, what first loss and insurance paid, what was shared, what accounts conceded, penalties. */
  readonly sold: bigint;
  readonly badDebt: bigint;
  readonly funds: bigint;
  readonly shared: bigint;
  readonly unpaid: bigint;
  readonly conceded: bigint;
  readonly penalties: bigint;
  readonly subsidies: bigint;
  readonly openInterest: bigint;
  readonly discount: bigint;
  readonly liquidations: number;
  readonly slices: number;
  readonly challenges: number;
  readonly defended: number;
  readonly frozen: number;
  readonly medianUnderWater: number;
  readonly longestUnderWater: number;
  readonly longestInDebt: number;
  readonly leftUnderWater: number;
  /** The least of all runs, ppm. */
  readonly leastCash: bigint;
  readonly modes: readonly number[];
}

/** Requires runs of one crash and set, at least one. Rates are of the sums over all runs, the median is of the runs' medians. */
export function pooled(runs: readonly RunFigures[]): PooledFigures {
  const money = (of: (run: RunFigures) => bigint): bigint => runs.reduce((sum, run) => sum + of(run), 0n);
  const count = (of: (run: RunFigures) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const openInterest = money((run) => run.openInterest) / VALUE_UNITS;
  const ofInterest = (of: (run: RunFigures) => bigint): bigint => (openInterest === 0n ? 0n : (money(of) * PPM) / openInterest);
  const sold = money((run) => run.sold);
  const [first] = runs;
  return {
    crash: first?.crash ?? '', policy: first?.policy ?? '', runs: runs.length, openInterest, leverage: money((run) => run.leverage) / BigInt(Math.max(1, runs.length)),
    sold: ofInterest((run) => run.sold), badDebt: ofInterest((run) => run.badDebt), funds: ofInterest((run) => run.firstLoss + run.insurance),
    shared: ofInterest((run) => run.shared), unpaid: ofInterest((run) => run.unpaid), conceded: ofInterest((run) => run.conceded),
    penalties: ofInterest((run) => run.penalties), subsidies: ofInterest((run) => run.subsidies),
    discount: sold === 0n ? 0n : money((run) => run.sold * run.discount) / sold,
    liquidations: count((run) => run.liquidations), slices: count((run) => run.slices), challenges: count((run) => run.challenges),
    defended: count((run) => run.defended), frozen: count((run) => run.frozen),
    medianUnderWater: median(runs.map((run) => run.medianUnderWater)), longestUnderWater: Math.max(0, ...runs.map((run) => run.longestUnderWater)),
    longestInDebt: Math.max(0, ...runs.map((run) => run.longestInDebt)), leftUnderWater: count((run) => run.leftUnderWater), leastCash: runs.reduce((least, run) => (run.leastCash < least ? run.leastCash : least), PPM),
    modes: [0, 1, 2, 3].map((mode) => count((run) => run.modes[mode] ?? 0)),
  };
}

/** Value units in a quantum of cash. */
const VALUE_UNITS = 1_000_000n;
