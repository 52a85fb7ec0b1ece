import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addBeaconCommands } from './beacon-commands.js';
import { addContributeCommand } from './contribute-command.js';
import { addPhaseOneCommands } from './phase-one-command.js';
import { addStartCommand } from './start-command.js';
import { addStatusCommand } from './status-command.js';
import { addVerifyCommands } from './verify-commands.js';

/** `clearproof ceremony`: make keys that nobody has to trust, and verify how they were made. */
export function addCeremonyCommands(program: Command, run: Runner): void {
  const ceremony = program.command('ceremony').description('make keys together so that nobody has to be trusted, or verify how they were made (docs/ceremony.md)');
  addPhaseOneCommands(ceremony, run);
  addStartCommand(ceremony, run);
  addContributeCommand(ceremony, run);
  addBeaconCommands(ceremony, run);
  addVerifyCommands(ceremony, run);
  addStatusCommand(ceremony, run);
}
