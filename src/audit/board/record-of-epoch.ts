import type { CircuitKey, OnChainRecord } from '../../attestation/on-chain-record.js';
import type { VenueHistory } from '../../chain/history/venue-history.js';

/** What the registry recorded of an epoch, as verification takes it. Undefined where the node did not give all of it. */
export function recordOfEpoch(history: VenueHistory, number: number): OnChainRecord | undefined {
  const epoch = history.epochs.find((one) => one.epoch === number);
  if (epoch?.announcement === undefined || epoch.market === undefined) return undefined;
  const { record, announcement, market } = epoch;
  const { words, circuits } = announcement;
  const keys = new Map(history.circuits.map(({ circuitId, verificationKeyHash, developmentKey }) => [circuitId, { circuitId, verificationKeyHash, insecure: developmentKey }]));
  const keysOf = (ids: readonly bigint[]): CircuitKey[] => ids.flatMap((id) => keys.get(id) ?? []);
  const [closeCircuit] = keysOf([circuits.close]);
  const [batchCircuits, partCircuits] = [keysOf(circuits.batches), keysOf(circuits.parts)];
  if (closeCircuit === undefined || batchCircuits.length !== circuits.batches.length || partCircuits.length !== circuits.parts.length) return undefined;
  const { chainId, registry, venueId, base, config } = history;
  const { marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall, snapshotTime, acceptedAt, covered } = record;
  return {
    chainId, registry, venueId, epoch: number, base, marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall,
    words, snapshotTime, acceptedAt, marketTime: market.snapshotTime, valueScale: config.valueScale, covered, batchCircuits, partCircuits, closeCircuit,
  };
}
