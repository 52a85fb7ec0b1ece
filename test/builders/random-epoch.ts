import type { JsonValue } from '../../src/attestation/canonical-json.js';
import { onChainRecordToJson } from '../../src/attestation/on-chain-record-format.js';
import type { OnChainRecord } from '../../src/attestation/on-chain-record.js';
import { receiptSerializer } from '../../src/attestation/receipt-format.js';
import type { Receipt } from '../../src/attestation/receipt.js';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { keyOf } from '../../src/commitment/identity.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { Random } from '../../src/margin/synthetic/random.js';
import type { ScenarioCount } from '../../src/margin/synthetic/synthetic-market.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { settlementRows, splitIntoTiers, tieredRows } from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';
import type { InstrumentKind } from '../../src/venue/instrument.js';
import { marketTable } from './market.js';

/** An epoch of many receipts under one record, without proofs: everything about them follows from the seed. */
export interface RandomEpoch {
  /** Canonical texts. */
  readonly receipts: readonly string[];
  readonly record: JsonValue;
}

/** Circuits of circuits.json, as far as a receipt needs them. */
interface Shape {
  readonly batch: string;
  readonly close: string;
  readonly slots: number;
  readonly tieredSlots: number;
  readonly scenarios: ScenarioCount;
  readonly depth: number;
  readonly instruments: number;
}

/** Tables are small where scenarios are many: a browser hashes every row of every receipt. */
const SHAPES: readonly Shape[] = [
  { batch: 'solvency-batch-n16-k3-s2', close: 'solvency-close-u16-s2', slots: 3, tieredSlots: 0, scenarios: 2, depth: 2, instruments: 5 },
  { batch: 'solvency-batch-n16-k5-s2-t2', close: 'solvency-close-u32-s2-t2', slots: 5, tieredSlots: 2, scenarios: 2, depth: 2, instruments: 6 },
  { batch: 'solvency-batch-n32-k8-s8', close: 'solvency-close-u32-s8', slots: 8, tieredSlots: 0, scenarios: 8, depth: 3, instruments: 5 },
  { batch: 'solvency-batch-n64-k8-s0', close: 'solvency-close-u112-s0', slots: 8, tieredSlots: 0, scenarios: 0, depth: 5, instruments: 8 },
];

