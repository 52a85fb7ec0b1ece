import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { madeMessages, votesOf } from '../../../chain/gateway-client.js';
import { findCircuit } from '../../../groth16/circuit-list.js';
import { syntheticAccounts } from '../../../margin/synthetic/synthetic-venue.js';
import { withAccountProver } from '../../account/account-prover.js';
import { withTransitionProver } from '../../clearing/transition-prover.js';
import { newOwner } from '../../owner.js';
import { readOwnerFile } from '../../owner-file.js';
import type { Output } from '../../output.js';
import { selectCircuits } from '../../prove.js';
import type { Runner } from '../../runner.js';
import { exampleTable, readDemoRisk } from '../demo-board.js';
import { startDemoChain } from '../demo-chain.js';
import { listClearing, proposeHouse } from '../demo-clearing-venue.js';
import { demoFolders } from '../demo-folders.js';
import { SET_UP_SECONDS, acceptDemoTable } from '../demo-market.js';
import { CLEARING_TIMELOCK } from '../demo-traded.js';
import { clearingStage } from '../demo-trader.js';
import { setVaultRules } from '../demo-users.js';
import { heading } from '../demo-steps.js';
import { DEMO_SLOTS } from '../demo-venue.js';
import { DemoRelayer, DemoValidators, type DemoRoute } from './carriers.js';
import { CrossChainReport } from './crosschain-report.js';
import { TRAVELLER, depositElsewhere, openConsumer, orderThroughCrash, proveEpoch, tradeAtHome, travellersAccount, type CrossChainStage } from './crosschain-steps.js';
import { closeWithHome, letStand, stopGateways } from './crosschain-fall.js';
import { MARGIN_CIRCUIT, deployCrossChainVenue, type CrossChainVenue } from './crosschain-venue.js';
import { deployEnds, startOther, synchronise } from './ends.js';

const CIRCUITS = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8';
const TABLE_CIRCUIT = 'market-table-u32-s8';
const ACCOUNT_CIRCUITS = [MARGIN_CIRCUIT, 'account-exit-k8-s8-d3', 'account-signer', 'row-mark-s8', 'account-inclusion-k8-d3', 'account-transition-k8-s8'];
/** With the traveller one batch. */
const ACCOUNTS = 31;
/** Base units of the claims' row that the traveller has, and nothing else. */
const TRAVELLERS = 5_000_000_000n;

export function addCrossChainDemo(program: Command, run: Runner): void {
  program.command('demo-crosschain')
    .description('one margin on two local chains over Hyperlane: an epoch opens a contract on the other chain, collateral there backs a trade here, and both close when either fails')
    .option('--build <folder>', 'take keys/, contracts/ and hyperlane/ of this folder, and leave files there (default: build)')
    .addHelpText('after', '\nExample:\n  clearproof demo-crosschain')
    .action(run(async (output, options: { build?: string }) => {
      const folders = demoFolders('demo-crosschain', options.build);
      const report = new CrossChainReport(output, folders.report);
      await rm(folders.work, { recursive: true, force: true });
      const risk = await readDemoRisk();
      const here = await startDemoChain(risk.prices.time - SET_UP_SECONDS - CLEARING_TIMELOCK);
      const there = await startOther(here.connection);
      try {
        await report.timed('all', () => show(output, report, { here, there, folders, risk }));
      } finally {
        output.say(`figures in ${await report.write()}`);
        for (const { connection, node } of [here, there]) {
          connection.close();
          await node.stop();
        }
      }
      output.result(report.figures());
    }));
}

interface DemoParts {
  readonly here: Awaited<ReturnType<typeof startDemoChain>>;
  readonly there: Awaited<ReturnType<typeof startOther>>;
  readonly folders: ReturnType<typeof demoFolders>;
  readonly risk: Awaited<ReturnType<typeof readDemoRisk>>;
}

