import type { ChangeContent, TimelockChange } from '../../chain/history/timelock-changes.js';
import type { EventPlace } from '../../chain/history/event-place.js';
import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { Change, ChangeState, FieldChange } from './board.js';
import { asFields, fieldDiff, limitFields } from './field-diff.js';
import { derived, derivedFact, SECONDS, UNIX_TIME, type Backed } from './figure.js';
import { inForceBefore, rowNames } from './in-force.js';
import { parameterDiff } from './parameter-diff.js';
import { figure, fromEvent, type ContractName } from './sources.js';
import { unannounced } from './unannounced.js';

const CONTRACTS: Readonly<Record<TimelockChange['contract'], ContractName>> = { 'market-board': 'markets', 'price-board': 'prices', vault: 'reserves' };

const ACTIVATIONS: Readonly<Record<TimelockChange['kind'], string>> = {
  rules: 'RulesActivated', feeds: 'FeedActivated', instruments: 'InstrumentListed', parameters: 'ParametersActivated',
  'vault-rules': 'RulesChanged', 'vault-limits': 'LimitsChanged', 'clearing-house': 'ClearingHouseChanged', 'fund-withdrawal': 'FundWithdrawn',
};

/** Every change of rules, limits, feeds, instruments, parameters and roles, with what it changes, newest first. */
export function changesOf(history: VenueHistory): Change[] {
  const announced = history.changes.map((change) => ({ at: change.proposed, entry: announcedChange(history, change) }));
  return [...announced, ...unannounced(history)].sort((one, other) => later(one.at, other.at)).map(({ entry }) => entry);
}

function announcedChange(history: VenueHistory, change: TimelockChange): Change {
  const contract = CONTRACTS[change.contract];
  const proposedBy = fromEvent(contract, 'ChangeProposed', change.proposed);
  const proposedAt = figure(change.proposed.time, UNIX_TIME, proposedBy);
  const readyAt = figure(change.readyAt, UNIX_TIME, proposedBy);
  const { ended, outcome } = change;
  const activatedAt = ended !== undefined && outcome === 'activated' ? figure(ended.time, UNIX_TIME, fromEvent(contract, ACTIVATIONS[change.kind], ended)) : undefined;
  const cancelledAt = ended !== undefined && outcome === 'cancelled' ? figure(ended.time, UNIX_TIME, fromEvent(contract, 'ChangeCancelled', ended)) : undefined;
  const waited = activatedAt === undefined ? undefined : derived(activatedAt.value - proposedAt.value, SECONDS, [activatedAt, proposedAt]);
  const asked = timelockAt(history, change);
  return {
    contract, kind: change.kind, state: stateOf(change, history.readAt.time), proposedAt, readyAt, activatedAt, cancelledAt, waited,
    // The contract refuses anything else; read here from times, not believed.
    timelockKept: activatedAt === undefined || waited === undefined ? undefined
      : derivedFact(activatedAt.value >= readyAt.value && waited.value >= BigInt(asked) ? 'kept' : 'NOT kept', [activatedAt, readyAt, waited]),
    digest: change.digest,
    diffs: change.content === undefined ? [] : contentDiff(history, change.content, ended, proposedBy),
  };
}

function stateOf({ outcome, readyAt }: TimelockChange, now: number): ChangeState {
  switch (outcome) {
    case 'activated': return 'active';
    case 'pending': return now < readyAt ? 'waiting' : 'ready';
    case 'cancelled':
    case 'replaced':
    case 'expired': return outcome;
  }
}

/** Seconds that the contract's rules of that time asked for: those in force at the proposal. */
function timelockAt(history: VenueHistory, { contract, proposed }: TimelockChange): number {
  const before = inForceBefore(history, proposed);
  switch (contract) {
    case 'vault': return before.vaultRules?.timelock ?? history.reserves.vault?.minTimelock ?? 0;
    case 'market-board': return before.tableRules?.timelock ?? history.markets.board?.minTimelock ?? 0;
    case 'price-board': return before.priceRules?.timelock ?? history.prices?.minTimelock ?? 0;
  }
}

/** Against what was in force when it ended, or is in force now while it waits. */
function contentDiff(history: VenueHistory, content: ChangeContent, ended: EventPlace | undefined, backed: Backed): FieldChange[] {
  const before = inForceBefore(history, ended);
  switch (content.what) {
    case 'price-rules': return fieldDiff('price rules', asFields(before.priceRules), asFields(content.rules), backed);
    case 'table-rules': return fieldDiff('table rules', asFields(before.tableRules), asFields(content.rules), backed);
    case 'vault-rules': return fieldDiff('vault rules', asFields(before.vaultRules), asFields(content.rules), backed);
    case 'vault-limits': return content.limits.flatMap((limit) => fieldDiff(`asset ${limit.asset}`, limitFields(before.limits.get(limit.asset)), limitFields(limit), backed));
    case 'feeds': return content.feeds.flatMap((feed, place) =>
      fieldDiff(`feed ${content.first + place}`, asFields(before.feeds.get(content.first + place)), asFields(feed), backed));
    case 'instruments': return content.listings.flatMap((listing, place) => fieldDiff(`row ${before.instruments + place}`, undefined, asFields(listing), backed));
    case 'parameters': return parameterDiff(before.parameters, content.parameters, rowNames(history), backed);
    case 'clearing-house': return fieldDiff('clearing house', before.clearingHouse === undefined ? undefined : { address: before.clearingHouse }, { address: content.clearingHouse }, backed);
    case 'fund-withdrawal': return fieldDiff('insurance fund', undefined, { amount: content.amount }, backed);
  }
}

function later(one: EventPlace, other: EventPlace): number {
  return other.block - one.block || other.logIndex - one.logIndex;
}
