import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { findCircuit, type CircuitDefinition } from '../groth16/circuit-list.js';
import { ProverPool } from '../groth16/prover-pool.js';
import { batchNamed, epochShape } from '../proving/epoch-shape.js';
import { planEpoch } from '../proving/epoch-plan.js';
import { epochStatements } from '../proving/epoch-statements.js';
import { batchCost } from '../proving/proof-costs.js';
import { ProcessWatch } from './bench-processes.js';
import type { PoolFigures } from './bench-service-report.js';
import { SERVICE_CIRCUITS } from './bench-service-stages.js';
import { benchAccounts, benchTable } from './bench-service-venue.js';
import { KEYS_DIRECTORY } from './keys.js';

/** Of the tests: their keys are made by `make keys`. */
const SMALL_CIRCUITS = ['solvency-batch-n32-k8-s8', 'solvency-close-u32-s8'] as const;
const BATCHES = 4;
const POOLS = [1, 2] as const;
const VENUE = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };

/** Proofs of a few batches, and what one account's proof takes in the circuit of the large epoch. */
export interface SampledProofs {
  readonly pools: readonly PoolFigures[];
  /** Core seconds; computed from constraints where the circuit that was proven is a smaller one. */
  readonly coreSecondsAnAccount: number;
}

/** Proves a small epoch's batches with one and with two processes; each pool is warm before it is timed. */
export async function sampleProofs(catalogue: readonly CircuitDefinition[], say: (text: string) => void): Promise<SampledProofs> {
  const [batch, close] = (await hasKey(SERVICE_CIRCUITS[0])) ? SERVICE_CIRCUITS : SMALL_CIRCUITS;
  const table = benchTable(batch === SERVICE_CIRCUITS[0] ? 16 : 8);
  const shape = epochShape([batch, close].map((name) => findCircuit(catalogue, name)), table);
  const { N } = batchNamed(shape, batch).shape;
  const poseidon = await bulkPoseidon();
  const plan = planEpoch(poseidon, { accounts: [...benchAccounts(table, BATCHES * N)] }, table, shape, VENUE, 1);
  const statements = epochStatements(poseidon, plan);
  const pools: PoolFigures[] = [];
  let coreSecondsEach = 0;
  for (const processes of POOLS) {
    say(`proving ${BATCHES} batches of ${batch} with ${processes} ${processes === 1 ? 'process' : 'processes'}`);
    const pool = new ProverPool({ backend: 'snarkjs', keysDirectory: KEYS_DIRECTORY }, { workers: processes, threads: 'one' });
    const watch = new ProcessWatch(() => pool.processIds);
    try {
      await Promise.all(Array.from({ length: processes }, () => pool.prove(batch, statements.batchInput(0))));
      const [started, before] = [performance.now(), await watch.coreSeconds()];
      await Promise.all(plan.batches.slice(0, BATCHES).map((_, place) => pool.prove(batch, statements.batchInput(place))));
      const seconds = (performance.now() - started) / 1000;
      const after = await watch.coreSeconds();
      coreSecondsEach = before === undefined || after === undefined ? seconds / BATCHES : (after - before) / BATCHES;
      pools.push({ measured: true, processes, circuit: batch, proofs: BATCHES, secondsEach: seconds / BATCHES, accountsPerSecond: (BATCHES * N) / seconds });
    } finally {
      await watch.stop();
      await pool.close();
    }
  }
  return { pools, coreSecondsAnAccount: (coreSecondsEach / N) * constraintRatio(batch, catalogue) };
}

/** Constraints of an account in the large epoch's circuit over those in the circuit that was proven. */
function constraintRatio(proven: string, catalogue: readonly CircuitDefinition[]): number {
  const perAccount = (names: readonly [string, string], scenarios: 8 | 16): number => {
    const shape = epochShape(names.map((name) => findCircuit(catalogue, name)), benchTable(scenarios));
    const circuit = batchNamed(shape, names[0]);
    return batchCost(circuit, shape.depth) / circuit.shape.N;
  };
  return proven === SERVICE_CIRCUITS[0] ? 1 : perAccount(SERVICE_CIRCUITS, 16) / perAccount(SMALL_CIRCUITS, 8);
}

async function hasKey(circuit: string): Promise<boolean> {
  return access(join(KEYS_DIRECTORY, `${circuit}.zkey`)).then(() => true, () => false);
}
