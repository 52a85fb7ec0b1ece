import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { evaluate } from '../../../src/margin/margin.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { splitIntoTiers } from '../../../src/risk/tiers.js';
import type { AccountTerms } from '../../../src/statement/account-terms.js';
import type { Holding } from '../../../src/venue/account.js';
import { accountExitSignals } from '../../../src/witness/account-exit-input.js';
import type { MarginStatement } from '../../../src/witness/account-margin-input.js';
import { ACCOUNT_SHAPE, HEALTHY, HELD, UNHEALTHY, WATCHED, exitInput, exitStatement, marginInput, marginStatement, markInput, signerInput, withdrawing } from '../../builders/account.js';
import { smallMarket } from '../../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { inPart } from '../support/forgeries-of-accounts.js';
import { replaced } from '../support/forgery.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const { marginCircuit, exitCircuit, signerCircuit, markCircuit, K } = ACCOUNT_SHAPE;
const [CASH, COIN] = [0, 1] as const;
const { BTC, PERP, PERP2, USDC } = TIERED_ROWS;
const RUNS = { numRuns: 25, seed: 5 };

/** Instrument-level holdings of a few instruments, long and short, small and large. */
function holdingsOf(table: MarketTable, most: number): fc.Arbitrary<readonly Holding[]> {
  const quantity = fc.oneof(fc.bigInt(-200n, 200n), fc.bigInt(-(2n ** 34n), 2n ** 34n), fc.bigInt(-(10n ** 6n), 10n ** 6n)).filter((value) => value !== 0n);
  const instruments = table.rows.filter((row) => row.predecessor === 0).map((row) => row.index);
  return fc.subarray(instruments, { maxLength: most }).chain((indices) => fc.tuple(...indices.map(() => quantity)).map((quantities) => indices.map((index, place) => ({ index, quantity: quantities[place] as bigint }))));
}

describe('account-margin', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    circuit = await listedCircuit(marginCircuit);
  });

  const accepts = (table: MarketTable, holdings: readonly Holding[], terms: AccountTerms, change: Partial<MarginStatement> = {}): Promise<bigint[]> =>
    assertAccepted(circuit, marginInput(poseidon, marginStatement(poseidon, table, holdings, terms, change)));

  it('gives every random account the verdict of the reference margin engine and refuses the other, and always shows that it is held', async () => {
    // Every other account meets the table without its owner.
    let owned = true;
    for (const table of [smallMarket(), tieredMarket()]) {
      await fc.assert(fc.asyncProperty(holdingsOf(table, table.rows.length > 6 ? 1 : 3), async (instruments) => {
        let holdings: readonly Holding[];
        try {
          holdings = splitIntoTiers(table, instruments);
        } catch { return; }
        if (holdings.length > K) return;
        const { healthy } = evaluate(table, holdings);
        const met = owned ? HEALTHY : WATCHED;
        await accepts(table, holdings, healthy ? met : UNHEALTHY);
        await accepts(table, holdings, HELD);
        const lie = marginInput(poseidon, marginStatement(poseidon, table, holdings, healthy ? UNHEALTHY : met));
        await assertRefused(circuit, lie, inPart('AccountVerdict', healthy ? 'unhealthy * healthySoFar' : 'healthy * (1 - healthySoFar'));
        owned = !owned;
      }), RUNS);
    }
  });

  it('turns at an excess of 0: healthy there, not healthy one value unit below', async () => {
    const table = smallMarket();
    const short = (amount: bigint): MarketTable => ({ ...table, rows: replaced(table.rows, CASH, (row) => ({ ...row, longCharge: row.mark + amount })) });
    for (const level of ['maintenance', 'initial'] as const) {
      for (const terms of [HEALTHY, WATCHED]) await accepts({ ...short(0n), level }, [{ index: CASH, quantity: 1n }], terms);
      await accepts({ ...short(1n), level }, [{ index: CASH, quantity: 1n }], UNHEALTHY);
    }
  });

  it('takes every quantity a leaf can hold', async () => {
    const free = smallMarket();
    const cheap = { ...free, rows: replaced(free.rows, CASH, (row) => ({ ...row, mark: 1n, shortCharge: 0n })) };
    await accepts(cheap, [{ index: CASH, quantity: 2n ** 64n - 1n }], HEALTHY);
    await accepts(cheap, [{ index: CASH, quantity: -(2n ** 64n) }], UNHEALTHY);
    await accepts(cheap, [{ index: CASH, quantity: 2n ** 64n - 1n }], withdrawing(CASH, 2n ** 64n - 1n));
  });

  it('lets an account withdraw all it holds of a row', async () => {
    await accepts(smallMarket(), [{ index: CASH, quantity: 9n }, { index: COIN, quantity: 2n }], withdrawing(CASH, 9n));
    await accepts(smallMarket(), [{ index: CASH, quantity: 9n }, { index: COIN, quantity: 2n }], withdrawing(COIN, 2n));
  });

  it('takes a row that is full to its cap, and a holding that fills its tiers from below', async () => {
    await accepts(tieredMarket(), [{ index: BTC, quantity: 100n }], HEALTHY);
    await accepts(tieredMarket(), [{ index: PERP, quantity: 40n }, { index: PERP2, quantity: 3n }, { index: USDC, quantity: -(10n ** 9n) }], UNHEALTHY);
  });

  it('shows that an account is unmargined, also before a withdrawal and when it is only held', async () => {
    const holdings = [{ index: CASH, quantity: 9n }, { index: COIN, quantity: 2n }];
    for (const terms of [HEALTHY, HELD, withdrawing(CASH, 9n)]) await accepts(smallMarket(), holdings, { ...terms, unmargined: true });
  });

  it('takes an account without holdings, one alone on the chain, and the largest scope, context and epoch', async () => {
    await accepts(smallMarket(), [], { ...HEALTHY, unmargined: true });
    await accepts(smallMarket(), [{ index: CASH, quantity: 9n }], HEALTHY, { place: { source: 'chain' } });
    await accepts(smallMarket(), [], { ...HEALTHY, scope: 2n ** 80n - 1n, context: 2n ** 128n - 1n }, { epoch: 2n ** 32n - 1n });
  });

  it('shows an account under the table of initial level, and that it is held whatever its margin', async () => {
    await accepts({ ...smallMarket(), level: 'initial' }, [{ index: CASH, quantity: 9n }], HEALTHY);
    await accepts(smallMarket(), [{ index: COIN, quantity: -(2n ** 60n) }], HELD);
  });

  it('shows, without the owner, that an account meets the table however it is split, and that it does not only where it is split greedily', async () => {
    const holdings = [{ index: PERP2, quantity: 3n }, { index: USDC, quantity: 10n ** 9n }];
    await accepts(tieredMarket(), holdings, WATCHED);
    const poor = marginInput(poseidon, marginStatement(poseidon, tieredMarket(), [{ index: PERP2, quantity: -3n }], UNHEALTHY));
    await assertRefused(circuit, poor, inPart('GreedySplit', 'further[slot] === 0'));
  });
});

