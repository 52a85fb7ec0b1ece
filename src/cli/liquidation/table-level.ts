import { ClearproofError } from '../../error/clearproof-error.js';
import type { MarginLevel, MarketTable } from '../../risk/market-table.js';

/** A table of the other level was named. */
export class TableLevelError extends ClearproofError {
  readonly code = 'TABLE_LEVEL';
}

/** Better now than after the proof, which the contract would refuse. @throws TableLevelError */
export function requireLevel({ level }: MarketTable, wanted: MarginLevel, file: string): void {
  if (level === wanted) return;
  throw new TableLevelError(`${file} is a table of ${level} level, and this takes one of ${wanted} level: name that one`, { file, level });
}
