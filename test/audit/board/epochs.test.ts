import assert from 'node:assert/strict';
import type { AcceptedEpoch, AssetCoverage, Board } from '../../../src/audit/board/board.js';
import { boardOf } from '../../../src/audit/board/board-of.js';
import { decimalText, percentText, type Ratio } from '../../../src/audit/board/figure.js';
import { ADDRESS, at, DISPUTES, emptyHistory, historyOf, HOUR, START, VAULT, type EpochDraft } from './history.js';

const HONEST: EpochDraft = { epoch: 1, block: 10 };

function accepted(board: Board, epoch: number): AcceptedEpoch {
  const entry = board.epochs[epoch - 1];
  assert.ok(entry?.state === 'accepted', `epoch ${epoch} is ${entry?.state ?? 'not there'}`);
  return entry;
}

function assetOf(board: Board, epoch: number, asset: number): AssetCoverage {
  const found = accepted(board, epoch).assets[asset];
  assert.ok(found !== undefined);
  return found;
}

function percentOf(ratio: Ratio | undefined): string | undefined {
  return ratio === undefined ? undefined : percentText(ratio);
}

describe('the coverage of an epoch on the board', () => {
  it('is deposits minus loans times units a quantum against the checkpoint, in quanta and tokens [P-170]', () => {
    const { held, deposits, depositsInTokens, loansInTokens } = assetOf(boardOf(historyOf([HONEST])), 1, 0);
    assert.ok(held !== undefined);
    assert.deepEqual([deposits.value, held.countedLoans.value, held.netDeposits.value], [1_000_000n, 50_000n, 950_000n]);
    assert.deepEqual([held.owed, held.reserves, held.surplus].map(decimalText), ['9500', '9500', '0']);
    assert.deepEqual([depositsInTokens, loansInTokens].map(decimalText), ['10000', '500']);
    assert.deepEqual([percentOf(held.ratio), held.covered.text, held.owed.unit.name], ['100.00 %', 'covered', 'USDC']);
  });

  it('counts loans up to the cap of that epoch only', () => {
    const limits = [{ maxDeposits: 2n ** 100n, maxLoans: 20_000n }, { maxDeposits: 2n ** 100n, maxLoans: 0n }];
    const { held } = assetOf(boardOf(historyOf([{ ...HONEST, limits }])), 1, 0);
    assert.deepEqual([held?.countedLoans.value, held?.netDeposits.value, held?.covered.text], [20_000n, 980_000n, 'not covered']);
    assert.equal(held?.surplus.value, 9_500_000_000n - 9_800_000_000n);
  });

  it('rounds a ratio down, so that one missing base unit is never a hundred percent', () => {
    const { held } = assetOf(boardOf(historyOf([{ ...HONEST, reserves: [9_499_999_999n, 200_000_000n] }])), 1, 0);
    assert.deepEqual([held?.ratio?.numerator, held?.ratio?.denominator], [9_499_999_999n, 9_500_000_000n]);
    assert.deepEqual([percentOf(held?.ratio), held?.covered.text], ['99.99 %', 'not covered']);
  });

  it('has no ratio where nothing is owed, also where loans exceed deposits', () => {
    const board = boardOf(historyOf([{ ...HONEST, words: [0n, 0n, 5n, 9n], reserves: [7n, 0n] }]));
    for (const asset of [0, 1]) {
      const { held } = assetOf(board, 1, asset);
      assert.deepEqual([held?.netDeposits.value, held?.ratio, held?.covered.text], [0n, undefined, 'covered']);
    }
  });

  it('is not covered by reserves where deposits exceed the limit', () => {
    const limits = [{ maxDeposits: 999_999n, maxLoans: 2n ** 100n }, { maxDeposits: 2n ** 100n, maxLoans: 2n ** 100n }];
    const { held } = assetOf(boardOf(historyOf([{ ...HONEST, limits, reserves: [10n ** 12n, 10n ** 12n] }])), 1, 0);
    assert.equal(held?.covered.text, 'deposits above the limit');
  });

  it('says nothing of what it is held against where checkpoint, limits or event are not at hand', () => {
    const history = historyOf([HONEST]);
    const noLimits = { ...history, epochs: history.epochs.map((one) => ({ ...one, limits: undefined })) };
    const noEvent = { ...history, epochs: history.epochs.map((one) => ({ ...one, announcement: undefined })) };
    assert.equal(assetOf(boardOf({ ...history, snapshots: [] }), 1, 0).held, undefined);
    assert.equal(assetOf(boardOf(noLimits), 1, 0).held, undefined);
    assert.deepEqual(accepted(boardOf(noEvent), 1).assets, []);
    assert.equal(accepted(boardOf({ ...history, snapshots: [] }), 1).losses.held, undefined);
  });

  it('holds shortfall against the fund in value units by the venue\'s own conversion', () => {
    const { shortfall, held } = accepted(boardOf(historyOf([HONEST])), 1).losses;
    assert.deepEqual([shortfall.value, held?.fundValue.value, held?.surplus.value, held?.covered.text], [30_000_000n, 50_000_000n, 20_000_000n, 'covered']);
    assert.deepEqual([percentOf(held?.ratio), held && decimalText(held.fund)], ['166.66 %', '0.00005']);
    const short = accepted(boardOf(historyOf([{ ...HONEST, record: { shortfall: 50_000_001n, covered: false } }])), 1);
    assert.deepEqual([short.losses.held?.covered.text, short.losses.held?.surplus.value, short.covered.text], ['not covered', -1n, 'not covered']);
    assert.equal(accepted(boardOf(historyOf([{ ...HONEST, record: { shortfall: 0n } }])), 1).losses.held?.ratio, undefined);
  });
});

