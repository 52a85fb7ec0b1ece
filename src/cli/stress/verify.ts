import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { parseAttestation } from '../../attestation/attestation-format.js';
import { parseStressAttestation } from '../../attestation/stress-attestation-format.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { attempt } from '../../error/attempt.js';
import { readCircuitList } from '../../groth16/circuit-list.js';
import { reportToJson } from '../../verification/report-json.js';
import { exitCodeOf } from '../../verification/report.js';
import { venueMeant } from '../../verification/venue-meant.js';
import { verifyStress } from '../../verification/verify-stress.js';
import { readText } from '../files.js';
import { address } from '../options.js';
import { projectRoot } from '../project.js';
import type { Runner } from '../runner.js';
import { printVerification, recordEvidence, type RecordSource } from '../verify.js';
import { readOptionSources, readStressSets, ScenarioNameError, type OptionFiles } from './sets.js';

interface VerifyOptions extends OptionFiles, RecordSource {
  readonly attestation: string;
  readonly registry?: string;
  readonly scenarios?: readonly string[];
}

export function addStressVerify(stress: Command, run: Runner): void {
  stress.command('verify')
    .description('check a stress attestation against its epoch and the public scenarios; ends with 0 verified, 1 NOT verified, 2 cannot tell')
    .argument('<stress-attestation>', 'file made by stress prove')
    .requiredOption('--attestation <file>', 'the epoch\'s attestation')
    .option('--scenarios <files...>', 'stress sets as you know them; without it those that come with the program')
    .option('--rpc <url>', 'read what the registry recorded from this end point')
    .addOption(new Option('--record <file>', 'use a record saved earlier').conflicts('rpc'))
    .option('--registry <address>', 'the registry you know from elsewhere', address)
    .option('--parameters <file>', 'parameter set of the table, for options')
    .option('--surface <file>', 'volatility surface of the table, for options')
    .addHelpText('after', `
Example:
  clearproof stress verify stress-attestation.json --attestation attestation.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: VerifyOptions, [file = '']) => {
      const stressBundle = { file, text: await readText(file) };
      const bundle = { file: options.attestation, text: await readText(options.attestation) };
      const named = attempt(() => parseStressAttestation(stressBundle.text, file))?.stress;
      const found = attempt(() => parseAttestation(bundle.text, bundle.file));
      const sets = await readStressSets(options.scenarios);
      // A file that cannot be read is told as such by the verification.
      const set = sets.find(({ name }) => named === undefined || name === named.set);
      if (set === undefined) throw new ScenarioNameError(`${file} is of the set "${named?.set ?? ''}", which is not among the sets: name its file with --scenarios`, { file });
      const sources = await readOptionSources(options);
      const report = await verifyStress({
        poseidon: portablePoseidon, stress: stressBundle, attestation: bundle, set, ...(sources === undefined ? {} : { options: sources }),
        record: await recordEvidence(options, found === undefined ? undefined : { ...found.venue, epoch: found.epoch }),
        ...venueMeant(options, found?.venue), circuits: await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json')),
      });
      printVerification(output, report);
      output.result(reportToJson(report));
      return exitCodeOf(report.verdict);
    }, exitCodeOf('cannot-tell')));
}
