import type { EventPlace } from '../chain/history/event-place.js';
import type { TimelockChange } from '../chain/history/timelock-changes.js';
import type { VenueHistory } from '../chain/history/venue-history.js';
import { finding, type AuditFinding } from './audit-finding.js';
import { isBefore } from './epoch-snapshot.js';

/** Seconds after `readyAt` in which a change may take effect; ACTIVATION_WINDOW of VenueTimelock.sol. */
const ACTIVATION_WINDOW = 14 * 86_400;

/** What took effect of one kind at one contract, and whether the first of it needs no announcement. */
interface Effects {
  readonly contract: TimelockChange['contract'];
  readonly kind: TimelockChange['kind'];
  readonly firstIsFree: boolean;
  readonly places: readonly EventPlace[];
}

/** That every change was announced for as long as the rules of its time demand, and took effect in its time. */
export function checkTimelocks(history: VenueHistory): AuditFinding[] {
  return [...history.changes.flatMap((change) => checkChange(change, history)), ...unannounced(history)];
}

function checkChange(change: TimelockChange, history: VenueHistory): AuditFinding[] {
  const { contract, kind, readyAt, proposed, outcome, ended } = change;
  const findings: AuditFinding[] = [];
  const name = `${kind} at the ${contract}, announced in block ${proposed.block}`;
  const demanded = timelockAt(change, history);
  if (demanded !== undefined && readyAt - proposed.time < demanded) {
    findings.push(finding('timelock-short', undefined, `${name}: announced for ${readyAt - proposed.time} s, the rules demand ${demanded} s`));
  }
  if (outcome === 'activated' && ended !== undefined && (ended.time < readyAt || ended.time >= readyAt + ACTIVATION_WINDOW)) {
    findings.push(finding('timelock-broken', undefined, `${name}: took effect at ${ended.time}, its time was ${readyAt} to ${readyAt + ACTIVATION_WINDOW - 1}`));
  }
  if (outcome === 'expired') findings.push(finding('change-expired', undefined, `${name}: nobody activated it by ${readyAt + ACTIVATION_WINDOW}`));
  return findings;
}

/** Of the rules active when a change was proposed. Undefined when they lie before the first block read. */
function timelockAt({ contract, proposed }: TimelockChange, { markets, prices, reserves }: VenueHistory): number | undefined {
  const changes: readonly { readonly rules: { readonly timelock: number }; readonly at: EventPlace }[] = {
    'market-board': markets.board?.ruleChanges, 'price-board': prices?.ruleChanges, vault: reserves.vault?.ruleChanges,
  }[contract] ?? [];
  return changes.filter(({ at }) => isBefore(at, proposed)).at(-1)?.rules.timelock;
}

/** Effects without an announcement; told only where everything from the first block on was read. */
function unannounced(history: VenueHistory): AuditFinding[] {
  if (history.fromBlock > 0) return [];
  return effectsOf(history).flatMap(({ contract, kind, firstIsFree, places }) => {
    const announced = history.changes.filter((change) => change.contract === contract && change.kind === kind && change.outcome === 'activated');
    const transactions = new Set(announced.map(({ ended }) => ended?.transaction));
    return places.filter(({ transaction }, place) => !transactions.has(transaction) && !(firstIsFree && place === 0))
      .map(({ block }) => finding('change-without-proposal', undefined, `${kind} at the ${contract} took effect in block ${block}, and no announcement of it is there`));
  });
}

function effectsOf({ markets: { board }, prices, reserves: { vault, fundMovements } }: VenueHistory): Effects[] {
  const placesOf = (list: readonly { readonly at: EventPlace }[] | undefined): readonly EventPlace[] => (list ?? []).map(({ at }) => at);
  return [
    { contract: 'market-board', kind: 'rules', firstIsFree: true, places: placesOf(board?.ruleChanges) },
    { contract: 'market-board', kind: 'instruments', firstIsFree: false, places: placesOf(board?.instruments) },
    { contract: 'market-board', kind: 'parameters', firstIsFree: false, places: placesOf(board?.parameterSets) },
    { contract: 'price-board', kind: 'rules', firstIsFree: true, places: placesOf(prices?.ruleChanges) },
    { contract: 'price-board', kind: 'feeds', firstIsFree: false, places: placesOf(prices?.feedChanges) },
    { contract: 'vault', kind: 'vault-rules', firstIsFree: true, places: placesOf(vault?.ruleChanges) },
    // The first limits come with the first rules.
    { contract: 'vault', kind: 'vault-limits', firstIsFree: true, places: placesOf(vault?.limitChanges) },
    { contract: 'vault', kind: 'clearing-house', firstIsFree: false, places: placesOf(vault?.clearingHouseChanges) },
    { contract: 'vault', kind: 'fund-withdrawal', firstIsFree: false, places: vault === undefined ? [] : placesOf(fundMovements.filter(({ direction }) => direction === 'out')) },
  ];
}
