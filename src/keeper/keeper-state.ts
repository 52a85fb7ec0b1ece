import type { Standing } from '../liquidation/account-standing.js';
import type { ActionKind, KeeperRole } from './keeper-action.js';
import type { VenueChange } from './venue-view.js';

/** Whose state it is: another venue's or address's tells nothing. */
export interface KeeperIdentity {
  readonly chainId: bigint;
  readonly liquidations: string;
  readonly venueId: bigint;
  /** Who sends. */
  readonly keeper: string;
}

/** A transaction that was sent and that nobody has seen in a block. */
export interface SentTransaction {
  /** Of the intent. */
  readonly key: string;
  readonly role: KeeperRole;
  readonly kind: ActionKind;
  readonly handle: bigint;
  readonly hash: string;
  /** Milliseconds of Unix time. */
  readonly sentAt: number;
}

/** An account as public knowledge has it. */
export interface WatchedAccount {
  /** Prices of the last round before its last change or healthy answer; none where no round was known. */
  readonly since: readonly bigint[];
  /** As far as events tell: where it matters, the contract is asked. */
  readonly standing: Standing;
  /** Whether its opening was posted to bidders in this liquidation: what it became since follows from that. */
  readonly sealed: boolean;
}

/** All that a keeper remembers from run to run. Nothing secret. */
export interface KeeperState extends KeeperIdentity {
  /** Last block whose events are in here. */
  readonly block: number;
  /** Of the last round. */
  readonly prices: readonly bigint[];
  readonly accounts: ReadonlyMap<bigint, WatchedAccount>;
  readonly sent: readonly SentTransaction[];
}

export function newState(identity: KeeperIdentity, block: number): KeeperState {
  return { ...identity, block, prices: [], accounts: new Map(), sent: [] };
}

/** The state after what happened up to `block`, in order, each event once. What a reorganisation takes back is put right by the contract's refusals. */
export function withChanges(state: KeeperState, changes: readonly VenueChange[], block: number): KeeperState {
  let { prices } = state;
  const accounts = new Map(state.accounts);
  for (const change of changes) {
    if (change.kind === 'round') ({ prices } = change);
    else accounts.set(change.handle, accountAfter(accounts.get(change.handle) ?? { since: prices, standing: 'sound', sealed: false }, change.kind, prices));
  }
  return { ...state, block, prices, accounts };
}

function accountAfter(before: WatchedAccount, kind: Exclude<VenueChange['kind'], 'round'>, prices: readonly bigint[]): WatchedAccount {
  switch (kind) {
    // Whatever changed it, a sale too, was under prices of now.
    case 'account': return { ...before, since: prices };
    case 'challenged': return { ...before, standing: 'challenged' };
    case 'frozen': return { ...before, standing: 'frozen' };
    case 'started': return { ...before, standing: 'liquidating', sealed: false };
    case 'sealed': return { ...before, sealed: true };
    case 'sound': return { since: prices, standing: 'sound', sealed: false };
  }
}

export function withSent(state: KeeperState, sent: SentTransaction): KeeperState {
  return { ...state, sent: [...state.sent, sent] };
}

export function withoutSent(state: KeeperState, hashes: ReadonlySet<string>): KeeperState {
  return { ...state, sent: state.sent.filter(({ hash }) => !hashes.has(hash)) };
}
