import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serializeAttestation } from '../../../src/attestation/attestation-format.js';
import type { Attestation, VenueLocation } from '../../../src/attestation/attestation.js';
import { submissionOf } from '../../../src/chain/attested-submission.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { findCircuit, readCircuitList } from '../../../src/groth16/circuit-list.js';
import { loadVerificationKey } from '../../../src/groth16/proving-key.js';
import { verificationKeyToJson } from '../../../src/groth16/verification-key.js';
import type { SyntheticVenue } from '../../../src/margin/synthetic/synthetic-venue.js';
import { planEpoch } from '../../../src/proving/epoch-plan.js';
import { epochShape } from '../../../src/proving/epoch-shape.js';
import { epochStatements } from '../../../src/proving/epoch-statements.js';
import { orderSignals } from '../../../src/statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS } from '../../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../../../src/statement/solvency-close.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { KEYS, onChainVenue } from '../../builders/on-chain-epoch.js';
import { proofSimulator } from '../../flows/support/simulated-proof.js';
import { exactCover, fund, startVenue, statedMarket, type VenueOnChain } from '../../flows/support/venue-on-chain.js';

const CIRCUITS = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit] as const;

export interface AuditedVenue extends VenueOnChain {
  readonly attestations: readonly Attestation[];
}

/**
 * A venue with accepted epochs, the last of them not covered. Proofs are simulated with the trapdoor of the development keys: chain and
 * verification take them for what they are, proofs that hold.
 */
export async function auditedVenue(epochs: number): Promise<AuditedVenue> {
  const { table } = onChainVenue();
  const venue = await startVenue(table);
  await venue.markets.state(statedMarket(table));
  const attestations: Attestation[] = [];
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const attestation = await simulatedEpoch(venue.location, epoch);
    if (epoch === 1) await fund(venue, exactCover(attestation.words, attestation.close.shortfall));
    if (epoch === epochs) await venue.escrow.withdraw('reserves', venue.tokens[0] as string, 1n, venue.operator.address);
    await venue.client.openSnapshot();
    await venue.client.submitEpoch(submissionOf(attestation, statedMarket(table).commitment));
    attestations.push(attestation);
  }
  return { ...venue, attestations };
}

/** An epoch whose proofs hold. @param venue the test accounts unless told */
export async function simulatedEpoch(location: VenueLocation, epoch: number, { accounts, table }: Pick<SyntheticVenue, 'accounts' | 'table'> = onChainVenue()): Promise<Attestation> {
  const poseidon = await bulkPoseidon();
  const catalogue = await readCircuitList();
  const plan = planEpoch(poseidon, { accounts }, table, epochShape(CIRCUITS.map((name) => findCircuit(catalogue, name)), table), location, epoch);
  const statements = epochStatements(poseidon, plan);
  const [batch, close] = await Promise.all(CIRCUITS.map((name) => proofSimulator(name)));
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = statements.closeSignals;
  return {
    venue: location, epoch, depth: TEST_SHAPE.depth, market: table, genesisAccumulator: statements.genesisAccumulator, words: statements.words,
    batches: statements.batchSignals.map((signals) => ({
      circuit: TEST_SHAPE.batchCircuit, proof: (batch as NonNullable<typeof batch>)(orderSignals(SOLVENCY_BATCH_SIGNALS, signals)), accumulatorAfter: signals.accumulatorAfter,
    })),
    close: {
      circuit: TEST_SHAPE.closeCircuit, proof: (close as NonNullable<typeof close>)(orderSignals(SOLVENCY_CLOSE_SIGNALS, statements.closeSignals)),
      accountsRoot, accountsBound, unhealthyBound, shortfall, parts: undefined,
    },
    verificationKeys: Object.fromEntries(await Promise.all(CIRCUITS.map(async (name) => [name, verificationKeyToJson(await loadVerificationKey(KEYS, name))] as const))),
  };
}

/** Writes attestations as a venue hands them out. */
export async function writeBundles(folder: string, attestations: readonly Attestation[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const attestation of attestations) await writeFile(join(folder, `epoch-${attestation.epoch}.json`), serializeAttestation(attestation));
}
