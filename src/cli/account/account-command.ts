import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addDemandCommands } from './demand.js';
import { addExitCommands } from './exit.js';
import { addProveMargin } from './prove-margin.js';
import { addProveSigner } from './prove-signer.js';
import { addRequestCommands } from './request.js';
import { addSignOrder } from './sign-order.js';
import { addWithdraw } from './withdraw.js';

/** `clearproof account …`: what the owner of an account proves, and does with the proof. */
export function addAccountCommands(program: Command, run: Runner): void {
  const account = program.command('account').description('prove what your account is, withdraw, demand receipts, and leave a silent venue');
  addProveMargin(account, run);
  addWithdraw(account, run);
  addRequestCommands(account, run);
  addDemandCommands(account, run);
  addExitCommands(account, run);
  addProveSigner(account, run);
  addSignOrder(account, run);
}
