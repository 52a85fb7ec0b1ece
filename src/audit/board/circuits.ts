import type { HistoryEpoch, VenueHistory } from '../../chain/history/venue-history.js';
import { circuitIdOf } from '../../commitment/digest.js';
import type { CircuitEntry } from './board.js';
import type { CheckedDocument } from './documents.js';
import { countOf } from './figure.js';
import { fact, figure, fromState } from './sources.js';

/** Every circuit of the registry, which keys are of the development set-up, and how many epochs were proven in it. */
export function circuitsOf({ circuits, epochs }: VenueHistory, documents: readonly CheckedDocument[]): CircuitEntry[] {
  const names = new Map(documents.flatMap(namesIn).map((name) => [circuitIdOf(name), name]));
  return circuits.map(({ circuitId, kind, verifier, verificationKeyHash, developmentKey }) => ({
    circuitId: circuitId.toString(), name: names.get(circuitId) ?? '', kind, verifier, verificationKeyHash,
    developmentKey: fact(developmentKey ? 'development key: anybody can forge' : 'not flagged', fromState('registry', 'circuit')),
    epochs: figure(epochs.filter((epoch) => usesCircuit(epoch, circuitId)).length, countOf('epochs'), fromState('registry', 'EpochAccepted')),
  }));
}

/** Epochs that were proven under keys of the development set-up: what they prove, anybody could prove of anything. */
export function forgeableEpochs({ circuits, epochs }: VenueHistory): number[] {
  const development = circuits.filter(({ developmentKey }) => developmentKey);
  return epochs.filter((epoch) => development.some(({ circuitId }) => usesCircuit(epoch, circuitId))).map(({ epoch }) => epoch);
}

function usesCircuit({ announcement }: HistoryEpoch, circuitId: bigint): boolean {
  if (announcement === undefined) return false;
  const { batches, parts, close } = announcement.circuits;
  return close === circuitId || batches.includes(circuitId) || parts.includes(circuitId);
}

function namesIn(document: CheckedDocument): string[] {
  if (document.kind !== 'attestation' || document.verdict !== 'verified' || document.attestation === undefined) return [];
  return Object.keys(document.attestation.verificationKeys);
}
