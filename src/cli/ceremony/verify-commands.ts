import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ceremonyPaths, readCeremony } from '../../ceremony/ceremony-folder.js';
import { transcriptText } from '../../ceremony/ceremony-format.js';
import type { CeremonyOutcome } from '../../ceremony/ceremony-report.js';
import { requireVerified, writeTranscript } from '../../ceremony/finish.js';
import { verifyCeremony, type CeremonyReport } from '../../ceremony/verify-ceremony.js';
import { beaconBlockHash, BeaconPendingError, defaultConfirmations } from '../../chain/beacon-block.js';
import { connectChain } from '../../chain/connection.js';
import { isSignedBy } from '../../chain/record-signature.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { temporaryName, writeFileAtomically } from '../../file/atomic-file.js';
import { inspectPhaseOne } from '../../groth16/phase-one.js';
import { wholeNumber } from '../options.js';
import type { Output } from '../output.js';
import { buildPath, projectRoot } from '../project.js';
import type { Runner } from '../runner.js';
import { withCeremony, type CeremonyOptions } from './ceremony-options.js';
import { StepEstimate } from './step-estimate.js';

interface VerifyOptions extends CeremonyOptions {
  readonly phase1?: string;
  readonly rpc?: string;
  readonly confirmations?: number;
  readonly circuitsFolder?: string;
  readonly latest?: true;
}

/** The folder that keys shall be written to is not empty: these would mix with others. */
export class KeyFolderTakenError extends ClearproofError {
  readonly code = 'KEY_FOLDER_TAKEN';
}

const EXIT: Readonly<Record<CeremonyOutcome, number>> = { holds: 0, fails: 1, 'cannot tell': 2 };
const VERDICT: Readonly<Record<CeremonyOutcome, string>> = { holds: 'VERIFIED', fails: 'NOT VERIFIED', 'cannot tell': 'CANNOT TELL' };
const MARK = { passed: 'ok', failed: 'NO', unknown: '??' } as const;

export function addVerifyCommands(ceremony: Command, run: Runner): void {
  withVerification(ceremony.command('verify').description('verify a ceremony from its folder; ends with 0 it holds, 1 it does not, 2 cannot tell'))
    .option('--latest', 'the newest contribution only, on the one before it: for the coordinator and the next contributor')
    .addHelpText('after', '\nExample:\n  clearproof ceremony verify --ceremony ceremony --phase1 powersOfTau28_hez_final_19.ptau --rpc https://node.example')
    .action(run(async (output, options: VerifyOptions) => {
      const report = await verify(output, options);
      sayReport(output, report);
      output.result(report);
      return EXIT[report.outcome];
    }, EXIT['cannot tell']));
  withVerification(ceremony.command('finalise').description('verify a finished ceremony, and if it holds write its keys and their manifest'))
    .requiredOption('--out <folder>', 'a new folder for the keys')
    .addHelpText('after', '\nExample:\n  clearproof ceremony finalise --ceremony ceremony --phase1 powersOfTau28_hez_final_19.ptau --rpc https://node.example --out keys')
    .action(run(async (output, options: VerifyOptions & { readonly out: string }) => {
      await requireNewFolder(options.out);
      const report = await verify(output, options);
      sayReport(output, report);
      if (report.outcome !== 'holds') {
        output.say('no keys were written');
        output.result({ ...report, written: false });
        return EXIT[report.outcome];
      }
      const { transcriptSha256, keys } = await release(output, options, report);
      output.say(`keys and manifest are in ${options.out}; SHA-256 of the transcript: ${transcriptSha256}`);
      if (report.insecure) output.say('INSECURE: the phase-1 file is not published, and whoever made it can forge with these keys');
      output.result({ ...report, written: true, out: options.out, transcriptSha256, manifest: keys });
    }));
}

function withVerification(command: Command): Command {
  return withCeremony(command)
    .option('--phase1 <file>', 'your own copy of the phase-1 file; without it nothing ties keys to circuits')
    .option('--rpc <url>', 'JSON-RPC end point, best your own: whether the beacon is the announced block')
    .option('--confirmations <number>', 'blocks that must stand on the announced one (default: 64; 0 on local test chains)', wholeNumber)
    .option('--circuits-folder <folder>', 'circuits that you compiled (default: build/circuits)');
}

