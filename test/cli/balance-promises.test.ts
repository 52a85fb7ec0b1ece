import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askedPromise, promisesOf, type AskedPromise } from '../../src/cli/balance/promises.js';
import { NO_ORDERS, readSigningKeys } from '../../src/cli/balance/signing-keys.js';
import type { Account, Holding } from '../../src/venue/account.js';
import { smallMarket, tieredMarket } from '../builders/market.js';
import { temporaryFolder } from './program.js';

const accountWith = (...holdings: readonly Holding[]): Account => ({ userId: 'alice', subAccount: 0, owner: 1n, holdings });

describe('what a venue promises of an account', () => {
  const market = smallMarket();
  const [USDC, BTC, PERPETUAL] = [0, 1, 3];
  const cashOnly = accountWith({ index: USDC, quantity: 7_000_000n }, { index: BTC, quantity: 500_000n });

  it('is each cash and spot holding in whole, by the rows of its tiers', () => {
    const rows = promisesOf(market, cashOnly).map((promised) => [promised?.instrument, promised?.firstRow, promised?.lastRow, promised?.amount]);
    assert.deepEqual(rows, [['USDC', 0, 0, 7_000_000n], ['BTC', 1, 1, 500_000n]]);
    const [tiered] = promisesOf(tieredMarket(), accountWith({ index: 0, quantity: 30_000_000n }));
    assert.deepEqual([tiered?.instrument, tiered?.firstRow, tiered?.lastRow, tiered?.amount], ['BTC', 0, 2, 30_000_000n]);
  });

  it('is presence alone where a liquidation may take, and where there is nothing', () => {
    assert.deepEqual(promisesOf(market, accountWith({ index: USDC, quantity: 7_000_000n }, { index: PERPETUAL, quantity: 1n })), [undefined]);
    assert.deepEqual(promisesOf(market, accountWith({ index: USDC, quantity: -1n }, { index: BTC, quantity: 500_000n })), [undefined]);
    assert.deepEqual(promisesOf(market, accountWith()), [undefined]);
  });

  const asked = (account: Account, change: Partial<AskedPromise> = {}): ReturnType<typeof askedPromise> =>
    askedPromise(market, account, { instrument: 'BTC', amount: '0.5', evenMargined: false, ...change });
  const margined = accountWith({ index: USDC, quantity: -1n }, { index: BTC, quantity: 500_000n });

  it('is an amount that was asked for, up to the last quantum that is there', () => {
    assert.equal(asked(cashOnly).amount, 500_000n);
    assert.throws(() => asked(cashOnly, { amount: '0.500001' }), { code: 'BALANCE_PROMISE', message: /more than the account holds/ });
  });

  it('is no amount of a margined account, unless the venue says that nothing but orders takes it', () => {
    assert.throws(() => asked(margined), { code: 'BALANCE_PROMISE', message: /a liquidation can take what you promise/ });
    assert.equal(asked(margined, { evenMargined: true }).amount, 500_000n);
  });

  it('is nothing that no snapshot or proof could show', () => {
    assert.throws(() => asked(cashOnly, { instrument: 'BTC-PERP' }), { code: 'BALANCE_PROMISE', message: /no cash or spot instrument/ });
    assert.throws(() => asked(cashOnly, { amount: '0' }), { code: 'BALANCE_PROMISE', message: /promises nothing/ });
    assert.throws(() => asked(cashOnly, { amount: '1e-1' }), { code: 'BALANCE_PROMISE', message: /is no quantity/ });
  });
});

describe('a file of signing keys', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => ({ folder, remove } = await temporaryFolder()));
  after(() => remove());
  const read = async (...lines: readonly object[]): ReturnType<typeof readSigningKeys> => {
    const file = join(folder, 'keys.ndjson');
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return readSigningKeys(file);
  };
  const signer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

  it('tells signer and last order by user and sub-account, and none for who is not in it', async () => {
    const ordersOf = await read({ user: 'alice', signer: signer.toLowerCase(), sequence: '7' }, { user: 'alice', subAccount: '1', signer, sequence: '0' });
    assert.deepEqual(ordersOf({ userId: 'alice', subAccount: 0 }), { signer, sequence: 7n });
    assert.deepEqual(ordersOf({ userId: 'alice', subAccount: 1 }), { signer, sequence: 0n });
    assert.deepEqual(ordersOf({ userId: 'alice', subAccount: 2 }), NO_ORDERS);
  });

  it('is refused where an account stands twice, or a line is no such line', async () => {
    await assert.rejects(read({ user: 'alice', signer, sequence: '7' }, { user: 'alice', subAccount: '0', signer, sequence: '8' }), { code: 'SIGNING_KEYS' });
    await assert.rejects(read({ user: 'alice', signer: '0x12', sequence: '7' }), { code: 'JSON_SHAPE' });
    await assert.rejects(read({ user: 'alice', signer, sequence: '7', secret: '1' }), { code: 'JSON_SHAPE' });
  });
});
