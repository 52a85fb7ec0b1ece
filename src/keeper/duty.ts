import type { Intent, KeeperRole } from './keeper-action.js';
import type { VenueNow } from './keeper-ports.js';
import type { KeeperState } from './keeper-state.js';
import type { ReferenceTable } from './venue-view.js';

/** What every role sees at one look. */
export interface Scene {
  readonly now: VenueNow;
  readonly state: KeeperState;
}

/** One role of a keeper. A look changes nothing. */
export interface Duty {
  readonly role: KeeperRole;
  look(scene: Scene): Promise<readonly Intent[]>;
}

/** The table, where its prices are fresh enough to judge anybody by. */
export function fresh(table: ReferenceTable | undefined, { time, tableMaxAge }: VenueNow): ReferenceTable | undefined {
  return table !== undefined && time - table.time <= tableMaxAge ? table : undefined;
}
