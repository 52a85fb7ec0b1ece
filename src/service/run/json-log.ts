import type { Log, LogFields } from '../log.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Most severe first. */
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

/** Writes a JSON object a line: level, time, event and its fields, integers beyond 2^53 as text. @param least least severe level that is written */
export function jsonLog(least: LogLevel, write: (line: string) => void): Log {
  const at = (level: LogLevel) => (event: string, fields: LogFields): void => {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(least)) return;
    write(`${JSON.stringify({ level, time: new Date().toISOString(), event, ...fields }, bigintAsText)}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
