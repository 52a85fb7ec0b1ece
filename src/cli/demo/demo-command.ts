import { join } from 'node:path';
import { rm, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Attestation } from '../../attestation/attestation.js';
import { parseReceipt, serializeReceipt } from '../../attestation/receipt-format.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { ProverPool } from '../../groth16/prover-pool.js';
import { findCircuit } from '../../groth16/circuit-list.js';
import { parseR1cs } from '../../groth16/r1cs.js';
import { syntheticAccounts } from '../../margin/synthetic/synthetic-venue.js';
import { reportSnapshot } from '../../margin/snapshot-report.js';
import { epochShape } from '../../proving/epoch-shape.js';
import { withAccountProver } from '../account/account-prover.js';
import { newOwner } from '../owner.js';
import { bigintAsText, type Output } from '../output.js';
import { buildPath } from '../project.js';
import { selectCircuits, type CircuitSelection } from '../prove.js';
import { ATTESTATION_FILE, publishEpoch, type Published } from '../publish.js';
import type { Runner } from '../runner.js';
import { printReport } from '../snapshot.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import { printVerification, verifyReceiptFile } from '../verify.js';
import { MIN_TIMELOCK, exampleTable, readDemoRisk, type DemoRisk } from './demo-board.js';
import { deployDemoVenue, fundDemoVenue, fundFor, startDemoChain, stateTable, type DemoChain, type DemoDeployment } from './demo-chain.js';
import { SET_UP_SECONDS, acceptDemoTable, refuseStalePrices, type AcceptedTable, type MarketFigures } from './demo-market.js';
import { demoFolders } from './demo-folders.js';
import { showExits, type ExitFigures } from './demo-exits.js';
import { showPayouts, type AccountStage, type PayoutFigures } from './demo-payouts.js';
import { DEMO_DISPUTES, showChallenge, signPromise, type ChallengeFigures } from './demo-challenge.js';
import { serveEpoch, type DemoVenue, type ServedEpoch } from './demo-epoch.js';
import { servePublicFace, showPublicFace, type PublicFigures } from './demo-public.js';
import { DemoService } from './demo-service.js';
import { heading, refusalOf } from './demo-steps.js';
import { DEMO_RULES, fundVault, makeDemoUsers } from './demo-users.js';
import { DEMO_SLOTS, demoVenue, realVenue } from './demo-venue.js';
import { ForgeryAcceptedError, forgeEpoch } from './forgery.js';

const CIRCUITS = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8';
const TABLE_CIRCUIT = 'market-table-u32-s8';
const ACCOUNT_CIRCUITS = ['account-margin-k8-s8-d3', 'account-exit-k8-s8-d3', 'account-signer', 'row-mark-s8', 'account-inclusion-k8-d3'];
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
  /** Of all proofs of the epoch, the market table's left out. */
  readonly constraints: number;
  readonly proveSeconds: number;
  readonly gas: { readonly submitEpoch: bigint; readonly updatePrices?: bigint; readonly acceptMarket?: bigint };
  readonly gate: string;
  readonly covered: boolean;
  readonly receipts: { readonly verified: number; readonly refused: number };
  readonly forgery: 'refused';
  readonly public: PublicFigures;
  /** Absent for a venue without one to answer to. */
  readonly challenge?: ChallengeFigures;
  /** Absent for a venue whose reserves are in an escrow. */
  readonly vault?: VaultFigures;
  /** Absent for accounts under a table that was stated. */
  readonly market?: MarketFigures;
}

/** Figures of what owners did with their proofs. */
interface VaultFigures {
  readonly setUp: { readonly setRules: bigint; readonly deposit: bigint };
  readonly payouts: PayoutFigures;
  readonly exits: ExitFigures;
}

export function addDemoCommand(program: Command, run: Runner): void {
  program.command('demo')
    .description('one epoch end to end on a local chain: prices, proofs, publication, verification, payouts, exits, and forgeries refused')
    .option('--real <folder>', 'take 512 accounts of the published Mango file from this data folder')
    .option('--build <folder>', 'take keys/ and contracts/ of this folder, and leave files there (default: build)')
    .addHelpText('after', '\nExample:\n  clearproof demo')
    .action(run(async (output, options: { real?: string; build?: string }) => {
      const circuits = await selectCircuits(CIRCUITS);
      const risk = options.real === undefined ? await readDemoRisk() : undefined;
      // The example's options must not have expired, whenever this runs.
      const { node, connection, now } = await startDemoChain(risk === undefined ? undefined : risk.prices.time - SET_UP_SECONDS);
      try {
        const name = options.real === undefined ? 'demo' : 'demo-real';
        const folders = demoFolders(name, options.build);
        const { work, report: reports } = folders;
        await rm(work, { recursive: true, force: true });
        const deploy: Deploy = (demo) => deployDemoVenue(node, connection, { ...demo, folders, file: join(work, 'deployment.json') });
        const venue = risk === undefined
          ? await statedVenue(options.real as string, now, deploy, circuits.chosen.map((one) => one.name))
          : await boardVenue(output, risk, circuits, deploy, work);
        const snapshot = await snapshotWithOwners(output, work, venue);
        const setUp = venue.users === undefined ? undefined : await fundVault(venue.chain, snapshot, venue.users, fundFor(snapshot));
        if (setUp === undefined) await fundDemoVenue(venue.chain, snapshot);
        const report = await runEpoch(output, circuits, { ...venue, stored: snapshot }, setUp);
        await writeFileAtomically(join(reports, `${name}.json`), `${JSON.stringify(report, bigintAsText, 2)}\n`);
        output.say(`figures in ${join(reports, `${name}.json`)}`);
        await servePublicFace(output, venue.chain);
        output.result(report);
      } finally {
        connection.close();
        await node.stop();
      }
    }));
}

