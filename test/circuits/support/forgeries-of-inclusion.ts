import { hashList } from '../../../src/commitment/hash-list.js';
import type { BalanceOpening } from '../../../src/commitment/balance-commitment.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { FIELD_MODULUS, toField } from '../../../src/field/scalar-field.js';
import type { Holding } from '../../../src/venue/account.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { OWNER, POSITION, keyOfOwner } from '../../builders/account.js';
import { HELD_BALANCE, HELD_ROWS, INCLUSION_SHAPE, inclusionInput, inclusionStatement } from '../../builders/inclusion.js';
import { below, inPart, tooWide, withColumn, type AccountForgery } from './forgeries-of-accounts.js';

type Told = Omit<AccountForgery, 'circuit'>;
const EACH = 2n ** 64n - 1n;

/** Honest but for the edit. */
function shown(edit: (input: CircuitInput, poseidon: Poseidon) => CircuitInput, slots: readonly Holding[] = HELD_ROWS, balance: Partial<BalanceOpening> = {}): Told['make'] {
  return (poseidon) => edit(inclusionInput(poseidon, inclusionStatement(poseidon, slots, balance)), poseidon);
}

/** Other contents of the receipt, and the commitment to them. */
function promising(changes: CircuitInput, slots?: readonly Holding[]): Told['make'] {
  return shown((input, poseidon) => {
    const told: CircuitInput = { ...input, ...changes };
    const parts = ['key', 'firstRow', 'lastRow', 'amount', 'blinding'].map((name) => toField(told[name] as bigint));
    return { ...told, balance: hashList(poseidon, tagOf('balance'), parts) };
  }, slots);
}

const short = tooWide('AccountInclusion', 'surplus.in <== promises * (sum - amount)');
const otherBalance = { at: inPart('AccountInclusion', 'receipt.hash === balance'), check: 'balance' } as const;
const atLeaf = { at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'AccountAnchor', 'path.'), check: 'leaf' } as const;
const inFlag = (template: string, statement: string): AccountForgery['at'] => below(inPart(template, statement), 'AccountInclusion', 'promised.');
const thief = { ...OWNER, subAccount: OWNER.subAccount + 1 };

const OF_SUMS: readonly Told[] = [
  { name: 'one quantum more than is held', at: short, check: 'surplus', make: promising({ amount: HELD_BALANCE.amount + 1n }) },
  { name: 'a holding without the debt of its next tier', at: short, check: 'surplus', make: promising({ amount: 100n }) },
  { name: 'a holding below the first row', at: short, check: 'fromFirst', make: promising({ firstRow: 5n, lastRow: 9n, amount: 7n }) },
  { name: 'a holding behind the last row', at: short, check: 'upToLast', make: promising({ amount: 77n }) },
  { name: 'something of an account that has nothing in these rows', at: short, check: 'surplus', make: promising({ firstRow: 6n, lastRow: 8n, amount: 1n }) },
  { name: 'a debt that is taken for its residue', at: short, check: 'surplus', make: promising({ firstRow: 5n, lastRow: 5n, amount: 1n }) },
  { name: 'one row twice', at: tooWide('StrictlyIncreasing', 'gaps[i].in <== index[i + 1] - index[i] - 1'), check: 'increasing', make: promising({ amount: 200n }, [4, 4, 9].map((index) => ({ index, quantity: 100n }))) },
  { name: 'a quantity of 65 bits', at: tooWide('SignedQuantity', 'bits.in <== offset'), make: promising({ amount: EACH }, [{ index: 4, quantity: EACH + 1n }, { index: 5, quantity: 0n }, { index: 9, quantity: 0n }]) },
  { name: 'a debt of more than a leaf can owe', at: tooWide('SignedQuantity', 'bits.in <== offset'), make: promising({ amount: 0n, promises: 0n }, [{ index: 4, quantity: -EACH - 2n }, { index: 5, quantity: 0n }, { index: 9, quantity: 0n }]) },
];

