import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { attestationSha256, serializeAttestation } from '../../src/attestation/attestation-format.js';
import type { Attestation } from '../../src/attestation/attestation.js';
import { serializeStressAttestation } from '../../src/attestation/stress-attestation-format.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { circuitIdOf, digestOf } from '../../src/commitment/digest.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyToJson } from '../../src/groth16/verification-key.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { parseStressSet } from '../../src/risk/stress/stress-set.js';
import { stressedTable } from '../../src/risk/stress/stressed-table.js';
import { settlementRows } from '../../src/risk/tiers.js';
import { TEST_SHAPE } from '../builders/epoch.js';
import { KEYS, onChainVenue } from '../builders/on-chain-epoch.js';
import { sealSubmission, type Prove } from '../chain/mock-prover.js';
import { epochProver, RULES, startVault, type VaultOnChain } from '../flows/support/vault-on-chain.js';
import { passTime, statedMarket } from '../flows/support/venue-on-chain.js';
import type { GivenFile } from './verification-page.js';

const HOUR = 3_600;
const SET_FILE = 'src/risk/stress/sets/uniform-moves.json';
const SCENARIOS = ['down-10', 'down-20', 'down-30'];
/** Six decimals: deposits grow from epoch to epoch. */
const DEPOSITS = [2_400_000_000_000n, 310_000_000n, 45_000_000_000n];
const LOANS = [120_000_000_000n, 0n, 2_000_000_000n];
/** Value units of 10^-12, of a fund of 25,000 with six decimals. */
const SHORTFALLS = [0n, 3_100n, 4_800n, 2_600n, 9_200n, 5_050n];
const UNIT = 10n ** 12n;

export const EPOCHS = SHORTFALLS.length;

export interface BoardVenue {
  readonly venue: VaultOnChain;
  /** Of every epoch. */
  readonly attestations: readonly GivenFile[];
  /** Of the latest epoch; the last of them says a smaller shortfall than was proven. */
  readonly stress: readonly GivenFile[];
  readonly bentStress: GivenFile;
}

/** What of an epoch differs. */
interface EpochFigures {
  readonly epoch: number;
  readonly market: MarketTable;
  readonly words: readonly bigint[];
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
}

/**
 * A venue with a vault on a real chain: six epochs of valid proofs (simulated with the development keys' trapdoor), the third after a
 * snapshot that was replaced, the fifth late, rules changed through the timelock, and limits proposed.
 */
export async function startBoardVenue(): Promise<BoardVenue> {
  const market = onChainVenue().table;
  const venue = await startVault(market, { proofs: 'simulated', windows: { staleAfter: 3 * HOUR, haltAfter: 48 * HOUR, maxSubmissionAge: HOUR, marketTolerance: 600 } });
  const seal = sealerOf(venue, await epochProver(), await keysInUse());
  await depositMore(venue, market, DEPOSITS);
  await venue.vaultAs(venue.operator).depositFund(venue.operator, venue.deployment.fundToken, 25_000_000_000n);
  const attestations: Attestation[] = [];
  for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
    if (epoch === 2) await venue.venueVault.proposeRules(SLOWER);
    if (epoch === 5) await passTime(venue, 2 * HOUR);
    if (epoch === 6) await venue.venueVault.activateRules(SLOWER);
    if (epoch > 1) await depositMore(venue, market, DEPOSITS.map((amount) => (amount * BigInt(epoch)) / 40n));
    if (epoch === 3) await venue.client.openSnapshot();
    await venue.client.openSnapshot();
    const now = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    await venue.markets.state(statedMarket(now));
    const words = settlementRows(market).flatMap((_, asset) => [totalOf(asset, epoch) + (LOANS[asset] ?? 0n) / BigInt(epoch), (LOANS[asset] ?? 0n) / BigInt(epoch)]);
    const { attestation, submission } = seal({ epoch, market: now, words, unhealthyBound: BigInt((epoch * 5) % 7), shortfall: (SHORTFALLS[epoch - 1] ?? 0n) * UNIT });
    await venue.client.submitEpoch(submission);
    attestations.push(attestation);
    if (epoch < EPOCHS) await passTime(venue, RULES.demandWindow + RULES.answerWindow);
  }
  await venue.venueVault.proposeLimits([{ asset: 0, coverage: { maxDeposits: 10n ** 13n, maxLoans: 10n ** 12n }, payoutLimit: 10n ** 11n }]);
  return { venue, attestations: attestations.map(attestationFile), ...await stressOf(attestations.at(-1) as Attestation, seal) };
}

