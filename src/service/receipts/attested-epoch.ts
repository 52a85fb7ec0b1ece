import { parseAttestation } from '../../attestation/attestation-format.js';
import type { Attestation, VenueLocation } from '../../attestation/attestation.js';
import { receiptSerializer } from '../../attestation/receipt-format.js';
import type { BucketCircuit } from '../../attestation/receipt-bucket.js';
import type { Receipt } from '../../attestation/receipt.js';
import { findCircuit, type CircuitDefinition } from '../../groth16/circuit-list.js';
import { parameterOf } from '../../proving/circuit-advice.js';
import type { MarketTable } from '../../risk/market-table.js';
import { tieredRows } from '../../risk/tiers.js';
import type { ExpectedTree } from '../../store/tree-file.js';

/** Places in a row whose batches were proven in one circuit. */
interface CircuitRange {
  readonly circuit: string;
  readonly slots: number;
  /** Position after the last. */
  readonly end: number;
}

/** What the receipts of one epoch share. All of it follows from the attestation, so it is there after an epoch is retired. */
export class AttestedEpoch {
  readonly serialize: (receipt: Omit<Receipt, 'market'>) => string;
  readonly venue: VenueLocation;
  readonly number: number;
  readonly tree: ExpectedTree;
  readonly tieredRows: number;
  readonly market: MarketTable;
  private readonly ranges: readonly CircuitRange[];

  private constructor(attestation: Attestation, readonly sha256: string, circuits: readonly CircuitDefinition[]) {
    this.venue = attestation.venue;
    this.number = attestation.epoch;
    this.tree = { depth: attestation.depth, root: attestation.close.accountsRoot };
    this.tieredRows = tieredRows(attestation.market);
    this.market = attestation.market;
    this.serialize = receiptSerializer(attestation.market);
    this.ranges = rangesOf(attestation, circuits);
  }

  /** @throws the errors of parseAttestation, CircuitListError for a circuit that is no longer known */
  static fromText({ text, sha256 }: { readonly text: string; readonly sha256: string }, circuits: readonly CircuitDefinition[]): AttestedEpoch {
    return new AttestedEpoch(parseAttestation(text), sha256, circuits);
  }

  /** Places that the batches fill, padding included. */
  get places(): number {
    return this.ranges.at(-1)?.end ?? 0;
  }

  /** Each batch circuit once, in the order of the places. */
  get circuits(): readonly BucketCircuit[] {
    const slots = new Map(this.ranges.map((range) => [range.circuit, range.slots]));
    return [...slots].map(([circuit, count]) => ({ circuit, slots: count }));
  }

  /** Circuit in which the place was proven, and its slots. @throws RangeError beyond the last batch */
  circuitAt(position: number): { readonly circuit: string; readonly slots: number } {
    const range = this.ranges.find(({ end }) => position < end);
    if (range === undefined) throw new RangeError(`epoch ${this.number} has no batch at position ${position}`);
    return range;
  }
}

function rangesOf({ batches }: Attestation, circuits: readonly CircuitDefinition[]): CircuitRange[] {
  const ranges: CircuitRange[] = [];
  let end = 0;
  for (const { circuit } of batches) {
    const definition = findCircuit(circuits, circuit);
    end += parameterOf(definition, 'N');
    if (ranges.at(-1)?.circuit === circuit) ranges.pop();
    ranges.push({ circuit, slots: parameterOf(definition, 'K'), end });
  }
  return ranges;
}
