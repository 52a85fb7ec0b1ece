import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addRiskBuild } from './build.js';
import { addRiskDiff } from './diff.js';

/** `clearproof risk …`: what becomes of prices and parameters. */
export function addRiskCommands(program: Command, run: Runner): void {
  const risk = program.command('risk').description('risk parameters, and the market tables they make');
  addRiskBuild(risk, run);
  addRiskDiff(risk, run);
}
