import { join } from 'node:path';
import { ClearingTermsClient } from '../../chain/clearing-terms-client.js';
import { clearingOf, liquidationOf } from '../../chain/deployment.js';
import { mintTestToken } from '../../chain/escrow-client.js';
import type { FundRules } from '../../liquidation/fund.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { MarketTable } from '../../risk/market-table.js';
import { bytesOf, newEncryptionKey } from '../account/encryption-key-file.js';
import { biddersClient, fundClient, liquidationsClient } from '../liquidation/contracts.js';
import type { DemoChain } from './demo-chain.js';
import { CLEARING_TIMELOCK, TRADED, cashAsset, rowOf } from './demo-traded.js';

const HOUR = 3_600;
const USD = 10n ** 6n;

/** A wallet of anvil's for each who takes part in the crash; 7 to 9 also sign volatilities. */
export const CRASH_WALLETS = { dealer: 7, levered: 8, defaulter: 4, keeper: 9 } as const;
/** Seconds in which the discount of a sale rises. */
export const FALL = HOUR / 2;

/** Half an hour to answer where the venue takes reductions alone. */
export function demoLiquidation(table: MarketTable): LiquidationRules {
  return {
    timelock: CLEARING_TIMELOCK, bond: 10n ** 17n, quiet: HOUR, windows: [HOUR, HOUR / 2, HOUR / 2, HOUR / 2], fall: FALL, maxDiscount: 20_000, maxSubsidy: 5_000, penalty: 10_000,
    keeperShare: 200_000, fundShare: 500_000, strikeShare: 20_000, feeRow: rowOf(table, TRADED.cash).index, minLot: 100n * 10n ** 12n,
  };
}

const DEMO_FUND: FundRules = { timelock: CLEARING_TIMELOCK, firstLossBound: 1_000_000, insuranceBound: 500_000, sharedBound: 10_000 };
/** The default is more than the first. */
const TRANCHES = { 'first-loss': 1_000n * USD, insurance: 100_000n * USD } as const;

/** The contract waits in the clearing terms' timelock. */
export async function proposeDemoLiquidations({ operator, deployment }: DemoChain): Promise<void> {
  const { liquidations } = liquidationOf(deployment);
  await new ClearingTermsClient(clearingOf(deployment).terms, deployment.venueId, operator).proposeLiquidations(liquidations);
}

/** Once it waited long enough: rules, what the venue puts up, and a fund. */
export async function startDemoLiquidations({ operator, deployment, tokens }: DemoChain, table: MarketTable): Promise<void> {
  const { liquidations } = liquidationOf(deployment);
  await new ClearingTermsClient(clearingOf(deployment).terms, deployment.venueId, operator).activateLiquidations(liquidations);
  await liquidationsClient(operator, deployment).send.proposeRules(demoLiquidation(table));
  const fund = fundClient(operator, deployment);
  await fund.send.proposeRules(DEMO_FUND);
  const asset = cashAsset(table);
  const token = tokens[asset] as string;
  for (const tranche of ['first-loss', 'insurance'] as const) {
    await mintTestToken(operator, token, operator.address, TRANCHES[tranche]);
    await fund.approve({ signer: operator, token, amount: TRANCHES[tranche] });
    await fund.send.contribute(asset, tranche, TRANCHES[tranche]);
  }
}

/** The venue lets somebody see what is for sale. @returns file of the key that openings are sealed to */
export async function approveBidder({ operator, deployment, folders }: DemoChain, bidder: string): Promise<string> {
  const file = join(folders.work, 'traders', 'bidder-key.json');
  const publicKey = await newEncryptionKey(file);
  await biddersClient(operator, deployment).send.approve(bidder, bytesOf(publicKey));
  return file;
}
