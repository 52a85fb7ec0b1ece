import type { Attestation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import { circuitIdOf } from '../commitment/digest.js';
import { domainOf } from '../commitment/identity.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { verifyProof } from '../groth16/verify.js';
import { orderSignals } from '../statement/named-signals.js';
import { settlementPoint, settlementValue } from '../statement/settlement-vector.js';
import { SOLVENCY_BATCH_SIGNALS, type SolvencyBatchSignals } from '../statement/solvency-batch.js';
import { SOLVENCY_CLOSE_END_SIGNALS } from '../statement/solvency-close-end.js';
import { SOLVENCY_CLOSE_PART_SIGNALS, type SolvencyClosePartSignals } from '../statement/solvency-close-part.js';
import { SOLVENCY_CLOSE_SIGNALS, type SolvencyCloseSignals } from '../statement/solvency-close.js';
import type { AttestedKeys } from './key-check.js';
import { failed, passed, type Finding } from './report.js';

/** What an epoch's proofs are about, beside the market table: all of it stands in the transaction that submitted the epoch. */
export type ProvenStatement = Pick<Attestation, 'venue' | 'epoch' | 'genesisAccumulator' | 'batches' | 'close' | 'words'>;

/** Accumulator after the last batch. */
export function finalAccumulatorOf({ batches, genesisAccumulator }: Pick<Attestation, 'batches' | 'genesisAccumulator'>): bigint {
  return batches.at(-1)?.accumulatorAfter ?? genesisAccumulator;
}

/** Public signals of each batch, from the venue and the chain of accumulators: a proof brings none of its own. */
export function batchSignals(poseidon: Poseidon, attestation: ProvenStatement): SolvencyBatchSignals[] {
  const base = baseOfVenue(poseidon, attestation.venue);
  const epoch = BigInt(attestation.epoch);
  let accumulatorBefore = attestation.genesisAccumulator;
  return attestation.batches.map(({ circuit, accumulatorAfter }) => {
    const signals = { domain: domainOf(poseidon, base, circuitIdOf(circuit)), epoch, accumulatorBefore, accumulatorAfter };
    accumulatorBefore = accumulatorAfter;
    return signals;
  });
}

/** Public signals of the close, z and the vector's value recomputed from the words. */
export function closeSignals(poseidon: Poseidon, attestation: Attestation): SolvencyCloseSignals {
  return closeSignalsUnder(poseidon, attestation, marketCommitment(poseidon, attestation.market));
}

/** The same where only the table's commitment is known. */
function closeSignalsUnder(poseidon: Poseidon, attestation: ProvenStatement, market: bigint): SolvencyCloseSignals {
  const { close, words, genesisAccumulator } = attestation;
  const base = baseOfVenue(poseidon, attestation.venue);
  const epoch = BigInt(attestation.epoch);
  const finalAccumulator = finalAccumulatorOf(attestation);
  const z = settlementPoint({ base, epoch, finalAccumulator, marketCommitment: market }, words);
  return {
    domain: domainOf(poseidon, base, circuitIdOf(close.circuit)),
    epoch, marketCommitment: market, genesisAccumulator, finalAccumulator,
    accountsRoot: close.accountsRoot, accountsBound: close.accountsBound, unhealthyBound: close.unhealthyBound, shortfall: close.shortfall,
    z, settlementValue: settlementValue(words, z),
  };
}

/** Proofs of batches, of parts of the close, and the close. */
export function proofCount({ batches, close }: Attestation): number {
  return batches.length + (close.parts?.proofs.length ?? 0) + 1;
}

/** Every batch, in order; the first that does not verify is named. @param verified called after each that does */
export async function checkBatchProofs(poseidon: Poseidon, attestation: ProvenStatement, keys: AttestedKeys, verified = (): void => {}): Promise<Finding> {
  const { batches } = attestation;
  for (const [place, signals] of batchSignals(poseidon, attestation).entries()) {
    const batch = batches[place];
    if (batch === undefined) break;
    if (!(await holds(keys, batch.circuit, orderSignals(SOLVENCY_BATCH_SIGNALS, signals), batch.proof))) {
      return failed(
        `the proof of batch ${place + 1} of ${batches.length} does not verify: it, the venue, the epoch or an accumulator was changed`, 'PROOF_REJECTED',
      );
    }
    verified();
  }
  return passed(`${batches.length} proofs verify, each from where the one before it ended`);
}

/** Public signals of each part of the close, from the venue and the chain of table states; none for a whole close. */
function partSignals(poseidon: Poseidon, { venue, epoch, close }: ProvenStatement): SolvencyClosePartSignals[] {
  if (close.parts === undefined) return [];
  const base = baseOfVenue(poseidon, venue);
  let tableBefore = close.parts.tableStart;
  return close.parts.proofs.map(({ circuit, tableAfter }) => {
    const signals = { domain: domainOf(poseidon, base, circuitIdOf(circuit)), epoch: BigInt(epoch), tableBefore, tableAfter };
    tableBefore = tableAfter;
    return signals;
  });
}

/** The close, or every part and the end, binds root, bounds, shortfall, table, deposits and loans to the last batch. @param verified as above */
export async function checkCloseProof(poseidon: Poseidon, attestation: Attestation, keys: AttestedKeys, verified = (): void => {}): Promise<Finding> {
  return checkCloseProofUnder(poseidon, attestation, marketCommitment(poseidon, attestation.market), keys, verified);
}

/** The same where only the table's commitment is known. */
export async function checkCloseProofUnder(
  poseidon: Poseidon, attestation: ProvenStatement, market: bigint, keys: AttestedKeys, verified = (): void => {},
): Promise<Finding> {
  const { circuit, proof, accountsBound, unhealthyBound, shortfall, parts } = attestation.close;
  for (const [place, signals] of partSignals(poseidon, attestation).entries()) {
    const part = parts?.proofs[place];
    if (part === undefined) break;
    if (!(await holds(keys, part.circuit, orderSignals(SOLVENCY_CLOSE_PART_SIGNALS, signals), part.proof))) {
      return failed(`the proof of part ${place + 1} of the close does not verify: it, the venue, the epoch or a state of the table was changed`, 'PROOF_REJECTED');
    }
    verified();
  }
  const signals = closeSignalsUnder(poseidon, attestation, market);
  const ordered = parts === undefined ? orderSignals(SOLVENCY_CLOSE_SIGNALS, signals) : orderSignals(SOLVENCY_CLOSE_END_SIGNALS, {
    ...signals, tableStart: parts.tableStart, tableEnd: parts.proofs.at(-1)?.tableAfter ?? parts.tableStart,
  });
  if (await holds(keys, circuit, ordered, proof)) {
    verified();
    return passed(`at most ${accountsBound} accounts, at most ${unhealthyBound} unhealthy, shortfall ${shortfall} value units`);
  }
  return failed('the closing proof does not verify: it, a total, the table, a deposit, a loan or an accumulator was changed', 'PROOF_REJECTED');
}

async function holds(keys: AttestedKeys, circuit: string, signals: readonly bigint[], proof: Groth16Proof): Promise<boolean> {
  const key = keys.get(circuit);
  return key !== undefined && (await verifyProof(key.key, signals, proof));
}
