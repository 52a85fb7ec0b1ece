import type { Deployment } from '../../chain/deployment.js';
import type { LiquidationsClient } from '../../chain/liquidations-client.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { OpeningUnknownError } from '../../clearing/clearing-errors.js';
import { clearedCommitment } from '../../commitment/cleared-account.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { Auction, AuctionClock, Lot } from '../../liquidation/auction.js';
import type { DisclosedOpening } from '../../liquidation/disclosed-opening.js';
import { LotError } from '../../liquidation/liquidation-errors.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import { houseClient, type ChainAccess } from '../clearing/contracts.js';

/** Nothing of the account is for sale so, or not under this table. */
export class NoAuctionError extends ClearproofError {
  readonly code = 'NO_AUCTION';
}

/** @throws NoAuctionError */
export async function auctionNow(liquidations: LiquidationsClient, lot: Lot): Promise<{ readonly auction: Auction; readonly clock: AuctionClock }> {
  const [auction, clock] = [await liquidations.auction(lot), await liquidations.clock(lot)];
  if (auction !== undefined && clock !== undefined) return { auction, clock };
  throw new NoAuctionError(`row ${lot.row} of account ${lot.handle} is not for sale for row ${lot.payRow}: open the auction with "liquidation mark"`, { handle: lot.handle, row: lot.row });
}

/** @throws OpeningUnknownError for what the account was before */
export async function requireNow(access: ChainAccess, deployment: Deployment, { handle, opening }: DisclosedOpening, file: string): Promise<void> {
  const found = await houseClient(access, deployment).account(handle);
  if (found?.commitment === clearedCommitment(portablePoseidon, opening)) return;
  throw new OpeningUnknownError(`${file} is of what account ${handle} was before: open it again with "liquidation open"`, { file, handle });
}

/** The tokens that penalties and subsidies are paid in. @throws LotError where the rules name a row that is no settlement asset of the table */
export async function feeAsset(
  access: ChainAccess, { registry, venueId }: Deployment, table: MarketTable, { feeRow }: Pick<LiquidationRules, 'feeRow'>,
): Promise<{ readonly token: string; readonly unitsPerQuantum: bigint }> {
  const asset = settlementRows(table).findIndex(({ index }) => index === feeRow);
  const known = (await new SolvencyRegistryClient(registry, venueId, access).settlementAssets())[asset];
  if (known !== undefined) return known;
  throw new LotError(`the venue's rules count penalties in row ${feeRow}, which is no settlement asset of this table: take the venue's own table`, { row: feeRow });
}
