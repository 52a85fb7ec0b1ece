import assert from 'node:assert/strict';
import { payingRow, quantaOf, settlementRowOf } from '../../src/cli/account/withdrawal.js';
import type { Holding } from '../../src/venue/account.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';

const { BTC, BTC2, BTC3, USDC } = TIERED_ROWS;

describe('the row that pays a withdrawal', () => {
  const market = tieredMarket();
  const holdings: readonly Holding[] = [{ index: BTC, quantity: 100n }, { index: BTC2, quantity: 50n }, { index: BTC3, quantity: 1n }, { index: USDC, quantity: -7n }];
  const paid = (quanta: bigint, of = holdings, instrument = 'BTC'): number => payingRow(market, of, instrument, quanta).index;
  const refused = (quanta: bigint, instrument: string, message: RegExp): void => {
    assert.throws(() => paid(quanta, holdings, instrument), { code: 'WITHDRAWAL', message });
  };

  it('is the highest tier that holds enough, so that little in a high tier keeps nobody\'s coins in', () => {
    assert.deepEqual([1n, 2n, 50n, 51n, 100n].map((quanta) => paid(quanta)), [BTC3, BTC2, BTC2, BTC, BTC]);
    assert.equal(paid(3n, [{ index: BTC, quantity: 3n }]), BTC);
  });

  it('is none where no row holds enough, or the instrument is owed, not held or neither cash nor spot', () => {
    refused(101n, 'BTC', /0\.000101 of BTC are more than the 0\.0001 that the account holds in its row BTC: withdraw no more at once/);
    refused(1n, 'USDC', /the account holds no USDC/);
    refused(1n, 'DUST', /the account holds no DUST/);
    refused(1n, 'BTC-PERP', /"BTC-PERP" is no cash or spot instrument of the table: it has BTC, USDC, DUST/);
    refused(1n, 'BTC.2', /"BTC.2" is no cash or spot instrument/);
  });

  it('is asked for quanta that a proof can name', () => {
    const row = settlementRowOf(market, 'BTC');
    assert.equal(quantaOf(row, '0.000101'), 101n);
    assert.equal(quantaOf(row, '18446744073709.551615'), 2n ** 64n - 1n);
    for (const amount of ['0', '-1', '0.0000001', '18446744073709.551616', '1e3', '']) assert.throws(() => quantaOf(row, amount), { code: 'WITHDRAWAL' });
  });
});
