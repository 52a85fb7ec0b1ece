import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addBacktestCommand } from './backtest.js';
import { addRiskBuild } from './build.js';
import { addRiskDiff } from './diff.js';
import { addRiskImport } from './import.js';

/** `clearproof risk …`: parameters, the market tables they make of prices, and how well they hold. */
export function addRiskCommands(program: Command, run: Runner): void {
  const risk = program.command('risk').description('risk parameters, the market tables they make, and how well they hold');
  addRiskImport(risk, run);
  addRiskBuild(risk, run);
  addRiskDiff(risk, run);
  addBacktestCommand(risk, run);
}
