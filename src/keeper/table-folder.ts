import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { parseMarketTable } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { KeeperConfigError } from './keeper-errors.js';
import { faultFields, type KeeperLog } from './keeper-log.js';
import type { TableSource } from './keeper-ports.js';

/** Tables that a process holds: of so many at most, the newest. What is followed was changed under one of the last few. */
const MOST_HELD = 512;

/**
 * Market tables that the venue publishes into a folder, `*.json`, whatever their names. Whether a table is the one that was accepted its
 * commitment tells, so nobody who writes into the folder can pass off another.
 */
export class TableFolder implements TableSource {
  private readonly byCommitment = new Map<bigint, MarketTable>();
  /** Names with the time at which they were last written: read once. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly folder: string,
    private readonly poseidon: Poseidon,
    private readonly log: KeeperLog,
  ) {}

  /** @throws KeeperConfigError where the folder cannot be read */
  async tableOf(commitment: bigint): Promise<MarketTable | undefined> {
    if (!this.byCommitment.has(commitment)) await this.readNew();
    return this.byCommitment.get(commitment);
  }

  private async readNew(): Promise<void> {
    for (const name of await this.names()) {
      const file = join(this.folder, name);
      const written = (await stat(file)).mtimeMs;
      if (this.seen.get(name) === written) continue;
      this.seen.set(name, written);
      await this.readOne(file, name);
    }
    for (const oldest of this.byCommitment.keys()) {
      if (this.byCommitment.size <= MOST_HELD) break;
      this.byCommitment.delete(oldest);
    }
  }

  /** A file that is no table, or half written, keeps no other from being read. */
  private async readOne(file: string, name: string): Promise<void> {
    try {
      const table = parseMarketTable(await readFile(file, 'utf8'), file);
      this.byCommitment.set(marketCommitment(this.poseidon, table), table);
    } catch (thrown) {
      this.log.warn('table-refused', { file: name, ...faultFields(thrown) });
    }
  }

  private async names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => name.endsWith('.json')).sort();
    } catch (cause) {
      throw new KeeperConfigError(`${this.folder} cannot be read: name the folder that the venue's tables are in`, { field: 'tables' }, { cause });
    }
  }
}