const SLOWER = { ...RULES, timelock: 8 * HOUR, demandBond: 2n * RULES.demandBond };

/** What the vault holds of an asset at an epoch's snapshot. */
export function totalOf(asset: number, epoch: number): bigint {
  const first = DEPOSITS[asset] ?? 0n;
  return Array.from({ length: epoch - 1 }, (_, place) => BigInt(place + 2)).reduce((sum, each) => sum + (first * each) / 40n, first);
}

async function depositMore(venue: VaultOnChain, market: MarketTable, amounts: readonly bigint[]): Promise<void> {
  for (const [asset] of settlementRows(market).entries()) {
    await venue.vaultAs(venue.operator).deposit(venue.operator, asset, venue.tokens[asset] as string, amounts[asset] ?? 0n, `0x${'7'.repeat(64)}`);
  }
}

type Seal = (figures: EpochFigures) => { readonly attestation: Attestation; readonly submission: EpochSubmission };

function sealerOf({ deployment, location }: VaultOnChain, prove: Prove, verificationKeys: Attestation['verificationKeys']): Seal {
  const { batchCircuit, closeCircuit, depth } = TEST_SHAPE;
  return ({ epoch, market, words, unhealthyBound, shortfall }) => {
    const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
    const figures = { accountsRoot: digestOf(`root ${epoch}`), accountsBound: 16n, unhealthyBound, shortfall };
    const submission = sealSubmission({
      epoch, marketCommitment: statedMarket(market).commitment, genesisAccumulator: 11n, words,
      batches: [{ circuitId: circuitIdOf(batchCircuit), proof, accumulatorAfter: digestOf(`epoch ${epoch}`) }],
      close: { circuitId: circuitIdOf(closeCircuit), proof, ...figures, tableStart: 0n, parts: [] },
    }, deployment, prove);
    return {
      submission,
      attestation: {
        venue: location, epoch, depth, market, genesisAccumulator: submission.genesisAccumulator, words, verificationKeys,
        batches: submission.batches.map(({ proof: made, accumulatorAfter }) => ({ circuit: batchCircuit, proof: made, accumulatorAfter })),
        close: { circuit: closeCircuit, proof: submission.close.proof, ...figures, parts: undefined },
      },
    };
  };
}

async function keysInUse(): Promise<Attestation['verificationKeys']> {
  const names = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, verificationKeyToJson(await loadVerificationKey(KEYS, name))] as const)));
}

async function stressOf(attestation: Attestation, seal: Seal): Promise<Pick<BoardVenue, 'stress' | 'bentStress'>> {
  const set = parseStressSet(await readFile(SET_FILE, 'utf8'), SET_FILE);
  const files = SCENARIOS.map((name, place): GivenFile => {
    const scenario = set.scenarios.find((one) => one.name === name);
    assert.ok(scenario !== undefined, name);
    const { epoch, words } = attestation;
    const stressed = seal({ epoch, words, market: stressedTable(attestation.market, set, scenario).table, unhealthyBound: BigInt(5 + 4 * place), shortfall: BigInt(8_000 + 9_500 * place) * UNIT });
    return { name: `stress-${name}.json`, content: serializeStressAttestation({ stress: { set: set.name, setVersion: set.version, scenario: name }, epochAttestation: attestationSha256(attestation), statement: stressed.attestation }) };
  });
  const last = files.at(-1) as GivenFile;
  return { stress: files, bentStress: { name: 'stress-bent.json', content: (last.content as string).replace(/"shortfall":"\d+"/, '"shortfall":"1"') } };
}

function attestationFile(attestation: Attestation): GivenFile {
  return { name: `attestation-${attestation.epoch}.json`, content: serializeAttestation(attestation) };
}
