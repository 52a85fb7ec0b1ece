import { Contract, Interface, type ContractRunner } from 'ethers';
import { LEVEL_CODE } from '../commitment/market-commitment.js';
import type { MarginLevel } from '../risk/market-table.js';
import { readContract } from './contract-call.js';
import { MarketNotAcceptedError, OnChainRecordError } from './errors.js';

/** Market of IMarketSource.sol. */
export const MARKET = 'tuple(uint8 level, uint64 snapshotTime, uint32 settlementAssets)';

/** What clients ask an IMarketSource; test/chain/registry-abi.test.ts compares it with the compiled contracts. */
export const MARKET_SOURCE_INTERFACE = new Interface([
  `function market(uint256 venueId, uint256 commitment) view returns (${MARKET})`,
  'function assetOfRow(uint256 venueId, uint256 row) view returns (uint256)',
  'function circuitOf(uint256 venueId, uint256 commitment) view returns (uint256)',
]);

/** What is known on chain of an accepted market table. */
export interface AcceptedMarket {
  readonly level: MarginLevel;
  /** Unix seconds. */
  readonly snapshotTime: number;
  /** Number of cash and spot rows. */
  readonly settlementAssets: number;
}

/** Whether the venue's epochs may close over the table with a commitment. */
export interface MarketAcceptance {
  accepted(commitment: bigint): Promise<boolean>;
}

/** The market source of one venue, whichever contract it is. Errors as SolvencyRegistryClient. */
export class MarketSourceClient implements MarketAcceptance {
  private readonly contract: Contract;

  constructor(
    source: string,
    readonly venueId: bigint,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(source, MARKET_SOURCE_INTERFACE, runner);
  }

  /** Undefined for a commitment that was not accepted. */
  async market(commitment: bigint): Promise<AcceptedMarket | undefined> {
    const action = `reading a market table (venue ${this.venueId})`;
    const fields = (await readContract(this.contract, action, 'market', [this.venueId, commitment])) as readonly [bigint, bigint, bigint];
    const [code, snapshotTime, settlementAssets] = fields;
    if (code === 0n) return undefined;
    const level = (['maintenance', 'initial'] as const).find((name) => LEVEL_CODE[name] === code);
    if (level === undefined) throw new OnChainRecordError(`${action}: its level is ${code}, which this version does not know`, { code });
    return { level, snapshotTime: Number(snapshotTime), settlementAssets: Number(settlementAssets) };
  }

  /** Circuit that an accepted table was proven in; undefined for one that was stated, or not accepted. */
  async circuitOf(commitment: bigint): Promise<bigint | undefined> {
    const circuitId = (await readContract(this.contract, `reading the circuit of a market table (venue ${this.venueId})`, 'circuitOf', [this.venueId, commitment])) as bigint;
    return circuitId === 0n ? undefined : circuitId;
  }

  /** Which of the venue's settlement assets a cash or spot row is of. */
  async assetOfRow(row: number): Promise<number> {
    return Number(await readContract(this.contract, `reading the asset of row ${row} (venue ${this.venueId})`, 'assetOfRow', [this.venueId, row]));
  }

  async accepted(commitment: bigint): Promise<boolean> {
    return (await this.market(commitment)) !== undefined;
  }
}

/** The registry would refuse an epoch over any other table, after all its proofs were sent. @throws MarketNotAcceptedError */
export async function requireAccepted(markets: MarketAcceptance, commitment: bigint): Promise<void> {
  if (await markets.accepted(commitment)) return;
  throw new MarketNotAcceptedError(
    `the venue's market source has not accepted the table with market commitment ${commitment}: have it accepted first ` +
    '("clearproof market accept", or "clearproof state-market" with the stand-in of a local test chain), then publish again', { commitment },
  );
}
