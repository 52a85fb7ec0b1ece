import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addBalanceCheck } from './check.js';
import { addBalanceOrder } from './order.js';
import { addBalanceSign } from './sign.js';
import { addBalanceSigner } from './signer.js';

/** `clearproof balance …`: receipts that a venue signs at any time, and answers for on chain. */
export function addBalanceCommands(program: Command, run: Runner): void {
  const balance = program.command('balance').description('balance receipts: the venue\'s signed promise that an account will be in its epochs');
  addBalanceSign(balance, run);
  addBalanceCheck(balance, run);
  addBalanceOrder(balance, run);
  addBalanceSigner(balance, run);
}
