import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketRow } from '../../src/risk/market-table.js';
import { checkTerms } from '../../src/risk/terms-rules.js';
import { TableShapeError } from '../../src/witness/market-table-input.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput } from '../builders/market-table.js';
import { arbitraryTable } from '../builders/random-terms.js';
import { termedMarket, termedTable, termedTieredMarket, termsOf } from '../builders/termed-market.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { assertAccepted } from '../circuits/support/refusal.js';

describe('a market table of TypeScript is one of the circuit', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let plain: TestCircuit;
  let tiered: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    [plain, tiered] = [await listedCircuit(PLAIN_TABLE.circuit), await listedCircuit(TIERED_TABLE.circuit)];
  });

  for (const level of ['maintenance', 'initial'] as const) {
    it(`without tiers, at ${level} level`, async () => { await assertAccepted(plain, tableInput(poseidon, termedMarket(level), PLAIN_TABLE)); });
    it(`with tiers, at ${level} level`, async () => { await assertAccepted(tiered, tableInput(poseidon, termedTieredMarket(level), TIERED_TABLE)); });

    it(`with random prices and parameters, at ${level} level`, async () => {
      await fc.assert(fc.asyncProperty(arbitraryTable(level, PLAIN_TABLE.shape.ROWS), async (table) => {
        checkTerms(table, () => ({ file: 'random' }));
        await assertAccepted(plain, tableInput(poseidon, table, PLAIN_TABLE));
      }), { numRuns: 8 });
    });

    it(`with no value but the rule's: any other of a random row is refused, at ${level} level`, async () => {
      const field = fc.constantFrom<'mark' | 'longCharge' | 'shortCharge' | 'pnl'>('mark', 'longCharge', 'shortCharge', 'pnl');
      await fc.assert(fc.asyncProperty(arbitraryTable(level, 4), fc.nat(), field, fc.constantFrom(1n, -1n), async (table, place, name, off) => {
        const linear = table.rows.filter(({ kind }) => kind !== 'option');
        fc.pre(linear.length > 0);
        const chosen = linear[place % linear.length] as MarketRow;
        // A charge below 0 is no number that a row is hashed from.
        fc.pre(!(name.endsWith('Charge') && off < 0n && chosen[name as 'longCharge'] === 0n));
        const { index } = chosen;
        const bent = (row: MarketRow): MarketRow => (name === 'pnl' ? { ...row, pnl: row.pnl.map((one, scenario) => (scenario === 0 ? one + off : one)) } : { ...row, [name]: row[name] + off });
        const input = tableInput(poseidon, { ...table, rows: table.rows.map((row) => (row.index === index ? bent(row) : row)) }, PLAIN_TABLE);
        await assert.rejects(plain.calculate(input));
      }), { numRuns: 12 });
    });
  }

  it('full to the last row, and with none', async () => {
    const sketch = { kind: 'spot', price: 6_012_345_678_901n, terms: termsOf(50_000n, 100_000n, 150_000n) } as const;
    for (const rows of [0, 1, 15, 16]) {
      await assertAccepted(plain, tableInput(poseidon, termedTable(Array.from({ length: rows }, (_, row) => ({ ...sketch, id: `ROW${row}` })), 'maintenance'), PLAIN_TABLE));
    }
    for (const rows of [16, 17, 31]) {
      const table = termedTable([...Array.from({ length: rows }, (_, row) => ({ ...sketch, id: row === 0 ? 'ROW' : `ROW.${row + 1}`, cap: 5n, continues: row > 0 })), { ...sketch, id: 'ROW.LAST' }], 'initial');
      await assertAccepted(tiered, tableInput(poseidon, table, TIERED_TABLE));
    }
  });

  it('only in a circuit of its shape', () => {
    const many = termedTable(Array.from({ length: 17 }, (_, row) => ({ id: `ROW${row}`, kind: 'spot' as const, price: 1n, terms: termsOf(0n, 0n, 0n) })), 'initial');
    for (const [table, of] of [[many, PLAIN_TABLE], [termedTieredMarket(), PLAIN_TABLE], [termedMarket(), TIERED_TABLE], [{ ...termedMarket(), scenarios: [] }, PLAIN_TABLE]] as const) {
      assert.throws(() => tableInput(poseidon, table, of), TableShapeError);
    }
  });
});
