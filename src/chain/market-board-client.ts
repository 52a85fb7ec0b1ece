import { Contract, type ContractRunner } from 'ethers';
import type { Groth16Proof } from '../groth16/proof.js';
import type { MarginLevel } from '../risk/market-table.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSolidityProof } from './epoch-submission.js';
import { ChainRequestError, OnChainRecordError } from './errors.js';
import { MARKET_BOARD_INTERFACE } from './market-board-abi.js';
import { LEVEL_CODES } from './margin-level.js';
import { NO_REPORT, type PriceReport } from './price-report.js';

/** Kinds of feed in the order of their codes; 0 is none. */
export const FEED_KINDS = ['none', 'constant', 'chainlink', 'pyth', 'signed'] as const;

export type FeedKind = Exclude<(typeof FEED_KINDS)[number], 'none'>;

/** What the board allows by the age of its prices. */
export const BOARD_ACTIONS = ['new-risk', 'liquidation', 'exit'] as const;

export type BoardAction = (typeof BOARD_ACTIONS)[number];

/** Where an accepted table's volatilities come from; bounded ones are the venue's choice. */
export const VOLATILITY_SOURCES = ['none', 'signed', 'bounded'] as const;

export type VolatilitySource = (typeof VOLATILITY_SOURCES)[number];

/** What goes through the timelock, in the order of its codes. */
const CHANGE_KINDS = ['config', 'feeds', 'instruments', 'parameters'] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A venue's rules; fields as in IMarketBoard.BoardConfig. Times in seconds, bounds in ppm and sixtieths, signers ascending. */
export interface BoardConfig {
  readonly timelock: number;
  readonly newRiskMaxAge: number;
  readonly liquidationMaxAge: number;
  readonly tableMaxAge: number;
  readonly rateStep: number;
  readonly rateShare: number;
  readonly moveStep: number;
  readonly volatilityBound: number;
  readonly volatilityMaxAge: number;
  readonly sequencerFeed: string;
  readonly sequencerGrace: number;
  readonly priceThreshold: number;
  readonly volatilityThreshold: number;
  readonly priceSigners: readonly string[];
  readonly volatilitySigners: readonly string[];
}

/** Where one price comes from; fields as in IMarketBoard.FeedConfig. Prices in 10^-8 of the settlement currency. */
export interface FeedConfig {
  readonly kind: FeedKind;
  readonly source: string;
  readonly heartbeat: number;
  readonly maxDeviation: number;
  readonly maxConfidence: number;
  readonly minPrice: bigint;
  readonly maxPrice: bigint;
  readonly priceId: string;
}

/** A row for the end of the venue's list. */
export interface InstrumentListing {
  /** Text of instrumentText(). */
  readonly line: string;
  /** Number of the feed whose price the row has. */
  readonly feed: number;
  /** Base value at an option's strike; 0 in other rows. */
  readonly strike: bigint;
}

/** Scenario moves P_1, B_1, P_2, … in sixtieths, and one word a row. */
export interface ParameterSetWords {
  readonly moves: readonly number[];
  readonly words: readonly bigint[];
}

/** Prices of one moment as the board fixed them. */
export interface PriceRound {
  readonly id: number;
  /** Unix seconds: snapshot time of a table made from it. */
  readonly time: number;
  /** Of every feed, 10^-8 of the settlement currency. */
  readonly prices: readonly bigint[];
}

/** A proven table. */
export interface MarketSubmission {
  readonly circuitId: bigint;
  readonly commitment: bigint;
  readonly level: MarginLevel;
  /** Groups of cash and spot rows. */
  readonly settlementAssets: number;
  readonly round: PriceRound;
  readonly parameters: ParameterSetWords;
  /** Of the option rows in row order, ppm a year. */
  readonly volatilities: readonly bigint[];
  /** Last second at which the signatures are taken; 0 without. */
  readonly volatilityDeadline: number;
  /** None: volatilities are the venue's choice, within its bound of the last signed ones. */
  readonly volatilitySignatures: readonly string[];
  readonly proof: Groth16Proof;
}

