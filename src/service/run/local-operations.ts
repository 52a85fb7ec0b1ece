import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { ReportShape } from '../../margin/snapshot-report.js';
import { findCircuit, type CircuitDefinition } from '../../groth16/circuit-list.js';
import { parameterOf } from '../../proving/circuit-advice.js';
import { connectForService } from '../config/check-live.js';
import { StoreOperations } from '../store-operations.js';
import type { HealthProbes } from '../service-health.js';
import type { ServiceHealth } from '../operations.js';
import type { ServiceParts } from './service-parts.js';

/** How long the chain's last answer is good for, milliseconds: health may be asked many times a second. */
const REMEMBERED_MILLISECONDS = 10_000;

/** The operations over an open store. */
export async function localOperations({ checked, program, store, desk }: ServiceParts): Promise<StoreOperations> {
  const { config, deployment } = checked;
  return new StoreOperations({
    database: store.database, steps: store.steps, venue: store.venue, venueId: deployment.venueId, registry: deployment.registry,
    circuits: config.venue.circuits,
    shape: widestShape(config.venue.circuits.map((name) => findCircuit(program.catalogue, name))),
    poseidon: await bulkPoseidon(), receipts: desk, probes: healthProbes(checked),
  });
}

/** What the batch circuits can hold between them. */
function widestShape(circuits: readonly CircuitDefinition[]): ReportShape {
  const batches = circuits.filter(({ template }) => template === 'SolvencyBatch');
  const most = (name: string): number => Math.max(0, ...batches.map((batch) => parameterOf(batch, name)));
  return { slots: most('K'), tieredSlots: most('T'), excessBits: most('W') };
}

/** The keys were checked before anything started: they cannot change under a process that pinned them. */
function healthProbes({ config, deployment, keys }: ServiceParts['checked']): HealthProbes {
  let last: { readonly at: number; readonly state: Promise<ServiceHealth['chain']> } | undefined;
  const look = async (): Promise<ServiceHealth['chain']> => {
    if (config.chain.rpcUrl === undefined) return 'not configured';
    const connection = await connectForService(config, deployment.chainId);
    connection.close();
    return 'ok';
  };
  return {
    chain: () => {
      if (last === undefined || performance.now() - last.at > REMEMBERED_MILLISECONDS) {
        last = { at: performance.now(), state: look().catch(() => 'unavailable' as const) };
      }
      return last.state;
    },
    keys: () => Promise.resolve('ok'),
    insecureKeys: keys.some(({ insecure }) => insecure),
  };
}
