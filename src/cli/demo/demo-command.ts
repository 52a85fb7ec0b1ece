import { join } from 'node:path';
import { rm, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Attestation } from '../../attestation/attestation.js';
import { parseReceipt, serializeReceipt } from '../../attestation/receipt-format.js';
import { ContractRevertedError } from '../../chain/errors.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { ProverPool } from '../../groth16/prover-pool.js';
import { parseR1cs } from '../../groth16/r1cs.js';
import { reportSnapshot } from '../../margin/snapshot-report.js';
import { epochShape } from '../../proving/epoch-shape.js';
import { newOwner } from '../owner.js';
import { bigintAsText, type Output } from '../output.js';
import { buildPath } from '../project.js';
import { proveInto, selectCircuits, type CircuitSelection } from '../prove.js';
import { ATTESTATION_FILE, publishEpoch, type Published } from '../publish.js';
import type { Runner } from '../runner.js';
import { printReport } from '../snapshot.js';
import { readSnapshotFolder, writeSnapshotFolder, type StoredSnapshot } from '../snapshot-folder.js';
import { printVerification, verifyReceiptFile } from '../verify.js';
import { deployDemoVenue, startDemoChain, type DemoChain } from './demo-chain.js';
import { DEMO_SLOTS, demoVenue, realVenue } from './demo-venue.js';
import { ForgeryAcceptedError, forgeEpoch } from './forgery.js';

const CIRCUITS = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8';
const ACCOUNTS = 256;
const WORKERS = 2;
/** One batch. */
const FORGED_ACCOUNTS = 32;

/** Figures of a demo run, as build/report/demo.json holds them. */
export interface DemoReport {
  readonly accounts: number;
  readonly unhealthy: number;
  /** Value units. */
  readonly shortfall: bigint;
  readonly batches: number;
  readonly constraints: number;
  readonly proveSeconds: number;
  readonly gas: { readonly submitEpoch: bigint };
  readonly gate: string;
  readonly covered: boolean;
  readonly receipts: { readonly verified: number; readonly refused: number };
  readonly forgery: 'refused';
}

export function addDemoCommand(program: Command, run: Runner): void {
  program.command('demo')
    .description('one epoch end to end on a local chain: prove, publish, verify, and see forgeries refused')
    .option('--real <folder>', 'take 512 accounts of the published Mango file from this data folder')
    .addHelpText('after', '\nExample:\n  clearproof demo')
    .action(run(async (output, options: { real?: string }) => {
      const circuits = await selectCircuits(CIRCUITS);
      const { node, connection, now } = await startDemoChain();
      try {
        const stored = options.real === undefined ? demoVenue('clearproof demo', ACCOUNTS, now) : await realVenue(options.real, now);
        const name = options.real === undefined ? 'demo' : 'demo-real';
        const directory = buildPath(name);
        await rm(directory, { recursive: true, force: true });
        const snapshot = await storeWithOwner(output, directory, stored);
        const chain = await deployDemoVenue(node, connection, epochShape(circuits.chosen, stored.market, circuits.catalogue), snapshot, join(directory, 'deployment.json'));
        const report = await runEpoch(output, directory, circuits, snapshot, chain, now);
        await writeFileAtomically(buildPath('report', `${name}.json`), `${JSON.stringify(report, bigintAsText, 2)}\n`);
        output.say(`figures in build/report/${name}.json`);
        output.result(report);
      } finally {
        connection.close();
        await node.stop();
      }
    }));
}

/** Gives the first user an owner of their own making, then stores and reports the snapshot. */
async function storeWithOwner(output: Output, directory: string, stored: StoredSnapshot): Promise<StoredSnapshot> {
  const owner = await newOwner(join(directory, 'user', 'owner.json'), 'demo signing key');
  const accounts = stored.snapshot.accounts.map((account, place) => (place === 0 ? { ...account, owner } : account));
  const snapshot = { ...stored, snapshot: { accounts } };
  const report = await reportSnapshot(accounts, stored.market, { slots: DEMO_SLOTS, excessBits: 84 });
  await writeSnapshotFolder(join(directory, 'snapshot'), snapshot, report);
  heading(output, 'Snapshot');
  printReport(output, report, stored.market);
  return snapshot;
}

