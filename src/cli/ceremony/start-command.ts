import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { CeremonyPlanError, startCeremony } from '../../ceremony/start.js';
import { CIRCUIT_LIST, findCircuit, readCircuitList, type CircuitUse } from '../../groth16/circuit-list.js';
import { inspectPhaseOne } from '../../groth16/phase-one.js';
import { parseR1cs } from '../../groth16/r1cs.js';
import { toolVersions } from '../../groth16/tool-versions.js';
import { positiveNumber } from '../options.js';
import { buildPath, projectRoot } from '../project.js';
import type { Runner } from '../runner.js';
import { watching, withCeremony, type CeremonyOptions } from './ceremony-options.js';
import { StepEstimate } from './step-estimate.js';

interface StartOptions extends CeremonyOptions {
  readonly title: string;
  readonly phase1: string;
  readonly circuits?: string;
  readonly use?: CircuitUse;
  readonly circuitsFolder?: string;
  readonly minimum: number;
  readonly insecurePhase1?: true;
}

export function addStartCommand(ceremony: Command, run: Runner): void {
  const start = withCeremony(ceremony.command('start').description('make the initial keys of a ceremony and its plan; a start that was killed goes on when it is run again'));
  start
    .requiredOption('--title <text>', 'what the ceremony is for, public')
    .requiredOption('--phase1 <file>', 'phase-1 file (.ptau) that you have downloaded')
    .option('--circuits <names>', 'circuits, separated by commas')
    .addOption(new Option('--use <use>', 'all circuits of circuits.json that are for this').choices(['test', 'demo', 'production']).conflicts('circuits'))
    .option('--circuits-folder <folder>', 'compiled circuits (default: build/circuits)')
    .requiredOption('--minimum <number>', 'contributions that the keys need at least', positiveNumber)
    .option('--insecure-phase1', 'take a phase-1 file that is not published: every key will be INSECURE')
    .addHelpText('after', `
Example:
  clearproof ceremony start --ceremony ceremony --title "Keys of 2027" --phase1 powersOfTau28_hez_final_19.ptau --use production --minimum 3`)
    .action(run(async (output, options: StartOptions) => {
      const names = await chosenCircuits(start, options);
      const circuits = names.map((name) => ({ name, r1cs: join(options.circuitsFolder ?? buildPath('circuits'), name, `${name}.r1cs`) }));
      const constraints = await Promise.all(circuits.map(({ name, r1cs }) => constraintsOf(name, r1cs)));
      const estimate = new StepEstimate(output);
      const { blake2b, power, published } = await inspectPhaseOne(options.phase1, { report: (step, done, total) => estimate.report(`phase-1 file, ${step}`, done, total) });
      estimate.done();
      const plan = await startCeremony(options.ceremony, {
        title: options.title, minimumContributions: options.minimum, phaseOne: { path: options.phase1, blake2b, power, published },
        insecurePhaseOne: options.insecurePhase1 === true, circuits, tools: toolVersions(), ...watching(output, constraints),
      });
      output.progressDone();
      output.say(`ceremony "${plan.value.title}" (${plan.value.id}) over ${circuits.length} circuits; ${options.minimum} contributions at least`);
      if (!published) output.say('INSECURE: the phase-1 file is not published, so whoever made it can forge with every key of this ceremony');
      output.say(`SHA-256 of ceremony.json: ${plan.sha256}`);
      output.say('Publish the folder. Next: clearproof ceremony contribute');
      output.result({ ceremony: plan.value.id, sha256: plan.sha256, circuits: plan.value.circuits, security: published ? 'published phase 1' : 'INSECURE' });
    }));
}

/** A folder of one's own may hold circuits that the list does not. */
async function chosenCircuits(command: Command, { circuits, use, circuitsFolder }: StartOptions): Promise<readonly string[]> {
  if (circuits === undefined && use === undefined) command.error('error: one of --circuits and --use is needed: the circuits that get keys');
  const names = circuits?.split(',').map((name) => name.trim());
  if (names !== undefined && circuitsFolder !== undefined) return names;
  const list = await readCircuitList(join(projectRoot(), CIRCUIT_LIST));
  return names?.map((name) => findCircuit(list, name).name) ?? list.filter((circuit) => circuit.use === use).map(({ name }) => name);
}

async function constraintsOf(circuit: string, file: string): Promise<number> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CeremonyPlanError(`${file} cannot be read: run "make circuits" first`, { file, circuit }, { cause });
  });
  return parseR1cs(bytes, file).constraints;
}