function verify(output: Output, { ceremony, phase1, rpc, confirmations, circuitsFolder, latest }: VerifyOptions): Promise<CeremonyReport> {
  const estimate = new StepEstimate(output);
  return verifyCeremony({
    directory: ceremony,
    phaseOne: phase1 === undefined ? undefined : { path: phase1, facts: () => inspectPhaseOne(phase1, { report: (step, done, total) => estimate.report(`phase-1 file, ${step}`, done, total) }) },
    r1csOf: (circuit) => join(circuitsFolder ?? buildPath('circuits'), circuit, `${circuit}.r1cs`),
    isSignedBy,
    blockHashOf: rpc === undefined ? undefined : (chainId, block) => blockHashAt(rpc, BigInt(chainId), block, confirmations),
    latest,
    progress: ({ circuit, part, done, total }) => estimate.report(`${circuit}, ${part}`, done, total),
  }).finally(() => estimate.done());
}

/** Undefined while the block is not there for good; another chain or no answer is an error, which the report tells. */
async function blockHashAt(rpc: string, expectedChainId: bigint, block: number, confirmations = defaultConfirmations(expectedChainId)): Promise<string | undefined> {
  const chain = await connectChain(rpc, { expectedChainId });
  try {
    return await beaconBlockHash(chain.provider, block, confirmations);
  } catch (thrown) {
    if (thrown instanceof BeaconPendingError) return undefined;
    throw thrown;
  } finally {
    chain.close();
  }
}

function sayReport(output: Output, { outcome, steps, contributors, keys, ceremony }: CeremonyReport): void {
  if (ceremony !== undefined) output.say(`ceremony "${ceremony.title}" (${ceremony.id})`);
  steps.forEach(({ question, subject, outcome: answer, says }) => output.say(`${MARK[answer]}  ${question}${subject === undefined ? '' : ` of ${subject}`}: ${says}`));
  for (const { index, contributor, signedBy, hashes } of contributors) {
    output.say(`  ${index}. ${contributor}${signedBy === undefined ? '' : `, ${signedBy}`}`);
    hashes.forEach(({ circuit, contributionHash }) => output.say(`     ${circuit}: ${contributionHash}`));
  }
  if (keys.length > 0) output.say(`verified: the newest keys of ${keys.length} circuits`);
  output.say(VERDICT[outcome]);
}

/** All of it beside `out`, then renamed: whoever finds the folder finds every key. */
async function release(
  output: Output, { ceremony, circuitsFolder, out }: VerifyOptions & { readonly out: string }, report: CeremonyReport,
): Promise<{ readonly transcriptSha256: string; readonly keys: unknown }> {
  // The compiler of verifiers is loaded by this command alone.
  const { writeKeyRelease } = await import('../../toolchain/release-keys.js');
  const state = await readCeremony(ceremony);
  requireVerified(report, state);
  const transcript = await writeTranscript(state);
  const last = transcript.value.records.length;
  const temporary = temporaryName(out);
  await mkdir(temporary, { recursive: true });
  try {
    const keys = await writeKeyRelease({
      transcript: transcript.value, transcriptSha256: transcript.sha256, zkeyOf: (circuit) => ceremonyPaths.zkey(ceremony, last, circuit),
      circuits: circuitsFolder ?? buildPath('circuits'), out: temporary, root: projectRoot(),
      onCircuit: (circuit, number, of) => output.progress(`key ${number} of ${of}: ${circuit}`),
    });
    await writeFileAtomically(ceremonyPaths.transcript(temporary), transcriptText(transcript.value));
    // An empty folder is replaced; anything else makes this fail.
    await rename(temporary, out);
    output.progressDone();
    return { transcriptSha256: transcript.sha256, keys };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function requireNewFolder(out: string): Promise<void> {
  const names = await readdir(out).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new KeyFolderTakenError(`${out} cannot be read as a folder: name a new one`, { directory: out }, { cause });
  });
  if (names.length > 0) throw new KeyFolderTakenError(`${out} is not empty: keys are written as a whole, name a new folder`, { directory: out });
}
