import type { FundRules } from '../liquidation/fund.js';
import { TRANCHES } from '../liquidation/fund.js';
import type { LiquidationRules } from '../liquidation/liquidation-rules.js';
import { abiDigest } from './abi-digest.js';
import type { BoardChange } from './board-changes.js';
import type { DefaultFundClient, FundWithdrawal } from './default-fund-client.js';
import { FUND_RULES, LIQUIDATION_RULES } from './liquidation-tuples.js';
import type { LiquidationsClient } from './liquidations-client.js';

/** Undefined where these rules are active. */
export async function liquidationRulesToChange(liquidations: LiquidationsClient, wanted: LiquidationRules): Promise<BoardChange | undefined> {
  const active = await liquidations.rules();
  const digest = abiDigest([LIQUIDATION_RULES], [wanted]);
  if (active !== undefined && abiDigest([LIQUIDATION_RULES], [active]) === digest) return undefined;
  return {
    what: 'liquidation rules', digest, pending: () => liquidations.pendingRules(),
    propose: () => liquidations.send.proposeRules(wanted), activate: () => liquidations.send.activateRules(wanted),
  };
}

/** Undefined where these rules are active. */
export async function fundRulesToChange(fund: DefaultFundClient, wanted: FundRules): Promise<BoardChange | undefined> {
  const active = await fund.rules();
  const digest = abiDigest([FUND_RULES], [wanted]);
  if (active !== undefined && abiDigest([FUND_RULES], [active]) === digest) return undefined;
  return {
    what: 'rules of the default fund', digest, pending: () => fund.pending('fund-rules'), propose: () => fund.send.proposeRules(wanted), activate: () => fund.send.activateRules(wanted),
  };
}

/** A withdrawal is never there already: it is done once. */
export function fundWithdrawalToChange(fund: DefaultFundClient, wanted: FundWithdrawal): BoardChange {
  const { asset, tranche, amount, to } = wanted;
  return {
    what: `withdrawal of ${amount} units from the ${tranche} tranche`, digest: abiDigest(['uint256', 'uint8', 'uint256', 'address'], [asset, TRANCHES.indexOf(tranche), amount, to]),
    pending: () => fund.pending('default-fund-withdrawal'), propose: () => fund.send.proposeWithdrawal(wanted), activate: () => fund.send.activateWithdrawal(wanted),
  };
}
