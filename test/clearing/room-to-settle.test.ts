import assert from 'node:assert/strict';
import { requireExpiredSettled, requireRoomToSettle, type SettledRow } from '../../src/clearing/room-to-settle.js';
import { CLEARED_SLOTS, PERIOD, clearedAccount, planned, tradeAct, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const { BTC, PERP, ETH, USDC, ENTRY, CALL, DUST } = TIERED_ROWS;
const FUNDED: SettledRow = { row: PERP, into: [USDC], recorded: false };
const EXPIRES: SettledRow = { row: CALL, into: [USDC, BTC], recorded: false };
const RECORDED: SettledRow = { ...EXPIRES, recorded: true };

/** Every slot is taken, and none by the cash that funding is paid in. */
const JAMMED = clearedAccount({ [BTC]: 100n, [PERP]: -1n, [ENTRY]: 1n, [DUST]: 1n });

describe('what the venue signs for', () => {
  it('is no account without a slot for what it owes: nobody could settle its funding, and until then nobody can trade it or liquidate it [P-216]', () => {
    assert.equal(JAMMED.slots.filter(({ quantity }) => quantity !== 0n).length, CLEARED_SLOTS);
    const funding = { kind: 'funding', payRow: USDC, fromPeriod: PERIOD - 1, rates: [{ group: 1, rate: -2_000_000n }] } as const;
    const behind = { ...JAMMED, period: PERIOD - 1 };
    assert.throws(() => planned(behind, funding, { owned: false }), { code: 'NO_FREE_SLOT' });
    assert.throws(() => planned(behind, tradeAct(tradeTerms({ quantity: 1n, payment: 60_000n }))), { code: 'FUNDING_UNSETTLED' });

    assert.throws(() => requireRoomToSettle(JAMMED, [FUNDED]), { code: 'NO_FREE_SLOT', message: /settled in rows 7, and of its 4 slots 0 are free/ });
    requireRoomToSettle(clearedAccount({ [BTC]: 100n, [PERP]: -1n, [ENTRY]: 1n }), [FUNDED]);
    requireRoomToSettle(clearedAccount({ [BTC]: 100n, [PERP]: -1n, [USDC]: 1n, [DUST]: 1n }), [FUNDED]);
  });

  it('needs room for all rows that what is held may be settled in, each once, and for nothing of what is not held', () => {
    const both = [FUNDED, EXPIRES];
    requireRoomToSettle(clearedAccount({ [CALL]: 1n, [PERP]: 1n }), both);
    assert.throws(() => requireRoomToSettle(clearedAccount({ [CALL]: 1n, [PERP]: 1n, [DUST]: 1n }), both), { code: 'NO_FREE_SLOT', message: /settled in rows 7, 0, and of its 4 slots 1 are free/ });
    requireRoomToSettle(clearedAccount({ [CALL]: 1n, [PERP]: 1n, [BTC]: 1n }), both);
    requireRoomToSettle(clearedAccount({ [ETH]: 1n, [BTC]: 1n, [ENTRY]: 1n, [DUST]: 1n }), both);
  });

  it('is no trade or withdrawal of an account with an expired row: its mark may stand for margin that nobody has [P-216]', () => {
    const account = clearedAccount({ [CALL]: 50n, [USDC]: 1n });
    assert.throws(() => requireExpiredSettled(account, [FUNDED, RECORDED]), { code: 'EXPIRY_UNSETTLED', message: /holds row 9, which expired: settle it/ });
    requireExpiredSettled(account, [FUNDED, EXPIRES]);
    requireExpiredSettled(clearedAccount({ [PERP]: 1n, [USDC]: 1n }), [FUNDED, RECORDED]);
  });
});
