import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ceremonyPaths } from '../ceremony/ceremony-folder.js';
import { UNFINISHED } from '../ceremony/unfinished-contribution.js';
import { anvilWallet, startAnvil } from '../chain/anvil.js';
import { connectChain, type ChainConnection } from '../chain/connection.js';
import { mineBlocks } from '../chain/test-chain.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
import { findCircuit, readCircuitList } from '../groth16/circuit-list.js';
import { domainBits } from '../groth16/development-setup/program-terms.js';
import { sha256 } from '../groth16/key-manifest.js';
import { parseR1cs } from '../groth16/r1cs.js';
import { CIRCUITS_DIRECTORY, circuitPaths } from './circuits.js';
import { runTool } from './command-line.js';
import { RehearsalProgram } from './rehearsal-process.js';
import { RehearsalSteps, removeRehearsal, type StepTaken } from './rehearsal-steps.js';
import { releaseContracts } from './release-contracts.js';

/** A rehearsal was asked for without circuits. */
export class RehearsalCircuitsError extends ClearproofError {
  readonly code = 'REHEARSAL_CIRCUITS';
}

/** What is rehearsed, and where. */
export interface Rehearsal {
  /** Phase 1, ceremony, keys, and the record of steps go here. */
  readonly folder: string;
  readonly circuits: readonly string[];
  /** Where they lie compiled. */
  readonly circuitsFolder: string;
  readonly program: RehearsalProgram;
  readonly say: (line: string) => void;
}

/** A circuit of a rehearsal, and the power of tau that it needs. */
interface CircuitSize {
  readonly name: string;
  readonly constraints: number;
  readonly power: number;
}

/** build/report/ceremony.json. */
interface RehearsalReport {
  readonly version: 1;
  readonly security: 'INSECURE';
  readonly processors: number;
  readonly circuits: readonly CircuitSize[];
  readonly steps: readonly StepTaken[];
  readonly totalSeconds: number;
  readonly transcriptSha256: string;
  /** What `clearproof ceremony verify` said. */
  readonly verification: unknown;
  /** Of the demo on the keys that came of it; absent for a rehearsal without. */
  readonly demo?: unknown;
}

const CONTRIBUTORS = 3;
/** Killed once its first key is there, and run again. */
const INTERRUPTED = 2;
/** Between the newest block and the announced one. */
const BLOCKS_AHEAD = 12;
/** What `ceremony beacon` waits for unless told. */
const CONFIRMATIONS = 64;
/** As nobody should: enough to see that what comes out of less is refused. */
const MINIMUM = CONTRIBUTORS;

/** Paths in a rehearsal's folder. */
export const rehearsalPaths = (folder: string) => ({
  phaseOne: join(folder, 'phase1.ptau'), ceremony: join(folder, 'ceremony'), keys: join(folder, 'keys'), contracts: join(folder, 'contracts'),
  chain: join(folder, 'chain.json'), verification: join(folder, 'verification.json'), demo: join(folder, 'report', 'demo.json'),
}) as const;

/**
 * Runs a whole ceremony over test secrets of phase 1, everybody in a process of their own: start, three contributors (one of them
 * killed on the way), announcement, beacon, verification, keys. It goes on where an earlier call was stopped.
 *
 * @throws RehearsalFolderError, RehearsalCommandError
 */
export async function rehearseCeremony(rehearsal: Rehearsal): Promise<RehearsalSteps> {
  const { folder, circuits, circuitsFolder, program, say } = rehearsal;
  const paths = rehearsalPaths(folder);
  const steps = await RehearsalSteps.open(folder, circuits, say);
  const power = Math.max(...(await sizesOf(rehearsal)).map((size) => size.power));
  const ceremony = ['--ceremony', paths.ceremony];
  await steps.take({ name: 'phase 1, a test file', proof: paths.phaseOne, work: () => silent(program.run('ceremony', 'test-phase1', '--power', String(power), '--out', paths.phaseOne)) });
  await steps.take({
    name: 'start', proof: ceremonyPaths.plan(paths.ceremony), work: () => silent(program.run(
      'ceremony', 'start', ...ceremony, '--title', 'Rehearsal', '--phase1', paths.phaseOne, '--circuits', circuits.join(','), '--circuits-folder', circuitsFolder,
      '--minimum', String(MINIMUM), '--insecure-phase1',
    )),
  });
  for (let index = 1; index <= CONTRIBUTORS; index++) await contributionStep(steps, rehearsal, index);
  await onChain(steps, paths.chain, async (chain) => {
    const rpc = ['--rpc', chain.url];
    await steps.take({ name: 'announcement', proof: ceremonyPaths.announcement(paths.ceremony), work: () => announce(program, ceremony, rpc, chain) });
    await steps.take({ name: 'beacon', proof: ceremonyPaths.record(paths.ceremony, CONTRIBUTORS + 1), work: () => drawBeacon(program, ceremony, rpc, chain) });
    const verifying = [...ceremony, '--phase1', paths.phaseOne, ...rpc, '--circuits-folder', circuitsFolder];
    await steps.take({ name: 'verification', work: async () => {
      await writeFileAtomically(paths.verification, await program.run('ceremony', 'verify', ...verifying, '--json'));
      return undefined;
    } });
    await steps.take({ name: 'keys', proof: join(paths.keys, 'manifest.json'), work: () => silent(program.run('ceremony', 'finalise', ...verifying, '--out', paths.keys)) });
  });
  return steps;
}

