import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addRelayRun } from './run.js';
import { addRelayValidate } from './validate.js';

/** `clearproof relay …`: who carries messages between chains, and who vouches for them. */
export function addRelayCommands(program: Command, run: Runner): void {
  const relay = program.command('relay').description('carry messages between chains over Hyperlane: sign what was sent, deliver what was signed');
  addRelayValidate(relay, run);
  addRelayRun(relay, run);
}
