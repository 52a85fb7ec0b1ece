import type { Attestation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import type { Receipt } from '../attestation/receipt.js';
import { circuitIdOf } from '../commitment/digest.js';
import { tieredRows } from '../risk/tiers.js';
import { readBatchName, readCloseEndName, readCloseName, readClosePartName } from './circuit-name.js';
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

/** What closes an epoch, as the names of its circuits state it. */
interface ClosingShape {
  readonly rows: number;
  readonly scenarios: number;
  readonly tieredSlots: number;
}

/**
 * Names of the attested circuits fit each other and the table, and are those that the registry accepted, in order.
 *
 * @throws CircuitNameError
 */
export function checkAttestedCircuits(attestation: Attestation, record: OnChainRecord | undefined, known: readonly KnownCircuit[] | undefined): Finding {
  const { batches, close, market, depth } = attestation;
  const closing = closingShape(attestation);
  if ('outcome' in closing) return closing;
  if (market.rows.length > closing.rows) return failed(`the table has ${market.rows.length} rows, ${closingName(attestation)} takes ${closing.rows}`);
  if (closing.scenarios !== market.scenarios.length) return failed(scenariosDiffer(close.circuit, closing.scenarios, market.scenarios.length));
  if (closing.tieredSlots > 0 !== tieredRows(market) > 0) {
    return failed(`the table has ${tieredRows(market)} rows in its tiered region, ${close.circuit} has ${closing.tieredSlots} tiered slots: it is the close of another table`);
  }
  for (const { circuit } of batches) {
    const named = readBatchName(circuit);
    if (named.scenarios !== closing.scenarios) return failed(scenariosDiffer(circuit, named.scenarios, closing.scenarios));
    if (named.tieredSlots > closing.tieredSlots) return failed(`${circuit} has ${named.tieredSlots} tiered slots, ${close.circuit} has ${closing.tieredSlots}`);
  }
  const parts = close.parts?.proofs ?? [];
  const fault = record === undefined ? undefined : recordFault(attestation, record);
  const names = [...new Set([...batches, ...parts, close].map(({ circuit }) => circuit))];
  return fault ?? depthFault(names, depth, known) ?? passed(`${names.join(', ')}; depth ${depth}`);
}

/** Rows, scenarios and tiered slots of the whole close, or of parts that are all of one circuit and their end. */
function closingShape({ close, depth }: Attestation): ClosingShape | Finding {
  if (close.parts === undefined) return readCloseName(close.circuit);
  const end = readCloseEndName(close.circuit);
  if (end.depth !== depth) return failed(`${close.circuit} proves a tree of depth ${end.depth}, the depth given is ${depth}`);
  let rows = 0;
  for (const { circuit } of close.parts.proofs) {
    const part = readClosePartName(circuit);
    if (part.scenarios !== end.scenarios) return failed(scenariosDiffer(circuit, part.scenarios, end.scenarios));
    if (part.tieredSlots !== end.tieredSlots) return failed(`${circuit} has ${part.tieredSlots} tiered slots, ${close.circuit} has ${end.tieredSlots}`);
    rows += part.rows;
  }
  return { rows, scenarios: end.scenarios, tieredSlots: end.tieredSlots };
}

function closingName({ close }: Attestation): string {
  return close.parts === undefined ? close.circuit : `the close in ${close.parts.proofs.length} parts`;
}

/** Circuits of another epoch, or in another order, than the registry accepted. */
function recordFault({ batches, close }: Attestation, record: OnChainRecord): Finding | undefined {
  const parts = close.parts?.proofs ?? [];
  for (const [what, attested, recorded] of [['batch', batches, record.batchCircuits], ['part of the close', parts, record.partCircuits]] as const) {
    if (recorded.length !== attested.length) {
      const plural = what === 'batch' ? 'batches' : 'parts of the close';
      return failed(`the attestation has ${attested.length} ${plural}, the registry accepted ${recorded.length}`);
    }
    const other = attested.findIndex(({ circuit }, place) => recorded[place]?.circuitId !== circuitIdOf(circuit));
    if (other >= 0) return failed(`${what} ${other + 1} of the attestation is of another circuit than the registry accepted`);
  }
  return record.closeCircuit.circuitId === circuitIdOf(close.circuit) ? undefined : failed('the close is of another circuit than the registry accepted');
}

/** Depth is no part of a name: who has the list of circuits compares it. */
function depthFault(circuits: readonly string[], depth: number, known: readonly KnownCircuit[] | undefined): Finding | undefined {
  if (known === undefined) return undefined;
  for (const circuit of circuits) {
    const found = known.find((one) => one.name === circuit);
    if (found === undefined) return failed(`${circuit} is not in the list of circuits: take the list of the version that made the proof`);
    const listed = found.parameters.find((parameter) => parameter.name === 'DEPTH')?.value;
    // A part of the close knows rows, not the tree.
    if (listed === undefined && circuit.startsWith('solvency-close-part-')) continue;
    if (listed !== depth) return failed(`${circuit} proves a tree of depth ${listed ?? 'unknown'}, the depth given is ${depth}`);
  }
  return undefined;
}

function scenariosDiffer(circuit: string, stated: number, has: number): string {
  return `${circuit} has ${stated} scenarios, the rest has ${has}: they do not belong together`;
}
