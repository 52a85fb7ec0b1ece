import { nullifierOf } from '../../../src/commitment/nullifier.js';
import { toField } from '../../../src/field/scalar-field.js';
import type { Holding } from '../../../src/venue/account.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { ACCOUNT_SHAPE, EPOCH, OWNER, exitInput, exitStatement, keyOfOwner, markInput, signerInput } from '../../builders/account.js';
import { smallMarket } from '../../builders/market.js';
import { RICH, below, cashAt, inPart, slotFrom, tooWide, withColumn, type AccountForgery } from './forgeries-of-accounts.js';

type Told = Omit<AccountForgery, 'circuit'>;
const [CASH, COIN, PERPETUAL, DUST] = [0, 1, 3, 5] as const;
const UNDER_WATER: readonly Holding[] = [{ index: CASH, quantity: -7n }];
const RAW_ROW = ['place', 'rowChildren', 'detail', 'kind', 'mark', 'longCharge', 'shortCharge', 'pnl'] as const;

const exits = (holdings: readonly Holding[], edit: (input: CircuitInput) => CircuitInput): Told['make'] => (poseidon) => edit(exitInput(poseidon, exitStatement(poseidon, smallMarket(), holdings)));
const worth = (more: bigint) => (input: CircuitInput): CircuitInput => ({ ...input, equity: (input.equity as bigint) + more });
const wrongEquity = { at: inPart('AccountExit', 'equity === sign.nonNegative * worth'), check: 'equity' } as const;

const OF_EXITS: readonly Told[] = [
  { name: 'an equity one value unit too high', ...wrongEquity, make: exits(RICH, worth(1n)) },
  { name: 'an equity one value unit too low', ...wrongEquity, make: exits(RICH, worth(-1n)) },
  { name: 'an equity of an account under water', ...wrongEquity, make: exits(UNDER_WATER, worth(1n)) },
  { name: 'an equity of an account under water that is taken for its residue', ...wrongEquity, make: exits(UNDER_WATER, (input) => ({ ...input, equity: toField(-7_000_000n) })) },
  {
    name: 'an equity of 120 bits and a sign, of a table out of range', at: tooWide('SignedExcess', 'bits.in <== offset'),
    make: (poseidon) => exitInput(poseidon, exitStatement(poseidon, cashAt(2n ** 56n), [{ index: CASH, quantity: 2n ** 64n - 1n }])),
  },
  {
    name: 'a short that is worth what a long is', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf',
    make: exits(RICH, (input) => {
      const mark = (input.mark as bigint[])[1] as bigint;
      return { ...withColumn(input, 'mark', 1, -mark), equity: (input.equity as bigint) + 10n * mark };
    }),
  },
  {
    name: 'dust that is worth what a coin is', at: inPart('AccountExit', 'used[slot] * (place[slot] - index[slot]) === 0'), check: 'place',
    make: (poseidon) => {
      const [dust, coin] = [DUST, COIN].map((index) => exitInput(poseidon, exitStatement(poseidon, smallMarket(), [{ index, quantity: 4n }]))) as [CircuitInput, CircuitInput];
      return { ...slotFrom(dust, coin, 0, RAW_ROW), equity: coin.equity as bigint };
    },
  },
  {
    name: 'another secret', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'AccountAnchor', 'path.'), check: 'leaf',
    make: (poseidon) => {
      const input = exitInput(poseidon, exitStatement(poseidon, smallMarket(), RICH));
      const thief = { ...OWNER, secret: OWNER.secret + 1n };
      return { ...input, secret: thief.secret, nullifier: nullifierOf(poseidon, { key: keyOfOwner(poseidon, thief), base: input.base as bigint, epoch: EPOCH, scope: 0n }) };
    },
  },
  {
    name: 'an account that stands alone on the chain', at: inPart('AccountExit', 'where.frame === frame'), check: 'frame',
    make: (poseidon) => {
      const honest = exitInput(poseidon, exitStatement(poseidon, smallMarket(), RICH));
      return { ...honest, frame: exitInput(poseidon, exitStatement(poseidon, smallMarket(), RICH, { place: { source: 'chain' } })).frame as bigint };
    },
  },
  {
    name: 'marks of a later epoch\'s table', at: inPart('AccountExit', 'where.frame === frame'), check: 'frame',
    make: (poseidon) => {
      const later = { ...smallMarket(), snapshotTime: 1_800_000_000 };
      return { ...exitInput(poseidon, exitStatement(poseidon, later, RICH)), frame: exitInput(poseidon, exitStatement(poseidon, smallMarket(), RICH)).frame as bigint };
    },
  },
  {
    name: 'the nullifier of another epoch', at: inPart('AccountExit', 'name.hash === nullifier'), check: 'nullifier',
    make: (poseidon) => {
      const input = exitInput(poseidon, exitStatement(poseidon, smallMarket(), RICH));
      return { ...input, nullifier: nullifierOf(poseidon, { key: keyOfOwner(poseidon), base: input.base as bigint, epoch: EPOCH + 1n, scope: 0n }) };
    },
  },
];

