import { SOURCE_CODE } from '../../../src/commitment/account-frame.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { domainOf } from '../../../src/commitment/identity.js';
import { hashList } from '../../../src/commitment/hash-list.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { nullifierOf } from '../../../src/commitment/nullifier.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { invertInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { packTerms, type AccountTerms } from '../../../src/statement/account-terms.js';
import { openPath } from '../../../src/tree/merkle-path.js';
import type { Holding } from '../../../src/venue/account.js';
import { accountMarginSignals, type MarginStatement } from '../../../src/witness/account-margin-input.js';
import { leafOf } from '../../../src/witness/account-parts.js';
import type { CircuitInput, InputValue } from '../../../src/witness/circuit-input.js';
import {
  ACCOUNT_SHAPE, EPOCH, HEALTHY, HELD, OWNER, UNHEALTHY, WATCHED, keyOfOwner, marginInput, marginStatement, openingOf, placeInTree, withdrawing,
} from '../../builders/account.js';
import { smallMarket } from '../../builders/market.js';
import { tieredMarket, TIERED_ROWS } from '../../builders/tiered-market.js';
import { replaced } from './forgery.js';
import type { ExpectedRefusal } from './refusal.js';

/** Checks that broken-accounts.test.ts can switch off one at a time in a copy of the circuits. */
export const ACCOUNT_CHECKS = [
  'terms', 'rowRange', 'amountRange', 'contextRange', 'heldBit', 'withdrawsBit', 'unmarginedBit', 'watchedBit', 'watchedHealthy', 'exclusive', 'silent', 'payer', 'nothing',
  'increasing', 'used', 'usedInverse', 'key', 'place', 'leaf', 'path', 'top', 'cap', 'capped', 'payableOnly', 'owed', 'rowOf', 'payable', 'chosen', 'left',
  'healthy', 'unhealthy', 'alone', 'source', 'epoch', 'frame', 'nullifier', 'nullifierNext',
  'splitFirst', 'splitBelow', 'splitUsed', 'splitFull', 'splitSign', 'equity', 'domain', 'epochs', 'epochRange', 'market', 'markRange',
  'balance', 'firstRow', 'lastRow', 'inOrder', 'promised', 'promisedInverse', 'root', 'fromFirst', 'upToLast', 'surplus',
] as const;
export type AccountCheck = (typeof ACCOUNT_CHECKS)[number];

/** One lie about an account or a row, made as consistent as can be, and the only place that refuses it. */
export interface AccountForgery {
  readonly name: string;
  readonly circuit: string;
  readonly make: (poseidon: Poseidon) => CircuitInput;
  readonly at: ExpectedRefusal;
  /** With this check switched off the lie is accepted. */
  readonly check?: AccountCheck;
}

type Told = Omit<AccountForgery, 'circuit'>;
const { BTC, BTC2, PERP, PERP2, USDC, ETH, ETH2 } = TIERED_ROWS;
const [CASH, COIN, PERPETUAL, DUST] = [0, 1, 3, 5] as const;
const HIGH = 1n << 92n;

/** A rich account with a short perpetual, one that owes, one that has both. */
export const RICH: readonly Holding[] = [{ index: CASH, quantity: 10n ** 6n }, { index: PERPETUAL, quantity: -5n }];
export const POOR: readonly Holding[] = [{ index: CASH, quantity: 10n }, { index: PERPETUAL, quantity: -5n }];
/** Bit of the word. */
const IS_WATCHED = 1n << 84n;
const INDEBTED: readonly Holding[] = [{ index: CASH, quantity: -7n }];

export const TOO_WIDE = { template: 'Num2Bits', statement: 'lc1 === in' } as const;
export const inPart = (template: string, statement: string): ExpectedRefusal => ({ template, statement });
export const tooWide = (template: string, statement: string): ExpectedRefusal => ({ ...TOO_WIDE, below: { template, statement } });
export const below = (at: Pick<ExpectedRefusal, 'template' | 'statement'>, template: string, statement: string): ExpectedRefusal => ({ ...at, below: { template, statement } });

type Edit = (input: CircuitInput, poseidon: Poseidon, statement: MarginStatement) => CircuitInput;

/** Said of these holdings under a table, honest but for the edit. */
function said(holdings: readonly Holding[], terms: AccountTerms, edit: Edit = (input) => input, table: MarketTable = smallMarket(), change: (poseidon: Poseidon) => Partial<MarginStatement> = () => ({})) {
  return (poseidon: Poseidon): CircuitInput => {
    const statement = marginStatement(poseidon, table, holdings, terms, change(poseidon));
    return edit(marginInput(poseidon, statement), poseidon, statement);
  };
}

const set = (changes: CircuitInput): Edit => (input) => ({ ...input, ...changes });

export function withColumn(input: CircuitInput, name: string, slot: number, value: InputValue): CircuitInput {
  return { ...input, [name]: replaced(input[name] as InputValue[], slot, () => value) };
}

/** A slot that opens another row than the input has it open: that of the same slot of another input. */
export function slotFrom(input: CircuitInput, other: CircuitInput, slot: number, names: readonly string[]): CircuitInput {
  return names.reduce((made, name) => withColumn(made, name, slot, (other[name] as InputValue[])[slot] as InputValue), input);
}

export const ROW_INPUTS = [
  'place', 'rowChildren', 'group', 'predecessor', 'instrument', 'cap', 'activationEpoch', 'price', 'volatility', 'multiplier', 'rates', 'strike', 'capped',
  'kind', 'mark', 'longCharge', 'shortCharge', 'pnl',
] as const;

/** An input in which this slot opens `row` of `table`. */
function opening(input: CircuitInput, poseidon: Poseidon, table: MarketTable, slot: number, row: number): CircuitInput {
  const slots = Array.from({ length: ACCOUNT_SHAPE.K }, (_, place) => ({ index: place === slot ? row : place < slot ? 0 : row + place, quantity: place === slot ? 1n : 0n }));
  const other = marginInput(poseidon, marginStatement(poseidon, table, [], HEALTHY, { account: { key: 1n, salt: 1n, slots } }));
  return slotFrom(input, other, slot, ROW_INPUTS);
}

function nullifiers(poseidon: Poseidon, { base, epoch }: MarginStatement, scope: bigint, times = 1n): CircuitInput {
  const name = (of: bigint): bigint => toField(times * nullifierOf(poseidon, { key: keyOfOwner(poseidon), base, epoch: of, scope: toField(scope) }));
  return { nullifier: name(epoch), nullifierNext: name(epoch + 1n) };
}

const inTerms = (statement: string): ExpectedRefusal => inPart('AccountTerms', statement);
const word = (input: CircuitInput): bigint => input.terms as bigint;

const OF_TERMS: readonly Told[] = [
  {
    name: 'a word that says "healthy" of an account that is only held', at: tooWide('AccountTerms', 'contextRange.in <== context'), check: 'contextRange',
    make: said(POOR, HELD, set({ terms: packTerms(HEALTHY), context: subtractInField(HEALTHY.context, invertInField(1n << 96n)) })),
  },
  {
    name: 'a scope in the nullifier that the word does not say, by a wide row', at: tooWide('AccountTerms', 'rowRange.in <== row'), check: 'rowRange',
    make: said(RICH, HEALTHY, (input, poseidon, statement) => ({ ...input, row: 5n + HIGH, context: 8n, ...nullifiers(poseidon, statement, 5n + HIGH) })),
  },
  {
    name: 'a scope in the nullifier that the word does not say, by a wide amount', at: tooWide('AccountTerms', 'amountRange.in <== amount'), check: 'amountRange',
    make: said(RICH, HEALTHY, (input, poseidon, statement) => ({ ...input, amount: HIGH >> 16n, context: 8n, ...nullifiers(poseidon, statement, 5n + HIGH) })),
  },
  {
    name: 'a row of 17 bits, which is an amount', at: tooWide('AccountTerms', 'rowRange.in <== row'), check: 'rowRange',
    make: said(RICH, { ...HEALTHY, scope: 1n << 16n }, set({ row: 1n << 16n, amount: 0n })),
  },
  {
    name: 'an amount of 65 bits, whose last one says "watched"', at: tooWide('AccountTerms', 'amountRange.in <== amount'), check: 'amountRange',
    make: said(RICH, HEALTHY, (input, poseidon, statement) => ({ ...input, amount: 1n << 64n, terms: word(input) + (1n << 84n), ...nullifiers(poseidon, statement, 5n + (1n << 80n)) })),
  },
  {
    name: 'a context of 129 bits', at: tooWide('AccountTerms', 'contextRange.in <== context'), check: 'contextRange',
    make: said(RICH, HEALTHY, (input) => ({ ...input, context: HEALTHY.context + (1n << 128n), terms: word(input) + (1n << 224n) })),
  },
  { name: 'a word with another context', at: inTerms('terms === healthy'), check: 'terms', make: said(RICH, HEALTHY, (input) => ({ ...input, terms: word(input) + (1n << 96n) })) },
  { name: 'a word that says "unmargined" where nothing was shown', at: inTerms('terms === healthy'), check: 'terms', make: said(RICH, HEALTHY, (input) => ({ ...input, terms: word(input) + 8n })) },
  {
    name: 'a second nullifier of an account that is held twice over', at: inTerms('held * (1 - held) === 0'), check: 'heldBit',
    make: said(RICH, { ...HELD, scope: 0n }, (input, poseidon, statement) => ({ ...input, held: 2n, terms: word(input) + 2n, ...nullifiers(poseidon, statement, 0n, 2n) }), smallMarket(), () => ({ place: { source: 'chain' } })),
  },
  {
    name: 'a word that reads "unmargined" by withdrawing twice', at: inTerms('withdraws * (1 - withdraws) === 0'), check: 'withdrawsBit',
    make: said(RICH, withdrawing(CASH, 10n), (input, poseidon, statement) => ({
      ...withColumn(input, 'from', 0, 2n), withdraws: 2n, terms: word(input) + 4n, ...nullifiers(poseidon, statement, -(10n << 16n)),
    })),
  },
  {
    name: 'a scope that the word does not say, by being unmargined twice over', at: inTerms('unmargined * (1 - unmargined) === 0'), check: 'unmarginedBit',
    make: said([{ index: CASH, quantity: 5n }], { ...HEALTHY, unmargined: true }, (input) => ({ ...input, unmargined: 2n, terms: word(input) + 8n })),
  },
  { name: 'a poor account that is healthy and held at once', at: inTerms('healthy * held === 0'), check: 'exclusive', make: said(POOR, HELD, (input, poseidon, statement) => ({ ...input, healthy: 1n, terms: word(input) + 1n, ...nullifiers(poseidon, statement, 5n) })) },
  { name: 'a payload in the verdict without an owner', at: inTerms('(1 - owned) * payload === 0'), check: 'silent', make: said(INDEBTED, UNHEALTHY, (input) => ({ ...input, row: 1n, terms: word(input) + 16n })) },
  { name: '"watched" that passes for its owner\'s word', at: inTerms('terms === healthy'), check: 'terms', make: said(RICH, WATCHED, (input) => ({ ...input, terms: word(input) - IS_WATCHED })) },
  {
    name: 'another nullifier of an account that is watched 4,096 times over, which is another context', at: inTerms('watched * (1 - watched) === 0'), check: 'watchedBit',
    make: said(RICH, { ...HEALTHY, scope: 0n, context: HEALTHY.context - 1n }, (input, poseidon, statement) => ({ ...input, watched: 4_096n, terms: word(input) + (1n << 96n), ...nullifiers(poseidon, statement, 0n, -4_095n) }), smallMarket(), () => ({ place: { source: 'chain' } })),
  },
  {
    name: '"held" by nobody who knows the secret', at: inTerms('watched * (1 - healthy) === 0'), check: 'watchedHealthy',
    make: said(POOR, UNHEALTHY, (input) => ({ ...input, held: 1n, watched: 1n, terms: word(input) + 2n + IS_WATCHED })),
  },
  {
    name: '"watched" of an account that is not healthy', at: inTerms('watched * (1 - healthy) === 0'), check: 'watchedHealthy',
    make: said(POOR, UNHEALTHY, (input, poseidon, statement) => ({ ...input, watched: 1n, terms: word(input) + IS_WATCHED, ...nullifiers(poseidon, statement, 0n, -1n) }), smallMarket(), () => ({ owner: OWNER })),
  },
  { name: 'a scope of what takes no secret', at: inTerms('(1 - owned) * payload === 0'), check: 'silent', make: said(RICH, WATCHED, (input) => ({ ...input, row: 1n, terms: word(input) + 16n })) },
  {
    name: 'a withdrawal by whoever has the opening', at: inTerms('(1 - owned) * payload === 0'), check: 'silent',
    make: said(RICH, WATCHED, (input) => ({ ...withColumn(input, 'from', 0, 1n), withdraws: 1n, row: 0n, amount: 9n, terms: word(input) + 4n + (9n << 20n) })),
  },
  {
    name: 'a withdrawal from a poor account that is held', at: inTerms('withdraws * (1 - healthy) === 0'), check: 'payer',
    make: said(POOR, withdrawing(CASH, 4n), (input) => ({ ...input, healthy: 0n, held: 1n, terms: word(input) + 1n })),
  },
  {
    name: 'a withdrawal of nothing', at: below(inPart('Inverse', 'out * in === 1'), 'AccountTerms', 'notZero.in'), check: 'nothing',
    make: said(RICH, withdrawing(CASH, 1n), (input) => ({ ...input, amount: 0n, terms: word(input) - (1n << 20n) })),
  },
];

const ofSlots = (...slots: readonly (readonly [number, bigint])[]) => (poseidon: Poseidon): Partial<MarginStatement> => {
  const account = { key: keyOfOwner(poseidon), salt: 1n, slots: slots.map(([index, quantity]) => ({ index, quantity })) };
  return { account };
};

/** A market whose coins are worth more, with the rows in the same places. */
function richerMarket(): MarketTable {
  const table = smallMarket();
  return { ...table, rows: table.rows.map((row) => ({ ...row, mark: 2n * row.mark })) };
}

const OF_ACCOUNT: readonly Told[] = [
  { name: 'another secret', at: inPart('AccountMargin', 'said.owned * (key - own.key) === 0'), check: 'key', make: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ owner: { ...OWNER, secret: OWNER.secret + 1n } })) },
  { name: 'another signing key', at: inPart('AccountMargin', 'said.owned * (key - own.key) === 0'), check: 'key', make: said(RICH, HELD, undefined, smallMarket(), () => ({ owner: { ...OWNER, signer: 0n } })) },
  { name: 'no secret at all behind an owner\'s word', at: inPart('AccountMargin', 'said.owned * (key - own.key) === 0'), check: 'key', make: said(RICH, HEALTHY, (input) => ({ ...input, secret: 0n, signer: 0n, userId: 0n, subAccount: 0n })) },
  { name: 'another sub-account', at: inPart('AccountMargin', 'said.owned * (key - own.key) === 0'), check: 'key', make: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ owner: { ...OWNER, subAccount: 4 } })) },
  {
    name: 'a slot twice', at: tooWide('StrictlyIncreasing', 'gaps[i].in'), check: 'increasing',
    make: said([], HEALTHY, undefined, smallMarket(), ofSlots([CASH, 10n ** 6n], [CASH, 10n ** 6n], [6, 0n], [7, 0n])),
  },
  {
    name: 'an index that reaches into the quantity', at: tooWide('StrictlyIncreasing', 'last.in'), check: 'increasing',
    make: said([], HEALTHY, undefined, smallMarket(), ofSlots([CASH, 10n ** 6n], [6, 0n], [7, 0n], [2 ** 16, 0n])),
  },
  {
    name: 'a quantity of 65 bits', at: tooWide('SignedQuantity', 'bits.in <== offset'),
    make: said([], HEALTHY, undefined, smallMarket(), ofSlots([CASH, 2n ** 64n], [6, 0n], [7, 0n], [8, 0n])),
  },
  {
    name: 'a holding that is passed off as an unused slot and counted at another row', at: below(inPart('NonZero', '(1 - flag) * in === 0'), 'AccountSlots', 'holds[slot].flag'), check: 'used',
    make: said([{ index: DUST, quantity: 10n ** 6n }], HEALTHY, (input, poseidon) => withColumn(opening(input, poseidon, smallMarket(), 0, COIN), 'used', 0, 0n)),
  },
  {
    name: 'dust that opens the row of a coin', at: inPart('AccountMargin', 'used[slot] * (place[slot] - index[slot]) === 0'), check: 'place',
    make: said([{ index: DUST, quantity: 10n ** 6n }], HEALTHY, (input, poseidon) => opening(input, poseidon, smallMarket(), 0, COIN)),
  },
  {
    name: 'an index beyond the rows tree that opens a row inside it', at: inPart('AccountMargin', 'used[slot] * (place[slot] - index[slot]) === 0'), check: 'place',
    make: (poseidon) => {
      const table = smallMarket();
      const honest = marginStatement(poseidon, table, [], HEALTHY, ofSlots([COIN, 5n], [4098, 0n], [4099, 0n], [4100, 0n])(poseidon));
      const lie = marginStatement(poseidon, table, [], HEALTHY, ofSlots([4096 + COIN, 5n], [4098, 0n], [4099, 0n], [4100, 0n])(poseidon));
      return { ...marginInput(poseidon, honest), ...accountMarginSignals(poseidon, lie), children: children(poseidon, lie), index: lie.account.slots.map(({ index }) => BigInt(index)) };
    },
  },
  {
    name: 'an index beyond the rows tree at its own place', at: tooWide('HexDigits', 'bits.in <== number'),
    make: (poseidon) => {
      const table = smallMarket();
      const honest = marginStatement(poseidon, table, [], HEALTHY, ofSlots([0, 5n], [4098, 0n], [4099, 0n], [4100, 0n])(poseidon));
      const lie = marginStatement(poseidon, table, [], HEALTHY, ofSlots([4096, 5n], [4098, 0n], [4099, 0n], [4100, 0n])(poseidon));
      const input = { ...marginInput(poseidon, honest), ...accountMarginSignals(poseidon, lie), children: children(poseidon, lie), index: lie.account.slots.map(({ index }) => BigInt(index)) };
      return withColumn(input, 'place', 0, 4096n);
    },
  },
  { name: 'a row with another mark', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf', make: said(RICH, HEALTHY, (input) => withColumn(input, 'mark', 0, 2_000_000n)) },
  { name: 'a row with another cap', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'RowOpening', 'path.'), check: 'leaf', make: said(RICH, HEALTHY, (input) => withColumn(withColumn(input, 'cap', 0, 10n ** 7n), 'capped', 0, 1n)) },
  {
    name: 'a leaf of another market under a node of this one', at: below(inPart('TreePath', 'chosen[level].child === parent[level - 1].out'), 'RowOpening', 'path.'), check: 'path',
    make: said(RICH, HEALTHY, (input, poseidon) => {
      const bent = opening(input, poseidon, richerMarket(), 0, CASH);
      const [lowest] = (bent.rowChildren as InputValue[][])[0] as InputValue[];
      return withColumn(bent, 'rowChildren', 0, [lowest as InputValue, ((input.rowChildren as InputValue[][])[0] as InputValue[])[1] as InputValue]);
    }),
  },
  {
    name: 'a row of another market', at: inPart('RowOpening', 'chosen.child === path.node'), check: 'top',
    make: said(RICH, HEALTHY, (input, poseidon) => opening(input, poseidon, richerMarket(), 0, CASH)),
  },
  {
    name: 'another market altogether', at: inPart('AccountMargin', 'where.frame === frame'), check: 'frame',
    make: (poseidon) => ({ ...said(POOR, HELD, undefined, richerMarket())(poseidon), frame: said(POOR, HELD)(poseidon).frame as bigint }),
  },
  {
    name: 'an account that is not in the tree', at: below(inPart('TreePath', 'chosen[level].child === leaf'), 'AccountAnchor', 'path.'), check: 'leaf',
    make: (poseidon) => {
      const poor = said(POOR, HEALTHY)(poseidon);
      return { ...said(RICH, HEALTHY)(poseidon), children: poor.children as InputValue, frame: poor.frame as bigint };
    },
  },
  { name: 'a frame of the epoch before', at: inPart('AccountMargin', 'where.frame === frame'), check: 'frame', make: (poseidon) => ({ ...said(RICH, HEALTHY)(poseidon), frame: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ epoch: EPOCH - 1n }))(poseidon).frame as bigint }) },
  { name: 'a frame of another circuit', at: inPart('AccountMargin', 'where.frame === frame'), check: 'frame', make: (poseidon) => ({ ...said(RICH, HEALTHY)(poseidon), frame: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ circuitId: circuitIdOf('another') }))(poseidon).frame as bigint }) },
  { name: 'a frame of a leaf that is passed off as a commitment on chain', at: inPart('AccountMargin', 'where.frame === frame'), check: 'frame', make: (poseidon) => ({ ...said(RICH, HEALTHY)(poseidon), frame: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ place: { source: 'chain' } }))(poseidon).frame as bigint }) },
  { name: 'an epoch of 33 bits', at: tooWide('AccountFrame', 'range.in <== epoch'), check: 'epoch', make: said(RICH, HEALTHY, undefined, smallMarket(), () => ({ epoch: 2n ** 32n })) },
  {
    name: 'an anchor that is neither root nor commitment', at: inPart('AccountMargin', 'source * (1 - source) === 0'), check: 'source',
    make: said(RICH, HEALTHY, (input, poseidon, statement) => {
      const { base, circuitId, epoch, table, account, place } = statement;
      const leaf = leafOf(poseidon, account);
      const root = place.source === 'tree' ? openPath(poseidon, leaf, place.path, ACCOUNT_SHAPE.DEPTH).root : 0n;
      const anchor = toField(2n * leaf - root);
      const tag = tagOf('frame', SOURCE_CODE.chain + 1);
      return { ...input, source: 2n, frame: hashList(poseidon, tag, [domainOf(poseidon, base, circuitId), epoch, anchor, marketCommitment(poseidon, table)]) };
    }),
  },
  ...([['of another epoch', { epoch: EPOCH + 1n }], ['of another scope', { scope: 6n }], ['of another base', { base: 1n }], ['of another account', { key: 1n }]] as const).map(([what, change]): Told => ({
    name: `a nullifier ${what}`, at: inPart('AccountMargin', 'nullifier === said.owned * names[0].hash'), check: 'nullifier',
    make: said(RICH, HEALTHY, (input, poseidon, { base, epoch }) => ({ ...input, nullifier: nullifierOf(poseidon, { key: keyOfOwner(poseidon), base, epoch, scope: 5n, ...change }) })),
  })),
  { name: 'a withdrawal that names itself by its payload', at: inPart('AccountMargin', 'nullifier === said.owned'), check: 'nullifier', make: said(RICH, withdrawing(COIN - 1, 3n), (input, poseidon, statement) => ({ ...input, nullifier: nullifiers(poseidon, statement, 3n << 16n).nullifier as bigint })) },
  { name: 'no nullifier', at: inPart('AccountMargin', 'nullifier === said.owned'), check: 'nullifier', make: said(RICH, HEALTHY, set({ nullifier: 0n })) },
  { name: 'a nullifier of an account that nobody owns up to', at: inPart('AccountMargin', 'nullifier === said.owned'), check: 'nullifier', make: said(INDEBTED, UNHEALTHY, set({ nullifier: 3n })) },
  { name: 'a nullifier of an account that is only watched', at: inPart('AccountMargin', 'nullifier === said.owned'), check: 'nullifier', make: said(RICH, WATCHED, (input, poseidon, statement) => ({ ...input, nullifier: nullifiers(poseidon, statement, 0n).nullifier as bigint })) },
  { name: 'the same nullifier for the next epoch', at: inPart('AccountMargin', 'nullifierNext === said.owned'), check: 'nullifierNext', make: said(RICH, HEALTHY, (input) => ({ ...input, nullifierNext: input.nullifier as bigint })) },
];

