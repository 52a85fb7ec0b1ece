import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addAccountProofCommands } from './account-proofs.js';
import { addDocumentCommands } from './documents.js';
import { addEpochCommands } from './epochs.js';
import { addProgressCommands } from './progress.js';
import { addSnapshotCommands } from './snapshots.js';
import { addTableCommands } from './tables.js';
import { ServiceCommands, type ConnectService } from './target.js';
import { addTokenCommands } from './tokens.js';

/** `clearproof service …`: what an operator does with a service, on its store or through its API. Gives the command, for more. */
export function addServiceCommands(program: Command, run: Runner, connect: ConnectService): Command {
  const service = program.command('service').description('operate a prover service: on its store with --config, or running with --service');
  const commands = new ServiceCommands(run, connect);
  addTableCommands(service, commands);
  addSnapshotCommands(service, commands);
  addEpochCommands(service, commands);
  addProgressCommands(service, commands);
  addDocumentCommands(service, commands);
  addTokenCommands(service, commands);
  addAccountProofCommands(service, commands);
  return service;
}
