import { isProposalExpired } from '../chain/circuit-proposal.js';
import type { EventPlace } from '../chain/history/event-place.js';
import { restsOn } from '../chain/history/read-gate.js';
import type { HistoryCircuit, ProposedCircuit, VenueHistory } from '../chain/history/venue-history.js';
import { circuitIdOf } from '../commitment/digest.js';
import { finding, type AuditFinding } from './audit-finding.js';

/** A circuit of the registry, since when and until when it counts. */
export interface AuditedCircuit extends Omit<HistoryCircuit, 'addedAt'> {
  /** Undefined where neither list of circuits nor bundles nor the reader's keys name it. */
  readonly name: string | undefined;
  /** Undefined when it was added before the first block read. */
  readonly added: EventPlace | undefined;
  /** Every epoch of the venue that rests on it, by its own proofs or its table's. */
  readonly epochs: readonly number[];
}

/** A circuit that the registry's owner announced and that is not in force. */
export interface AuditedProposal extends ProposedCircuit {
  readonly name: string | undefined;
  /** Whether it waited for too long to be added still. */
  readonly expired: boolean;
}

export interface AuditedCircuits {
  /** In the order the registry took them. */
  readonly circuits: readonly AuditedCircuit[];
  readonly proposedCircuits: readonly AuditedProposal[];
}

/** How the registry's circuits came and went. @param names any that a circuit may have: an id is its name's hash, so none is taken on anybody's word */
export function circuitsOfAudit({ circuits, proposedCircuits, epochs, markets, readAt }: VenueHistory, names: Iterable<string>): AuditedCircuits {
  const nameOf = new Map([...names].map((name) => [circuitIdOf(name), name]));
  return {
    circuits: circuits.map(({ addedAt, ...circuit }) => ({
      ...circuit, added: addedAt, name: nameOf.get(circuit.circuitId),
      epochs: epochs.filter((epoch) => restsOn(epoch, markets).includes(circuit.circuitId)).map(({ epoch }) => epoch),
    })),
    proposedCircuits: proposedCircuits.map((circuit) => ({ ...circuit, name: nameOf.get(circuit.circuitId), expired: isProposalExpired(circuit.readyAt, readAt.time) })),
  };
}

/** Epochs of the range that rest on a circuit which was retired since, and circuits that may soon be proven in. */
export function checkCircuits({ circuits, proposedCircuits }: AuditedCircuits, from: number, to: number): AuditFinding[] {
  const retired = circuits.flatMap((circuit) => (circuit.retiredAt === undefined ? [] : circuit.epochs.filter((epoch) => epoch >= from && epoch <= to).map((epoch) => (
    finding('circuit-retired', epoch, `rests on ${circuit.kind} circuit ${labelOf(circuit)}, retired at ${circuit.retiredAt}`)))));
  const coming = proposedCircuits.filter(({ expired }) => !expired).map((circuit) => finding(
    'circuit-proposed', undefined,
    `${circuit.kind} circuit ${labelOf(circuit)} can be added from ${circuit.readyAt} on: ${circuit.developmentKey ? 'development key' : 'key'} ${circuit.verificationKeyHash}, code ${circuit.codeHash}`,
  ));
  return [...retired, ...coming];
}

/** Name, or the id where nobody knows one. */
export function labelOf({ name, circuitId }: Pick<AuditedCircuit, 'name' | 'circuitId'>): string {
  return name ?? `0x${circuitId.toString(16)}`;
}