/** Nodes on the path of an account whose rows may not exist. */
function children(poseidon: Poseidon, { place, account }: MarginStatement): InputValue {
  return place.source === 'tree' ? openPath(poseidon, leafOf(poseidon, account), place.path, ACCOUNT_SHAPE.DEPTH).children : [];
}

const inWithdrawal = (statement: string): ExpectedRefusal => inPart('AccountWithdrawal', statement);
const LONG_PERPETUAL: readonly Holding[] = [{ index: CASH, quantity: 10n ** 6n }, { index: PERPETUAL, quantity: 5n }];
const WITH_DUST: readonly Holding[] = [{ index: CASH, quantity: 10n ** 6n }, { index: DUST, quantity: 50n }];

const OF_MONEY: readonly Told[] = [
  { name: '"healthy" of an account one value unit short', at: inPart('AccountVerdict', 'healthy * (1 - healthySoFar'), check: 'healthy', make: said([{ index: CASH, quantity: 1n }], HEALTHY, undefined, shortBy(1n)) },
  { name: '"healthy" of an account that only moves of prices would save', at: inPart('AccountVerdict', 'healthy * (1 - healthySoFar'), check: 'healthy', make: said([{ index: CASH, quantity: 1n }], HEALTHY, undefined, shortBy(1n, 1n)) },
  { name: 'an excess of 84 bits and a sign', at: tooWide('SignedExcess', 'bits.in <== offset'), make: said([{ index: CASH, quantity: 2n ** 63n }], HEALTHY, undefined, cashAt(2n ** 20n)) },
  { name: '"healthy" of an account that a scenario breaks', at: inPart('AccountVerdict', 'healthy * (1 - healthySoFar'), check: 'healthy', make: said([{ index: CASH, quantity: 90_000n }, { index: PERPETUAL, quantity: 10n }], HEALTHY, undefined, withoutMark()) },
  { name: 'a withdrawal that leaves the account short', at: inPart('AccountVerdict', 'healthy * (1 - healthySoFar'), check: 'healthy', make: said(RICH, withdrawing(CASH, 10n ** 6n)) },
  { name: '"not healthy" of an account without a value unit to spare', at: inPart('AccountVerdict', 'unhealthy * healthySoFar'), check: 'unhealthy', make: said([{ index: CASH, quantity: 1n }], UNHEALTHY, undefined, shortBy(0n)) },
  { name: '"not healthy" of a leaf in the tree', at: inPart('AccountMargin', '(1 - said.owned) * (1 - source) === 0'), check: 'alone', make: said(POOR, UNHEALTHY, undefined, smallMarket(), (poseidon) => ({ place: placeInTree(poseidon, openingOf(poseidon, smallMarket(), POOR)) })) },
  { name: '"watched" of a leaf in the tree', at: inPart('AccountMargin', '(1 - said.owned) * (1 - source) === 0'), check: 'alone', make: said(RICH, WATCHED, undefined, smallMarket(), (poseidon) => ({ place: placeInTree(poseidon, openingOf(poseidon, smallMarket(), RICH)) })) },
  { name: '"watched" of an account one value unit short', at: inPart('AccountVerdict', 'healthy * (1 - healthySoFar'), check: 'healthy', make: said([{ index: CASH, quantity: 1n }], WATCHED, undefined, shortBy(1n)) },
  { name: '"not healthy" under an initial table that it meets', at: inPart('AccountVerdict', 'unhealthy * healthySoFar'), check: 'unhealthy', make: said(RICH, UNHEALTHY, undefined, { ...smallMarket(), level: 'initial' }) },
  {
    name: '"not healthy" under a table of another level than the frame\'s', at: inPart('AccountMargin', 'where.frame === frame'), check: 'frame',
    make: (poseidon) => ({ ...said([{ index: CASH, quantity: 1n }], UNHEALTHY, undefined, { ...shortBy(1n), level: 'initial' })(poseidon), frame: said([{ index: CASH, quantity: 1n }], UNHEALTHY, undefined, shortBy(1n))(poseidon).frame as bigint }),
  },
  { name: '"unmargined" with a perpetual', at: inPart('AccountMargin', 'promised[slot] * unpayable[slot] === 0'), check: 'payableOnly', make: said(LONG_PERPETUAL, { ...HEALTHY, unmargined: true }) },
  { name: '"unmargined" with a loan', at: inPart('AccountMargin', 'unmargined * owed === 0'), check: 'owed', make: said([{ index: CASH, quantity: -1n }, { index: COIN, quantity: 5n }], { ...HEALTHY, unmargined: true }) },
  { name: 'dust that is paid as a coin', at: inWithdrawal('from[slot] * (index[slot] - row) === 0'), check: 'rowOf', make: said(WITH_DUST, withdrawing(COIN, 3n), (input) => withColumn(input, 'from', 1, 1n)) },
  { name: 'a withdrawal of a perpetual', at: inWithdrawal('from[slot] * unpayable[slot] === 0'), check: 'payable', make: said(LONG_PERPETUAL, withdrawing(PERPETUAL, 1n)) },
  { name: 'a withdrawal from no slot', at: inWithdrawal('chosen === withdraws'), check: 'chosen', make: said(RICH, withdrawing(COIN, 3n)) },
  { name: 'a slot that gives without a withdrawal', at: inWithdrawal('chosen === withdraws'), check: 'chosen', make: said(RICH, { ...HEALTHY, scope: 3n << 16n }, (input) => withColumn(input, 'from', 0, 1n)) },
  { name: 'one quantum more than the account holds', at: tooWide('AccountWithdrawal', 'notNegative.in <== left'), check: 'left', make: said(WITH_DUST, withdrawing(DUST, 51n)) },
  { name: 'a withdrawal that deepens a loan', at: tooWide('AccountWithdrawal', 'notNegative.in <== left'), check: 'left', make: said([{ index: CASH, quantity: -1n }, { index: COIN, quantity: 5n }], withdrawing(CASH, 1n)) },
];