const OF_SIGNERS: readonly Told[] = [
  { name: 'another venue than its nullifiers are of', at: inPart('AccountSigner', 'where.domain === domain'), check: 'domain', make: (poseidon) => ({ ...signerInput(poseidon, { base: 5n }), domain: signerInput(poseidon).domain as bigint }) },
  { name: 'other epochs than it says', at: inPart('AccountSigner', 'epochs === epoch + (1 << 32) * laterEpoch'), check: 'epochs', make: (poseidon) => ({ ...signerInput(poseidon), epochs: EPOCH + ((EPOCH + 1n) << 32n) }) },
  { name: 'an epoch that reaches into the other', at: tooWide('AccountSigner', 'epochRange.in <== epoch'), check: 'epochRange', make: (poseidon) => signerInput(poseidon, { epoch: EPOCH + 2n ** 32n }) },
  { name: 'a later epoch of 33 bits', at: tooWide('AccountSigner', 'laterRange.in <== laterEpoch'), check: 'epochRange', make: (poseidon) => signerInput(poseidon, { laterEpoch: 2n ** 32n }) },
  { name: 'a signing key of somebody else', at: inPart('AccountSigner', 'name.hash === nullifier'), check: 'nullifier', make: (poseidon) => ({ ...signerInput(poseidon, { owner: { ...OWNER, signer: 5n } }), nullifier: signerInput(poseidon).nullifier as bigint }) },
  {
    name: 'the later nullifier of another account', at: inPart('AccountSigner', 'laterName.hash === laterNullifier'), check: 'nullifierNext',
    make: (poseidon) => ({ ...signerInput(poseidon), laterNullifier: signerInput(poseidon, { owner: { ...OWNER, subAccount: 4 } }).laterNullifier as bigint }),
  },
];

const OF_MARKS: readonly Told[] = [
  { name: 'another mark', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf', make: (poseidon) => ({ ...markInput(poseidon, smallMarket(), COIN), mark: 1n }) },
  { name: 'the mark of another row', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf', make: (poseidon) => ({ ...markInput(poseidon, smallMarket(), COIN), row: BigInt(DUST) }) },
  { name: 'a row beyond the tree', at: tooWide('HexDigits', 'bits.in <== number'), make: (poseidon) => ({ ...markInput(poseidon, smallMarket(), COIN), row: 4096n + BigInt(COIN) }) },
  {
    name: 'the mark of another table', at: inPart('RowMark', 'market.commitment === marketCommitment'), check: 'market',
    make: (poseidon) => ({ ...markInput(poseidon, smallMarket(), COIN), marketCommitment: markInput(poseidon, { ...smallMarket(), snapshotTime: 1 }, COIN).marketCommitment as bigint }),
  },
  ...([['below 0', -1n], ['of 48 bits', 2n ** 47n]] as const).map(([what, mark]): Told => ({
    name: `a mark ${what}`, at: tooWide('RowMark', 'range.in <== mark'), check: 'markRange',
    make: (poseidon) => {
      const table = smallMarket();
      const bent = { ...table, rows: table.rows.map((row) => (row.index === PERPETUAL ? { ...row, mark } : row)) };
      return { ...markInput(poseidon, bent, PERPETUAL), mark: toField(mark) };
    },
  })),
];

export const FORGERIES_OF_EXITS: readonly AccountForgery[] = [
  ...OF_EXITS.map((told) => ({ ...told, circuit: ACCOUNT_SHAPE.exitCircuit })),
  ...OF_SIGNERS.map((told) => ({ ...told, circuit: ACCOUNT_SHAPE.signerCircuit })),
  ...OF_MARKS.map((told) => ({ ...told, circuit: ACCOUNT_SHAPE.markCircuit })),
];