type Deploy = (demo: Omit<DemoDeployment, 'file' | 'folders'>) => Promise<DemoChain>;

/** Published accounts under published haircuts, which nobody gives on chain: the table is stated. */
async function statedVenue(data: string, now: number, deploy: Deploy, circuits: readonly string[]): Promise<DemoVenue> {
  const stored = await realVenue(data, now);
  const chain = await deploy({ circuits, table: stored.market, markets: 'stated' });
  const liar = demoVenue('clearproof forgery', FORGED_ACCOUNTS, now);
  for (const { market } of [stored, liar]) await stateTable(chain, market);
  return { chain, stored, liar };
}

/** Made-up accounts under a table that the boards accepted. */
async function boardVenue(output: Output, risk: DemoRisk, circuits: CircuitSelection, deploy: Deploy, directory: string): Promise<DemoVenue> {
  const tableCircuit = findCircuit(circuits.catalogue, TABLE_CIRCUIT);
  const names = [...circuits.chosen.map((one) => one.name), TABLE_CIRCUIT, ...ACCOUNT_CIRCUITS];
  const reserves = { vault: { minTimelock: DEMO_RULES.timelock } };
  const chain = await deploy({ circuits: names, table: exampleTable(risk), markets: { minTimelock: MIN_TIMELOCK }, reserves, disputes: DEMO_DISPUTES });
  const accepted = await acceptDemoTable(output, chain, risk, tableCircuit);
  const { table: market } = accepted;
  const accountsOf = (seed: string, accounts: number): StoredSnapshot => ({ snapshot: { accounts: syntheticAccounts(market, { seed, accounts, slots: DEMO_SLOTS }) }, market });
  const stored = accountsOf('clearproof demo', ACCOUNTS);
  const users = await makeDemoUsers(directory, chain.operator, stored.snapshot.accounts, accepted.initial);
  return { chain, accepted, users, stored, liar: accountsOf('clearproof forgery', FORGED_ACCOUNTS) };
}

/** Gives users owners of their own making, and reports the snapshot. */
async function snapshotWithOwners(output: Output, directory: string, { stored, users }: DemoVenue): Promise<StoredSnapshot> {
  const owners = new Map(users?.map(({ place, account }) => [place, account.owner] as const)
    ?? [[0, await newOwner(join(directory, 'user', 'owner.json'), 'demo signing key')] as const]);
  const accounts = stored.snapshot.accounts.map((account, place) => ({ ...account, owner: owners.get(place) ?? account.owner }));
  const report = await reportSnapshot(accounts, stored.market, { slots: DEMO_SLOTS, excessBits: 84 });
  heading(output, 'Snapshot');
  printReport(output, report, stored.market);
  return { ...stored, snapshot: { accounts } };
}

async function runEpoch(
  output: Output, circuits: CircuitSelection, venue: DemoVenue, setUp: VaultFigures['setUp'] | undefined,
): Promise<DemoReport> {
  const { chain, stored: snapshot, accepted, users = [] } = venue;
  const [, , challenger] = users;
  const promise = challenger && await signPromise(chain, challenger);
  const service = await DemoService.start({ chain, circuits: circuits.chosen.map(({ name }) => name), proofProcesses: WORKERS });
  let epoch: ServedEpoch;
  try {
    epoch = await serveEpoch(output, service, chain.folders.work, venue);
  } finally {
    await service.stop();
  }
  const { attestation, proveSeconds, published, files } = epoch;
  const { record } = published;
  const receipts = await verifyReceipts(output, files, chain);
  const looked = await showPublicFace(output, chain);
  const challenge = challenger && promise && await showChallenge(output, chain, challenger, promise, circuits.catalogue);
  const vault = await withOwners(output, venue, async (stage) => {
    const payouts = stage === undefined ? undefined : await showPayouts(output, stage);
    await refuseForgery(output, circuits, attestation, venue);
    if (accepted !== undefined) await refuseStalePrices(output, chain, accepted.boards);
    return stage === undefined || payouts === undefined || setUp === undefined ? undefined : { setUp, payouts, exits: await showExits(output, stage) };
  });
  return {
    accounts: snapshot.snapshot.accounts.length,
    unhealthy: Number(record.unhealthyBound),
    shortfall: record.shortfall,
    batches: attestation.batches.length,
    constraints: await constraintsOf(attestation),
    proveSeconds,
    ...figuresOf(published, accepted),
    receipts,
    forgery: 'refused',
    public: looked,
    ...(challenge === undefined ? {} : { challenge }),
    ...(vault === undefined ? {} : { vault }),
  };
}

