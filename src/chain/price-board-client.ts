import { Contract, type ContractRunner } from 'ethers';
import { PRICE_BOARD_INTERFACE } from './board-abi.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { ChainRequestError, OnChainRecordError } from './errors.js';
import { changeCode, pendingChangeOf, type ChangeKind, type PendingChange } from './pending-change.js';
import { NO_REPORT, type PriceReport } from './signed-reports.js';

/** Kinds of feed in the order of their codes; 0 is none. */
const FEED_KINDS = ['none', 'constant', 'chainlink', 'pyth', 'signed'] as const;

export type FeedKind = Exclude<(typeof FEED_KINDS)[number], 'none'>;

/** What prices are fresh enough for, in the order of the board's codes. */
const BOARD_ACTIONS = ['new-risk', 'liquidation', 'exit'] as const;

export type BoardAction = (typeof BOARD_ACTIONS)[number];

/** A venue's rules for prices; fields as in IPriceBoard.PriceRules. Times in seconds, signers ascending. */
export interface PriceRules {
  readonly timelock: number;
  readonly newRiskMaxAge: number;
  readonly liquidationMaxAge: number;
  readonly sequencerGrace: number;
  readonly threshold: number;
  readonly sequencerFeed: string;
  readonly signers: readonly string[];
}

/** Where one price comes from; fields as in IPriceBoard.FeedConfig. Prices in 10^-8 of the settlement currency. */
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

/** Prices of one moment as the board fixed them. */
export interface PriceRound {
  readonly id: number;
  /** Unix seconds: snapshot time of a table made from it. */
  readonly time: number;
  /** Of every feed, 10^-8 of the settlement currency. */
  readonly prices: readonly bigint[];
}

/** One venue at one PriceBoard. Errors as SolvencyRegistryClient. */
export class PriceBoardClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    board: string,
    readonly venueId: bigint,
    private readonly runner: ContractRunner,
  ) {
    this.contract = new Contract(board, PRICE_BOARD_INTERFACE, runner);
  }

  /** The first rules are active at once. The signer must be the parameter admin, as in all that follow but updatePrices. */
  proposeRules(rules: PriceRules): Promise<ChainReceipt> {
    return this.send('proposing price rules', 'proposeRules', [this.venueId, rules]);
  }

  activateRules(rules: PriceRules): Promise<ChainReceipt> {
    return this.send('activating price rules', 'activateRules', [this.venueId, rules]);
  }

  /** @param first index of the first of them */
  proposeFeeds(first: number, feeds: readonly FeedConfig[]): Promise<ChainReceipt> {
    return this.send('proposing feeds', 'proposeFeeds', [this.venueId, first, feeds.map(toSolidityFeed)]);
  }

  activateFeeds(first: number, feeds: readonly FeedConfig[]): Promise<ChainReceipt> {
    return this.send('activating feeds', 'activateFeeds', [this.venueId, first, feeds.map(toSolidityFeed)]);
  }

  /**
   * Reads every feed and opens a round. Anybody may.
   *
   * @param fee in wei, for the Pyth updates
   */
  async updatePrices(
    report: PriceReport = NO_REPORT, pythUpdates: readonly string[] = [], fee = 0n,
  ): Promise<{ readonly receipt: ChainReceipt; readonly round: PriceRound }> {
    const receipt = await this.send('reading prices', 'updatePrices', [this.venueId, pythUpdates, report], { value: fee });
    return { receipt, round: await this.roundOpenedBy(receipt) };
  }

  /** Undefined before the first. */
  async rules(): Promise<PriceRules | undefined> {
    const rules = (await this.read('reading price rules', 'rulesOf', [this.venueId])) as SolidityPriceRules;
    const [timelock, newRiskMaxAge, liquidationMaxAge, sequencerGrace, threshold, sequencerFeed, signers] = rules;
    if (timelock === 0n) return undefined;
    return {
      timelock: Number(timelock), newRiskMaxAge: Number(newRiskMaxAge), liquidationMaxAge: Number(liquidationMaxAge), sequencerGrace: Number(sequencerGrace),
      threshold: Number(threshold), sequencerFeed, signers: [...signers],
    };
  }

  /** Every feed, in the order of their numbers. */
  async feeds(): Promise<FeedConfig[]> {
    const count = Number(await this.read('counting feeds', 'feedCount', [this.venueId]));
    const fields = await Promise.all(Array.from({ length: count }, (_, index) => this.read('reading a feed', 'feed', [this.venueId, index])));
    return fields.map((one) => fromSolidityFeed(one as SolidityFeed));
  }

  async pending(kind: Extract<ChangeKind, 'rules' | 'feeds'>): Promise<PendingChange | undefined> {
    return pendingChangeOf((await this.read('reading what is proposed', 'pendingChange', [this.venueId, changeCode(kind)])) as readonly [string, bigint]);
  }

  async allows(action: BoardAction): Promise<boolean> {
    return (await this.read('reading what prices allow', 'allows', [this.venueId, BOARD_ACTIONS.indexOf(action)])) as boolean;
  }

  /** Number and time of the last round; zeros before the first. */
  async lastRound(): Promise<{ readonly id: number; readonly time: number }> {
    const [id, time] = (await this.read('reading the last round', 'lastRound', [this.venueId])) as readonly [bigint, bigint];
    return { id: Number(id), time: Number(time) };
  }

  private async roundOpenedBy({ transactionHash }: ChainReceipt): Promise<PriceRound> {
    const receipt = await this.runner.provider?.getTransactionReceipt(transactionHash);
    for (const log of receipt?.logs ?? []) {
      const event = PRICE_BOARD_INTERFACE.parseLog(log);
      if (event?.name !== 'RoundOpened') continue;
      const [, id, time, prices] = event.args as unknown as readonly [bigint, bigint, bigint, readonly bigint[]];
      return { id: Number(id), time: Number(time), prices: [...prices] };
    }
    throw new ChainRequestError('prices were read but their round is not to be found: ask the node for the transaction', { transactionHash });
  }

  private send(action: string, method: string, args: readonly unknown[], payment: { readonly value?: bigint } = {}): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `${action} (venue ${this.venueId})`, method, args, payment);
  }

  private read(action: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return readContract(this.contract, `${action} (venue ${this.venueId})`, method, args);
  }
}

type SolidityPriceRules = readonly [bigint, bigint, bigint, bigint, bigint, string, readonly string[]];
type SolidityFeed = readonly [bigint, string, bigint, bigint, bigint, bigint, bigint, string];

export function toSolidityFeed(feed: FeedConfig): object {
  return { ...feed, kind: FEED_KINDS.indexOf(feed.kind) };
}

function fromSolidityFeed([code, source, heartbeat, maxDeviation, maxConfidence, minPrice, maxPrice, priceId]: SolidityFeed): FeedConfig {
  const kind = FEED_KINDS[Number(code)];
  if (kind === undefined || kind === 'none') throw new OnChainRecordError(`the board names feed kind ${code}, which this version does not know`, { code });
  return {
    kind, source, heartbeat: Number(heartbeat), maxDeviation: Number(maxDeviation), maxConfidence: Number(maxConfidence), minPrice, maxPrice, priceId,
  };
}
