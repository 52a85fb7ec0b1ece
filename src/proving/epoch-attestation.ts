import type { Attestation, VenueLocation } from '../attestation/attestation.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { MarketTable } from '../risk/market-table.js';
import type { EpochPlan } from './epoch-plan.js';
import { circuitsOf, closingCircuit, type EpochShape } from './epoch-shape.js';
import type { EpochStatements } from './epoch-statements.js';

/** What a plan tells that an attestation states. */
export interface AttestedPlan {
  readonly venue: VenueLocation;
  readonly epoch: number;
  readonly shape: EpochShape;
  readonly market: MarketTable;
  readonly batches: readonly { readonly circuit: string }[];
}

/** The public figures of an epoch: with a proof for each they are its attestation. Known as soon as it is planned. */
export interface EpochFigures {
  readonly genesisAccumulator: bigint;
  /** After each batch. */
  readonly accumulators: readonly bigint[];
  readonly accountsRoot: bigint;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  readonly words: readonly bigint[];
  /** States of the table: before the first part and after each. Undefined when one proof closes the epoch. */
  readonly tables: { readonly start: bigint; readonly after: readonly bigint[] } | undefined;
}

export function figuresOf({ genesisAccumulator, batchSignals, closeSignals, words, parts }: EpochStatements): EpochFigures {
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = closeSignals;
  return {
    genesisAccumulator, accumulators: batchSignals.map(({ accumulatorAfter }) => accumulatorAfter), accountsRoot, accountsBound, unhealthyBound, shortfall, words,
    tables: parts === undefined ? undefined : { start: parts.endSignals.tableStart, after: parts.signals.map(({ tableAfter }) => tableAfter) },
  };
}

/** Proofs of an epoch, in the order of `batchRequests` and `closingRequests`. */
export interface EpochProofs {
  readonly batches: readonly Groth16Proof[];
  readonly closing: readonly Groth16Proof[];
}

/** @param verificationKey by circuit name */
export async function attestationOf(
  plan: AttestedPlan, figures: EpochFigures, { batches, closing }: EpochProofs, verificationKey: (circuit: string) => Promise<unknown>,
): Promise<Attestation> {
  const { close, depth } = plan.shape;
  const { genesisAccumulator, accumulators, accountsRoot, accountsBound, unhealthyBound, shortfall, words, tables } = figures;
  return {
    venue: plan.venue,
    epoch: plan.epoch,
    depth,
    market: plan.market,
    genesisAccumulator,
    batches: plan.batches.map(({ circuit }, place) => ({ circuit, proof: batches[place] as Groth16Proof, accumulatorAfter: accumulators[place] as bigint })),
    close: {
      circuit: closingCircuit(close), proof: closing[closing.length - 1] as Groth16Proof, accountsRoot, accountsBound, unhealthyBound, shortfall,
      parts: tables === undefined || close.kind === 'whole' ? undefined : {
        tableStart: tables.start,
        proofs: tables.after.map((tableAfter, place) => ({ circuit: close.part, proof: closing[place] as Groth16Proof, tableAfter })),
      },
    },
    words,
    verificationKeys: Object.fromEntries(await Promise.all(usedCircuits(plan).map(async (circuit) => [circuit, await verificationKey(circuit)] as const))),
  };
}

/** Circuits that have a proof in the epoch: a batch circuit that no account needed has none. */
export function usedCircuits({ batches, shape }: Pick<EpochPlan, 'shape'> & { readonly batches: AttestedPlan['batches'] }): readonly string[] {
  return circuitsOf({ ...shape, batches: shape.batches.filter(({ circuit }) => batches.some((batch) => batch.circuit === circuit)) });
}