describe('names of tokens on the board', () => {
  const named = (symbol: string | undefined, decimals: number | undefined = 6): Board => {
    const history = emptyHistory();
    return boardOf({ ...historyOf([HONEST]), settlementAssets: history.settlementAssets.map((one) => (one.index === 0 ? { ...one, token: { ...one.token, symbol, decimals } } : one)) });
  };

  it('are stated, whatever contract says them', () => {
    assert.deepEqual(named('USDC').assets.map(({ symbol }) => [symbol.text, symbol.standing]), [['USDC', 'stated'], ['WBTC', 'stated']]);
  });

  it('show what a hostile token hides, and no more than fits [P-173]', () => {
    const hostile: readonly (readonly [string | undefined, string])[] = [
      ['USD\u202ECsdU', 'USD\uFFFDCsdU'], ['\u0000\u200B', '\uFFFD\uFFFD'], [undefined, 'asset 0'], ['   ', 'asset 0'], ['A\u0301\u0301', 'A\uFFFD\uFFFD'],
      ['line\nbreak\u2028', 'line\uFFFDbreak\uFFFD'], ['\uD800', '\uFFFD'], ['x'.repeat(64), `${'x'.repeat(31)}…`], ['<script>', '<script>'],
    ];
    for (const [symbol, shown] of hostile) assert.equal(named(symbol).assets[0]?.symbol.text, shown, JSON.stringify(symbol));
  });

  it('leave amounts in base units where decimals are missing or beyond meaning', () => {
    for (const decimals of [undefined, 37, 255]) {
      const board = boardOf({ ...historyOf([HONEST]), settlementAssets: emptyHistory().settlementAssets.map((one) => ({ ...one, token: { address: ADDRESS('7'), symbol: 'USDC', decimals } })) });
      const { held } = assetOf(board, 1, 0);
      assert.deepEqual([held && decimalText(held.owed), held?.owed.unit.name, board.assets[0]?.decimals], ['9500000000', 'base units of USDC', undefined]);
    }
  });
});

