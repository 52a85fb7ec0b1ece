import { gasPriceOf, latestBlock } from '../chain/chain-time.js';
import { ClearingHouseClient } from '../chain/clearing-client.js';
import { ClearingTermsClient } from '../chain/clearing-terms-client.js';
import type { ChainConnection } from '../chain/connection.js';
import { DefaultFundClient } from '../chain/default-fund-client.js';
import { clearingOf, liquidationOf, type Deployment } from '../chain/deployment.js';
import { tokenAllowance } from '../chain/escrow-client.js';
import { SolvencyGateClient } from '../chain/gate-client.js';
import { LiquidationBiddersClient, type ApprovedBidder } from '../chain/liquidation-bidders-client.js';
import { LiquidationsClient } from '../chain/liquidations-client.js';
import { MarketBoardClient } from '../chain/market-board-client.js';
import { MarketSourceClient } from '../chain/market-source.js';
import { PriceBoardClient } from '../chain/price-board-client.js';
import { SolvencyRegistryClient, type SettlementAsset } from '../chain/registry-client.js';
import type { Auction, Lot } from '../liquidation/auction.js';
import type { MarginLevel } from '../risk/market-table.js';
import type { FundingAct } from '../statement/transition.js';
import { NothingToKeepError } from './keeper-errors.js';
import type { AssetNow, KeeperChain, VenueNow } from './keeper-ports.js';
import { readVenueChanges, type WatchedContracts } from './venue-events.js';
import type { AccountNow, ReferenceTable, VenueChange } from './venue-view.js';

type Provider = ChainConnection['provider'];

/** A deployed venue as keepers ask for it. Errors of the clients. */
export class VenueChain implements KeeperChain {
  private readonly house: ClearingHouseClient;
  private readonly terms: ClearingTermsClient;
  private readonly liquidations: LiquidationsClient;
  private readonly approved: LiquidationBiddersClient;
  private readonly fund: DefaultFundClient;
  private readonly gate: SolvencyGateClient;
  private readonly board: MarketBoardClient;
  private readonly markets: MarketSourceClient;
  private readonly prices: PriceBoardClient | undefined;
  private readonly registry: SolvencyRegistryClient;
  private readonly watched: WatchedContracts;
  private readonly venueId: bigint;
  /** Which accounts are the venue's, and what its assets are, never changes. */
  private readonly belongs = new Map<bigint, boolean>();
  private assets: readonly SettlementAsset[] | undefined;

  /** @param keeper who would send @throws NoClearingHouseError, NoLiquidationsError */
  constructor(
    private readonly provider: Provider,
    deployment: Deployment,
    private readonly keeper: string,
  ) {
    const { venueId, registry, gate, markets, prices } = deployment;
    const [{ house, terms }, { liquidations, bidders, defaultFund }] = [clearingOf(deployment), liquidationOf(deployment)];
    this.venueId = venueId;
    this.house = new ClearingHouseClient(house, venueId, provider);
    this.terms = new ClearingTermsClient(terms, venueId, provider);
    this.liquidations = new LiquidationsClient(liquidations, venueId, provider);
    this.approved = new LiquidationBiddersClient(bidders, venueId, provider);
    this.fund = new DefaultFundClient(defaultFund, venueId, provider);
    this.gate = new SolvencyGateClient(gate, venueId, provider);
    this.board = new MarketBoardClient(markets, venueId, provider);
    this.markets = new MarketSourceClient(markets, venueId, provider);
    this.prices = prices === undefined ? undefined : new PriceBoardClient(prices, venueId, provider);
    this.registry = new SolvencyRegistryClient(registry, venueId, provider);
    this.watched = { prices, house, liquidations, bidders };
  }

  /** @throws NothingToKeepError for a venue without rules */
  async now(): Promise<VenueNow> {
    const block = await latestBlock(this.provider);
    const [rules, clearing, period, mode, maintenance, initial] = await Promise.all([
      this.liquidations.rules(), this.terms.rules(), this.terms.period(), this.gate.mode(), this.latest('maintenance'), this.latest('initial'),
    ]);
    if (rules === undefined || clearing === undefined || this.prices === undefined ) {
      throw new NothingToKeepError(`venue ${this.venueId} has no rules for liquidations or for its clearing house: its parameter admin sets them with "liquidation terms" and "clearing terms"`, { venueId: this.venueId });
    }
    const open = mode !== 'HALT' && await this.prices.allows('liquidation');
    const { tableMaxAge, band } = clearing;
    return { block: block.number, time: block.time, rules, tableMaxAge, band, period, open, maintenance, initial };
  }

  async changes(from: number, to: number): Promise<readonly VenueChange[]> {
    const all = await readVenueChanges(this.provider, this.watched, this.venueId, from, to);
    const own: VenueChange[] = [];
    for (const change of all) {
      if (change.kind === 'round' || await this.isOwn(change.handle)) own.push(change);
    }
    return own;
  }

  async account(handle: bigint): Promise<AccountNow | undefined> {
    const found = await this.house.account(handle);
    if (found === undefined || found.venueId !== this.venueId) return undefined;
    const { commitment, controller } = found;
    return { ...await this.liquidations.standing(handle), handle, commitment, controller };
  }

  challengeBond(handle: bigint): Promise<bigint> {
    return this.liquidations.challengeBond(handle);
  }

  verdictContext(handle: bigint, sender?: string): Promise<bigint> {
    return Promise.resolve(this.liquidations.verdictContext(handle, sender));
  }

  auction(lot: Lot): Promise<Auction | undefined> {
    return this.liquidations.auction(lot);
  }

  async asset(row: number): Promise<AssetNow> {
    const { asset, known } = await this.assetOf(row);
    const allowance = await tokenAllowance(this.provider, known.token, this.keeper, this.watched.liquidations);
    return { unitsPerQuantum: known.unitsPerQuantum, room: await this.fund.room(asset), allowance };
  }

  bidders(): Promise<readonly ApprovedBidder[]> {
    return this.approved.bidders();
  }

  fundingAct(fromPeriod: number): Promise<FundingAct> {
    return this.terms.fundingAct(fromPeriod);
  }

  bondsOf(address: string): Promise<bigint> {
    return this.liquidations.bonds(address);
  }

  gasPrice(): Promise<bigint> {
    return gasPriceOf(this.provider);
  }

  /** Address of the token of a cash or spot row. */
  async tokenOf(row: number): Promise<string> {
    return (await this.assetOf(row)).known.token;
  }

  private async assetOf(row: number): Promise<{ readonly asset: number; readonly known: SettlementAsset }> {
    this.assets ??= await this.registry.settlementAssets();
    const asset = await this.markets.assetOfRow(row);
    const known = this.assets[asset];
    if (known !== undefined) return { asset, known };
    throw new NothingToKeepError(`row ${row} is of asset ${asset}, which venue ${this.venueId} does not have: check the deployment file`, { row });
  }

  private async latest(level: MarginLevel): Promise<ReferenceTable | undefined> {
    const commitment = await this.board.latest(level);
    const market = commitment === undefined ? undefined : await this.markets.market(commitment);
    return commitment === undefined || market === undefined ? undefined : { commitment, level, time: market.snapshotTime };
  }

  private async isOwn(handle: bigint): Promise<boolean> {
    const known = this.belongs.get(handle);
    if (known !== undefined) return known;
    const own = (await this.house.account(handle))?.venueId === this.venueId;
    this.belongs.set(handle, own);
    return own;
  }
}
