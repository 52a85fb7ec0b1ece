import type { Attestation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import type { Receipt } from '../attestation/receipt.js';
import { circuitIdOf } from '../commitment/digest.js';
import { readBatchName, readCloseName } from './circuit-name.js';
import type { Evidence } from './evidence.js';
import { failed, passed, type Finding } from './report.js';

/** One entry of circuits.json, as far as verification looks at it. */
export interface KnownCircuit {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly value: number }[];
}

/**
 * The receipt's circuit states as many slots and scenarios as account and table have, was used in this epoch, and the depth is the epoch's.
 *
 * @throws CircuitNameError
 */
export function checkReceiptCircuit(receipt: Receipt, { record, attestation }: Evidence, known: readonly KnownCircuit[] | undefined): Finding {
  const { circuit, slots, depth, market } = receipt;
  const named = readBatchName(circuit);
  if (named.slots !== slots) return failed(`${circuit} has ${named.slots} slots, the receipt says ${slots}`);
  if (named.scenarios !== market.scenarios.length) return failed(scenariosDiffer(circuit, named.scenarios, market.scenarios.length));
  const id = circuitIdOf(circuit);
  if (record !== undefined && !record.batchCircuits.some((one) => one.circuitId === id)) {
    return failed(`no batch of this epoch was accepted from ${circuit}: the registry's record names other circuits`);
  }
  if (attestation !== undefined && !attestation.batches.some((batch) => batch.circuit === circuit)) {
    return failed(`no batch of the attestation is of ${circuit}`);
  }
  if (attestation !== undefined && attestation.depth !== depth) {
    return failed(`the receipt says depth ${depth}, the attestation ${attestation.depth}`);
  }
  return depthFault([circuit], depth, known) ?? passed(`${circuit}: ${slots} slots, depth ${depth}`);
}

/**
 * Names of the attested circuits fit each other and the table, and are those that the registry accepted, in order.
 *
 * @throws CircuitNameError
 */
export function checkAttestedCircuits(attestation: Attestation, record: OnChainRecord | undefined, known: readonly KnownCircuit[] | undefined): Finding {
  const { batches, close, market, depth } = attestation;
  const { rows, scenarios } = readCloseName(close.circuit);
  if (market.rows.length > rows) return failed(`the table has ${market.rows.length} rows, ${close.circuit} takes ${rows}`);
  if (scenarios !== market.scenarios.length) return failed(scenariosDiffer(close.circuit, scenarios, market.scenarios.length));
  for (const { circuit } of batches) {
    const named = readBatchName(circuit);
    if (named.scenarios !== scenarios) return failed(scenariosDiffer(circuit, named.scenarios, scenarios));
  }
  if (record !== undefined) {
    if (record.batchCircuits.length !== batches.length) {
      return failed(`the attestation has ${batches.length} batches, the registry accepted ${record.batchCircuits.length}`);
    }
    const other = batches.findIndex((batch, place) => record.batchCircuits[place]?.circuitId !== circuitIdOf(batch.circuit));
    if (other >= 0) return failed(`batch ${other + 1} of the attestation is of another circuit than the registry accepted`);
    if (record.closeCircuit.circuitId !== circuitIdOf(close.circuit)) return failed('the close is of another circuit than the registry accepted');
  }
  const names = [...new Set([...batches.map((batch) => batch.circuit), close.circuit])];
  return depthFault(names, depth, known) ?? passed(`${names.join(', ')}; depth ${depth}`);
}

/** Depth is no part of a name: who has the list of circuits compares it. */
function depthFault(circuits: readonly string[], depth: number, known: readonly KnownCircuit[] | undefined): Finding | undefined {
  if (known === undefined) return undefined;
  for (const circuit of circuits) {
    const found = known.find((one) => one.name === circuit);
    if (found === undefined) return failed(`${circuit} is not in the list of circuits: take the list of the version that made the proof`);
    const listed = found.parameters.find((parameter) => parameter.name === 'DEPTH')?.value;
    if (listed !== depth) return failed(`${circuit} proves a tree of depth ${listed ?? 'unknown'}, the depth given is ${depth}`);
  }
  return undefined;
}

function scenariosDiffer(circuit: string, stated: number, has: number): string {
  return `${circuit} has ${stated} scenarios, the rest has ${has}: they do not belong together`;
}
