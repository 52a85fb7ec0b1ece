import type { Duty } from '../../../src/keeper/duty.js';
import { KeeperMetrics } from '../../../src/keeper/keeper-metrics.js';
import type { KeeperClock, KeeperSender } from '../../../src/keeper/keeper-ports.js';
import { newState, type KeeperIdentity, type KeeperState } from '../../../src/keeper/keeper-state.js';
import type { KeeperStateStore } from '../../../src/keeper/keeper-state-format.js';
import { Keeper, type KeeperSettings } from '../../../src/keeper/keeper.js';
import { keptLines, type KeptLines } from './kept-lines.js';
import { KEEPER, StoodClock, type PretendedVenue } from './pretended-venue.js';

export const IDENTITY: KeeperIdentity = { chainId: 31_337n, liquidations: '0x000000000000000000000000000000000000c0Fe', venueId: 1n, keeper: KEEPER };
const SETTINGS: KeeperSettings = { pollMs: 5_000, maxGasPrice: 100n, dryRun: false };

/** Keeps a state in memory, as a file would. */
export class StateInMemory implements KeeperStateStore {
  saved: KeeperState | undefined;

  load(identity: KeeperIdentity, block: number): Promise<KeeperState> {
    return Promise.resolve(this.saved ?? newState(identity, block));
  }

  save(state: KeeperState): Promise<void> {
    this.saved = state;
    return Promise.resolve();
  }
}

export interface TestKeeper {
  readonly keeper: Keeper;
  readonly lines: KeptLines;
  readonly metrics: KeeperMetrics;
  readonly clock: KeeperClock;
}

/** A keeper that was just started, with whatever `store` has of an earlier run. */
export async function keeperOf(
  venue: PretendedVenue, duties: readonly Duty[],
  { store = new StateInMemory(), sender = venue.senderFor(KEEPER), clock = new StoodClock(), settings = {} }:
    { readonly store?: StateInMemory; readonly sender?: KeeperSender; readonly clock?: KeeperClock; readonly settings?: Partial<KeeperSettings> } = {},
): Promise<TestKeeper> {
  const [lines, metrics] = [keptLines(), new KeeperMetrics()];
  const parts = { chain: venue, sender, store, duties, clock, log: lines.log, metrics, settings: { ...SETTINGS, ...settings } };
  return { keeper: new Keeper(parts, await store.load(IDENTITY, 0)), lines, metrics, clock };
}

/** A signal that nobody gives. */
export const NEVER: AbortSignal = new AbortController().signal;
