import { isProposalExpired } from '../../chain/circuit-proposal.js';
import type { HistoryEpoch, ProposedCircuit, VenueHistory } from '../../chain/history/venue-history.js';
import { circuitIdOf } from '../../commitment/digest.js';
import type { CircuitEntry, ProposedCircuitEntry } from './board.js';
import type { CheckedDocument } from './documents.js';
import { countOf, UNIX_TIME } from './figure.js';
import { fact, figure, fromEvent, fromState } from './sources.js';

/** Every circuit of the registry, since when and until when it counts, which keys are of the development set-up, and how many epochs were proven in it. */
export function circuitsOf({ circuits, epochs }: VenueHistory, documents: readonly CheckedDocument[]): CircuitEntry[] {
  const names = new Map(documents.flatMap(namesIn).map((name) => [circuitIdOf(name), name]));
  return circuits.map(({ circuitId, kind, verifier, verificationKeyHash, developmentKey, addedAt, retiredAt }) => ({
    circuitId: circuitId.toString(), name: names.get(circuitId) ?? '', kind, verifier, verificationKeyHash,
    developmentKey: fact(developmentKey ? 'development key: anybody can forge' : 'not flagged', fromState('registry', 'circuit')),
    addedAt: addedAt === undefined ? undefined : figure(addedAt.time, UNIX_TIME, fromEvent('registry', 'CircuitAdded', addedAt)),
    retiredAt: retiredAt === undefined ? undefined : figure(retiredAt, UNIX_TIME, fromState('registry', 'circuit')),
    epochs: figure(epochs.filter((epoch) => usesCircuit(epoch, circuitId)).length, countOf('epochs'), fromState('registry', 'EpochAccepted')),
  }));
}

/** Circuits that will count unless the registry's owner thinks again: whoever does not trust one can leave before. */
export function proposedCircuitsOf(history: VenueHistory, documents: readonly CheckedDocument[]): ProposedCircuitEntry[] {
  const names = new Map(documents.flatMap(namesIn).map((name) => [circuitIdOf(name), name]));
  const source = fromState('registry', 'proposalOf');
  return waitingCircuits(history).map(({ circuitId, kind, verifier, verificationKeyHash, codeHash, developmentKey, readyAt, replaces }) => ({
    circuitId: circuitId.toString(), name: names.get(circuitId) ?? '', kind, verifier, verificationKeyHash, codeHash,
    developmentKey: fact(developmentKey ? 'development key: anybody can forge' : 'not flagged', source),
    readyAt: figure(readyAt, UNIX_TIME, source), replaces: replaces?.toString(),
  }));
}

/** Proposed ones that can still be added. */
export function waitingCircuits({ proposedCircuits, readAt }: VenueHistory): readonly ProposedCircuit[] {
  return proposedCircuits.filter(({ readyAt }) => !isProposalExpired(readyAt, readAt.time));
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
