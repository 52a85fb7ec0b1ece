import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addFundShow } from './show.js';
import { addFundTerms } from './terms.js';
import { addFundTokens } from './tokens.js';
import { addFundWithdraw } from './withdraw.js';

/** `clearproof fund …`: what pays where a defaulter cannot. */
export function addFundCommands(program: Command, run: Runner): void {
  const fund = program.command('fund').description('the default fund of a clearing house: the venue\'s first loss, the insurance fund, and what nobody covered');
  addFundTokens(fund, run);
  addFundWithdraw(fund, run);
  addFundShow(fund, run);
  addFundTerms(fund, run);
}