async function contributionStep(steps: RehearsalSteps, { folder, program }: Rehearsal, index: number): Promise<void> {
  const { ceremony } = rehearsalPaths(folder);
  const [name, keyFile] = [`Contributor ${index}`, join(folder, `contributor-${index}.key`)];
  const contributing = ['ceremony', 'contribute', '--ceremony', ceremony, '--name', name, '--key-file', keyFile];
  await steps.take({ name: `contribution ${index}`, proof: ceremonyPaths.record(ceremony, index), work: async () => {
    // One of anvil's accounts: the signatures of a rehearsal are worth nothing.
    await writeFile(keyFile, anvilWallet(index, null).privateKey, { mode: SECRET_FILE });
    const killed = index === INTERRUPTED && await program.runUntil(join(ceremonyPaths.partial(ceremony, index, name), UNFINISHED), ...contributing);
    await program.run(...contributing);
    return killed ? 'killed after its first key, and gone on with' : undefined;
  } });
}

interface OpenChain {
  readonly url: string;
  readonly connection: ChainConnection;
}

/** A test chain that is there again with all its blocks after the rehearsal was stopped. */
async function onChain(steps: RehearsalSteps, stateFile: string, work: (chain: OpenChain) => Promise<void>): Promise<void> {
  if (steps.taken.some(({ step }) => step === 'keys')) return;
  const node = await startAnvil({ stateFile });
  try {
    const connection = await connectChain(node.url);
    try {
      await work({ url: node.url, connection });
    } finally {
      connection.close();
    }
  } finally {
    await node.stop();
  }
}

async function announce(program: RehearsalProgram, ceremony: readonly string[], rpc: readonly string[], { connection }: OpenChain): Promise<undefined> {
  await mineBlocks(connection.provider, BLOCKS_AHEAD);
  const block = (await connection.provider.getBlockNumber()) + BLOCKS_AHEAD;
  await program.run('ceremony', 'announce', ...ceremony, ...rpc, '--block', String(block));
  return undefined;
}

async function drawBeacon(program: RehearsalProgram, ceremony: readonly string[], rpc: readonly string[], { connection }: OpenChain): Promise<undefined> {
  await mineBlocks(connection.provider, BLOCKS_AHEAD + CONFIRMATIONS);
  await program.run('ceremony', 'beacon', ...ceremony, ...rpc, '--confirmations', String(CONFIRMATIONS));
  return undefined;
}

async function sizesOf({ circuits, circuitsFolder }: Pick<Rehearsal, 'circuits' | 'circuitsFolder'>): Promise<readonly CircuitSize[]> {
  const sizes: CircuitSize[] = [];
  for (const name of circuits) {
    const file = circuitPaths(name, circuitsFolder).r1cs;
    const r1cs = parseR1cs(await readFile(file), file);
    sizes.push({ name, constraints: r1cs.constraints, power: domainBits(r1cs) });
  }
  return sizes;
}

async function silent(command: Promise<string>): Promise<undefined> {
  await command;
  return undefined;
}

const REPORT = 'build/report/ceremony.json';
const LAST_STEP = 'demo';

/** `--demo` and the demo's circuits, or any circuits for a rehearsal that ends with keys and contracts. */
async function main(args: readonly string[]): Promise<void> {
  const demo = args[0] === '--demo';
  const list = await readCircuitList();
  const circuits = args.slice(demo ? 1 : 0).map((name) => findCircuit(list, name).name);
  if (circuits.length === 0) throw new RehearsalCircuitsError('no circuit was named: run "make ceremony-rehearsal"');
  const folder = join('build', demo ? 'rehearsal' : 'rehearsal-small');
  const say = (line: string): void => console.log(line);
  const last = demo ? LAST_STEP : 'contracts';
  if ((await stepsBehind(folder)).includes(last)) await removeRehearsal(folder);
  const program = new RehearsalProgram(fileURLToPath(new URL('../cli/main.js', import.meta.url)), true);
  const rehearsal = { folder, circuits, circuitsFolder: CIRCUITS_DIRECTORY, program, say };
  const steps = await rehearseCeremony(rehearsal);
  const { keys, contracts } = rehearsalPaths(folder);
  await steps.take({ name: 'contracts', work: async () => `${(await releaseContracts({ root: process.cwd(), keys, output: contracts })).length} compiled` });
  if (demo) await steps.take({ name: LAST_STEP, work: () => silent(program.run('demo', '--build', folder)) });
  await writeFileAtomically(REPORT, `${JSON.stringify(await reportOf(rehearsal, steps.taken), undefined, 2)}\n`);
  say(`\ntimes in ${REPORT}`);
}

async function stepsBehind(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'steps.json');
  if (!existsSync(file)) return [];
  const { taken } = JSON.parse(await readFile(file, 'utf8')) as { readonly taken: readonly StepTaken[] };
  return taken.map(({ step }) => step);
}

async function reportOf(rehearsal: Rehearsal, steps: readonly StepTaken[]): Promise<RehearsalReport> {
  const paths = rehearsalPaths(rehearsal.folder);
  return {
    version: 1, security: 'INSECURE', processors: availableParallelism(), circuits: await sizesOf(rehearsal), steps,
    totalSeconds: Math.round(10 * steps.reduce((sum, { seconds }) => sum + seconds, 0)) / 10,
    transcriptSha256: sha256(await readFile(ceremonyPaths.transcript(paths.ceremony))), verification: JSON.parse(await readFile(paths.verification, 'utf8')) as unknown,
    ...(existsSync(paths.demo) ? { demo: JSON.parse(await readFile(paths.demo, 'utf8')) as unknown } : {}),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