/** Runs what comes after publication, with a prover of the owners where the venue has a vault. */
async function withOwners<Result>(
  output: Output, { chain, users, accepted }: DemoVenue, work: (stage: AccountStage | undefined) => Promise<Result>,
): Promise<Result> {
  if (users === undefined || accepted === undefined) return work(undefined);
  return withAccountProver(output, chain.folders.keys, (prover) => work({ chain, users, prover, initial: accepted.initial }));
}

function figuresOf({ receipt, gate, record }: Published, accepted: AcceptedTable | undefined): Pick<DemoReport, 'gas' | 'gate' | 'covered' | 'market'> {
  const gas = { submitEpoch: receipt.gasUsed, ...(accepted === undefined ? {} : { ...accepted.boards.gas, acceptMarket: accepted.gasUsed }) };
  return { gas, gate, covered: record.covered, ...(accepted === undefined ? {} : { market: accepted.figures }) };
}

/** Three users verify; one of them changes a balance first and must be refused. */
async function verifyReceipts(output: Output, files: readonly string[], chain: DemoChain): Promise<DemoReport['receipts']> {
  heading(output, 'Users verify');
  const { work } = chain.folders;
  const options = { rpc: chain.node.url, attestation: join(work, ATTESTATION_FILE), registry: chain.deployment.registry };
  let verified = 0;
  for (const [place, file] of files.entries()) {
    const { report, currency } = await verifyReceiptFile(file, options);
    if (place === 0) printVerification(output, report, currency);
    else output.say(`${file}: ${report.verdict}`);
    if (report.verdict === 'verified') verified += 1;
  }
  if (verified !== files.length) throw new ForgeryAcceptedError(`${files.length - verified} honest receipts did not verify`);

  const honest = parseReceipt(await readFile(files[1] as string, 'utf8'));
  const [first, ...others] = honest.holdings;
  const changed = first === undefined ? [{ index: 0, quantity: 1n }] : [{ ...first, quantity: first.quantity + 1n }, ...others];
  const file = join(work, 'tampered-receipt.json');
  await writeFileAtomically(file, serializeReceipt({ ...honest, holdings: changed }), SECRET_FILE);
  const { report } = await verifyReceiptFile(file, options);
  const failing = report.steps.find((step) => step.outcome === 'failed');
  output.say(`one balance changed by one quantum: ${report.verdict}${failing === undefined ? '' : ` (${failing.title})`}`);
  if (report.verdict !== 'not-verified' || failing?.id !== 'root') throw new ForgeryAcceptedError('a changed receipt was not refused at the root');
  return { verified, refused: 1 };
}

/** A venue of one batch hides its accounts under water: the close circuit refuses, and so does the registry. */
async function refuseForgery(output: Output, circuits: CircuitSelection, honest: Attestation, { chain, liar: stored }: DemoVenue): Promise<void> {
  heading(output, 'A venue lies');
  const { snapshot } = await chain.client.openSnapshot();
  const shape = epochShape(circuits.chosen, stored.market, circuits.catalogue);
  const prover = new ProverPool({ backend: 'snarkjs', keysDirectory: chain.folders.keys }, { workers: 1 });
  try {
    const { attestation, closeRefusal } = await forgeEpoch(prover, shape, stored, honest, snapshot.epoch);
    output.say('a batch that claims accounts under water are healthy: provable, since a batch does not know prices');
    output.say(`its close: refused (${closeRefusal})`);
    const reason = await refusalOf('a forged epoch', () => publishEpoch(chain.operator, chain.deployment, attestation));
    output.say(`submitted with the close of the last epoch: refused by the registry (${reason})`);
    if (reason !== 'CloseProofRejected') throw new ForgeryAcceptedError(`the registry refused for another reason: ${reason}`);
  } finally {
    await prover.close();
  }
}

async function constraintsOf({ batches, close }: Attestation): Promise<number> {
  const count = async (name: string): Promise<number> => {
    const file = buildPath('circuits', name, `${name}.r1cs`);
    return parseR1cs(await readFile(file), file).constraints;
  };
  const counts = await Promise.all([...batches, ...(close.parts?.proofs ?? []), close].map(({ circuit }) => count(circuit)));
  return counts.reduce((sum, constraints) => sum + constraints, 0);
}
