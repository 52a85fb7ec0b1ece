import { join } from 'node:path';
import { anvilWallet } from '../../chain/anvil.js';
import { deployTestFeed } from '../../chain/deploy.js';
import { MarketBoardClient, NO_PARAMETERS, type ParameterSetWords } from '../../chain/market-board-client.js';
import { PriceBoardClient, type FeedConfig, type PriceRound } from '../../chain/price-board-client.js';
import { signVolatilityReport } from '../../chain/signed-reports.js';
import { passTime, setTestFeed } from '../../chain/test-chain.js';
import { circuitIdOf } from '../../commitment/digest.js';
import type { ProvenTable } from '../../proving/prove-market-table.js';
import { buildMarketTable } from '../../risk/build/build-market-table.js';
import { parameterWords } from '../../risk/build/parameter-words.js';
import type { MarginLevel, MarketTable } from '../../risk/market-table.js';
import { parseSurface } from '../../risk/option/surface-json.js';
import type { VolatilitySurface } from '../../risk/option/volatility-surface.js';
import { parseParameterSet } from '../../risk/parameter-set/parameter-set-json.js';
import type { ParameterSet } from '../../risk/parameter-set/parameter-set.js';
import { parsePrices, type Prices } from '../../risk/prices/price-file.js';
import { readText } from '../files.js';
import { volatilitiesOf } from '../market/volatility-part.js';
import { setWords } from '../market/wanted-lists.js';
import { projectRoot } from '../project.js';
import type { DemoChain } from './demo-chain.js';

/** Parameters, volatilities and first prices of the demo venue: what docs/formats.md shows. */
export interface DemoRisk {
  readonly set: ParameterSet;
  readonly surface: VolatilitySurface;
  readonly prices: Prices;
}

/** Boards with everything a table needs, and the last round they opened. */
export interface DemoBoards {
  readonly risk: DemoRisk;
  readonly prices: PriceBoardClient;
  readonly markets: MarketBoardClient;
  readonly parameters: ParameterSetWords;
  readonly round: PriceRound;
  /** Contracts that feeds are read from, by their ids; a constant has none. */
  readonly sources: ReadonlyMap<string, string>;
  readonly gas: { readonly updatePrices: bigint };
}

/** What a perpetual's own price is held against; in no table, so no parameter set names it. Its number follows those of the set's feeds. */
export const INDEX_FEED = 'BTC-INDEX';
const INDEXED_FEED = 'BTC-USD';

export const MIN_TIMELOCK = 86_400;
export const HEARTBEAT = 3_600;
/** Signers of volatilities: anvil's accounts, any two of three. */
const SIGNERS = [7, 8, 9] as const;
const THRESHOLD = 2;
const NEW_RISK_MAX_AGE = 1_800;
const LIQUIDATION_MAX_AGE = 7_200;
const TABLE_MAX_AGE = 3_600;
const PPM = 1_000_000;
const SECONDS_OF_SIGNATURES = 3_600;

export async function readDemoRisk(): Promise<DemoRisk> {
  const [parameters, surface, prices] = ['parameters.json', 'surface.json', 'prices.json'].map((name) => join(projectRoot(), 'docs', 'examples', name)) as [string, string, string];
  return {
    set: parseParameterSet(await readText(parameters), parameters), surface: parseSurface(await readText(surface), surface),
    prices: parsePrices(await readText(prices), prices),
  };
}

/** The table that follows from the example prices, before any round: it names the rows and tokens the venue starts with. */
export function exampleTable({ set, surface, prices }: DemoRisk): MarketTable {
  return buildMarketTable(set, prices, { level: 'maintenance', surface }).table;
}

/** Lists feeds, instruments and parameters, waits for the timelock after each, then opens a round. @param listed what needs the lists, before the round */
export async function setUpBoards({ operator, deployment, folders }: DemoChain, risk: DemoRisk, listed: () => Promise<void> = () => Promise.resolve()): Promise<DemoBoards> {
  const prices = new PriceBoardClient(deployment.prices as string, deployment.venueId, operator);
  const markets = new MarketBoardClient(deployment.markets, deployment.venueId, operator);
  const { feeds, sources } = await deployFeeds(operator, folders.contracts, risk);
  const signers = SIGNERS.map((index) => anvilWallet(index, operator.provider).address).sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1));
  await prices.proposeRules({
    timelock: MIN_TIMELOCK, newRiskMaxAge: NEW_RISK_MAX_AGE, liquidationMaxAge: LIQUIDATION_MAX_AGE, sequencerGrace: 0, threshold: 0,
    sequencerFeed: NOBODY, signers: [],
  });
  await markets.proposeRules({
    timelock: MIN_TIMELOCK, tableMaxAge: TABLE_MAX_AGE, rateStep: PPM / 50, rateShare: PPM / 5, moveStep: 10, volatilityBound: PPM / 10,
    volatilityMaxAge: MIN_TIMELOCK, threshold: THRESHOLD, signers,
  });
  await prices.proposeFeeds(0, feeds);
  await passTime(operator, MIN_TIMELOCK);
  await prices.activateFeeds(0, feeds);
  const words = parameterWords(risk.set);
  const listings = words.instruments.map(({ line, feed, strike }) => ({ line, strike, feed: risk.set.feeds.findIndex(({ id }) => id === feed) }));
  await markets.proposeInstruments(listings);
  const parameters = setWords(words);
  await markets.proposeParameters(parameters, NO_PARAMETERS);
  await passTime(operator, MIN_TIMELOCK);
  await markets.activateInstruments(listings);
  await markets.activateParameters();
  await listed();
  for (const [id, source] of sources) await setTestFeed(operator, source, priceIn(risk, id));
  const { receipt, round } = await prices.updatePrices();
  return { risk, prices, markets, parameters, round, sources, gas: { updatePrices: receipt.gasUsed } };
}

