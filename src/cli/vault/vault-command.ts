import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addVaultAnswers } from './answers.js';
import { addVaultApprove } from './approve.js';
import { addCheckSigner } from './check-signer.js';
import { addVaultClearingHouse } from './clearing-house.js';
import { addVaultDeposits } from './deposits.js';
import { addVaultRules } from './rules.js';

/** `clearproof vault …`: a venue's collateral vault, from its rules to its answers. */
export function addVaultCommands(program: Command, run: Runner): void {
  const vault = program.command('vault').description('a venue\'s collateral vault: rules, deposits, approvals, and answers to its users');
  addVaultRules(vault, run);
  addVaultClearingHouse(vault, run);
  addVaultDeposits(vault, run);
  addVaultApprove(vault, run);
  addCheckSigner(vault, run);
  addVaultAnswers(vault, run);
}
