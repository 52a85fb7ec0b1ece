import { witnessDigest, witnessFromBytes } from '../proving/witness-bytes.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { Row, Sql } from './database.js';
import { StoredDataDamagedError } from './digest.js';

/** What a stored proof must prove. Public. */
export interface TaskStatement {
  /** `batch-000000`, `part-000000`, `close`. */
  readonly name: string;
  readonly circuit: string;
  readonly signals: readonly bigint[];
}

/** A proof to be made. */
export interface Task extends TaskStatement {
  /** As witnessToBytes makes it. Secret. */
  readonly witness: Uint8Array;
  /** Estimated constraints. */
  readonly cost: number;
}

interface TaskRow extends Row {
  readonly name: string;
  readonly circuit: string;
  readonly signals: readonly string[];
  readonly witness: Uint8Array | null;
  readonly witness_sha256: string;
}

/** Stores a task; one that is there and the same stays, one that differs is put right. */
export async function storeTask(sql: Sql, epoch: bigint, { name, circuit, signals, witness, cost }: Task): Promise<void> {
  await sql.query(`
    insert into task as old (epoch, name, circuit, signals, witness, witness_sha256, cost) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (epoch, name) do update set circuit = excluded.circuit, signals = excluded.signals, witness = excluded.witness,
      witness_sha256 = excluded.witness_sha256, cost = excluded.cost
    where (old.circuit, old.signals, old.witness, old.witness_sha256) is distinct from (excluded.circuit, excluded.signals, excluded.witness, excluded.witness_sha256)`,
  [epoch.toString(), name, circuit, signals.map(String), witness, witnessDigest(circuit, signals, witness), cost]);
}

/** A task with its witness. @throws StoredDataDamagedError also where there is none, or no witness any more */
export async function readTask(sql: Sql, epoch: bigint, name: string): Promise<TaskStatement & { readonly input: CircuitInput }> {
  const { rows: [row] } = await sql.query<TaskRow>('select name, circuit, signals, witness, witness_sha256 from task where epoch = $1 and name = $2', [epoch.toString(), name]);
  const damaged = (how: string): StoredDataDamagedError => new StoredDataDamagedError(`the task ${name} of epoch row ${epoch} ${how}`, { name });
  if (row === undefined || row.witness === null) throw damaged('is not there');
  const statement = statementOf(row);
  if (statement === undefined || witnessDigest(row.circuit, statement.signals, row.witness) !== row.witness_sha256) throw damaged('is not what was stored: its SHA-256 differs');
  return { ...statement, input: witnessFromBytes(row.witness) };
}

/** What is to be proven of an epoch, batches in tree order, then the parts, then what closes them. Digests are readTask's affair. */
export async function readTaskStatements(sql: Sql, epoch: bigint): Promise<TaskStatement[]> {
  const { rows } = await sql.query<TaskRow>(`
    select name, circuit, signals from task where epoch = $1 order by name = 'close', name`, [epoch.toString()]);
  return rows.map((row) => statementOf(row) ?? { name: row.name, circuit: row.circuit, signals: [] });
}

function statementOf({ name, circuit, signals }: TaskRow): TaskStatement | undefined {
  return signals.every((signal) => /^[0-9]+$/.test(signal)) ? { name, circuit, signals: signals.map(BigInt) } : undefined;
}
