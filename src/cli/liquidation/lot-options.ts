import { Option, type Command } from 'commander';
import { marksOf } from '../../liquidation/auction-price.js';
import type { Lot } from '../../liquidation/auction.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { MarketTable } from '../../risk/market-table.js';
import { instrumentRow } from '../clearing/rows.js';

/** What is sold of an account, and for what. */
export interface LotOptions {
  readonly instrument: string;
  readonly pay: string;
  readonly side: 'sell' | 'buy';
}

export function withLot(command: Command): Command {
  return command
    .requiredOption('--instrument <id>', 'what is for sale, or is bought back')
    .requiredOption('--pay <id>', 'what it is paid in')
    .addOption(new Option('--side <side>', 'what the account does: it is long and sells, or short and buys back').choices(['sell', 'buy']).makeOptionMandatory());
}

/** @throws InstrumentInputError; LotError for rows that make no sale */
export function lotOf({ instrument, pay, side }: LotOptions, table: MarketTable, handle: bigint, rules: LiquidationRules): Lot {
  const lot = { handle, row: instrumentRow(table, instrument).index, payRow: instrumentRow(table, pay).index, accountSells: side === 'sell' };
  marksOf(table, lot, rules);
  return lot;
}
