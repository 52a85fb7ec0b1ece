import type { ClearingHouseClient, TokenPayment } from '../../chain/clearing-client.js';
import type { Deployment } from '../../chain/deployment.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import type { CollateralAmount } from '../../statement/transition.js';
import type { MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import { InstrumentInputError } from './rows.js';

/** Collateral that comes into an account. */
export interface ComingCollateral extends CollateralAmount {
  readonly house: ClearingHouseClient;
  /** 0 of an account that is opened: nothing was moved from the tree for it. */
  readonly handle: bigint;
  readonly table: MarketTable;
}

/** What the sender pays: all that was not moved from the tree for the account. @throws InstrumentInputError for a row that is no settlement asset */
export async function paymentOf(signer: ConnectedSigner, deployment: Deployment, { house, handle, table, row, amount }: ComingCollateral): Promise<TokenPayment> {
  const asset = settlementRows(table).findIndex(({ index }) => index === row);
  const known = (await new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer).settlementAssets())[asset];
  if (known === undefined) throw new InstrumentInputError(`row ${row} is no settlement asset of venue ${deployment.venueId}: name cash or spot`, { row });
  const units = amount * known.unitsPerQuantum;
  const credit = handle === 0n ? 0n : await house.credit(handle, asset);
  return { signer, token: known.token, amount: credit < units ? units - credit : 0n };
}
