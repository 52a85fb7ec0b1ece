import { ClearproofError } from '../error/clearproof-error.js';
import type { Sql } from './database.js';
import { digestOf, requireDigest } from './digest.js';

/** An epoch has an attestation, and another one was to take its place. What may be published never changes. */
export class AttestationTakenError extends ClearproofError {
  readonly code = 'ATTESTATION_TAKEN';
}

/** Stores an attestation's canonical text. Again with the same: nothing. @throws AttestationTakenError */
export async function storeAttestation(sql: Sql, epoch: bigint, text: string): Promise<void> {
  const sha256 = digestOf(text);
  await sql.query('insert into attestation (epoch, body, sha256) values ($1, $2, $3) on conflict do nothing', [epoch.toString(), text, sha256]);
  const { rows: [row] } = await sql.query<{ sha256: string }>('select sha256 from attestation where epoch = $1', [epoch.toString()]);
  if (row?.sha256 === sha256) return;
  throw new AttestationTakenError(`epoch row ${epoch} has another attestation: it stands, and this one is dropped`, { epoch });
}

/** Canonical text, or undefined. @throws StoredDataDamagedError */
export async function readAttestation(sql: Sql, epoch: bigint): Promise<{ readonly text: string; readonly sha256: string } | undefined> {
  const { rows: [row] } = await sql.query<{ body: string; sha256: string }>('select body, sha256 from attestation where epoch = $1', [epoch.toString()]);
  if (row === undefined) return undefined;
  requireDigest(row.body, row.sha256, `the attestation of epoch row ${epoch}`);
  return { text: row.body, sha256: row.sha256 };
}
