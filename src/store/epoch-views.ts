import type { EpochState } from './epochs.js';
import type { Sql } from './database.js';

/** An epoch with what became of it. */
export interface EpochView {
  readonly number: number;
  readonly state: EpochState;
  readonly snapshot: string;
  readonly market: string;
  readonly circuits: readonly string[];
  /** Decimal; null until planned. */
  readonly accountsRoot: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** Of its publication; null until mined, or when somebody else sent it. */
  readonly transaction: string | null;
  readonly attestationSha256: string | null;
}

/** How far an epoch's proofs are. Costs are estimated constraints. */
export interface ProofProgress {
  readonly done: number;
  readonly total: number;
  readonly doneCost: number;
  readonly totalCost: number;
  /** Since the first of them was begun, by the database's clock; undefined before. */
  readonly elapsedSeconds: number | undefined;
}

interface StoredView {
  readonly number: string;
  readonly state: EpochState;
  readonly snapshot: string;
  readonly market: string;
  readonly circuits: readonly string[];
  readonly accounts_root: string | null;
  readonly requested_at: Date;
  readonly finished_at: Date | null;
  readonly transaction_hash: string | null;
  readonly sha256: string | null;
  readonly [column: string]: unknown;
}

const SELECT = `
  select e.number, e.state, e.snapshot, e.market, e.circuits, e.accounts_root, e.requested_at, e.finished_at, o.transaction_hash, a.sha256
  from epoch e left join attestation a on a.epoch = e.id
    left join outbox o on o.venue = e.venue and o.epoch_number = e.number and o.kind = 'submit-epoch'`;

/** Newest first. */
export async function listEpochViews(sql: Sql, venue: number): Promise<readonly EpochView[]> {
  return (await sql.query<StoredView>(`${SELECT} where e.venue = $1 order by e.number desc`, [venue])).rows.map(viewOf);
}

export async function findEpochView(sql: Sql, venue: number, number: number): Promise<EpochView | undefined> {
  const { rows: [row] } = await sql.query<StoredView>(`${SELECT} where e.venue = $1 and e.number = $2::bigint`, [venue, number.toString()]);
  return row && viewOf(row);
}

/** @param epoch id of the row */
export async function readProofProgress(sql: Sql, epoch: bigint): Promise<ProofProgress> {
  const { rows: [row] } = await sql.query<{ done: number; total: number; done_cost: number; total_cost: number; elapsed: number | null }>(`
    select count(*) filter (where state = 'done')::integer as done, count(*)::integer as total,
      coalesce(sum(cost) filter (where state = 'done'), 0)::double precision as done_cost, coalesce(sum(cost), 0)::double precision as total_cost,
      extract(epoch from now() - min(started_at))::double precision as elapsed
    from step where epoch = $1::bigint and kind = 'prove'`, [epoch.toString()]);
  if (row === undefined) return { done: 0, total: 0, doneCost: 0, totalCost: 0, elapsedSeconds: undefined };
  return { done: row.done, total: row.total, doneCost: row.done_cost, totalCost: row.total_cost, elapsedSeconds: row.elapsed ?? undefined };
}

function viewOf(row: StoredView): EpochView {
  return {
    number: Number(row.number), state: row.state, snapshot: row.snapshot, market: row.market, circuits: row.circuits, accountsRoot: row.accounts_root,
    requestedAt: row.requested_at, finishedAt: row.finished_at, transaction: row.transaction_hash, attestationSha256: row.sha256,
  };
}
