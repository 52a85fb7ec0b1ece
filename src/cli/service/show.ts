import type { EpochSummary, OutboxSummary, SnapshotSummary, StepSummary } from '../../service/operations.js';
import { table, type Output } from '../output.js';

/** Rows for people and the values themselves for programs. */
export function showList<Item>(output: Output, items: readonly Item[], head: readonly string[], row: (item: Item) => readonly string[], none: string): void {
  if (items.length === 0) output.say(none);
  else table([head, ...items.map(row)]).forEach((line) => output.say(line));
  output.result(items);
}

export function epochLine({ epoch, state, snapshot, transaction }: EpochSummary): string {
  return `epoch ${epoch} of snapshot ${snapshot} is ${state}${transaction === null ? '' : `, transaction ${transaction}`}`;
}

export function outboxLine({ epoch, kind, state, transaction, block, error }: OutboxSummary): string {
  const where = transaction === null ? '' : `, transaction ${transaction}${block === null ? '' : ` in block ${block}`}`;
  return `${kind} of epoch ${epoch} is ${state}${where}${failure(error)}`;
}

export function stepLine({ name, state, attempts, error }: StepSummary): string {
  return `${name} is ${state} after ${attempts} attempts${failure(error)}`;
}

export function snapshotLine({ id, accounts, created }: SnapshotSummary): string {
  return `snapshot ${id} of ${accounts} accounts ${created ? 'stored' : 'was there already'}`;
}

/** One cell: code and message of an error. */
export function errorCell(error: StepSummary['error']): string {
  return error === null ? '' : `${error.code}: ${error.message}`;
}

function failure(error: StepSummary['error']): string {
  return error === null ? '' : `; ${errorCell(error)}`;
}

/** What may be missing. */
export function orDash(value: string | number | null): string {
  return value === null ? '-' : String(value);
}