describe('the history of attestations on the board', () => {
  it('has every number up to the latest epoch, and says which is missing [P-171]', () => {
    const board = boardOf(historyOf([{ epoch: 1, block: 10 }, { epoch: 2, block: 30 }, { epoch: 5, block: 70 }]));
    assert.deepEqual(board.epochs.map(({ epoch, state }) => `${epoch} ${state}`), ['1 accepted', '2 accepted', '3 missing', '4 missing', '5 accepted']);
    assert.deepEqual(board.gaps.filter(({ kind }) => kind === 'missing').map(({ epoch }) => epoch), [3, 4]);
  });

  it('tells the time between snapshots, the delay to acceptance and snapshots that were replaced', () => {
    const board = boardOf(historyOf([{ epoch: 1, block: 10 }, { epoch: 2, block: 30, replaced: [25, 28] }]));
    const second = accepted(board, 2);
    assert.deepEqual([second.interval?.value, second.acceptanceDelay.value, second.replacedSnapshots.value], [1_200n, 120n, 2n]);
    assert.deepEqual([accepted(board, 1).interval, accepted(board, 1).replacedSnapshots.value], [undefined, 0n]);
    assert.equal(second.losses.held?.fund.source[0]?.block, 30);
  });

  it('shows where an epoch came after the venue\'s own deadline, and for how long the gate was not open [P-171]', () => {
    const board = boardOf(historyOf([{ epoch: 1, block: 0 }, { epoch: 2, block: 58 }, { epoch: 3, block: 120 }], { readAt: { number: 180, hash: '0x', time: START + 180 * 60 } }));
    const late = board.gaps.filter(({ kind }) => kind === 'late');
    // Epoch 1 is fresh until minute 60, and epoch 2 accepted in that very minute; 3 is due at 118 and accepted at 122; at 180 the third is just fresh.
    assert.deepEqual(late.map(({ epoch, from, seconds }) => [epoch, from?.value, seconds?.value]), [[3, BigInt(START + 118 * 60), 240n]]);
    const now = boardOf(historyOf([{ epoch: 1, block: 0 }], { readAt: { number: 61, hash: '0x', time: START + HOUR + 1 } }));
    assert.deepEqual(now.gaps.map(({ kind, epoch, seconds }) => [kind, epoch, seconds?.value]), [['late', 2, 1n]]);
  });

  it('passes on what the node did not give', () => {
    const board = boardOf(historyOf([HONEST], { gaps: [{ kind: 'epoch-log-missing', epoch: 1, detail: 'the node has no log of epoch 1' }] }));
    assert.deepEqual(board.gaps.filter(({ kind }) => kind === 'unread').map(({ epoch, words }) => [epoch, words]), [[1, 'the node has no log of epoch 1']]);
    assert.ok(board.warnings.some((words) => words.includes('did not give all')));
  });

  it('is empty before the first epoch', () => {
    const board = boardOf(emptyHistory());
    assert.deepEqual([board.epochs, board.gaps, board.gate.mode.text, board.gate.age, board.gate.staleFrom], [[], [], 'HALT', undefined, undefined]);
    assert.deepEqual(board.gate.reasons.map(({ reason }) => reason), ['no-epoch']);
  });
});

