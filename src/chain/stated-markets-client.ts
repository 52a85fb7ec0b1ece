import { Contract, Interface, type Signer } from 'ethers';
import { LEVEL_CODE, marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarginLevel, MarketTable } from '../risk/market-table.js';
import { settlementRows } from '../risk/tiers.js';
import { sendTransaction, type ChainReceipt } from './contract-call.js';
import { MARKET } from './market-source.js';

/** What clients send to StatedMarkets, and every error it or the registry it asks can raise; test/chain/registry-abi.test.ts compares it with the compiled contract. */
export const STATED_MARKETS_INTERFACE = new Interface([
  `function stateMarket(uint256 venueId, uint256 commitment, ${MARKET} market_, uint8 valueScale)`,
  'error InvalidAssetCount(uint256 got, uint256 registered)',
  'error InvalidMarketLevel(uint256 commitment)',
  'error MarketExists(uint256 venueId, uint256 commitment)',
  'error MarketFromTheFuture(uint256 snapshotTime, uint256 now_)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error TestChainsOnly(uint256 chainId)',
  'error UnknownVenue(uint256 venueId)',
  'error WrongValueScale(uint256 got, uint256 expected)',
]);

/** What the parameter admin says of a committed market table. */
export interface StatedMarket {
  readonly commitment: bigint;
  readonly level: MarginLevel;
  /** Unix seconds; not later than the chain's time. */
  readonly snapshotTime: number;
  /** Number of cash and spot rows. */
  readonly settlementAssets: number;
  /** The table's value scale; must be the venue's. */
  readonly valueScale: number;
}

/** What is true of a table. */
export function statedMarketOf(poseidon: Poseidon, table: MarketTable): StatedMarket {
  const { level, snapshotTime, valueScale } = table;
  const settlementAssets = settlementRows(table).length;
  return { commitment: marketCommitment(poseidon, table), level, snapshotTime, settlementAssets, valueScale };
}

/** One venue at StatedMarkets, the stand-in for a market board on local test chains. Errors as SolvencyRegistryClient. */
export class StatedMarketsClient {
  private readonly contract: Contract;

  constructor(
    markets: string,
    readonly venueId: bigint,
    signer: Signer,
  ) {
    this.contract = new Contract(markets, STATED_MARKETS_INTERFACE, signer);
  }

  /** Has a table accepted on the signer's word, who must be the venue's parameter admin. */
  state({ commitment, level, snapshotTime, settlementAssets, valueScale }: StatedMarket): Promise<ChainReceipt> {
    const header = { level: LEVEL_CODE[level], snapshotTime, settlementAssets };
    return sendTransaction(this.contract, `stating a market table (venue ${this.venueId})`, 'stateMarket', [this.venueId, commitment, header, valueScale]);
  }
}