async function runEpoch(
  output: Output, directory: string, circuits: CircuitSelection, snapshot: StoredSnapshot, chain: DemoChain, now: number,
): Promise<DemoReport> {
  heading(output, 'Proofs (keys: INSECURE development set-up)');
  const opened = await chain.client.openSnapshot();
  const { chainId, registry, venueId } = chain.deployment;
  const started = performance.now();
  const { attestation, receipts: files } = await proveInto(output, {
    directory, epoch: opened.snapshot.epoch, venue: { chainId, registry, venueId }, circuits, keys: buildPath('keys'), workers: WORKERS,
    stored: () => readSnapshotFolder(join(directory, 'snapshot')),
  });
  const proveSeconds = Math.round((performance.now() - started) / 100) / 10;
  output.say(`${attestation.batches.length} batches and the close, each verified, in ${proveSeconds} s; ${files.length} receipts`);

  heading(output, 'Publication');
  await chain.acceptMarket(attestation.market);
  const published = await publishEpoch(chain.operator, chain.deployment, attestation);
  const { record, gate } = published;
  const money = (units: bigint): string => `${formatDecimal(units, snapshot.market.valueScale)} ${snapshot.market.currency}`;
  output.say(`epoch ${record.epoch} accepted on chain ${record.chainId} for ${published.receipt.gasUsed} gas`);
  output.say(`at most ${record.accountsBound} accounts, ${record.unhealthyBound} unhealthy, shortfall ${money(record.shortfall)}; ${record.covered ? 'covered' : 'NOT covered'}; gate ${gate}`);

  const receipts = await verifyReceipts(output, directory, files, chain);
  await refuseForgery(output, circuits, attestation, chain, now);
  return {
    accounts: snapshot.snapshot.accounts.length,
    unhealthy: Number(record.unhealthyBound),
    shortfall: record.shortfall,
    batches: attestation.batches.length,
    constraints: await constraintsOf(attestation),
    proveSeconds,
    ...figuresOf(published),
    receipts,
    forgery: 'refused',
  };
}

function figuresOf({ receipt, gate, record }: Published): Pick<DemoReport, 'gas' | 'gate' | 'covered'> {
  return { gas: { submitEpoch: receipt.gasUsed }, gate, covered: record.covered };
}

/** Three users verify; one of them changes a balance first and must be refused. */
async function verifyReceipts(output: Output, directory: string, files: readonly string[], chain: DemoChain): Promise<DemoReport['receipts']> {
  heading(output, 'Users verify');
  const options = { rpc: chain.node.url, attestation: join(directory, ATTESTATION_FILE), registry: chain.deployment.registry };
  const chosen = [files[0], files[Math.floor(files.length / 2)], files[files.length - 1]] as string[];
  let verified = 0;
  for (const [place, file] of chosen.entries()) {
    const { report, currency } = await verifyReceiptFile(file, options);
    if (place === 0) printVerification(output, report, currency);
    else output.say(`${file}: ${report.verdict}`);
    if (report.verdict === 'verified') verified += 1;
  }
  if (verified !== chosen.length) throw new ForgeryAcceptedError(`${chosen.length - verified} honest receipts did not verify`);

  const honest = parseReceipt(await readFile(chosen[1] as string, 'utf8'));
  const [first, ...others] = honest.holdings;
  const changed = first === undefined ? [{ index: 0, quantity: 1n }] : [{ ...first, quantity: first.quantity + 1n }, ...others];
  const file = join(directory, 'tampered-receipt.json');
  await writeFileAtomically(file, serializeReceipt({ ...honest, holdings: changed }), SECRET_FILE);
  const { report } = await verifyReceiptFile(file, options);
  const failing = report.steps.find((step) => step.outcome === 'failed');
  output.say(`one balance changed by one quantum: ${report.verdict}${failing === undefined ? '' : ` (${failing.title})`}`);
  if (report.verdict !== 'not-verified' || failing?.id !== 'root') throw new ForgeryAcceptedError('a changed receipt was not refused at the root');
  return { verified, refused: 1 };
}

/** A venue of one batch hides its accounts under water: the close circuit refuses, and so does the registry. */
async function refuseForgery(output: Output, circuits: CircuitSelection, honest: Attestation, chain: DemoChain, now: number): Promise<void> {
  heading(output, 'A venue lies');
  const { snapshot } = await chain.client.openSnapshot();
  const stored = demoVenue('clearproof forgery', FORGED_ACCOUNTS, now);
  const shape = epochShape(circuits.chosen, stored.market, circuits.catalogue);
  const prover = new ProverPool({ backend: 'snarkjs', keysDirectory: buildPath('keys') }, { workers: 1 });
  try {
    const { attestation, closeRefusal } = await forgeEpoch(prover, shape, stored, honest, snapshot.epoch);
    output.say('a batch that claims accounts under water are healthy: provable, since a batch does not know prices');
    output.say(`its close: refused (${closeRefusal})`);
    await chain.acceptMarket(attestation.market);
    const reason = await revertReasonOf(() => publishEpoch(chain.operator, chain.deployment, attestation));
    output.say(`submitted with the close of the last epoch: refused by the registry (${reason})`);
    if (reason !== 'CloseProofRejected') throw new ForgeryAcceptedError(`the registry refused for another reason: ${reason}`);
  } finally {
    await prover.close();
  }
}

async function revertReasonOf(send: () => Promise<unknown>): Promise<string> {
  try {
    await send();
  } catch (error) {
    if (error instanceof ContractRevertedError) return error.errorName ?? 'no reason';
    throw error;
  }
  throw new ForgeryAcceptedError('the registry accepted a forged epoch');
}

async function constraintsOf({ batches, close }: Attestation): Promise<number> {
  const count = async (name: string): Promise<number> => {
    const file = buildPath('circuits', name, `${name}.r1cs`);
    return parseR1cs(await readFile(file), file).constraints;
  };
  const counts = await Promise.all([...batches, ...(close.parts?.proofs ?? []), close].map(({ circuit }) => count(circuit)));
  return counts.reduce((sum, constraints) => sum + constraints, 0);
}

function heading(output: Output, title: string): void {
  output.say();
  output.say(`== ${title}`);
}