const PLACES = [
  { chainId: 1n, registry: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', venueId: 3n },
  { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 2n ** 200n + 1n },
];
const KINDS: readonly InstrumentKind[] = ['cash', 'spot', 'entry', 'perpetual', 'future', 'option'];
const LIMIT = 1n << 47n;
const MOST_QUANTA = 1n << 64n;

/** Even epochs are of a venue as it might be; odd ones go to the ends of every range, and their tables make no sense. */
export function randomEpoch(poseidon: Poseidon, seed: string, place: number, accounts: number): RandomEpoch {
  const random = Random.fromSeed(`${seed} ${place}`);
  const shape = random.pick(place % 2 === 0 ? SHAPES : SHAPES.filter(({ tieredSlots }) => tieredSlots === 0));
  const { table, books } = place % 2 === 0 ? plausible(random, shape, accounts) : extreme(random, shape, accounts);
  const users = books.map((holdings, user) => ({
    userId: `user ${user} of ${place}`, subAccount: random.pick([0, 1, 2 ** 32 - 1]), owner: element(random), salt: element(random), holdings,
  }));
  const leaves = users.map((user) => accountLeaf(poseidon, keyOf(poseidon, user), user.salt, slotsOf(user.holdings, shape.slots, tieredRows(table))));
  const tree = MerkleTree16.ofLeaves(poseidon, shape.depth, leaves);
  const venue = random.pick(PLACES);
  const epoch = random.pick([1, 77, 2 ** 32 - 1]);
  const record = recordOf(poseidon, random, shape, table, { ...venue, epoch, accountsRoot: tree.root });
  const write = receiptSerializer(table);
  const attestation: Receipt['attestation'] = { sha256: random.next().toString(16).padStart(64, '0'), location: `epochs/${epoch}` };
  const receipts = users.map((user, position) => write({
    venue, epoch, circuit: shape.batch, slots: shape.slots, ...user, path: tree.path(position), depth: shape.depth, attestation,
  }));
  return { receipts, record: onChainRecordToJson(record) };
}

interface Books {
  readonly table: MarketTable;
  readonly books: readonly (readonly Holding[])[];
}

function plausible(random: Random, { slots, tieredSlots, scenarios, instruments }: Shape, accounts: number): Books {
  const venue = syntheticVenue({
    seed: `${random.next()}`, accounts: accounts + 20, slots, instruments, scenarios, ...(tieredSlots === 0 ? {} : { tieredSlots }),
  });
  return { table: venue.table, books: venue.accounts.slice(0, accounts).map(({ holdings }) => splitIntoTiers(venue.table, holdings)) };
}

function extreme(random: Random, { slots, scenarios }: Shape, accounts: number): Books {
  const names = Array.from({ length: scenarios }, (_, place) => `move ${place} ~`);
  const table = marketTable(Array.from({ length: 1 + random.below(6) }, (_, place) => extremeRow(random, place, names.length)), names);
  const books = Array.from({ length: accounts }, () => {
    const rows = random.sample(table.rows, random.below(slots + 1)).map(({ index }) => index).sort((left, right) => left - right);
    return rows.map((index) => ({ index, quantity: quantity(random) }));
  });
  return { table, books };
}

function extremeRow(random: Random, place: number, scenarios: number): Parameters<typeof marketTable>[0][number] {
  const kind = random.pick(KINDS);
  const bounded = kind !== 'perpetual' && kind !== 'future';
  const magnitude = below(random, LIMIT);
  const mark = bounded || random.chance(50) ? magnitude : -magnitude;
  const floor = bounded ? -mark - 1n : 1n - LIMIT;
  const pnl = Array.from({ length: scenarios }, () => (random.chance(50) ? below(random, LIMIT) : -below(random, -floor)));
  const charge = (most: bigint): bigint => (kind === 'entry' ? 0n : below(random, most + 1n));
  return { id: `X${place}-${kind}`, kind, mark, pnl, longCharge: charge(bounded && kind !== 'entry' ? mark : LIMIT - 1n), shortCharge: charge(LIMIT - 1n) };
}

function quantity(random: Random): bigint {
  const magnitude = 1n + below(random, MOST_QUANTA - 1n);
  return random.chance(50) ? magnitude : -magnitude;
}

function recordOf(
  poseidon: Poseidon, random: Random, shape: Shape, table: MarketTable,
  told: Pick<OnChainRecord, 'chainId' | 'registry' | 'venueId' | 'epoch' | 'accountsRoot'>,
): OnChainRecord {
  const circuit = (name: string): OnChainRecord['closeCircuit'] => ({
    circuitId: circuitIdOf(name), verificationKeyHash: `0x${random.next().toString(16).padStart(64, '0')}`, insecure: random.chance(20),
  });
  return {
    ...told, base: baseOfVenue(poseidon, told), marketCommitment: marketCommitment(poseidon, table),
    genesisAccumulator: element(random), finalAccumulator: element(random),
    accountsBound: below(random, 2n ** 40n), unhealthyBound: below(random, 2n ** 20n), shortfall: below(random, 2n ** 90n),
    words: settlementRows(table).flatMap(() => [below(random, 2n ** 100n), below(random, 2n ** 100n)]),
    snapshotTime: table.snapshotTime, acceptedAt: table.snapshotTime + 60, marketTime: table.snapshotTime, valueScale: table.valueScale,
    covered: random.chance(80), batchCircuits: [circuit(shape.batch)], partCircuits: [], closeCircuit: circuit(shape.close),
  };
}

/** Of all sizes, both ends of the range among them. */
function below(random: Random, bound: bigint): bigint {
  if (bound <= 1n) return 0n;
  if (random.chance(10)) return random.pick([0n, bound - 1n]);
  const bits = random.below(bound.toString(2).length + 1);
  let drawn = 0n;
  for (let word = 0; word < 8; word += 1) drawn = (drawn << 32n) | BigInt(random.next());
  return (drawn & ((1n << BigInt(bits)) - 1n)) % bound;
}

function element(random: Random): bigint {
  let drawn = 0n;
  for (let word = 0; word < 7; word += 1) drawn = (drawn << 32n) | BigInt(random.next());
  return drawn + 1n;
}
