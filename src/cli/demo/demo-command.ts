import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { findCircuit } from '../../groth16/circuit-list.js';
import { syntheticAccounts } from '../../margin/synthetic/synthetic-venue.js';
import { reportSnapshot } from '../../margin/snapshot-report.js';
import { withAccountProver } from '../account/account-prover.js';
import { newOwner } from '../owner.js';
import { bigintAsText, type Output } from '../output.js';
import { selectCircuits, type CircuitSelection } from '../prove.js';
import type { Published } from '../publish.js';
import type { Runner } from '../runner.js';
import { printReport } from '../snapshot.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import { MIN_TIMELOCK, exampleTable, readDemoRisk, type DemoRisk } from './demo-board.js';
import { deployDemoVenue, fundDemoVenue, fundFor, startDemoChain, stateTable, type DemoChain, type DemoDeployment } from './demo-chain.js';
import { SET_UP_SECONDS, acceptDemoTable, refuseStalePrices, type AcceptedTable, type MarketFigures } from './demo-market.js';
import { demoFolders } from './demo-folders.js';
import { showExits, type ExitFigures } from './demo-exits.js';
import { showPayouts, type AccountStage, type PayoutFigures } from './demo-payouts.js';
import { constraintsOf, refuseForgery, verifyReceipts } from './demo-checks.js';
import { listClearing, proposeHouse } from './demo-clearing-venue.js';
import { CLEARING_TIMELOCK } from './demo-traded.js';
import { showClearing, type ClearingFigures } from './demo-clearing.js';
import { DEMO_DISPUTES, showChallenge, signPromise, type ChallengeFigures } from './demo-challenge.js';
import { serveEpoch, type DemoVenue, type ServedEpoch } from './demo-epoch.js';
import { servePublicFace, showPublicFace, type PublicFigures } from './demo-public.js';
import type { LiquidationFigures } from './demo-liquidation.js';
import { DemoService } from './demo-service.js';
import { heading } from './demo-steps.js';
import { DEMO_RULES, fundVault, makeDemoUsers, setVaultRules } from './demo-users.js';
import { DEMO_SLOTS, demoVenue, realVenue } from './demo-venue.js';

const CIRCUITS = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8';
const TABLE_CIRCUIT = 'market-table-u32-s8';
const ACCOUNT_CIRCUITS = ['account-margin-k8-s8-d3', 'account-exit-k8-s8-d3', 'account-signer', 'row-mark-s8', 'account-inclusion-k8-d3', 'account-transition-k8-s8'];
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
  /** Absent for a venue without a clearing house, as is what it liquidates. */
  readonly clearing?: ClearingFigures;
  readonly liquidation?: LiquidationFigures;
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
    .description('one epoch end to end on a local chain: prices, proofs, publication, verification, payouts, trades that nobody sees, a crash and its liquidations, exits, and forgeries refused')
    .option('--real <folder>', 'take 512 accounts of the published Mango file from this data folder')
    .option('--build <folder>', 'take keys/ and contracts/ of this folder, and leave files there (default: build)')
    .addHelpText('after', '\nExample:\n  clearproof demo')
    .action(run(async (output, options: { real?: string; build?: string }) => {
      const circuits = await selectCircuits(CIRCUITS);
      const risk = options.real === undefined ? await readDemoRisk() : undefined;
      // The example's options must not have expired, whenever this runs.
      const { node, connection, now } = await startDemoChain(risk === undefined ? undefined : risk.prices.time - SET_UP_SECONDS - CLEARING_TIMELOCK);
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
        const deposit = venue.users === undefined ? undefined : await fundVault(venue.chain, snapshot, venue.users, fundFor(snapshot));
        if (deposit === undefined) await fundDemoVenue(venue.chain, snapshot);
        const report = await runEpoch(output, circuits, { ...venue, stored: snapshot }, { setRules: venue.setRules ?? 0n, deposit: deposit ?? 0n });
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
  const example = exampleTable(risk);
  const chain = await deploy({
    circuits: names, table: example, markets: { minTimelock: MIN_TIMELOCK }, reserves, disputes: DEMO_DISPUTES, clearing: { minTimelock: CLEARING_TIMELOCK },
  });
  const setRules = await setVaultRules(chain);
  await proposeHouse(chain);
  const accepted = await acceptDemoTable(output, chain, risk, tableCircuit, () => listClearing(chain, risk, example));
  const { table: market } = accepted;
  const accountsOf = (seed: string, accounts: number): StoredSnapshot => ({ snapshot: { accounts: syntheticAccounts(market, { seed, accounts, slots: DEMO_SLOTS }) }, market });
  const stored = accountsOf('clearproof demo', ACCOUNTS);
  const users = await makeDemoUsers(directory, chain.operator, stored.snapshot.accounts, accepted.initial);
  return { chain, accepted, users, stored, setRules, liar: accountsOf('clearproof forgery', FORGED_ACCOUNTS) };
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
  output: Output, circuits: CircuitSelection, venue: DemoVenue, setUp: VaultFigures['setUp'],
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
  const { vault, clearing, liquidation } = await withOwners(output, venue, async (stage) => {
    const payouts = stage === undefined ? undefined : await showPayouts(output, stage);
    await refuseForgery(output, circuits, attestation, venue);
    const cleared = accepted === undefined || chain.deployment.clearing === undefined ? undefined : await showClearing(output, chain, accepted);
    if (accepted !== undefined) await refuseStalePrices(output, chain, cleared?.boards ?? accepted.boards);
    const exits = stage === undefined ? undefined : await showExits(output, stage);
    return { clearing: cleared?.figures, liquidation: cleared?.liquidation, vault: payouts === undefined || exits === undefined ? undefined : { setUp, payouts, exits } };
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
    ...(clearing === undefined ? {} : { clearing }),
    ...(liquidation === undefined ? {} : { liquidation }),
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
