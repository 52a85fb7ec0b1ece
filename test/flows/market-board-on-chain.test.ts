import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { submissionOf } from '../../src/chain/attested-submission.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { passTime } from '../../src/chain/test-chain.js';
import { HEARTBEAT, MIN_TIMELOCK, acceptTable, exampleTable, setUpBoards, tableOf, type DemoBoards } from '../../src/cli/demo/demo-board.js';
import { deployDemoVenue, fundDemoVenue, startDemoChain, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { findCircuit, readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import type { Prover } from '../../src/groth16/prover.js';
import { createProver } from '../../src/groth16/prover-config.js';
import { syntheticAccounts } from '../../src/margin/synthetic/synthetic-venue.js';
import { planEpoch } from '../../src/proving/epoch-plan.js';
import { epochShape } from '../../src/proving/epoch-shape.js';
import { epochStatements } from '../../src/proving/epoch-statements.js';
import { proveMarketTable, type ProvenTable } from '../../src/proving/prove-market-table.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { BOARD_TIME, boardRisk } from '../builders/board-risk.js';
import { PLAIN_TABLE } from '../builders/market-table.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { assertReverts } from './support/venue-on-chain.js';

const SNAPSHOT = 'test/snapshots/gas-boards.json';
const UPDATE = 'UPDATE_SNAPSHOTS=1 node_modules/.bin/mocha test/flows/market-board-on-chain.test.ts';
/** Per mille: calldata of proofs has more or fewer zero bytes from run to run. */
const TOLERANCE = 5;
const SLOTS = 3;

describe('a market table with a real proof, on boards on a real chain', function () {
  this.timeout(300_000);
  const risk = boardRisk();
  let poseidon: Poseidon;
  let prover: Prover;
  let catalogue: readonly CircuitDefinition[];
  let folder: string;
  let chain: DemoChain;
  let boards: DemoBoards;
  let table: MarketTable;
  let proven: ProvenTable;
  const gas: Record<string, number> = {};

  const prove = (one: MarketTable): Promise<ProvenTable> => {
    const { chainId, registry, venueId } = chain.deployment;
    return proveMarketTable(prover, poseidon, { chainId, registry, venueId }, findCircuit(catalogue, PLAIN_TABLE.circuit), one);
  };
  /** Runs on the chain as it is now and puts it back. */
  const apart = async (work: () => Promise<void>): Promise<void> => {
    const checkpoint: unknown = await chain.connection.provider.send('evm_snapshot', []);
    await work();
    assert.equal(await chain.connection.provider.send('evm_revert', [checkpoint]), true);
  };

  before(async () => {
    poseidon = await bulkPoseidon();
    prover = createProver({ backend: 'snarkjs', keysDirectory: 'build/keys' });
    catalogue = await readCircuitList();
    folder = await mkdtemp(join(tmpdir(), 'clearproof-boards-'));
    const { node, connection } = await startDemoChain(BOARD_TIME - 3 * MIN_TIMELOCK);
    chain = await deployDemoVenue(node, connection, {
      circuits: [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, PLAIN_TABLE.circuit], table: exampleTable(risk), markets: { minTimelock: MIN_TIMELOCK },
      file: join(folder, 'deployment.json'),
    });
    boards = await setUpBoards(chain, risk);
    table = tableOf(boards);
    proven = await prove(table);
  });
  after(async () => {
    (chain as DemoChain | undefined)?.connection.close();
    await (chain as DemoChain | undefined)?.node.stop();
    await rm(folder, { recursive: true, force: true });
    await prover.close();
    await releaseCurves();
  });

  it('is accepted with signed volatilities, and an epoch over it opens the gate', async () => {
    gas[`updatePrices, ${boards.round.prices.length} feeds`] = Number(boards.gas.updatePrices);
    gas[`acceptMarket, ${table.rows.length} rows`] = Number(await acceptTable(chain, boards, table, proven));
    assert.deepEqual(await boards.markets.acceptanceOf(proven.signals.marketCommitment), { round: boards.round.id, volatilities: 'signed' });

    const accounts = syntheticAccounts(table, { seed: 'boards', accounts: 16, slots: SLOTS });
    await fundDemoVenue(chain, { snapshot: { accounts }, market: table });
    const { snapshot } = await chain.client.openSnapshot();
    const shape = epochShape([TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit].map((name) => findCircuit(catalogue, name)), table);
    const { chainId, registry, venueId } = chain.deployment;
    const plan = planEpoch(poseidon, { accounts }, table, shape, { chainId, registry, venueId }, snapshot.epoch);
    const statements = epochStatements(poseidon, plan);
    const batches = [];
    for (const [place, { circuit }] of plan.batches.entries()) {
      const { proof } = await prover.prove(circuit, statements.batchInput(place));
      batches.push({ circuit, proof, accumulatorAfter: statements.batchSignals[place]?.accumulatorAfter as bigint });
    }
    const close = await prover.prove(TEST_SHAPE.closeCircuit, statements.closeInput());
    const { accountsRoot, accountsBound, unhealthyBound, shortfall } = statements.closeSignals;
    await chain.client.submitEpoch(submissionOf({
      epoch: snapshot.epoch, genesisAccumulator: statements.genesisAccumulator, batches, words: statements.words,
      close: { circuit: TEST_SHAPE.closeCircuit, proof: close.proof, accountsRoot, accountsBound, unhealthyBound, shortfall, parts: undefined },
    }, proven.signals.marketCommitment));
    assert.equal(await chain.client.gateMode(), 'OPEN');
    const record = await readOnChainRecord(chain.connection.provider, registry, venueId, 1);
    assert.deepEqual([record.marketCommitment, record.marketTime, record.covered], [proven.signals.marketCommitment, table.snapshotTime, true]);
  });

  it('is refused a second time, for one table of a round and level is enough', async () => {
    await assertReverts(acceptTable(chain, boards, table, proven), 'MarketExists');
  });

  it('is refused with a price that no feed gave, though its proof holds', async () => {
    await apart(async () => {
      const { round } = await boards.prices.updatePrices();
      const later = { ...boards, round };
      const doubled = tableOf(later, new Map([['BTC-USD', 2n * (round.prices[1] as bigint)]]));
      await assertReverts(acceptTable(chain, later, doubled, await prove(doubled)), 'TableProofRejected');
    });
  });

  it('is refused with parameters other than the active ones', async () => {
    await apart(async () => {
      const { round } = await boards.prices.updatePrices();
      const later = { ...boards, round };
      const words = boards.parameters.words.map((word, row) => (row === 1 ? word - 1n : word));
      await assertReverts(acceptTable(chain, { ...later, parameters: { ...boards.parameters, words } }, tableOf(later), await prove(tableOf(later))), 'NotTheActiveParameters');
    });
  });

  it('is refused with charges lower than the active parameters give, though its proof holds', async () => {
    await apart(async () => {
      const { round } = await boards.prices.updatePrices();
      const later = { ...boards, round };
      const lenient = boardRisk({ haircut: '0.01' });
      const changed = tableOf({ ...later, risk: lenient });
      await assertReverts(acceptTable(chain, later, changed, await prove(changed)), 'TableProofRejected');
    });
  });

  it('cannot be made when a price is stale: the board opens no round, and stops new risk before liquidation, never exits', async () => {
    await apart(async () => {
      await passTime(chain.operator, HEARTBEAT + 1);
      await assertReverts(boards.prices.updatePrices(), 'PriceTooOld');
      const allowed = async (): Promise<boolean[]> => [await boards.prices.allows('new-risk'), await boards.prices.allows('liquidation'), await boards.prices.allows('exit')];
      assert.deepEqual(await allowed(), [false, true, true]);
      await passTime(chain.operator, HEARTBEAT);
      assert.deepEqual(await allowed(), [false, false, true]);
    });
  });

  it('costs the gas of the snapshot', () => {
    if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(SNAPSHOT, `${JSON.stringify(gas, null, 2)}\n`);
    const expected = JSON.parse(readFileSync(SNAPSHOT, 'utf8')) as Record<string, number>;
    assert.deepEqual(Object.keys(gas), Object.keys(expected), `the snapshot has other entries; if that is meant: ${UPDATE}`);
    const wrong = Object.entries(gas).filter(([entry, used]) => Math.abs(used - (expected[entry] as number)) * 1_000 > TOLERANCE * (expected[entry] as number));
    assert.deepEqual(wrong, [], `if that is meant: ${UPDATE}`);
  });
});
