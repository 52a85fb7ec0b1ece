import { Random } from '../margin/synthetic/random.js';
import { PPM } from '../risk/model/parts-per-million.js';
import { grossOf, marginOf, moneyOf } from './accounts.js';
import { biddersOf, sellAll } from './bidding.js';
import { figuresOf, type RunFigures, type Sample } from './figures.js';
import { Gate } from './gate.js';
import { CASH, perpetualRow } from './market.js';
import type { Policy } from './policies.js';
import type { PricePath } from './price-path.js';
import { SimulationBooksError } from './simulation-errors.js';
import { gweiAt, PriceFeed, recentMoves, SURROUNDINGS, type SurroundingRules } from './surroundings.js';
import { Tally } from './tally.js';
import { openVenue } from './venue.js';
import { Waterfall } from './waterfall.js';
import { actAll, lookAtAll } from './watchers.js';
import { isCongested, isCovered, type World } from './world.js';

export interface RunOptions {
  readonly path: PricePath;
  readonly policy: Policy;
  readonly accounts: number;
  readonly seed: string;
  readonly rules?: SurroundingRules;
}

/** The venue falls silent when the first asset has fallen this far below its open, ppm, for so long. */
const SILENCE_FALL = 100_000n;
const SILENCE_SECONDS = 7_200;
/** Of what the charts show. */
const SAMPLE_SECONDS = 600;

/**
 * One venue through one path of prices under one set of parameters. The same options give the same figures.
 * @throws SimulationShapeError; SimulationBooksError for a defect of the simulation
 */
export function runSimulation({ path, policy, accounts: count, seed, rules = SURROUNDINGS }: RunOptions): RunFigures {
  const feed = new PriceFeed(path, policy, rules);
  const venue = openVenue(count, path.assets, feed.tables, seed);
  const { maxDiscount, maxSubsidy, penalty, paidIn } = policy;
  const world: World = {
    path, policy, rules, feed, gate: new Gate(rules, (seconds) => feed.steps(seconds)), waterfall: new Waterfall(venue.firstLoss, venue.insurance),
    sale: { maxDiscount, maxSubsidy, penalty, paidIn, fall: policy.fall(path.volatility[0] ?? { recent: 0n, longRun: 0n }) },
    accounts: venue.accounts, tally: new Tally(), random: Random.fromSeed(`${seed} events`), step: 0, gwei: rules.calmGwei, recentMove: 0n, silent: false,
  };
  for (const account of venue.accounts) account.seenPrices = feed.pricesAt(0);
  const opening = { ...booksOf(world), openInterest: venue.openInterest, leverage: leverageOf(world), funds: venue.firstLoss + venue.insurance };
  const samples = walk(world, seed);
  checkBooks(world, opening);
  return figuresOf(world, opening, samples);
}

function walk(world: World, seed: string): Sample[] {
  const { path, feed, rules } = world;
  const [first = []] = path.prices;
  const bidders = biddersOf(world.accounts, seed, (seconds) => feed.steps(seconds));
  const moves = recentMoves(path);
  const silentFrom = first.findIndex((price) => ((first[0] ?? price) - price) * PPM >= (first[0] ?? price) * SILENCE_FALL);
  const samples: Sample[] = [];
  for (world.step = 0; world.step < first.length; world.step += 1) {
    const { step } = world;
    world.recentMove = moves[step] ?? 0n;
    world.gwei = gweiAt(rules, world.recentMove);
    const wasSilent = world.silent;
    world.silent = silentFrom >= 0 && step >= silentFrom && step < silentFrom + feed.steps(SILENCE_SECONDS);
    if (feed.advance(step, world.gwei) || (wasSilent && !world.silent)) lookAtAll(world);
    if (world.gate.advance(step, { silent: world.silent, congested: isCongested(world) }, () => isCovered(world))) world.waterfall.nextEpoch();
    actAll(world);
    sellAll(world, bidders);
    if (step % feed.steps(SAMPLE_SECONDS) === 0) samples.push(sampleOf(world));
  }
  return samples;
}

function sampleOf({ step, feed, gate, accounts, waterfall }: World): Sample {
  return {
    step, price: feed.pricesAt(step)[0] ?? 0n, mode: gate.modeAt(step), underWater: accounts.filter(({ underWaterSince }) => underWaterSince !== undefined).length,
    liquidating: accounts.filter(({ standing }) => standing === 'liquidating').length,
    absorbed: waterfall.debts + waterfall.subsidies, bidderCash: accounts.reduce((sum, { role, quantities }) => (role === 'maker' ? sum + (quantities[CASH] ?? 0n) : sum), 0n),
    scan: feed.tables.maintenance.rows[perpetualRow(0)]?.terms?.maintenance.scanRate ?? 0n,
  };
}

/** What must stay the same but for what comes in and goes out: money with the waterfall's, and each row that is not money. */
interface Books {
  readonly money: bigint;
  readonly rows: readonly bigint[];
}

function booksOf({ accounts, waterfall }: World): Books {
  const held = accounts.reduce((sum, { quantities }) => sum + moneyOf(quantities), 0n);
  const { firstLoss, insurance, rewards, subsidies, shortfall } = waterfall;
  return {
    money: held + firstLoss + insurance + rewards + subsidies - shortfall,
    rows: (accounts[0]?.quantities ?? []).map((_, row) => (row <= 1 ? 0n : accounts.reduce((sum, { quantities }) => sum + (quantities[row] ?? 0n), 0n))),
  };
}

/** @throws SimulationBooksError */
function checkBooks(world: World, opening: Books): void {
  const { waterfall: { firstLoss, insurance, paidFirstLoss, paidInsurance, shared, debts, subsidies }, tally } = world;
  const closing = booksOf(world);
  const wrong = [
    ...(closing.money === opening.money + tally.deposits ? [] : [`money is ${closing.money}, it was ${opening.money} and ${tally.deposits} came in`]),
    ...(closing.rows.every((sum, row) => sum === opening.rows[row]) ? [] : ['a row does not net to what it did']),
    ...(firstLoss >= 0n && insurance >= 0n ? [] : ['a tranche is below 0']),
    ...(paidFirstLoss + paidInsurance + shared === debts + subsidies ? [] : ['what was absorbed is not what was paid']),
  ];
  if (wrong.length > 0) throw new SimulationBooksError(`${world.path.name} under ${world.policy.name}: ${wrong.join('; ')}: a defect, report it with the seed`);
}

/** Value of all positions of traders over their equity at the open, ppm. */
function leverageOf({ accounts, feed: { tables: { initial } } }: World): bigint {
  const traders = accounts.filter(({ role }) => role === 'trader');
  const equity = traders.reduce((sum, { quantities }) => sum + marginOf(initial, quantities).equity, 0n);
  return equity === 0n ? 0n : (traders.reduce((sum, { quantities }) => sum + grossOf(initial, quantities), 0n) * PPM) / equity;
}
