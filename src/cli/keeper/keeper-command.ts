import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addKeeperCheck } from './check.js';
import { addKeeperRun } from './run.js';

/** `clearproof keeper …`: who watches a venue's cleared accounts, and acts. */
export function addKeeperCommands(program: Command, run: Runner): void {
  const keeper = program.command('keeper').description('watch a venue\'s cleared accounts: challenge them, answer for them, start and serve liquidations, buy what is sold');
  addKeeperRun(keeper, run);
  addKeeperCheck(keeper, run);
}