describe('account-exit', function () {
  this.timeout(1_200_000);
  it('gives every random account the equity of the reference margin engine, and 0 to one under water', async () => {
    const poseidon = await bulkPoseidon();
    const circuit = await listedCircuit(exitCircuit);
    const table = smallMarket();
    await fc.assert(fc.asyncProperty(holdingsOf(table, K), async (holdings) => {
      const statement = exitStatement(poseidon, table, holdings);
      const { equity } = evaluate(table, holdings);
      assert.equal(accountExitSignals(poseidon, statement).equity, equity < 0n ? 0n : equity);
      await assertAccepted(circuit, exitInput(poseidon, statement));
    }), RUNS);
  });

  it('reads the equity of the largest holdings at the largest marks', async () => {
    const poseidon = await bulkPoseidon();
    const circuit = await listedCircuit(exitCircuit);
    const table = smallMarket();
    const dear = { ...table, rows: table.rows.map((row) => ({ ...row, mark: 2n ** 47n - 1n })) };
    for (const quantity of [2n ** 64n - 1n, -(2n ** 64n)]) {
      await assertAccepted(circuit, exitInput(poseidon, exitStatement(poseidon, dear, [0, 1, 2, 3].map((index) => ({ index, quantity })))));
    }
  });
});

describe('account-signer and row-mark', function () {
  this.timeout(600_000);
  it('take the first and the last epoch, the same epoch twice, and every row with a mark a contract values at', async () => {
    const poseidon = await bulkPoseidon();
    const [signer, mark] = [await listedCircuit(signerCircuit), await listedCircuit(markCircuit)];
    for (const [epoch, laterEpoch] of [[0n, 2n ** 32n - 1n], [7n, 7n], [9n, 3n]] as const) await assertAccepted(signer, signerInput(poseidon, { epoch, laterEpoch }));
    const table = smallMarket();
    for (const row of table.rows.keys()) await assertAccepted(mark, markInput(poseidon, table, row));
    for (const value of [0n, 2n ** 47n - 1n]) await assertAccepted(mark, markInput(poseidon, { ...table, rows: replaced(table.rows, 3, (row) => ({ ...row, mark: value })) }, 3));
  });
});
