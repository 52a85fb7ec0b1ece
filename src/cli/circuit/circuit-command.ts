import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addCircuitAdd } from './add.js';
import { addCircuitList } from './list.js';
import { addCircuitPropose } from './propose.js';
import { addCircuitSteps } from './steps.js';

/** `clearproof circuit …`: how a registry's circuits and keys come and go. */
export function addCircuitCommands(program: Command, run: Runner): void {
  const circuit = program.command('circuit').description('circuits of a registry: propose one with a new key, add it after the delay, retire the old one');
  addCircuitList(circuit, run);
  addCircuitPropose(circuit, run);
  addCircuitAdd(circuit, run);
  addCircuitSteps(circuit, run);
}
