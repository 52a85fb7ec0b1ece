import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { RuleSet } from './board.js';
import { asFields, limitFields, textOf, unitOfField, type Fields } from './field-diff.js';
import { fact, figure, fromState, type ContractName } from './sources.js';

const REGISTRATION = ['valueUnitsPerFundUnit', 'valueScale', 'staleAfter', 'haltAfter', 'maxSubmissionAge', 'marketTolerance'] as const;

/** What is in force at the board's block, by contract. */
export function rulesOf({ config, reserves, markets, prices, disputes }: VenueHistory): RuleSet[] {
  const registration: Fields = Object.fromEntries(REGISTRATION.map((name) => [name, config[name]]));
  const limits = reserves.vault?.vaultLimits ?? [];
  return [
    ...ruleSet('registry', 'venue', 'Registration', registration),
    ...ruleSet('reserves', 'rulesOf', 'Vault rules', asFields(reserves.vault?.rules)),
    ...limits.flatMap((limit) => ruleSet('reserves', 'limitOf', `Limits of asset ${limit.asset}`, limitFields(limit))),
    ...ruleSet('markets', 'rulesOf', 'Table rules', asFields(markets.board?.rules)),
    ...ruleSet('prices', 'rulesOf', 'Price rules', asFields(prices?.rules)),
    ...(prices?.feeds ?? []).flatMap((feed, index) => ruleSet('prices', 'feed', `Feed ${index}`, asFields(feed))),
    ...(disputes === undefined ? [] : ruleSet('disputes', 'windows', 'Omission challenges', {
      challengeWindow: disputes.challengeWindow, answerWindow: disputes.answerWindow, bond: disputes.bond,
      receiptSigners: disputes.signers.filter(({ retiredAt }) => retiredAt === undefined).map(({ signer }) => signer),
    })),
  ];
}

function ruleSet(contract: ContractName, view: string, title: string, fields: Fields | undefined): RuleSet[] {
  if (fields === undefined) return [];
  const backed = fromState(contract, view);
  const rules = Object.entries(fields).map(([name, value]) => ({
    name,
    value: typeof value === 'bigint' || typeof value === 'number'
      ? figure(value, { name: unitOfField(name), scale: 0 }, backed) : fact(textOf(value) || 'none', backed),
  }));
  return [{ contract, title, rules }];
}
