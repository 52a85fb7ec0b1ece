import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { createFileAtomically } from '../../file/create-file.js';
import { developmentPowersBytes, developmentPowersParts } from '../../groth16/development-setup/development-powers.js';
import { inspectPhaseOne, likelyDamage, type InspectionStep, type PhaseOneFile } from '../../groth16/phase-one.js';
import { PowersUnreadableError } from '../../groth16/powers-of-tau.js';
import { publishedName } from '../../groth16/published-powers.js';
import { positiveNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { StepEstimate } from './step-estimate.js';

const NOT_ACCEPTED = 1;
const CANNOT_TELL = 2;

const STEPS: Readonly<Record<InspectionStep, string>> = { sample: 'checking points', hash: 'hashing', whole: 'checking every point (snarkjs)' };

/** `clearproof ceremony phase1` and `test-phase1`: what a phase-1 file is, and one for tests. */
export function addPhaseOneCommands(ceremony: Command, run: Runner): void {
  addPhaseOne(ceremony, run);
  addTestPhaseOne(ceremony, run);
}

function addPhaseOne(ceremony: Command, run: Runner): void {
  ceremony.command('phase1')
    .description('check a phase-1 file (.ptau) and say what it is; ends with 0 accepted, 1 not accepted, 2 cannot be read')
    .argument('<file>', 'a file you downloaded; nothing is downloaded here')
    .option('--full', 'also check every pairing with snarkjs: needs gigabytes of memory and, from power 20 on, hours')
    .option('--insecure-phase1', 'accept a file that is not published: keys made from it are INSECURE')
    .addHelpText('after', `
Example:
  clearproof ceremony phase1 ${publishedName(20)}
Published files: see docs/ceremony.md. A part of them begins --full with the hash over all 2^28 powers, which takes most of an hour alone.`)
    .action(run(async (output, options: { full?: true; insecurePhase1?: true }, [path]) => {
      const estimate = new StepEstimate(output);
      let file: PhaseOneFile;
      try {
        file = await inspectPhaseOne(path as string, { whole: options.full === true, report: (step, done, total) => estimate.report(STEPS[step], done, total) });
      } catch (cause) {
        if (!(cause instanceof PowersUnreadableError)) throw cause;
        output.fail(cause);
        return CANNOT_TELL;
      } finally {
        estimate.done();
      }
      const accepted = file.published || options.insecurePhase1 === true;
      describePhaseOne(file).forEach((line) => output.say(line));
      output.result({ ...file, accepted, trusted: trustIn(file) });
      return accepted ? 0 : NOT_ACCEPTED;
    }));
}

function addTestPhaseOne(ceremony: Command, run: Runner): void {
  ceremony.command('test-phase1')
    .description('make an INSECURE phase-1 file whose secrets everybody knows, for tests and rehearsals')
    .requiredOption('--power <number>', 'for circuits of up to 2^number rows: 2 to 21', positiveNumber)
    .requiredOption('--out <file>', 'where it goes; 1152 bytes a row')
    .addHelpText('after', '\nExample:\n  clearproof ceremony test-phase1 --power 12 --out build/INSECURE-12.ptau')
    .action(run(async (output, { power, out }: { power: number; out: string }) => {
      const estimate = new StepEstimate(output);
      const total = developmentPowersBytes(power);
      const hash = createHash('blake2b512');
      async function* told(): AsyncGenerator<Uint8Array, void> {
        let done = 0;
        for await (const part of developmentPowersParts(power)) {
          hash.update(part);
          yield part;
          estimate.report('making points', (done += part.length), total);
        }
      }
      await createFileAtomically(out, told());
      estimate.done();
      output.say(`${basename(out)}: INSECURE phase-1 file of power ${power}, ${total} bytes. Everybody knows its secrets and can forge with every key made from it.`);
      output.result({ file: basename(out), power, bytes: total, blake2b: hash.digest('hex'), security: 'INSECURE' });
    }));
}

/** What a file is, what was checked and what is only trusted, in sentences. */
export function describePhaseOne(file: PhaseOneFile): readonly string[] {
  const { contributions } = file;
  const beacons = contributions.filter(({ kind }) => kind === 'beacon').length;
  const damage = likelyDamage(file);
  return [
    `${file.file}: phase 1 for circuits of up to 2^${file.power} rows, out of a ceremony of 2^${file.ceremonyPower}; ${file.bytes} bytes`,
    `blake2b-512: ${file.blake2b}`,
    file.published ? `PUBLISHED: its hash is that of ${publishedName(file.power)}.` : notPublished(file),
    ...(damage === undefined ? [] : [`Note: ${damage}`]),
    `It lists ${contributions.length - beacons} contributions${beacons === 0 ? ' and no beacon' : ' and a beacon'}.`,
    `Checked: layout, and ${file.sampled} of its points by pairings${file.whole ? '; every point and every contribution, by snarkjs' : ''}${file.published ? '; every byte, by its hash' : ''}.`,
    `Trusted, not checked: ${trustIn(file)}`,
  ];
}

function notPublished(file: PhaseOneFile): string {
  if (file.testFile) return 'INSECURE TEST FILE: everybody knows its secrets, and can forge with every key made from it.';
  return 'NOT PUBLISHED: no row of the published table has its hash. Whoever made it may know its secrets and forge with every key made from it, whoever contributes to phase 2: such keys are INSECURE.';
}

function trustIn(file: PhaseOneFile): string {
  if (file.testFile) return 'nothing: there is no secret.';
  if (!file.published) return 'that one of the contributors to this file existed and destroyed their secret. Nothing here shows it.';
  return 'that at least one contributor to the public ceremony destroyed their secret, and that the table in this program is right (compare the hash with another source). Not whoever served the file to you.';
}
