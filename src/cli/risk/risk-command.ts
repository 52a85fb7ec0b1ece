import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addBacktestCommand } from './backtest.js';

/** `clearproof risk`: one function a subcommand. */
export function addRiskCommands(program: Command, run: Runner): void {
  const risk = program.command('risk').description('risk parameters and how well they hold');
  addBacktestCommand(risk, run);
}
