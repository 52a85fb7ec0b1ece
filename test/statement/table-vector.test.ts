import assert from 'node:assert/strict';
import { AbiCoder, keccak256 } from 'ethers';
import fc from 'fast-check';
import { instrumentDigest, marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { MarketRow, MarketTable } from '../../src/risk/market-table.js';
import { packRates } from '../../src/risk/row-terms.js';
import { SignalsShapeError } from '../../src/statement/named-signals.js';
import { listedClass, tablePoint, tableVector } from '../../src/statement/table-vector.js';
import { smallMarket } from '../builders/market.js';
import { termedMarket, termedTieredMarket } from '../builders/termed-market.js';

const KINDS = ['cash', 'spot', 'entry', 'perpetual', 'future', 'option'] as const;
const word = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 256n - 1n), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }));

describe('the vector of a market table', () => {
  it('is the number of rows, the moves above 0, then eight words a row', () => {
    const table = termedMarket();
    const vector = tableVector(table);
    assert.deepEqual(vector.slice(0, 5), [6n, 196n, 316n, 316n, 196n]);
    assert.equal(vector.length, 5 + 8 * table.rows.length);
    const call = table.rows[4] as MarketRow;
    assert.deepEqual(vector.slice(5 + 32, 5 + 40), [
      instrumentDigest(call), 6n, 0n, call.oraclePrice, 550_000n, 10n ** 16n, packRates(call.terms as NonNullable<MarketRow['terms']>), 62_000_000_000n,
    ]);
  });

  it('says of each row its kind, whether it is a further tier, and its cap', () => {
    const { rows } = termedTieredMarket();
    const classes = [2n + 16n * 5_000_000n, 2n + 8n + 16n * 20_000_000n, 2n + 8n, 4n + 16n * 10_000_000n, 4n + 8n + 16n * 1_000_000_000n, 1n, 3n, 6n, 6n];
    assert.deepEqual(rows.map(listedClass), classes);
    const vector = tableVector({ ...termedTieredMarket(), rows: rows.map((row) => ({ ...row, activationEpoch: row.index })) });
    assert.deepEqual(rows.map((_, index) => vector.slice(5 + 8 * index + 1, 5 + 8 * index + 3)), classes.map((one, index) => [one, BigInt(index)]));
  });

  it('has one class for each kind, tier and cap, all below 2^68', () => {
    const meaning = fc.record({ kind: fc.constantFrom(...KINDS), predecessor: fc.constantFrom(0, 3), cap: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) });
    fc.assert(fc.property(meaning, meaning, (one, other) => {
      assert.ok(listedClass(one) < 2n ** 68n);
      const same = one.kind === other.kind && one.predecessor === other.predecessor && one.cap === other.cap;
      assert.equal(listedClass(one) === listedClass(other), same);
    }));
  });

  it('is none of a table that no parameter set made', () => {
    assert.throws(() => tableVector(smallMarket()), SignalsShapeError);
    assert.throws(() => tableVector({ ...termedMarket(), rows: smallMarket().rows }), SignalsShapeError);
  });
});

describe('the point of a table\'s vector', () => {
  it("is the hash that ethers' encoder and the contract give", () => {
    fc.assert(fc.property(word, word, word, fc.array(word, { maxLength: 9 }), (base, market, snapshotTime, vector) => {
      const encoded = AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256', 'uint256', 'uint256[]'], [base, market, snapshotTime, vector]);
      assert.equal(tablePoint({ base, marketCommitment: market, snapshotTime }, vector), BigInt(keccak256(encoded)) % FIELD_MODULUS);
    }));
  });

  it('changes with every part, with the number of words, and with every number that a row follows from', async () => {
    const of = { base: 1n, marketCommitment: 2n, snapshotTime: 3n };
    const points = [tablePoint(of, [5n]), ...Object.keys(of).map((part) => tablePoint({ ...of, [part]: 9n }, [5n])), tablePoint(of, [6n]), tablePoint(of, [5n, 0n])];
    assert.equal(new Set(points).size, points.length);

    // A venue that wants other numbers than the board's has another commitment, and so another point, before it knows either.
    const poseidon = await bulkPoseidon();
    const honest = termedMarket();
    const change = (index: number, row: Partial<MarketRow>): MarketTable => ({ ...honest, rows: honest.rows.map((each, at) => (at === index ? { ...each, ...row } : each)) });
    const terms = honest.rows[4]?.terms as NonNullable<MarketRow['terms']>;
    const tables = [
      honest, change(1, { oraclePrice: 1n }), change(4, { volatility: 1n }), change(4, { terms: { ...terms, strike: 1n } }), change(4, { terms: { ...terms, multiplier: 1n } }),
      change(4, { terms: { ...terms, exact: true } }), change(4, { id: 'OTHER' }), change(3, { kind: 'future' }), change(3, { cap: 1n }), change(3, { activationEpoch: 1 }), change(3, { predecessor: 3 }), { ...honest, moves: [{ price: -59, basis: 60 }, { price: 60, basis: -60 }] }, { ...honest, rows: honest.rows.slice(0, -1) },
    ];
    const drawn = tables.map((table) => tablePoint({ ...of, marketCommitment: marketCommitment(poseidon, table) }, tableVector(honest)));
    assert.equal(new Set(drawn).size, tables.length);
  });
});