const OF_RECEIPTS: readonly Told[] = [
  {
    name: 'another account than the receipt is of', ...otherBalance,
    make: (poseidon) => ({
      ...inclusionInput(poseidon, inclusionStatement(poseidon, HELD_ROWS, {}, { account: { key: keyOfOwner(poseidon, thief), salt: 555n, slots: HELD_ROWS } })),
      balance: inclusionInput(poseidon, inclusionStatement(poseidon)).balance as bigint,
    }),
  },
  ...([['blinding', 1n], ['firstRow', -1n], ['lastRow', 1n], ['amount', -1n]] as const).map(([name, more]): Told => ({
    name: `another ${name} than the receipt has`, ...otherBalance, make: shown((input) => ({ ...input, [name]: (input[name] as bigint) + more })),
  })),
  { name: 'a first row below 0', at: tooWide('AccountInclusion', 'firstRange.in <== firstRow'), check: 'firstRow', make: promising({ firstRow: -1n }) },
  { name: 'a last row of 17 bits', at: tooWide('AccountInclusion', 'lastRange.in <== lastRow'), check: 'lastRow', make: promising({ lastRow: 2n ** 16n }) },
  { name: 'a first row behind the last', at: tooWide('AccountInclusion', 'inOrder.in <== lastRow - firstRow'), check: 'inOrder', make: promising({ firstRow: 5n, lastRow: 4n, amount: 0n, promises: 0n }) },
  {
    name: 'an amount of 65 bits, which is held', at: tooWide('AccountInclusion', 'amountRange.in <== amount'), check: 'amountRange',
    make: promising({ amount: 2n ** 64n }, [{ index: 4, quantity: EACH }, { index: 5, quantity: EACH }, { index: 9, quantity: 0n }]),
  },
  { name: 'an amount below 0', at: tooWide('AccountInclusion', 'amountRange.in <== amount'), check: 'amountRange', make: promising({ amount: FIELD_MODULUS - 1n }) },
  { name: 'presence alone where an amount is promised', at: inFlag('NonZero', '(1 - flag) * in === 0'), check: 'promised', make: promising({ amount: 1_000n, promises: 0n }) },
  { name: 'a sum where presence alone is promised', at: inFlag('Inverse', 'out * in === 1'), check: 'promisedInverse', make: promising({ amount: 0n, promises: 1n }) },
  { name: 'a promise that is neither of amount nor of presence', at: inFlag('NonZero', 'flag * (1 - flag) === 0'), make: promising({ amount: 0n, promises: 2n }) },
  { name: 'a shortfall that is a surplus the other way round', at: inFlag('NonZero', 'flag * (1 - flag) === 0'), make: promising({ amount: 71n, promises: -1n }) },
];

const OF_PLACES: readonly Told[] = [
  { name: 'the leaf beside it', ...atLeaf, make: shown((input) => ({ ...input, position: BigInt(POSITION + 1) })) },
  { name: 'another account\'s leaf as its own', ...atLeaf, make: (poseidon) => ({ ...inclusionInput(poseidon, inclusionStatement(poseidon, HELD_ROWS, {}, { account: { key: keyOfOwner(poseidon, thief), salt: 555n, slots: HELD_ROWS } })), key: keyOfOwner(poseidon) }) },
  { name: 'other holdings than its leaf has', ...atLeaf, make: shown((input) => withColumn(input, 'quantity', 0, 101n)) },
  { name: 'another salt', ...atLeaf, make: shown((input) => ({ ...input, salt: 556n })) },
  { name: 'a node that its leaf is not below', at: below(inPart('TreePath', 'chosen[level].child === parent[level - 1].out'), 'AccountAnchor', 'path.'), check: 'path', make: shown((input) => ({ ...input, position: BigInt(POSITION - 16) })) },
  { name: 'the tree of another epoch', at: inPart('AccountInclusion', 'tree.root === accountsRoot'), check: 'root', make: shown((input) => ({ ...input, accountsRoot: (input.accountsRoot as bigint) + 1n })) },
  { name: 'a position beyond the tree', at: tooWide('HexDigits', 'bits.in <== number'), make: shown((input) => ({ ...input, position: BigInt(POSITION + 256) })) },
];

/** Every lie about what a balance receipt promises. */
export const FORGERIES_OF_INCLUSION: readonly AccountForgery[] = [...OF_SUMS, ...OF_RECEIPTS, ...OF_PLACES].map((told) => ({ ...told, circuit: INCLUSION_SHAPE.circuit }));
