import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addMarketAccept } from './accept.js';
import { addMarketActivate } from './activate.js';
import { addMarketGuard } from './guard.js';
import { addMarketPropose } from './propose.js';
import { addMarketRound } from './round.js';
import { addMarketRules } from './rules.js';
import { addMarketSignVolatilities } from './sign-volatilities.js';

/** `clearproof market …`: a venue's price board and market board, from rules to accepted tables. */
export function addMarketCommands(program: Command, run: Runner): void {
  const market = program.command('market').description('price rounds, and the market tables that a board accepts');
  addMarketRules(market, run);
  addMarketPropose(market, run);
  addMarketActivate(market, run);
  addMarketRound(market, run);
  addMarketSignVolatilities(market, run);
  addMarketAccept(market, run);
  addMarketGuard(market, run);
}
