import type { Command } from 'commander';
import type { EpochSummary } from '../../service/operations.js';
import { positiveNumber } from '../options.js';
import { epochLine, errorCell, orDash, outboxLine, showList, stepLine } from './show.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';
import { addWatchCommand } from './watch.js';

export interface EpochOptions extends TargetOptions {
  readonly epoch: number;
}

/** A command about one epoch. */
export function ofEpoch(command: Command): Command {
  return withTarget(command).requiredOption('--epoch <n>', 'number of the epoch', positiveNumber);
}

export function addEpochCommands(service: Command, commands: ServiceCommands): void {
  const epochs = service.command('epochs').description('epochs, from opening to receipts');
  ofEpoch(epochs.command('open').description('open the epoch\'s snapshot on chain; asked again, the same transaction'))
    .addHelpText('after', examples('epochs open --epoch 1'))
    .action(commands.asking(async (operations, output, { epoch }: EpochOptions) => {
      const entry = await operations.openSnapshot(epoch);
      output.say(outboxLine(entry));
      output.result(entry);
    }));
  ofEpoch(epochs.command('start').description('prove and publish a snapshot as this epoch; asked again, the same epoch'))
    .requiredOption('--snapshot <id>', 'as "snapshots list" shows it')
    .addHelpText('after', examples('epochs start --epoch 1 --snapshot 0f0e…'))
    .action(commands.asking(async (operations, output, { epoch, snapshot }: EpochOptions & { snapshot: string }) => {
      const started = await operations.startEpoch({ epoch, snapshot });
      output.say(epochLine(started));
      output.result(started);
    }));
  withTarget(epochs.command('list').description('all epochs'))
    .addHelpText('after', examples('epochs list'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.epochs(), ['epoch', 'state', 'snapshot', 'requested', 'finished', 'transaction'],
      (epoch) => [String(epoch.epoch), epoch.state, epoch.snapshot, epoch.requestedAt, orDash(epoch.finishedAt), orDash(epoch.transaction)],
      'no epoch: start one with "clearproof service epochs start"',
    )));
  ofEpoch(epochs.command('show').description('one epoch'))
    .addHelpText('after', examples('epochs show --epoch 1'))
    .action(commands.asking(async (operations, output, { epoch }: EpochOptions) => {
      const found = await operations.epoch(epoch);
      epochLines(found).forEach((line) => output.say(line));
      output.result(found);
    }));
  addWatchCommand(epochs, commands);
  addStepCommands(epochs, commands);
}

function addStepCommands(epochs: Command, commands: ServiceCommands): void {
  ofEpoch(epochs.command('steps').description('pieces of work of an epoch'))
    .addHelpText('after', examples('epochs steps --epoch 1'))
    .action(commands.asking(async (operations, output, { epoch }: EpochOptions) => showList(
      output, await operations.steps(epoch), ['step', 'state', 'attempts', 'error'],
      ({ name, state, attempts, error }) => [name, state, String(attempts), errorCell(error)], `epoch ${epoch} has no step yet`,
    )));
  ofEpoch(epochs.command('retry').description('give a dead step, or a dead transaction, another round of attempts'))
    .requiredOption('--step <name>', 'as "dead-letters" shows it')
    .addHelpText('after', examples('epochs retry --epoch 1 --step prove:batch-000002'))
    .action(commands.asking(async (operations, output, { epoch, step }: EpochOptions & { step: string }) => {
      const tried = await operations.retry(epoch, step);
      output.say(stepLine(tried));
      output.result(tried);
    }));
}

function epochLines(epoch: EpochSummary): readonly string[] {
  return [
    epochLine(epoch), `  market       ${epoch.market}`, `  circuits     ${epoch.circuits.join(', ')}`, `  accounts     root ${orDash(epoch.accountsRoot)}`,
    `  requested    ${epoch.requestedAt}, finished ${orDash(epoch.finishedAt)}`, `  attestation  sha256 ${orDash(epoch.attestationSha256)}`,
  ];
}
