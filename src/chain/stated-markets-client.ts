import { Contract, Interface, type Signer } from 'ethers';
import { LEVEL_CODE, marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { MarginLevel, MarketTable } from '../risk/market-table.js';
import { settlementRows, tiersOf } from '../risk/tiers.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { ContractRevertedError } from './errors.js';
import { MARKET } from './market-source.js';

/** What clients send to StatedMarkets, and every error it or the registry it asks can raise; test/chain/registry-abi.test.ts compares it with the compiled contract. */
export const STATED_MARKETS_INTERFACE = new Interface([
  `function stateMarket(uint256 venueId, uint256 commitment, ${MARKET} market_, uint8 valueScale)`,
  'function stateSettlementRows(uint256 venueId, uint256[] rows, uint256[] assets)',
  'function assetOfRow(uint256 venueId, uint256 row) view returns (uint256)',
  'error InvalidAssetCount(uint256 got, uint256 registered)',
  'error InvalidMarketLevel(uint256 commitment)',
  'error MarketExists(uint256 venueId, uint256 commitment)',
  'error MarketFromTheFuture(uint256 snapshotTime, uint256 now_)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotASettlementRow(uint256 venueId, uint256 row)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error RowExists(uint256 venueId, uint256 row)',
  'error TestChainsOnly(uint256 chainId)',
  'error UnknownAsset(uint256 asset, uint256 registered)',
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

  /** Has the cash and spot rows of a table stated that were not before: which settlement asset each is. Undefined when there are none. */
  async stateRows(table: MarketTable): Promise<ChainReceipt | undefined> {
    const missing: { readonly row: number; readonly asset: number }[] = [];
    for (const [asset, first] of settlementRows(table).entries()) {
      for (const { index: row } of tiersOf(table, first.index)) if (!(await this.isRowStated(row))) missing.push({ row, asset });
    }
    if (missing.length === 0) return undefined;
    const [rows, assets] = [missing.map(({ row }) => row), missing.map(({ asset }) => asset)];
    return sendTransaction(this.contract, `stating settlement rows (venue ${this.venueId})`, 'stateSettlementRows', [this.venueId, rows, assets]);
  }

  private async isRowStated(row: number): Promise<boolean> {
    try {
      await readContract(this.contract, `reading row ${row} (venue ${this.venueId})`, 'assetOfRow', [this.venueId, row]);
      return true;
    } catch (error) {
      if (error instanceof ContractRevertedError && error.errorName === 'NotASettlementRow') return false;
      throw error;
    }
  }
}
