import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { attestationSha256, serializeAttestation } from '../attestation/attestation-format.js';
import type { Attestation, VenueLocation } from '../attestation/attestation.js';
import { serializeReceipt } from '../attestation/receipt-format.js';
import { readDeployment } from '../chain/deployment-file.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { removeTemporaries, SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../file/atomic-file.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../groth16/circuit-list.js';
import { loadVerificationKey } from '../groth16/proving-key.js';
import { verificationKeyToJson } from '../groth16/verification-key.js';
import { verifyProof } from '../groth16/verify.js';
import { withEpochLock } from '../proving/epoch-lock.js';
import { isPlanOf, planEpoch, type EpochPlan } from '../proving/epoch-plan.js';
import { circuitsOf, epochShape } from '../proving/epoch-shape.js';
import { stateEpoch } from '../proving/hashing/state-epoch.js';
import { readPlan, writePlan } from '../proving/plan-file.js';
import type { Progress } from '../proving/progress.js';
import { proveEpoch, PROOFS_FOLDER } from '../proving/prove-epoch.js';
import { receiptsOf } from '../proving/receipts.js';
import type { StoredSnapshot } from './snapshot-folder.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { buildPath, projectRoot } from './project.js';
import { openProver } from './prover.js';
import { ATTESTATION_FILE } from './publish.js';
import type { Runner } from './runner.js';
import { readSnapshotFolder } from './snapshot-folder.js';

/** A folder holds the plan of another epoch or snapshot than the one asked for. */
export class OtherEpochError extends ClearproofError {
  readonly code = 'OTHER_EPOCH';
}

/** Circuits that were asked for, and all there are: an error advises from those. */
export interface CircuitSelection {
  readonly chosen: readonly CircuitDefinition[];
  readonly catalogue: readonly CircuitDefinition[];
}

/** What proves. */
export interface ProvingSetup {
  readonly keys: string;
  /** Worker processes. */
  readonly workers: number;
  /** `native`, `snarkjs` or a program's path; undefined: native where it is built, else snarkjs. */
  readonly asked?: string;
}

/** What an epoch is proven with. */
export interface ProveRequest extends ProvingSetup {
  readonly directory: string;
  readonly epoch: number;
  readonly venue: VenueLocation;
  readonly circuits: CircuitSelection;
  readonly stored: () => Promise<StoredSnapshot>;
}

/** A proven epoch and its users' receipts, as files. */
export interface ProvenFolder {
  readonly attestation: Attestation;
  /** In tree order. */
  readonly receipts: readonly string[];
}

/** Plans the epoch, or goes on with the plan that lies in the folder; proves it; writes attestation and receipts. */
export async function proveInto(output: Output, request: ProveRequest): Promise<ProvenFolder> {
  const { directory } = request;
  await mkdir(directory, { recursive: true, mode: SECRET_FOLDER });
  return withEpochLock(directory, async () => {
    await Promise.all([directory, join(directory, PROOFS_FOLDER)].map(removeTemporaries));
    const plan = await planOf(request);
    const attestation = await provePlan(output, request, plan, directory);
    await writeFileAtomically(join(directory, ATTESTATION_FILE), serializeAttestation(attestation));
    return { attestation, receipts: await writeReceipts(directory, plan, attestation) };
  });
}

/** Proves a plan, going on with what lies in `directory`; the caller holds its lock. */
export async function provePlan(output: Output, setup: ProvingSetup, plan: EpochPlan, directory: string): Promise<Attestation> {
  const prover = await openProver(output, setup.keys, { workers: setup.workers }, setup.asked);
  try {
    const attestation = await proveEpoch(
      {
        poseidon: await bulkPoseidon(),
        prover,
        concurrency: setup.workers,
        verify: async (circuit, signals, proof) => verifyProof(await loadVerificationKey(setup.keys, circuit), signals, proof),
        verificationKey: async (circuit) => verificationKeyToJson(await loadVerificationKey(setup.keys, circuit)),
        onProgress: (progress) => output.progress(progressLine(progress)),
        onDiscard: (reason) => output.progress(`made again: ${reason}`),
      },
      plan,
      directory,
    );
    output.progressDone();
    return attestation;
  } finally {
    await prover.close();
  }
}

/** Writes every user's receipt of a proven epoch; returns their files in tree order. */
async function writeReceipts(directory: string, plan: EpochPlan, attestation: Attestation): Promise<string[]> {
  const { tree } = await stateEpoch(await bulkPoseidon(), plan);
  const folder = join(directory, 'receipts');
  await rm(folder, { recursive: true, force: true });
  const named = { sha256: attestationSha256(attestation), location: ATTESTATION_FILE };
  const files: string[] = [];
  for (const receipt of receiptsOf(plan, tree, named)) {
    // Named by position, since user ids may not be file names.
    const file = join(folder, `${String(receipt.path.position).padStart(8, '0')}.json`);
    await writeFileAtomically(file, serializeReceipt(receipt), SECRET_FILE);
    files.push(file);
  }
  return files;
}

