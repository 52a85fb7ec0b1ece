import { changeCode, isExpired, type ChangeKind, type VaultChangeKind } from '../pending-change.js';
import { NodeContradictionError } from './history-errors.js';
import type { HistoryEvent } from './log-reader.js';
import type { ChangeContent, ChangeOutcome, TimelockChange } from './timelock-changes.js';
import type { BlockPlace, EventPlace } from './event-place.js';

const KINDS: readonly (ChangeKind | VaultChangeKind)[] = [
  'rules', 'feeds', 'instruments', 'parameters', 'vault-rules', 'vault-limits', 'clearing-house', 'fund-withdrawal',
];

/** How one contract tells what was proposed and what took effect. */
export interface ChangeDialect {
  readonly contract: TimelockChange['contract'];
  /** Kind that an event activates; undefined for other events. */
  readonly activates: (event: HistoryEvent) => TimelockChange['kind'] | undefined;
  /** What an event of the proposing transaction shows of the proposal, with its hash. */
  readonly proposal: (event: HistoryEvent) => { readonly content: ChangeContent; readonly digest: string } | undefined;
}

interface OpenChange extends Omit<TimelockChange, 'outcome' | 'ended'> {
  outcome: ChangeOutcome;
  ended: EventPlace | undefined;
}

/** Follows every change of one contract from proposal to its end. @throws NodeContradictionError */
export function matchChanges(events: readonly HistoryEvent[], dialect: ChangeDialect, readAt: BlockPlace): TimelockChange[] {
  const changes: OpenChange[] = [];
  const open = new Map<TimelockChange['kind'], OpenChange>();
  const end = (kind: TimelockChange['kind'], outcome: ChangeOutcome, at: EventPlace): void => {
    const change = open.get(kind);
    if (change === undefined) return;
    Object.assign(change, { outcome, ended: at });
    open.delete(kind);
  };
  for (const [place, event] of events.entries()) {
    if (event.name === 'ChangeProposed') {
      const change = proposed(event, events[place - 1], dialect);
      end(change.kind, 'replaced', event.at);
      open.set(change.kind, change);
      changes.push(change);
    } else if (event.name === 'ChangeCancelled') {
      end(kindOf(event), 'cancelled', event.at);
    } else {
      const kind = dialect.activates(event);
      if (kind !== undefined) end(kind, 'activated', event.at);
    }
  }
  for (const change of open.values()) if (isExpired(change, readAt.time)) change.outcome = 'expired';
  return changes.map((change) => Object.freeze(change));
}

function proposed(event: HistoryEvent, before: HistoryEvent | undefined, dialect: ChangeDialect): OpenChange {
  const digest = event.args.getValue('digest') as string;
  const shown = before?.at.transaction === event.at.transaction ? dialect.proposal(before) : undefined;
  if (shown !== undefined && shown.digest !== digest) {
    throw new NodeContradictionError(`what was proposed to the ${dialect.contract} in block ${event.at.block} does not have the hash that its timelock holds: ask another node`, { block: event.at.block });
  }
  return {
    contract: dialect.contract, kind: kindOf(event), digest, readyAt: Number(event.args.getValue('readyAt')), content: shown?.content,
    proposed: event.at, outcome: 'pending', ended: undefined,
  };
}

function kindOf({ args, at }: HistoryEvent): TimelockChange['kind'] {
  const code = Number(args.getValue('kind'));
  const kind = KINDS.find((one) => changeCode(one) === code);
  if (kind === undefined) throw new NodeContradictionError(`block ${at.block} has a change of kind ${code}, which this version does not know: take a newer version`, { code });
  return kind;
}
