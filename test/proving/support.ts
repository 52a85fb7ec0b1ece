import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VenueLocation } from '../../src/attestation/attestation.js';
import { selectCircuits } from '../../src/cli/prove.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import type { ProvenStatement, Prover, WitnessInput } from '../../src/groth16/prover.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { epochShape, type EpochShape } from '../../src/proving/epoch-shape.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { Account, Holding, Snapshot } from '../../src/venue/account.js';
import { TEST_SHAPE, TIERED_SHAPE } from '../builders/epoch.js';
import { smallMarket } from '../builders/market.js';

export const VENUE: VenueLocation = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };

/** Names of circuits as the command line takes them: one batch circuit and its close, without tiers. */
export const TEST_CIRCUITS = `${TEST_SHAPE.batchCircuit},${TEST_SHAPE.closeCircuit}`;
/** Two batch circuits, one with tiers, under a close of 32 rows. */
export const MIXED_CIRCUITS = `${TEST_SHAPE.batchCircuit},${TIERED_SHAPE.batchCircuit},${TIERED_SHAPE.closeCircuit}`;
/** The same under a close in parts of 16 rows. */
export const PARTED_CIRCUITS = `${TEST_SHAPE.batchCircuit},${TIERED_SHAPE.batchCircuit},${TIERED_SHAPE.parts.partCircuit},${TIERED_SHAPE.parts.endCircuit}`;

/** Shape that circuits of circuits.json make for a table. */
export async function shapeOf(names: string, table: MarketTable): Promise<EpochShape> {
  const { chosen, catalogue } = await selectCircuits(names);
  return epochShape(chosen, table, catalogue);
}

/** Shape of the two test circuits without tiers. */
export function testShape(): Promise<EpochShape> {
  return shapeOf(TEST_CIRCUITS, smallMarket());
}

/** A seeded venue for MIXED_CIRCUITS and PARTED_CIRCUITS: five slots, two of them tiered. */
export function tieredVenue(accounts: number, seed = 'proving'): { readonly snapshot: Snapshot; readonly market: MarketTable } {
  const { accounts: all, table } = syntheticVenue({ seed, accounts, slots: 5, tieredSlots: 2, instruments: 15, scenarios: 2 });
  return { snapshot: { accounts: all }, market: table };
}

/** A seeded venue that fits the test circuits. */
export function testVenue(accounts: number, seed = 'proving'): { readonly snapshot: Snapshot; readonly market: MarketTable } {
  const { accounts: all, table } = syntheticVenue({ seed, accounts, slots: 3, instruments: 8, scenarios: 2 });
  return { snapshot: { accounts: all }, market: table };
}

export function account(userId: string, holdings: readonly Holding[], subAccount = 0): Account {
  return Object.freeze({ userId, subAccount, owner: undefined, holdings });
}

/** A folder that goes away with the test that asked for it. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-proving-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes proofs of nothing, fast; counts what it is asked. */
export class StandInProver implements Prover {
  readonly circuits: string[] = [];
  running = 0;
  mostRunning = 0;
  closed = false;

  /** @param each runs in each proof, with its number from 0; may throw */
  constructor(private readonly each: (call: number, circuit: string) => Promise<void> | void = () => undefined) {}

  async prove(circuit: string, _input: WitnessInput): Promise<ProvenStatement> {
    const call = this.circuits.push(circuit) - 1;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await this.each(call, circuit);
      return { proof: standInProof(call), publicSignals: [] };
    } finally {
      this.running -= 1;
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** Of the form of a proof: `a` is the generator, so the file format takes it. */
export function standInProof(number: number): Groth16Proof {
  return { a: [1n, 2n], b: [[BigInt(number), 4n], [5n, 6n]], c: [1n, 2n] };
}