async function planOf(request: ProveRequest): Promise<EpochPlan> {
  const found = await readPlan(request.directory);
  const { snapshot, market } = await request.stored();
  const { chosen, catalogue } = request.circuits;
  const shape = epochShape(chosen, market, catalogue);
  if (found === undefined) {
    const plan = planEpoch(await bulkPoseidon(), snapshot, market, shape, request.venue, request.epoch, catalogue);
    await writePlan(request.directory, plan);
    return plan;
  }
  const same = found.epoch === request.epoch && found.venue.chainId === request.venue.chainId
    && found.venue.registry === request.venue.registry && found.venue.venueId === request.venue.venueId
    && circuitsOf(found.shape).join() === circuitsOf(shape).join();
  if (!same) {
    throw new OtherEpochError(
      `${request.directory} holds epoch ${found.epoch} of venue ${found.venue.venueId} on chain ${found.venue.chainId}: use an empty folder for another epoch, venue or circuit`,
      { folder: request.directory, epoch: found.epoch },
    );
  }
  if (!isPlanOf(found, snapshot, market)) {
    throw new OtherEpochError(
      `${request.directory} holds epoch ${found.epoch} planned from another snapshot or table: use an empty folder for the corrected one`,
      { folder: request.directory, epoch: found.epoch },
    );
  }
  return found;
}

function progressLine({ done, total, resumed, elapsedSeconds, remainingSeconds }: Progress): string {
  const left = remainingSeconds === undefined ? '' : `, about ${Math.ceil(remainingSeconds)} s left`;
  const found = resumed === 0 ? '' : ` (${resumed} from an earlier run)`;
  return `proof ${done} of ${total}${found}, ${elapsedSeconds.toFixed(0)} s${left}`;
}

interface ProveOptions {
  readonly snapshot: string;
  readonly deployment: string;
  readonly epoch: number;
  readonly circuits: string;
  readonly out: string;
  readonly keys?: string;
  readonly workers: number;
  readonly prover?: string;
}

export function addProveCommand(program: Command, run: Runner): void {
  program.command('prove')
    .description('prove an epoch and write attestation and receipts; run it again after a crash and it goes on')
    .requiredOption('--snapshot <folder>', 'folder that snapshot import filled')
    .requiredOption('--deployment <file>', 'addresses, as deploy wrote them')
    .requiredOption('--epoch <n>', 'number of the epoch: last accepted plus 1', wholeNumber)
    .requiredOption('--circuits <names>', 'batch circuits, and a close or a part with its end; separated by commas')
    .requiredOption('--out <folder>', 'where plan, proofs, attestation and receipts go; private to you')
    .option('--keys <folder>', 'proving keys and their manifest (default: build/keys)')
    .option('--workers <n>', 'worker processes', positiveNumber, 2)
    .option('--prover <which>', 'native, snarkjs, or a program: PROGRAM circuit.zkey witness.wtns proof.json public.json (default: native where "make native" built it, else snarkjs)')
    .addHelpText('after', `
Example:
  clearproof prove --snapshot snapshot --deployment deployment.json --epoch 1 \\
    --circuits solvency-batch-n32-k8-s8,solvency-close-u32-s8 --out epoch-1

Of several batch circuits each account goes where the epoch costs least in all; docs/operations.md says what that reveals.`)
    .action(run(async (output, options: ProveOptions) => {
      const deployment = await readDeployment(options.deployment);
      const directory = options.out;
      const { attestation, receipts } = await proveInto(output, {
        directory,
        epoch: options.epoch,
        venue: { chainId: deployment.chainId, registry: deployment.registry, venueId: deployment.venueId },
        circuits: await selectCircuits(options.circuits),
        stored: () => readSnapshotFolder(options.snapshot),
        keys: options.keys ?? buildPath('keys'),
        workers: options.workers,
        ...(options.prover === undefined ? {} : { asked: options.prover }),
      });
      output.say(`${attestation.batches.length} batches and the close proven; ${receipts.length} receipts in ${join(directory, 'receipts')}`);
      output.result({ attestation: join(directory, ATTESTATION_FILE), batches: attestation.batches.length, receipts: receipts.length });
    }));
}

/** Circuits named "batch,batch,close" in any order. */
export async function selectCircuits(names: string): Promise<CircuitSelection> {
  const catalogue = await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json'));
  return { chosen: names.split(',').map((name) => findCircuit(catalogue, name.trim())), catalogue };
}