async function show(output: Output, report: CrossChainReport, { here, there, folders, risk }: DemoParts): Promise<void> {
  heading(output, 'Two chains, Hyperlane\'s contracts on both');
  const circuits = await selectCircuits(CIRCUITS);
  const names = [...circuits.chosen.map(({ name }) => name), TABLE_CIRCUIT, ...ACCOUNT_CIRCUITS];
  const ends = await deployEnds(here, there, { hyperlane: join(folders.contracts, '..', 'hyperlane'), contracts: folders.contracts }, report);
  const venue = await deployCrossChainVenue(ends, risk, names, folders, report);
  await setVaultRules(venue.chain);
  await proposeHouse(venue.chain);
  const accepted = await report.timed('boards and tables', () => acceptDemoTable(output, venue.chain, risk, findCircuit(circuits.catalogue, TABLE_CIRCUIT), () => listClearing(venue.chain, risk, exampleTable(risk))));
  await synchronise(ends);
  const owner = await newOwner(join(folders.work, 'traveller.json'), 'demo signing key');
  const stored = {
    market: accepted.table,
    snapshot: { accounts: [
      ...syntheticAccounts(accepted.table, { seed: 'clearproof crosschain', accounts: ACCOUNTS, slots: DEMO_SLOTS }),
      { userId: TRAVELLER, subAccount: 0, owner, holdings: [{ index: venue.row, quantity: TRAVELLERS }] },
    ] },
  };
  const stage: CrossChainStage = { output, report, venue, circuits, stored, initial: accepted.initial };
  const validators = await DemoValidators.start(ends, join(folders.work, 'relay'));
  const start = (state: string): Promise<DemoRelayer> => DemoRelayer.start(ends, routesOf(venue), join(folders.work, 'relay'), state);
  let relayer = await start('first');
  try {
    await report.timed('deposits and claims', () => depositElsewhere(stage, relayer));
    const { published, folder } = await proveEpoch(stage, 1);
    report.check('an epoch whose collateral is partly on chain 2 is covered, and opens the gate', published.record.covered && published.gate === 'OPEN', published.gate);
    report.spent('registry: submitEpoch', published.receipt.gasUsed);
    const owned = await travellersAccount(folder, await readOwnerFile(join(folders.work, 'traveller.json')));
    await withAccountProver(output, folders.keys, async (prover) => {
      const { write } = await report.timed('consumer on chain 2', () => openConsumer(stage, relayer, prover, owned));
      await withTransitionProver(output, folders.keys, (transitions) => tradeAtHome(stage, clearingStage(venue.chain, transitions, stage.initial), accepted.boards));
      relayer = await report.timed('order through a crash', () => orderThroughCrash(stage, relayer, () => start('second')));
      await report.timed('epoch stands', () => letStand(stage, relayer));
      await report.timed('venue goes bad', () => closeWithHome(stage, relayer, write));
      report.taken(await takenMessages(venue));
      await relayer.kill();
      await report.timed('gateways stop', () => stopGateways(stage, prover, owned));
    });
  } finally {
    await relayer.kill();
    await validators.stop();
  }
}

function routesOf({ ends: { home, other }, chain: { deployment }, beacon, mirror, hub, satellite, satelliteId }: CrossChainVenue): readonly DemoRoute[] {
  const satelliteOf = String(satelliteId);
  return [
    { name: 'beacon', from: home, to: other, origin: beacon, recipient: mirror, keep: { kind: 'mirror', venueId: String(deployment.venueId) } },
    { name: 'satellite', from: other, to: home, origin: satellite, recipient: hub, keep: { kind: 'hub', satelliteId: satelliteOf } },
    { name: 'hub', from: home, to: other, origin: hub, recipient: satellite, keep: { kind: 'satellite', satelliteId: satelliteOf } },
  ];
}

/** How many messages of each kind their recipients took. */
async function takenMessages(venue: CrossChainVenue): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { from, to, origin, recipient } of routesOf(venue)) {
    const { provider, chainId } = from.connection;
    for (const { payloadHash, envelope: { kind } } of await madeMessages(provider, origin, 0, await provider.getBlockNumber())) {
      if ((await votesOf(to.connection.provider, recipient, { chainId, origin }, payloadHash)).taken) counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}
