import { Contract, type ContractRunner } from 'ethers';
import { LEVEL_CODE } from '../commitment/market-commitment.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { MarginLevel } from '../risk/market-table.js';
import { MARKET_BOARD_INTERFACE } from './board-abi.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSolidityProof } from './epoch-submission.js';
import { OnChainRecordError } from './errors.js';
import { changeCode, pendingChangeOf, type ChangeKind, type PendingChange } from './pending-change.js';
import type { PriceRound } from './price-board-client.js';

/** Where an accepted table's volatilities come from, in the order of the board's codes; bounded ones are the venue's choice. */
const VOLATILITY_SOURCES = ['none', 'signed', 'bounded'] as const;

export type VolatilitySource = (typeof VOLATILITY_SOURCES)[number];

/** A venue's rules for tables; fields as in IMarketBoard.TableRules. Times in seconds, bounds in ppm and sixtieths, signers ascending. */
export interface TableRules {
  readonly timelock: number;
  readonly tableMaxAge: number;
  readonly rateStep: number;
  readonly rateShare: number;
  readonly moveStep: number;
  readonly volatilityBound: number;
  readonly volatilityMaxAge: number;
  readonly threshold: number;
  readonly signers: readonly string[];
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

/** A row of the venue's list as the board stores it. */
export interface ListedRow extends Omit<InstrumentListing, 'line'> {
  /** digestOf() of its line. */
  readonly digest: bigint;
}

/** Scenario moves P_1, B_1, P_2, … in sixtieths, and one word a row. */
export interface ParameterSetWords {
  readonly moves: readonly number[];
  readonly words: readonly bigint[];
}

/** Before the first set. */
export const NO_PARAMETERS: ParameterSetWords = { moves: [], words: [] };

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

  /** The first rules are active at once. The signer must be the parameter admin, as in all that follow but acceptMarket. */
  proposeRules(rules: TableRules): Promise<ChainReceipt> {
    return this.send('proposing table rules', 'proposeRules', [this.venueId, rules]);
  }

  activateRules(rules: TableRules): Promise<ChainReceipt> {
    return this.send('activating table rules', 'activateRules', [this.venueId, rules]);
  }

  proposeInstruments(listings: readonly InstrumentListing[]): Promise<ChainReceipt> {
    return this.send('proposing instruments', 'proposeInstruments', [this.venueId, listings]);
  }

  activateInstruments(listings: readonly InstrumentListing[]): Promise<ChainReceipt> {
    return this.send('listing instruments', 'activateInstruments', [this.venueId, listings]);
  }

  /** @param current the active set; NO_PARAMETERS before the first */
  proposeParameters(next: ParameterSetWords, current: ParameterSetWords): Promise<ChainReceipt> {
    return this.send('proposing parameters', 'proposeParameters', [this.venueId, next, current]);
  }

  activateParameters(): Promise<ChainReceipt> {
    return this.send('activating parameters', 'activateParameters', [this.venueId]);
  }

  /** The signer must be the operator. */
  acceptMarket(submission: MarketSubmission): Promise<ChainReceipt> {
    const argument = { ...submission, level: LEVEL_CODE[submission.level], proof: toSolidityProof(submission.proof) };
    return this.send('submitting a market table', 'acceptMarket', [this.venueId, argument]);
  }

  /** Undefined before the first. */
  async rules(): Promise<TableRules | undefined> {
    const rules = (await this.read('reading table rules', 'rulesOf', [this.venueId])) as SolidityTableRules;
    const [timelock, tableMaxAge, rateStep, rateShare, moveStep, volatilityBound, volatilityMaxAge, threshold, signers] = rules;
    if (timelock === 0n) return undefined;
    return {
      timelock: Number(timelock), tableMaxAge: Number(tableMaxAge), rateStep: Number(rateStep), rateShare: Number(rateShare), moveStep: Number(moveStep),
      volatilityBound: Number(volatilityBound), volatilityMaxAge: Number(volatilityMaxAge), threshold: Number(threshold), signers: [...signers],
    };
  }

  /** Every listed row, in row order. */
  async listed(): Promise<ListedRow[]> {
    const count = Number(await this.read('counting instruments', 'instrumentCount', [this.venueId]));
    const rows = await Promise.all(Array.from({ length: count }, (_, index) => this.read('reading an instrument', 'instrument', [this.venueId, index])));
    return (rows as readonly { readonly digest: bigint; readonly feed: bigint; readonly strike: bigint }[])
      .map(({ digest, feed, strike }) => ({ digest, feed: Number(feed), strike }));
  }

  /** Hash of the active parameter set, as parametersDigest() makes it. */
  async activeParameters(): Promise<string> {
    return (await this.read('reading the active parameters', 'parametersDigest', [this.venueId])) as string;
  }

  async pending(kind: Exclude<ChangeKind, 'feeds'>): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [this.venueId, changeCode(kind)])) as readonly [string, bigint]);
  }

  /** The round a table was accepted from, and where its volatilities come from; undefined for a table that was not accepted. */
  async acceptanceOf(commitment: bigint): Promise<{ readonly round: number; readonly volatilities: VolatilitySource } | undefined> {
    const [round, code] = (await this.read('reading an acceptance', 'acceptanceOf', [this.venueId, commitment])) as readonly [bigint, bigint];
    if (round === 0n) return undefined;
    const volatilities = VOLATILITY_SOURCES[Number(code)];
    if (volatilities === undefined) throw new OnChainRecordError(`the board names volatility source ${code}, which this version does not know`, { code });
    return { round: Number(round), volatilities };
  }

  /** The last table accepted for a level; undefined before the first. */
  async latest(level: MarginLevel): Promise<bigint | undefined> {
    const commitment = (await this.read('reading the latest table', 'latestMarket', [this.venueId, LEVEL_CODE[level]])) as bigint;
    return commitment === 0n ? undefined : commitment;
  }

  private send(action: string, method: string, args: readonly unknown[]): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}

type SolidityTableRules = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, readonly string[]];
