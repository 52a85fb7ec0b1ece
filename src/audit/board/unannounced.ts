import type { EventPlace } from '../../chain/history/event-place.js';
import type { RoleChange, VenueHistory } from '../../chain/history/venue-history.js';
import type { Change, FieldChange } from './board.js';
import { asFields, fieldDiff, limitFields } from './field-diff.js';
import { UNIX_TIME, type Backed } from './figure.js';
import { figure, fromEvent, type ContractName } from './sources.js';

/** A change with the place that orders it among others. */
export interface PlacedChange {
  readonly at: EventPlace;
  readonly entry: Change;
}

interface Act {
  readonly contract: ContractName;
  readonly event: string;
  readonly kind: string;
  readonly at: EventPlace;
  readonly diffs: (backed: Backed) => FieldChange[];
}

/** What takes effect without a timelock: the very first rules and limits, roles, and pauses of the vault. */
export function unannounced(history: VenueHistory): PlacedChange[] {
  return [...firstRules(history), ...pauses(history), ...history.roleChanges.map(roleChange)].map((act) => {
    const backed = fromEvent(act.contract, act.event, act.at);
    const entry: Change = {
      contract: act.contract, kind: act.kind, state: 'active', proposedAt: undefined, readyAt: undefined, activatedAt: figure(act.at.time, UNIX_TIME, backed),
      cancelledAt: undefined, waited: undefined, timelockKept: undefined, digest: undefined, diffs: act.diffs(backed),
    };
    return { at: act.at, entry };
  });
}

/** Rules that no announced change activated: before the first there is no timelock, and nothing depends on it. */
function firstRules({ reserves, markets, prices, changes }: VenueHistory): Act[] {
  const announced = new Set(changes.flatMap(({ ended, outcome }) => (ended !== undefined && outcome === 'activated' ? [ended.transaction] : [])));
  const rules = (contract: ContractName, event: string, kind: string, subject: string, list: readonly { readonly rules: object; readonly at: EventPlace }[] | undefined): Act[] =>
    (list ?? []).flatMap((one, place) => (announced.has(one.at.transaction) ? [] : [{
      contract, event, kind, at: one.at, diffs: (backed) => fieldDiff(subject, asFields(list?.[place - 1]?.rules), asFields(one.rules), backed),
    }]));
  const limits = (reserves.vault?.limitChanges ?? []).filter(({ at }) => !announced.has(at.transaction)).map((one): Act => ({
    contract: 'reserves', event: 'LimitsChanged', kind: 'vault-limits', at: one.at,
    diffs: (backed) => one.limits.flatMap((limit) => fieldDiff(`asset ${limit.asset}`, undefined, limitFields(limit), backed)),
  }));
  return [
    ...rules('reserves', 'RulesChanged', 'vault-rules', 'vault rules', reserves.vault?.ruleChanges), ...limits,
    ...rules('markets', 'RulesActivated', 'rules', 'table rules', markets.board?.ruleChanges),
    ...rules('prices', 'RulesActivated', 'rules', 'price rules', prices?.ruleChanges),
  ];
}

function pauses({ reserves }: VenueHistory): Act[] {
  return (reserves.vault?.pauses ?? []).map(({ paused, at }) => ({
    contract: 'reserves', event: 'PauseChanged', kind: 'pause', at, diffs: (backed) => fieldDiff('vault', { paused: !paused }, { paused }, backed),
  }));
}

const ROLE_EVENTS: Readonly<Record<RoleChange['role'], string>> = {
  'admin-proposed': 'VenueAdminTransferStarted', admin: 'VenueAdminTransferred', operator: 'OperatorChanged', 'parameter-admin': 'ParameterAdminChanged',
};

function roleChange({ role, from, to, at }: RoleChange): Act {
  return { contract: 'registry', event: ROLE_EVENTS[role], kind: role, at, diffs: (backed) => fieldDiff(role, { address: from }, { address: to }, backed) };
}