/** Every feed answers anew, with the price of the last round unless changed, and a round is opened. @param changed prices by feed, 10^-8 of the settlement currency */
export async function nextRound({ operator }: Pick<DemoChain, 'operator'>, boards: DemoBoards, changed: ReadonlyMap<string, bigint> = new Map()): Promise<DemoBoards> {
  for (const [place, id] of feedIds(boards.risk).entries()) {
    const source = boards.sources.get(id);
    if (source !== undefined) await setTestFeed(operator, source, changed.get(id) ?? (boards.round.prices[place] as bigint));
  }
  return { ...boards, round: (await boards.prices.updatePrices()).round };
}

/** Feeds of the price board in the order of their numbers. */
export function feedIds({ set }: DemoRisk): readonly string[] {
  return [...set.feeds.map(({ id }) => id), INDEX_FEED];
}

/** The table that follows from a round's prices, or from others that nobody gave. */
export function tableOf({ risk: { set, surface }, round }: DemoBoards, changed: ReadonlyMap<string, bigint> = new Map(), level: MarginLevel = 'maintenance'): MarketTable {
  const byFeed = new Map(set.feeds.map(({ id }, place) => [id, { price: changed.get(id) ?? (round.prices[place] as bigint), time: round.time }] as const));
  return buildMarketTable(set, { time: round.time, byFeed, file: `price round ${round.id}` }, { level, surface }).table;
}

/** Submits a proven table with signed volatilities. @returns gas */
export async function acceptTable(
  { operator, deployment: { chainId, markets: board, venueId } }: DemoChain, { markets, parameters, round }: DemoBoards, table: MarketTable, proven: ProvenTable,
): Promise<bigint> {
  const volatilities = volatilitiesOf(table);
  const volatilityDeadline = round.time + SECONDS_OF_SIGNATURES;
  const signers = SIGNERS.slice(0, THRESHOLD).map((index) => anvilWallet(index, operator.provider));
  const volatilitySignatures = await signVolatilityReport(signers, { chainId, board }, { venueId, round: round.id, volatilities, deadline: volatilityDeadline });
  const { gasUsed } = await markets.acceptMarket({
    circuitId: circuitIdOf(proven.circuit), commitment: proven.signals.marketCommitment, level: table.level,
    settlementAssets: Number(proven.signals.settlementAssets), round, parameters, volatilities, volatilityDeadline, volatilitySignatures, proof: proven.proof,
  });
  return gasUsed;
}

const NOBODY = `0x${'0'.repeat(40)}`;
const NO_PRICE_ID = `0x${'0'.repeat(64)}`;

async function deployFeeds(operator: DemoChain['operator'], contracts: string, risk: DemoRisk): Promise<{ feeds: FeedConfig[]; sources: Map<string, string> }> {
  const sources = new Map<string, string>();
  const feeds: FeedConfig[] = [];
  const shared = { maxConfidence: 0, priceId: NO_PRICE_ID };
  for (const id of feedIds(risk)) {
    const feed = risk.set.feeds.find((one) => one.id === id);
    if (feed?.kind === 'constant') {
      feeds.push({ ...shared, kind: 'constant', source: NOBODY, heartbeat: 0, maxDeviation: 0, minPrice: feed.price, maxPrice: feed.price });
      continue;
    }
    const price = priceIn(risk, id);
    const source = await deployTestFeed(operator, contracts, price);
    sources.set(id, source);
    feeds.push({ ...shared, kind: 'chainlink', source, heartbeat: HEARTBEAT, maxDeviation: PPM / 10, minPrice: price / 10n, maxPrice: price * 10n });
  }
  return { feeds, sources };
}

function priceIn({ prices }: DemoRisk, feed: string): bigint {
  return prices.byFeed.get(feed === INDEX_FEED ? INDEXED_FEED : feed)?.price ?? 0n;
}
