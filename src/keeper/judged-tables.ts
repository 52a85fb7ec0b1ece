import { fresh } from './duty.js';
import type { TableSource, VenueNow } from './keeper-ports.js';
import type { KeeperLog } from './keeper-log.js';
import type { JudgedTables } from './mark-auction.js';
import type { ReferenceTable } from './venue-view.js';

/** The newest tables with what stands in them. Tells once of each that the venue did not publish. */
export class NewestTables {
  private readonly missed = new Set<bigint>();

  constructor(
    private readonly tables: TableSource,
    private readonly log: KeeperLog,
  ) {}

  /** Undefined where prices are too old, or the table is not at hand. */
  async maintenance(now: VenueNow): Promise<JudgedTables['maintenance'] | undefined> {
    return this.found(fresh(now.maintenance, now));
  }

  async initial(now: VenueNow): Promise<JudgedTables['initial'] | undefined> {
    return this.found(fresh(now.initial, now));
  }

  private async found(at: ReferenceTable | undefined): Promise<JudgedTables['initial'] | undefined> {
    if (at === undefined) return undefined;
    const market = await this.tables.tableOf(at.commitment);
    if (market !== undefined) return { at, market };
    if (!this.missed.has(at.commitment)) this.log.warn('table-missing', { level: at.level, marketCommitment: at.commitment });
    this.missed.add(at.commitment);
    return undefined;
  }
}