/** One venue at one MarketBoard. Errors as SolvencyRegistryClient. */
export class MarketBoardClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly board: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(board, MARKET_BOARD_INTERFACE, runner);
  }

  proposeConfig(config: BoardConfig): Promise<ChainReceipt> {
    return this.send('proposing rules', 'proposeConfig', [this.venueId, config]);
  }

  activateConfig(config: BoardConfig): Promise<ChainReceipt> {
    return this.send('activating rules', 'activateConfig', [this.venueId, config]);
  }

  /** @param first index of the first of them */
  proposeFeeds(first: number, feeds: readonly FeedConfig[]): Promise<ChainReceipt> {
    return this.send('proposing feeds', 'proposeFeeds', [this.venueId, first, feeds.map(toSolidityFeed)]);
  }

  activateFeeds(first: number, feeds: readonly FeedConfig[]): Promise<ChainReceipt> {
    return this.send('activating feeds', 'activateFeeds', [this.venueId, first, feeds.map(toSolidityFeed)]);
  }

  proposeInstruments(listings: readonly InstrumentListing[]): Promise<ChainReceipt> {
    return this.send('proposing instruments', 'proposeInstruments', [this.venueId, listings]);
  }

  activateInstruments(listings: readonly InstrumentListing[]): Promise<ChainReceipt> {
    return this.send('listing instruments', 'activateInstruments', [this.venueId, listings]);
  }

  /** @param current the active set; empty before the first */
  proposeParameters(next: ParameterSetWords, current: ParameterSetWords): Promise<ChainReceipt> {
    return this.send('proposing parameters', 'proposeParameters', [this.venueId, next, current]);
  }

  activateParameters(): Promise<ChainReceipt> {
    return this.send('activating parameters', 'activateParameters', [this.venueId]);
  }

  /** Drops a pending change. The signer must be the venue's admin. */
  cancelChange(kind: ChangeKind): Promise<ChainReceipt> {
    return this.send(`cancelling ${kind}`, 'cancelChange', [this.venueId, CHANGE_KINDS.indexOf(kind)]);
  }

  /** Reads every feed and opens a round. Anybody. */
  async updatePrices(report: PriceReport = NO_REPORT, pythUpdates: readonly string[] = [], fee = 0n): Promise<{ readonly receipt: ChainReceipt; readonly round: PriceRound }> {
    const receipt = await this.send('reading prices', 'updatePrices', [this.venueId, pythUpdates, report, { value: fee }]);
    return { receipt, round: await this.roundOpenedIn(receipt) };
  }

  /** The signer must be the operator. */
  acceptMarket(submission: MarketSubmission): Promise<ChainReceipt> {
    const argument = { ...submission, level: LEVEL_CODES[submission.level], proof: toSolidityProof(submission.proof) };
    return this.send('submitting a market table', 'acceptMarket', [this.venueId, argument]);
  }

  async allows(action: BoardAction): Promise<boolean> {
    return (await this.read('reading what prices allow', 'allows', [this.venueId, BOARD_ACTIONS.indexOf(action)])) as boolean;
  }

  /** Number and time of the last round; zeros before the first. */
  async lastRound(): Promise<{ readonly id: number; readonly time: number }> {
    const [id, time] = (await this.read('reading the last round', 'lastRound', [this.venueId])) as readonly [bigint, bigint];
    return { id: Number(id), time: Number(time) };
  }

  /** The round a table was accepted from, and where its volatilities come from; undefined for a table that was not accepted. */
  async acceptanceOf(commitment: bigint): Promise<{ readonly round: number; readonly volatilities: VolatilitySource } | undefined> {
    const [round, source] = (await this.read('reading an acceptance', 'acceptanceOf', [this.venueId, commitment])) as readonly [bigint, bigint];
    if (round === 0n) return undefined;
    const volatilities = VOLATILITY_SOURCES[Number(source)];
    if (volatilities === undefined) throw new OnChainRecordError(`the board names volatility source ${source}, which this version does not know`, { source: source.toString() });
    return { round: Number(round), volatilities };
  }

  private async roundOpenedIn({ transactionHash }: ChainReceipt): Promise<PriceRound> {
    const receipt = await this.contract.runner?.provider?.getTransactionReceipt(transactionHash);
    for (const log of receipt?.logs ?? []) {
      const event = MARKET_BOARD_INTERFACE.parseLog(log);
      if (event?.name !== 'RoundOpened' || event.args.getValue('venueId') !== this.venueId) continue;
      const [, id, time, prices] = event.args as unknown as readonly [bigint, bigint, bigint, readonly bigint[]];
      return { id: Number(id), time: Number(time), prices: [...prices] };
    }
    throw new ChainRequestError('prices were read but the round cannot be found: ask the node for the transaction', { transactionHash });
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}

function toSolidityFeed(feed: FeedConfig): object {
  return { ...feed, kind: FEED_KINDS.indexOf(feed.kind) };
}
