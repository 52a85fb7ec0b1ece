import type { ClearedOpening } from '../../../src/commitment/cleared-account.js';
import { Bidder } from '../../../src/keeper/bidder.js';
import { Guard } from '../../../src/keeper/guard.js';
import { NewestTables } from '../../../src/keeper/judged-tables.js';
import type { BidderConfig, GuardConfig } from '../../../src/keeper/keeper-config.js';
import type { OpeningSource, OwnAccountSource, ReceiptSource } from '../../../src/keeper/keeper-ports.js';
import { ProofMemory } from '../../../src/keeper/proof-memory.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { accountOf, CASH, crashTable } from './crash-market.js';
import { keptLines, type KeptLines } from './kept-lines.js';
import { KEEPER, PretendedVenue } from './pretended-venue.js';
import { StandInProver } from './stand-in-prover.js';

export const GUARD: GuardConfig = { accounts: '', answer: true, start: true, seal: true, mark: true, payDebts: true };
export const BIDDER: BidderConfig = {
  account: '', owner: '', encryptionKey: '', minProfit: 0n, minMargin: 0, valueOfEther: 0n, mostPenalty: 1_000_000n, receipts: { from: 'folder', folder: '' },
};
export const OWN = 77n;

/** A venue with accounts whose openings are known, its two tables, and roles that look at it. */
export class CrashScene {
  readonly venue = new PretendedVenue();
  readonly openings = new Map<bigint, ClearedOpening>();
  readonly lines: KeptLines = keptLines();
  readonly prover: StandInProver;
  /** What the bidder's account may become, in the order of being kept. */
  readonly kept: ClearedOpening[] = [];
  receipt: string | undefined = '0xaa';
  own: ClearedOpening = accountOf({ [CASH]: 10_000_000n }, 7, 31_313_131_313n);
  private readonly commitments = new Map<MarketTable, bigint>();
  private readonly tables = new Map<bigint, MarketTable>();

  constructor() {
    this.prover = new StandInProver(this.commitments);
    this.publish();
    this.venue.add(OWN, { controller: KEEPER });
  }

  /** Makes the venue's newest tables known. */
  publish(mark = 60_000n): void {
    for (const { level, commitment } of [this.venue.maintenance, this.venue.initial]) {
      const table = crashTable(level, mark);
      this.commitments.set(table, commitment);
      this.tables.set(commitment, table);
    }
  }

  hold(handle: bigint, opening: ClearedOpening, change: Parameters<PretendedVenue['add']>[1] = {}): void {
    this.openings.set(handle, opening);
    this.venue.add(handle, change);
    if (change.standing === 'liquidating') this.venue.tell({ kind: 'started', handle });
  }

  guard(config: Partial<GuardConfig> = {}): Guard {
    return new Guard({
      ...this.shared(), config: { ...GUARD, ...config }, openings: this.source(), address: KEEPER,
      sealer: { seal: ({ handle }, key) => Uint8Array.from([Number(handle), ...key]) },
    });
  }

  bidder(config: Partial<BidderConfig> = {}): Bidder {
    const own: OwnAccountSource = {
      now: () => Promise.resolve({ handle: OWN, opening: this.own, owner: { secret: 5_555_555_555n, signingKeyDigest: 1n, userId: 'bidder', subAccount: 0 } }),
      keep: (opening) => Promise.resolve(void this.kept.push(opening)),
    };
    const receipts: ReceiptSource = { receiptFor: () => Promise.resolve(this.receipt) };
    return new Bidder({ ...this.shared(), config: { ...BIDDER, ...config }, openings: this.source(), own, receipts });
  }

  private shared(): { chain: PretendedVenue; prover: StandInProver; memory: ProofMemory; tables: NewestTables; log: KeptLines['log'] } {
    const tables = new NewestTables({ tableOf: (commitment) => Promise.resolve(this.tables.get(commitment)) }, this.lines.log);
    return { chain: this.venue, prover: this.prover, memory: new ProofMemory(), tables, log: this.lines.log };
  }

  private source(): OpeningSource {
    return { handles: () => Promise.resolve([...this.openings.keys(), 99n]), openingOf: ({ handle }) => Promise.resolve(this.openings.get(handle)) };
  }
}