/** A quantum of cash leaves an account exactly this much short, and every scenario adds so much. */
function shortBy(amount: bigint, gain = 0n): MarketTable {
  const table = smallMarket();
  return { ...table, rows: replaced(table.rows, CASH, (row) => ({ ...row, longCharge: row.mark + amount, pnl: row.pnl.map(() => gain) })) };
}

/** Cash of another mark. */
export function cashAt(mark: bigint): MarketTable {
  const table = smallMarket();
  return { ...table, rows: replaced(table.rows, CASH, (row) => ({ ...row, mark })) };
}

/** The perpetual is worth nothing but what it moves by: 90,000 quanta of cash carry it as long as nothing moves. */
function withoutMark(): MarketTable {
  const table = smallMarket();
  return { ...table, rows: replaced(table.rows, PERPETUAL, (row) => ({ ...row, mark: 0n, longCharge: 0n, pnl: [-9_000_000_001n, 0n] })) };
}

const inSplit = (statement: string): ExpectedRefusal => inPart('GreedySplit', statement);
const onChain = (...slots: readonly (readonly [number, bigint])[]) => said([], UNHEALTHY, undefined, tieredMarket(), ofSlots(...slots));

const OF_TIERS: readonly Told[] = [
  { name: 'one quantum more than a row\'s cap', at: tooWide('RowCaps', 'headroom[slot].in'), check: 'cap', make: said([{ index: BTC, quantity: 101n }], HEALTHY, undefined, tieredMarket()) },
  {
    name: 'a cap beyond 64 bits, of a table out of range', at: tooWide('RowCaps', 'headroom[slot].in'), check: 'cap',
    make: said([{ index: BTC, quantity: 1n }], HEALTHY, undefined, { ...tieredMarket(), rows: replaced(tieredMarket().rows, BTC, (row) => ({ ...row, cap: 2n ** 64n + 1n })) }),
  },
  { name: 'a debt of one quantum more than a row\'s cap', at: tooWide('RowCaps', 'headroom[slot].in'), check: 'cap', make: said([{ index: BTC, quantity: -101n }, { index: USDC, quantity: 10n ** 9n }], HEALTHY, undefined, tieredMarket()) },
  {
    name: 'a cap that is said not to be one', at: below(inPart('NonZero', '(1 - flag) * in === 0'), 'RowCaps', 'isCapped[slot].flag'), check: 'capped',
    make: said([{ index: BTC, quantity: 101n }], HEALTHY, (input) => withColumn(input, 'capped', 0, 0n), tieredMarket()),
  },
  { name: 'a second tier in the first slot', at: inSplit('further[slot] === 0'), check: 'splitFirst', make: onChain([PERP2, -2n], [7, 0n], [8, 0n], [9, 0n]) },
  { name: 'a second tier behind another instrument that is full', at: inSplit('further[slot] * (index[slot - 1] - predecessor[slot] + 1) === 0'), check: 'splitBelow', make: onChain([PERP, -40n], [ETH2, -2n], [9, 0n], [10, 0n]) },
  {
    name: 'a second tier behind an empty slot that opens another row', at: inSplit('further[slot] * (1 - used[slot - 1]) === 0'), check: 'splitUsed',
    make: said([], UNHEALTHY, (input, poseidon) => opening(input, poseidon, tieredMarket(), 0, USDC), tieredMarket(), ofSlots([PERP, 0n], [PERP2, -2n], [9, 0n], [10, 0n])),
  },
  { name: 'a second tier behind a first that has room', at: inSplit('further[slot] * (magnitude[slot - 1] - cap[slot - 1]) === 0'), check: 'splitFull', make: onChain([PERP, -39n], [PERP2, -2n], [9, 0n], [10, 0n]) },
  { name: 'a second tier that is short behind a first that is long', at: inSplit('further[slot] * (here[slot] - below[slot]) === 0'), check: 'splitSign', make: onChain([ETH, 10n], [ETH2, -12n], [9, 0n], [10, 0n]) },
  {
    name: 'a second tier behind an empty slot that is said to be used, of a first without a cap',
    at: below(inPart('Inverse', 'out * in === 1'), 'NonZero', 'inverse.in'), check: 'usedInverse',
    make: (poseidon) => {
      const table = tieredMarket();
      const uncapped = { ...table, rows: replaced(table.rows, PERP, (row) => ({ ...row, cap: 0n })) };
      const made = said([], UNHEALTHY, undefined, uncapped, ofSlots([PERP, 0n], [PERP2, -2n], [9, 0n], [10, 0n]))(poseidon);
      return withColumn(opening(made, poseidon, uncapped, 0, PERP), 'used', 0, 1n);
    },
  },
  { name: 'a third tier behind the first', at: inSplit('further[slot] * (index[slot - 1] - predecessor[slot] + 1) === 0'), check: 'splitBelow', make: onChain([BTC, -100n], [BTC2 + 1, -2n], [9, 0n], [10, 0n]) },
];

export const FORGERIES_OF_MARGIN: readonly AccountForgery[] = [...OF_TERMS, ...OF_ACCOUNT, ...OF_MONEY, ...OF_TIERS].map((told) => ({ ...told, circuit: ACCOUNT_SHAPE.marginCircuit }));
