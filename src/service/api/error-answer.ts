import { ClearproofError } from '../../error/clearproof-error.js';
import type { Static } from 'typebox';
import { ComeAgainError } from './request-errors.js';
import type { ERROR_ANSWER } from './schemas.js';

export type ErrorAnswer = Static<typeof ERROR_ANSWER>;

/** Statuses of the codes that a caller can do something about. All other errors are this program's: 500 without a word. */
const STATUS_OF: Readonly<Record<string, number>> = {
  ...statuses(400, ['REQUEST_SHAPE', 'REQUEST_JSON', 'REQUEST_ABORTED', 'REQUEST_COMPRESSION', 'UNEXPECTED_BODY', 'JSON_SYNTAX', 'JSON_SIZE', 'FIELD_RANGE']),
  ...statuses(401, ['UNAUTHENTICATED']),
  ...statuses(403, ['FORBIDDEN', 'WORKER_REFUSED']),
  ...statuses(404, ['NOT_FOUND', 'NO_RECEIPTS']),
  ...statuses(408, ['REQUEST_TIMEOUT']),
  ...statuses(409, ['EPOCH_TAKEN', 'EPOCH_REFUSED', 'STATE_CONFLICT', 'STEP_NOT_DEAD', 'OUTBOX_CONFLICT', 'OUTBOX_ENTRY', 'RECEIPT_KEY_CHANGED', 'SNAPSHOT_GONE']),
  ...statuses(413, ['TOO_LARGE']),
  ...statuses(415, ['MEDIA_TYPE']),
  ...statuses(429, ['RATE_LIMITED']),
  ...statuses(503, ['TOO_MANY_STREAMS', 'DATABASE_UNAVAILABLE', 'STORAGE', 'CHAIN_UNREACHABLE']),
  // Well-formed requests whose content cannot be taken.
  ...statuses(422, [
    'SNAPSHOT_NOT_PROVABLE', 'OWNER_SECRET',
    'SOURCE_READ', 'ENCODING', 'ROW_LENGTH', 'CSV_HEADER', 'CSV_ROW', 'JSON_SHAPE', 'EMPTY_SNAPSHOT', 'DUPLICATE_ACCOUNT', 'DUPLICATE_HOLDING',
    'TOO_MANY_HOLDINGS', 'USER_ID', 'SUB_ACCOUNT', 'OWNER', 'QUANTITY_FORM', 'QUANTITY_PRECISION', 'QUANTITY_RANGE', 'UNKNOWN_INSTRUMENT', 'DECIMAL',
    'MARKET_NUMBER', 'MARKET_RANGE', 'MARKET_CROSSED', 'MARKET_DUPLICATE', 'MARKET_TIERS', 'MARKET_TERMS', 'TERMS_RANGE', 'ROW_BOUNDS', 'TABLE_SHAPE',
  ]),
};

/** Messages that may name this machine's paths or hosts: their code says enough. */
const WITHOUT_MESSAGE: Readonly<Record<string, string>> = {
  DATABASE_UNAVAILABLE: 'the database does not answer: try again',
  STORAGE: 'the service cannot store anything at the moment: its operator has to look at disk and rights',
  CHAIN_UNREACHABLE: 'the chain does not answer: try again',
};

/** Fastify's own refusals by their status. */
const FRAMEWORK: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  400: { code: 'REQUEST', message: 'the request cannot be read: check method, path and headers' },
  404: { code: 'NOT_FOUND', message: 'there is nothing here: see /openapi.json' },
  413: { code: 'TOO_LARGE', message: 'the body is larger than this route takes' },
  414: { code: 'REQUEST', message: 'the path is longer than any of this service' },
  415: { code: 'MEDIA_TYPE', message: 'this route does not take such a body: see Content-Type in /openapi.json' },
};

/** What leaves the service for any error, and whether it is a mistake of this program that belongs into the log. */
export interface ErrorReply {
  readonly status: number;
  readonly answer: ErrorAnswer;
  readonly headers: Readonly<Record<string, string>>;
  readonly hidden: boolean;
}

/** @param requestId named in the answer of an unexpected error, to find it in the log */
export function replyOf(thrown: unknown, requestId: string): ErrorReply {
  if (thrown instanceof ClearproofError) {
    const status = STATUS_OF[thrown.code];
    if (status !== undefined) return known(thrown, status);
  } else {
    const status = frameworkStatus(thrown);
    const answer = FRAMEWORK[status];
    if (answer !== undefined) return { status, answer: { error: { ...answer, details: {} } }, headers: {}, hidden: false };
  }
  const message = 'something went wrong here: tell the operator the request\'s id';
  return { status: 500, answer: { error: { code: 'INTERNAL', message, details: { requestId } } }, headers: {}, hidden: true };
}

/** The answer to a path that no route has. */
export const NO_ROUTE: ErrorAnswer = { error: { ...FRAMEWORK[404] as { code: string; message: string }, details: {} } };

/**
 * What the log may have of an unexpected error: names, codes and places in this program's text. No messages: those of
 * libraries repeat what they were given.
 */
export function traceOf(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {};
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
  return { name: thrown.name, ...code, frames, ...(thrown.cause === undefined ? {} : { cause: traceOf(thrown.cause) }) };
}

function known(error: ClearproofError, status: number): ErrorReply {
  const bare = WITHOUT_MESSAGE[error.code];
  const details = Object.fromEntries(Object.entries(error.details).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]));
  const headers = {
    ...(error instanceof ComeAgainError ? { 'retry-after': error.retryAfter.toString() } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
  const answer = { error: { code: error.code, message: bare ?? error.message, details: bare === undefined ? details : {} } };
  return { status, answer, headers, hidden: false };
}

function frameworkStatus(thrown: unknown): number {
  const isFramework = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('FST_ERR_');
  if (!isFramework || !('statusCode' in thrown) || typeof thrown.statusCode !== 'number') return 500;
  return thrown.statusCode;
}

function statuses(status: number, codes: readonly string[]): Record<string, number> {
  return Object.fromEntries(codes.map((code) => [code, status]));
}
