import { ClearproofError } from '../error/clearproof-error.js';
import type { Sql } from './database.js';

/** The program and the keys that every worker of a store must have. */
export interface Pin {
  readonly program: string;
  /** Over the key manifest's records of the venue's circuits, hex. */
  readonly manifestSha256: string;
}

/** A worker runs another program or has other keys than the store is pinned to. */
export class WorkerRefusedError extends ClearproofError {
  readonly code = 'WORKER_REFUSED';
}

/** Program and keys do not change under an epoch. */
export class EpochsUnderWayError extends ClearproofError {
  readonly code = 'EPOCHS_UNDER_WAY';
}

/** Pins the store if it is not pinned yet, and refuses whoever differs with WorkerRefusedError. */
export async function assertPinned(sql: Sql, mine: Pin): Promise<void> {
  await sql.query('insert into pin (program, manifest_sha256) values ($1, $2) on conflict do nothing', [mine.program, mine.manifestSha256]);
  const pinned = await findPin(sql);
  if (pinned === undefined || (pinned.program === mine.program && pinned.manifestSha256 === mine.manifestSha256)) return;
  const what = pinned.program === mine.program ? 'has other keys' : 'runs another program';
  throw new WorkerRefusedError(
    `this worker ${what} than the store is pinned to (${pinned.program}, keys ${pinned.manifestSha256}); install that, or pin the store to this with \`clearproof service pin\``,
    { program: mine.program, manifestSha256: mine.manifestSha256, pinnedProgram: pinned.program, pinnedManifestSha256: pinned.manifestSha256 });
}

export async function findPin(sql: Sql): Promise<Pin | undefined> {
  const { rows } = await sql.query<{ program: string; manifest_sha256: string }>('select program, manifest_sha256 from pin');
  return rows[0] && { program: rows[0].program, manifestSha256: rows[0].manifest_sha256 };
}

/** Pins the store to another program or other keys, in a transaction. EpochsUnderWayError while an epoch is planned, proven or published. */
export async function repin(sql: Sql, { program, manifestSha256 }: Pin): Promise<void> {
  // Whoever creates an epoch holds this row, shared.
  await sql.query('select 1 from pin for update');
  const { rows } = await sql.query<{ number: string }>("select number from epoch where state in ('planning', 'proving', 'publishing') order by number");
  if (rows.length > 0) {
    const numbers = rows.map(({ number }) => number).join(', ');
    throw new EpochsUnderWayError(`epoch ${numbers} is under way with the pinned program and keys; pin again when it is published`, { epochs: numbers });
  }
  await sql.query('insert into pin (program, manifest_sha256) values ($1, $2) on conflict (one) do update set program = $1, manifest_sha256 = $2, pinned_at = now()', [program, manifestSha256]);
}
