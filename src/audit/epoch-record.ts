import type { Attestation } from '../attestation/attestation.js';
import type { CircuitKey, OnChainRecord } from '../attestation/on-chain-record.js';
import { detailHashOf } from '../chain/history/read-epochs.js';
import type { EpochCircuitIds, HistoryEpoch, VenueHistory } from '../chain/history/venue-history.js';
import { circuitIdOf } from '../commitment/digest.js';

/** Words and circuits of an epoch, which the stored record binds by hash only. */
export type EpochDetail = { readonly words: readonly bigint[]; readonly circuits: EpochCircuitIds };

/** What the registry recorded of an epoch, as verification takes it. Undefined where the node did not give words, table or a circuit's key. */
export function recordOf(history: VenueHistory, { epoch, record, market, announcement }: HistoryEpoch, detail: EpochDetail | undefined = announcement): OnChainRecord | undefined {
  if (detail === undefined || market === undefined) return undefined;
  const { chainId, registry, venueId, base, config } = history;
  const keys = new Map(history.circuits.map(({ circuitId, verificationKeyHash, developmentKey }): [bigint, CircuitKey] => [circuitId, { circuitId, verificationKeyHash, insecure: developmentKey }]));
  const keysOf = (ids: readonly bigint[]): CircuitKey[] => ids.flatMap((id) => keys.get(id) ?? []);
  const { batches, parts, close } = detail.circuits;
  const [closeCircuit] = keysOf([close]);
  const [batchCircuits, partCircuits] = [keysOf(batches), keysOf(parts)];
  if (closeCircuit === undefined || batchCircuits.length !== batches.length || partCircuits.length !== parts.length) return undefined;
  const { marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall, snapshotTime, acceptedAt, covered } = record;
  return {
    chainId, registry, venueId, epoch, base, marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall,
    words: [...detail.words], snapshotTime, acceptedAt, marketTime: market.snapshotTime, valueScale: config.valueScale, covered,
    batchCircuits, partCircuits, closeCircuit,
  };
}

/** Words and circuits from an attestation, where the node lost the event; undefined where they do not have the recorded hash. */
export function detailFrom({ words, batches, close }: Attestation, { record }: HistoryEpoch): EpochDetail | undefined {
  const circuits: EpochCircuitIds = {
    batches: batches.map(({ circuit }) => circuitIdOf(circuit)), parts: (close.parts?.proofs ?? []).map(({ circuit }) => circuitIdOf(circuit)), close: circuitIdOf(close.circuit),
  };
  return detailHashOf(words, circuits) === record.detailHash ? { words, circuits } : undefined;
}
