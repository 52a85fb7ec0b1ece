import { parseMarketTable } from '../risk/market-table-json.js';
import type { AccessToken } from '../store/access-tokens.js';
import type { StoredAccountProof } from '../store/account-proofs.js';
import type { EpochView, ProofProgress } from '../store/epoch-views.js';
import type { StoreEvent } from '../store/events.js';
import type { MarketTableRecord } from '../store/market-tables.js';
import type { OutboxEntry } from '../store/outbox.js';
import type { SnapshotRecord } from '../store/snapshots.js';
import type { StepRecord } from '../store/step-queries.js';
import type { WorkerRecord } from '../store/workers.js';
import type {
  AccountProofSummary, EpochEvent, EpochSummary, MarketTableSummary, OutboxSummary, SnapshotSummary, StepSummary, TokenSummary, WorkerSummary,
} from './operations.js';

/* The store's records as the operations' public values. */

export function marketTableSummary({ commitment, level, snapshotTime, body, addedAt }: MarketTableRecord): MarketTableSummary {
  return { commitment: commitment.toString(), level, snapshotTime, rows: parseMarketTable(body).rows.length, addedAt: addedAt.toISOString() };
}

export function snapshotSummary({ id, market, accounts, sha256, findings }: SnapshotRecord): SnapshotSummary {
  return { id, market: market.toString(), accounts, sha256, findings, created: false };
}

export function epochSummary({ number, requestedAt, finishedAt, ...rest }: EpochView): EpochSummary {
  return { epoch: number, ...rest, requestedAt: requestedAt.toISOString(), finishedAt: timeOf(finishedAt) };
}

export function stepSummary({ name, kind, state, attempts, error }: StepRecord): StepSummary {
  return { name, kind, state, attempts, error: failureOf(error) };
}

export function eventSummary({ sequence, at, kind, detail }: StoreEvent): EpochEvent {
  return { id: sequence.toString(), at: at.toISOString(), kind, detail };
}

export function outboxSummary({ epoch, kind, state, transactionHash, block, attempts, error }: OutboxEntry): OutboxSummary {
  return { epoch, kind, state, transaction: transactionHash ?? null, block: block?.number ?? null, attempts, error: failureOf(error) };
}

/** An outbox entry that was given up, as the dead letter it is. */
export function deadEntry({ epoch, kind, attempts, error }: OutboxEntry): StepSummary & { readonly epoch: number } {
  return { epoch, name: kind, kind: 'outbox', state: 'dead', attempts, error: failureOf(error) };
}

export function accountProofSummary({ id, request, state, result, error }: StoredAccountProof): AccountProofSummary {
  return { id, kind: request.kind, state, result: result ?? null, error: failureOf(error) };
}

export function workerSummary({ id, host, process, kinds, startedAt, seenAt, stoppedAt }: WorkerRecord): WorkerSummary {
  return { id, host, process, kinds, startedAt: startedAt.toISOString(), seenAt: seenAt.toISOString(), stoppedAt: timeOf(stoppedAt) };
}

export function tokenSummary({ id, role, userId, label, expiresAt, revokedAt }: AccessToken): TokenSummary {
  return { id, role, userId, label, expiresAt: timeOf(expiresAt), revokedAt: timeOf(revokedAt) };
}

/** Whole seconds until the last proof, at the pace so far; null before the first. */
export function remainingSeconds({ done, total, doneCost, totalCost, elapsedSeconds }: ProofProgress): number | null {
  if (total > 0 && done === total) return 0;
  if (elapsedSeconds === undefined || doneCost <= 0) return null;
  return Math.ceil((elapsedSeconds * (totalCost - doneCost)) / doneCost);
}

function timeOf(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

function failureOf(error: { readonly code: string; readonly message: string } | null | undefined): { readonly code: string; readonly message: string } | null {
  return error === null || error === undefined ? null : { code: error.code, message: error.message };
}
