import { jsonLines, type KeeperLog } from '../../../src/keeper/keeper-log.js';

/** What a keeper logged, parsed, and as it was written. */
export interface KeptLines {
  readonly log: KeeperLog;
  readonly text: () => string;
  events(): readonly Readonly<Record<string, unknown>>[];
  /** Of lines with this event. */
  of(event: string): readonly Readonly<Record<string, unknown>>[];
}

export function keptLines(): KeptLines {
  const lines: string[] = [];
  const events = (): readonly Readonly<Record<string, unknown>>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: jsonLines((line) => void lines.push(line), () => 0), text: () => lines.join(''), events, of: (event) => events().filter((one) => one['event'] === event) };
}
