import { ClearproofError } from '../error/clearproof-error.js';

/** What a log line may tell: public values only. Never an opening, a holding, a nonce, a key or an error text of foreign origin. */
export type KeeperLogFields = Readonly<Record<string, string | number | bigint | boolean>>;

/** Where a keeper tells what happens. */
export interface KeeperLog {
  info(event: string, fields?: KeeperLogFields): void;
  warn(event: string, fields?: KeeperLogFields): void;
  error(event: string, fields?: KeeperLogFields): void;
}

/** Writes a JSON object a line: level, time, event and its fields, integers as text. @param now milliseconds of Unix time */
export function jsonLines(write: (line: string) => void, now: () => number): KeeperLog {
  const at = (level: string) => (event: string, fields: KeeperLogFields = {}): void => {
    write(`${JSON.stringify({ level, time: new Date(now()).toISOString(), event, ...fields }, bigintAsText)}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * What of an error goes into a line: its code, and the name of a contract's refusal. Not its sentence: a node or a library may have put
 * anything there, and sentences about an account say what it lacks.
 */
export function faultFields(thrown: unknown): KeeperLogFields {
  if (!(thrown instanceof ClearproofError)) return { code: 'DEFECT', name: thrown instanceof Error ? thrown.name : typeof thrown };
  const named = 'errorName' in thrown && typeof thrown.errorName === 'string' ? { refusal: thrown.errorName } : {};
  return { code: thrown.code, ...named };
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
