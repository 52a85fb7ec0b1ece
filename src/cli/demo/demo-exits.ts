import { vaultOf } from '../../chain/deployment.js';
import { mintTestToken } from '../../chain/escrow-client.js';
import { passTime } from '../../chain/test-chain.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { VaultHatchClient } from '../../chain/vault-hatch-client.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { settlementRows } from '../../risk/tiers.js';
import type { Output } from '../output.js';
import type { AccountStage } from './demo-payouts.js';
import { heading, refusalOf } from './demo-steps.js';
import { DEMO_RULES, balancesOf, ownedAccount, referenceOf } from './demo-users.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Figures of the exits out of a venue that fell silent. */
export interface ExitFigures {
  readonly exits: number;
  /** Value units, after what was paid since the base epoch. */
  readonly claims: bigint;
  readonly denominator: bigint;
  readonly gate: string;
  readonly gas: {
    readonly openHatch: bigint; readonly reportMark: bigint; readonly registerExit: bigint; readonly settleRound: bigint; readonly collectExit: bigint;
    readonly refundDeposit: bigint;
  };
}

/** No epoch comes any more: anybody opens the hatch, owners leave at one factor, and no key of the venue has a part in it. */
export async function showExits(output: Output, stage: AccountStage): Promise<ExitFigures> {
  const { chain, users, prover } = stage;
  const { deployment, client: registry } = chain;
  heading(output, 'The venue goes silent');
  const clientOf = (place: number): VaultHatchClient => new VaultHatchClient(vaultOf(deployment), deployment.venueId, (users[place] as (typeof users)[0]).wallet);
  const hatch = clientOf(0);
  const late = await lateDeposit(stage);
  await passTime(chain.operator, DEMO_RULES.hatchAfter);
  const opened = await hatch.openHatch(1);
  const gate = await registry.gateMode();
  output.say(`no epoch for more than ${DEMO_RULES.hatchAfter / 3_600} hours: a user opened the hatch on epoch 1 for ${opened.gasUsed} gas; gate ${gate}`);
  const payment = await refusalOf('a deposit into a closed venue', () => lateDeposit(stage));
  if (payment !== 'VenueClosed') throw new ForgeryAcceptedError(`a deposit into a closed venue was refused for another reason: ${payment}`);

  const owned = await Promise.all(users.map(ownedAccount));
  const { market } = (owned[0] as (typeof owned)[0]).receipt;
  let [reportMark, registerExit, collectExit] = [0n, 0n, 0n];
  for (const [asset, row] of settlementRows(market).entries()) {
    const mark = await prover.mark((owned[0] as (typeof owned)[0]).receipt.venue, market, row.index);
    reportMark = (await hatch.reportMark(asset, mark)).gasUsed;
  }
  const nullifiers: bigint[] = [];
  for (const [place, account] of owned.entries()) {
    const claim = await prover.exit(account, (users[place] as (typeof users)[0]).wallet.address);
    nullifiers.push(claim.nullifier);
    registerExit = (await clientOf(place).registerExit(claim)).gasUsed;
  }
  await passTime(chain.operator, DEMO_RULES.claimWindow);
  const { gasUsed: settleRound } = await hatch.settleRound();
  const { claims, denominator = 0n } = await hatch.round(1);
  output.say(`${owned.length} users registered their exits (${registerExit} gas each), the last payouts counted: ${formatDecimal(claims, market.valueScale)} ${market.currency} claimed`);

  const assets = settlementRows(market).map((_, asset) => asset);
  for (const [place, nullifier] of nullifiers.entries()) {
    const { wallet } = users[place] as (typeof users)[0];
    const before = await balancesOf(chain, wallet);
    collectExit = (await clientOf(place).collectExit(nullifier, assets)).gasUsed;
    const gained = (await balancesOf(chain, wallet)).map((after, asset) => after - (before[asset] as bigint));
    const value = gained.reduce((sum, units, asset) => sum + units * (settlementRows(market)[asset]?.mark ?? 0n), 0n);
    const claimed = (await hatch.exit(nullifier))?.amount ?? 0n;
    output.say(`user ${place + 1}: ${formatDecimal(value, market.valueScale)} of ${formatDecimal(claimed, market.valueScale)} ${market.currency} collected as a basket`);
    // A basket is rounded down asset by asset, a base unit each.
    const rounding = settlementRows(market).reduce((sum, { mark }) => sum + mark, 0n);
    if (value > claimed || value + rounding < claimed) throw new ForgeryAcceptedError(`user ${place + 1} was paid ${value} value units for a claim of ${claimed}`);
  }
  const { gasUsed: refundDeposit } = await clientOf(1).refundDeposit(late, (users[1] as (typeof users)[0]).wallet.address);
  output.say(`a deposit made after the snapshot went back to its depositor for ${refundDeposit} gas`);
  return { exits: owned.length, claims, denominator, gate, gas: { openHatch: opened.gasUsed, reportMark, registerExit, settleRound, collectExit, refundDeposit } };
}

/** In no leaf of the base epoch. @returns number of the deposit */
async function lateDeposit({ chain: { operator, deployment, tokens }, users }: AccountStage): Promise<bigint> {
  const { wallet } = users[1] as (typeof users)[0];
  const token = tokens[0] as string;
  await mintTestToken(operator, token, wallet.address, LATE);
  return (await new CollateralVaultClient(vaultOf(deployment), deployment.venueId, wallet).deposit(wallet, 0, token, LATE, referenceOf(wallet))).id;
}

/** Base units. */
const LATE = 1_000n;
