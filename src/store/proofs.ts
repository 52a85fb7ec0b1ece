import { messageOf } from '../error/clearproof-error.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { proofFromJson, proofToJson } from '../groth16/proof-json.js';
import type { Sql } from './database.js';
import { digestOf } from './digest.js';
import type { TaskStatement } from './tasks.js';

/** A proof that was made, and by whom. */
export interface MadeProof {
  readonly statement: TaskStatement;
  readonly proof: Groth16Proof;
  readonly worker: string;
  readonly seconds: number;
}

/** Stores a proof, in place of a damaged one where there is one. */
export async function storeProof(sql: Sql, epoch: bigint, { statement, proof, worker, seconds }: MadeProof): Promise<void> {
  const body = JSON.stringify({ circuit: statement.circuit, signals: statement.signals.map(String), proof: proofToJson(proof) });
  await sql.query(`
    insert into proof (epoch, name, body, sha256, worker, seconds) values ($1, $2, $3, $4, $5, $6)
    on conflict (epoch, name) do update set body = excluded.body, sha256 = excluded.sha256, worker = excluded.worker, seconds = excluded.seconds, made_at = now()`,
  [epoch.toString(), statement.name, body, digestOf(body), worker, seconds]);
}

/** The stored proof of exactly this statement, why there is none to use, or undefined. The caller verifies what it gets. */
export async function readProof(sql: Sql, epoch: bigint, statement: TaskStatement): Promise<Groth16Proof | { readonly unusable: string } | undefined> {
  const { name, circuit, signals } = statement;
  const { rows: [row] } = await sql.query<{ body: string; sha256: string }>('select body, sha256 from proof where epoch = $1 and name = $2', [epoch.toString(), name]);
  if (row === undefined) return undefined;
  if (digestOf(row.body) !== row.sha256) return { unusable: `the stored proof ${name} is not what was stored: its SHA-256 differs` };
  try {
    const stored = JSON.parse(row.body) as { readonly circuit: string; readonly signals: readonly string[]; readonly proof: unknown };
    if (stored.circuit !== circuit || stored.signals.join() !== signals.join()) return { unusable: `the stored proof ${name} proves another statement` };
    return proofFromJson(stored.proof);
  } catch (cause) {
    return { unusable: `the stored proof ${name} cannot be read: ${messageOf(cause)}` };
  }
}
