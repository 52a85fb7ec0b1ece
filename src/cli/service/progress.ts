import type { Command } from 'commander';
import { errorCell, orDash, showList } from './show.js';
import { examples, withTarget, type ServiceCommands } from './target.js';

/** What runs, what waits for the chain, and what was given up. */
export function addProgressCommands(service: Command, commands: ServiceCommands): void {
  withTarget(service.command('health').description('whether database, chain and keys are fine; ends with 1 when the service is not ready'))
    .addHelpText('after', examples('health'))
    .action(commands.asking(async (operations, output) => {
      const health = await operations.health();
      output.say(`${health.ready ? 'ready' : 'NOT READY'}: database ${health.database}, chain ${health.chain}, keys ${health.keys}${health.insecureKeys ? ', INSECURE keys' : ''}`);
      output.result(health);
      return health.ready ? 0 : 1;
    }));
  withTarget(service.command('outbox').description('transactions: waiting, sent, mined, final or dead'))
    .addHelpText('after', examples('outbox'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.outbox(), ['epoch', 'what', 'state', 'attempts', 'block', 'transaction', 'error'],
      ({ epoch, kind, state, attempts, block, transaction, error }) => [String(epoch), kind, state, String(attempts), orDash(block), orDash(transaction), errorCell(error)], 'nothing was to be published',
    )));
  withTarget(service.command('dead-letters').description('steps and transactions that were given up; ends with 1 when there are any'))
    .addHelpText('after', examples('dead-letters'))
    .action(commands.asking(async (operations, output) => {
      const dead = await operations.deadLetters();
      showList(output, dead, ['epoch', 'step', 'attempts', 'error'], ({ epoch, name, attempts, error }) => [String(epoch), name, String(attempts), errorCell(error)], 'none');
      return dead.length === 0 ? 0 : 1;
    }));
  withTarget(service.command('workers').description('workers and when they were last seen'))
    .addHelpText('after', examples('workers'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.workers(), ['worker', 'host', 'process', 'kinds', 'seen', 'stopped'],
      ({ id, host, process, kinds, seenAt, stoppedAt }) => [id, host, String(process), kinds.join(','), seenAt, orDash(stoppedAt)], 'no worker has registered',
    )));
}
