import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addTradeAccept } from './accept.js';
import { addTradeBonds } from './bond.js';
import { addTradeMatch } from './match.js';
import { addTradeNet } from './net.js';
import { addTradeOrder } from './order.js';
import { addTradeProve } from './prove.js';
import { addTradeSettle } from './settle.js';
import { addTradeShow } from './show.js';

/** `clearproof trade …`: from an order to a settled trade of which the chain sees a commitment. */
export function addTradeCommands(program: Command, run: Runner): void {
  const trade = program.command('trade').description('trades between accounts of the clearing house: sign orders, agree, prove your side, settle, and see what outsiders see');
  addTradeOrder(trade, run);
  addTradeAccept(trade, run);
  addTradeMatch(trade, run);
  addTradeNet(trade, run);
  addTradeProve(trade, run);
  addTradeSettle(trade, run);
  addTradeBonds(trade, run);
  addTradeShow(trade, run);
}