describe('whether an epoch stands, on the board', () => {
  const challenge = (status: 'open' | 'answered' | 'lost' | 'cured', epoch = 1) => ({
    challengeId: 5n, epoch, status, challenger: ADDRESS('c'), issuedAt: START, validUntil: START + HOUR, answerBy: START + HOUR, opened: at(13), how: undefined, ended: undefined,
  });
  const withVault = (change: Partial<typeof VAULT>) => ({ reserves: { ...emptyHistory().reserves, vault: { ...VAULT, ...change } } });
  const demand = (answeredAt: number | undefined, answerBy: number, epoch = 1) => ({ demandId: 4n, epoch, demandedAt: START, answeredAt, answerBy, bond: 5n, at: at(14) });

  it('is never where a challenge was lost, cured or not, and the epoch stays disputed [P-171]', () => {
    for (const status of ['lost', 'cured'] as const) {
      const entry = accepted(boardOf(historyOf([HONEST], { disputes: { ...DISPUTES, challenges: [challenge(status)] } })), 1);
      assert.deepEqual([entry.disputed?.text, entry.stands?.text], ['disputed', 'never: disputed']);
    }
    const open = accepted(boardOf(historyOf([HONEST], { disputes: { ...DISPUTES, challenges: [challenge('open')] } })), 1);
    assert.deepEqual([open.disputed?.text, open.stands?.text], ['contested', 'waits for an answer']);
    const answered = accepted(boardOf(historyOf([HONEST], { disputes: { ...DISPUTES, challenges: [challenge('answered')] } })), 1);
    assert.equal(answered.disputed?.text, 'no');
  });

  it('is what the vault says of its newest one, and never where a demand was not answered in time', () => {
    const drafts = [{ epoch: 1, block: 10 }, { epoch: 2, block: 40 }, { epoch: 3, block: 590 }];
    const board = boardOf(historyOf(drafts, withVault({ newestStanding: 2 })));
    assert.deepEqual([1, 2, 3].map((epoch) => accepted(board, epoch).stands?.text), ['stood, then a newer one did', 'stands', 'not yet: its time for demands runs']);
    const unanswered = boardOf(historyOf([HONEST], withVault({ demands: [demand(undefined, START + HOUR)] })));
    assert.equal(accepted(unanswered, 1).stands?.text, 'never: a demand for a receipt was not answered');
    const waiting = boardOf(historyOf([HONEST], withVault({ demands: [demand(undefined, START + 40_000)] })));
    assert.equal(accepted(waiting, 1).stands?.text, 'waits for an answer');
  });

  it('is not said of a venue without a vault, nor disputes of one without challenges', () => {
    const entry = accepted(boardOf(historyOf([HONEST], { reserves: { ...emptyHistory().reserves, kind: 'escrow', vault: undefined }, disputes: undefined })), 1);
    assert.deepEqual([entry.stands, entry.disputed], [undefined, undefined]);
  });

  it('lists challenges and demands with their state, newest first', () => {
    const { challenges, demands } = boardOf(historyOf([HONEST], {
      disputes: { ...DISPUTES, challenges: [{ ...challenge('cured'), how: 'inclusion', ended: at(20) }, { ...challenge('open'), challengeId: 6n }] },
      ...withVault({ demands: [demand(START + 60, START + HOUR), demand(undefined, START + HOUR)] }),
    }));
    assert.deepEqual(challenges.map(({ id, state, how, endedAt }) => [id, state, how?.text, endedAt?.value]), [['6', 'overdue', undefined, undefined], ['5', 'cured', 'inclusion', BigInt(at(20).time)]]);
    assert.deepEqual(demands.map(({ state, endedAt, bond }) => [state, endedAt?.value, bond?.value]), [['lost', undefined, 5n], ['answered', BigInt(START + 60), 5n]]);
  });
});

describe('the gate on the board', () => {
  it('has mode, age, reasons in words and the times at which age alone closes it', () => {
    const { gate } = boardOf(historyOf([HONEST], { gate: { mode: 'withdraw-only', reasons: ['disputed', 'snapshot-stale'], age: 35_400 } }));
    assert.deepEqual([gate.mode.text, gate.mode.standing, gate.age?.value], ['WITHDRAW_ONLY', 'chain', 35_400n]);
    assert.match(gate.reasons[0]?.words ?? '', /omitted account was lost/);
    // REDUCE_ONLY begins once the age exceeds the limit.
    assert.deepEqual([gate.staleFrom?.value, gate.haltFrom?.value], [BigInt(at(10).time + HOUR + 1), BigInt(at(10).time + 24 * HOUR + 1)]);
  });
});
