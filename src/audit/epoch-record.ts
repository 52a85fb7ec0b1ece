import type { Attestation } from '../attestation/attestation.js';
import type { CircuitKey, OnChainRecord } from '../attestation/on-chain-record.js';
import { detailHashOf } from '../chain/history/read-epochs.js';
import type { EpochCircuitIds, HistoryEpoch, VenueHistory } from '../chain/history/venue-history.js';
import { circuitIdOf } from '../commitment/digest.js';

/** Words and circuits of an epoch, which the stored record binds by hash only. */
export type EpochDetail = { readonly words: readonly bigint[]; readonly circuits: EpochCircuitIds };

/** What the registry recorded of an epoch, as verification takes it. Undefined where words or table are known to nobody. */
export function recordOf(history: VenueHistory, { epoch, record, market, announcement }: HistoryEpoch, detail: EpochDetail | undefined = announcement): OnChainRecord | undefined {
  if (detail === undefined || market === undefined) return undefined;
  const { chainId, registry, venueId, base, config } = history;
  const keys = new Map(history.circuits.map(({ circuitId, verificationKeyHash, developmentKey }): [bigint, CircuitKey] => [circuitId, { circuitId, verificationKeyHash, insecure: developmentKey }]));
  const keyOf = (circuitId: bigint): CircuitKey => keys.get(circuitId) ?? { circuitId, verificationKeyHash: `0x${'0'.repeat(64)}`, insecure: false };
  const { marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall, snapshotTime, acceptedAt, covered } = record;
  return {
    chainId, registry, venueId, epoch, base, marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall,
    words: [...detail.words], snapshotTime, acceptedAt, marketTime: market.snapshotTime, valueScale: config.valueScale, covered,
    batchCircuits: detail.circuits.batches.map(keyOf), partCircuits: detail.circuits.parts.map(keyOf), closeCircuit: keyOf(detail.circuits.close),
  };
}

/** Words and circuits from an attestation, where the node lost the event; undefined where they do not have the recorded hash. */
export function detailFrom({ words, batches, close }: Attestation, { record }: HistoryEpoch): EpochDetail | undefined {
  const circuits: EpochCircuitIds = {
    batches: batches.map(({ circuit }) => circuitIdOf(circuit)), parts: (close.parts?.proofs ?? []).map(({ circuit }) => circuitIdOf(circuit)), close: circuitIdOf(close.circuit),
  };
  return detailHashOf(words, circuits) === record.detailHash ? { words, circuits } : undefined;
}
