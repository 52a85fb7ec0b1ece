import assert from 'node:assert/strict';
import type { Board, Change } from '../../../src/audit/board/board.js';
import { boardOf } from '../../../src/audit/board/board-of.js';
import type { ChangeContent, TimelockChange } from '../../../src/chain/history/timelock-changes.js';
import type { MarketBoardHistory, MarketHistory, PriceHistory } from '../../../src/chain/history/market-history.js';
import type { VenueHistory } from '../../../src/chain/history/venue-history.js';
import type { TableRules } from '../../../src/chain/market-board-client.js';
import type { FeedConfig, PriceRules } from '../../../src/chain/price-board-client.js';
import { ADDRESS, at, emptyHistory, HOUR, RULES, VAULT } from './history.js';

const SLOWER = { ...RULES, timelock: 10 * HOUR, demandBond: 7n };
const TABLE_RULES: TableRules = {
  timelock: HOUR, tableMaxAge: 60, rateStep: 10_000, rateShare: 100_000, moveStep: 10, volatilityBound: 1, volatilityMaxAge: 60, threshold: 1, signers: [ADDRESS('d')],
};
const PRICE_RULES: PriceRules = { timelock: HOUR, newRiskMaxAge: 60, liquidationMaxAge: 120, sequencerGrace: 0, threshold: 0, sequencerFeed: ADDRESS('0'), signers: [] };
const FEED: FeedConfig = { kind: 'chainlink', source: ADDRESS('e'), heartbeat: 60, maxDeviation: 1, maxConfidence: 0, minPrice: 1n, maxPrice: 10n ** 12n, priceId: `0x${'0'.repeat(64)}` };
/** Rates in ppm, lowest first, above the multiplier. */
const word = (...rates: readonly bigint[]): bigint => rates.reduce((sum, rate, place) => sum + (rate << BigInt(24 * place)), 10n ** 12n << 170n);

function withVault(change: Partial<typeof VAULT>, changes: readonly TimelockChange[] = []): VenueHistory {
  return emptyHistory({ reserves: { ...emptyHistory().reserves, vault: { ...VAULT, ...change } }, changes });
}

function proposed(content: ChangeContent | undefined, change: Partial<TimelockChange> = {}): TimelockChange {
  return { contract: 'vault', kind: 'vault-rules', digest: `0x${'7'.repeat(64)}`, readyAt: at(20 + 480).time, content, proposed: at(20), outcome: 'pending', ended: undefined, ...change };
}

function announced(board: Board): Change {
  const found = board.changes.find(({ digest }) => digest !== undefined);
  assert.ok(found !== undefined);
  return found;
}

const told = ({ diffs }: Change): string[] => diffs.map(({ subject, field, from, to, unit, direction }) => `${subject} | ${field} | ${from} -> ${to} ${unit} ${direction}`);

describe('changes of a venue\'s rules on the board', () => {
  it('have old and new values of every field that differs, and of no other [P-172]', () => {
    const board = boardOf(withVault(
      { ruleChanges: [{ rules: RULES, at: at(2) }, { rules: SLOWER, at: at(505) }] },
      [proposed({ what: 'vault-rules', rules: SLOWER }, { outcome: 'activated', ended: { ...at(505), logIndex: 3, transaction: at(505).transaction } })],
    ));
    const change = announced(board);
    assert.deepEqual(told(change), ['vault rules | timelock | 28800 -> 36000 seconds neutral', 'vault rules | demandBond | 5 -> 7 wei neutral']);
    assert.deepEqual([change.contract, change.state, change.proposedAt?.value, change.activatedAt?.value], ['reserves', 'active', BigInt(at(20).time), BigInt(at(505).time)]);
    assert.deepEqual([change.waited?.value, change.timelockKept?.text], [BigInt(485 * 60), 'kept']);
  });

  it('are told as not kept where less time passed than the rules of the proposal asked for [P-172]', () => {
    const early = (readyAt: number) => boardOf(withVault(
      { ruleChanges: [{ rules: RULES, at: at(2) }, { rules: SLOWER, at: at(30) }] }, [proposed({ what: 'vault-rules', rules: SLOWER }, { readyAt, outcome: 'activated', ended: at(30) })],
    ));
    assert.equal(announced(early(at(30).time)).timelockKept?.text, 'NOT kept');
    assert.equal(announced(early(at(31).time)).timelockKept?.text, 'NOT kept');
  });

  it('wait, are ready, cancelled, replaced or expired, and then change nothing', () => {
    const stateOf = (change: Partial<TimelockChange>): readonly unknown[] => {
      const entry = announced(boardOf(withVault({}, [proposed({ what: 'vault-rules', rules: SLOWER }, change)])));
      return [entry.state, entry.activatedAt, entry.cancelledAt?.value, entry.timelockKept];
    };
    assert.deepEqual(stateOf({ readyAt: at(601).time }), ['waiting', undefined, undefined, undefined]);
    assert.deepEqual(stateOf({ readyAt: at(600).time }), ['ready', undefined, undefined, undefined]);
    assert.deepEqual(stateOf({ outcome: 'cancelled', ended: at(40) }), ['cancelled', undefined, BigInt(at(40).time), undefined]);
    assert.deepEqual(stateOf({ outcome: 'replaced', ended: at(40) }), ['replaced', undefined, undefined, undefined]);
    assert.deepEqual(stateOf({ outcome: 'expired' }), ['expired', undefined, undefined, undefined]);
  });

  it('show a proposal as what it would change of what is in force now, and its hash alone where nobody told its content', () => {
    assert.deepEqual(told(announced(boardOf(withVault({}, [proposed({ what: 'vault-rules', rules: SLOWER })])))).length, 2);
    const unknown = announced(boardOf(withVault({}, [proposed(undefined)])));
    assert.deepEqual([unknown.diffs, unknown.digest], [[], `0x${'7'.repeat(64)}`]);
  });

  it('have first rules, pauses and roles too, which wait for nothing', () => {
    const board = boardOf({
      ...withVault({ pauses: [{ paused: true, at: at(50) }], limitChanges: [{ limits: [{ asset: 0, coverage: { maxDeposits: 9n, maxLoans: 8n }, payoutLimit: 7n }], at: at(2) }] }),
      roleChanges: [{ role: 'operator', from: ADDRESS('2'), to: ADDRESS('c'), at: at(60) }],
    });
    assert.deepEqual(board.changes.map(({ kind, timelockKept, diffs }) => [kind, timelockKept, diffs.length]), [
      ['operator', undefined, 1], ['pause', undefined, 1], ['vault-rules', undefined, 9], ['vault-limits', undefined, 3],
    ]);
    assert.deepEqual(told(board.changes[0] as Change), [`operator | address | ${ADDRESS('2')} -> ${ADDRESS('c')}  neutral`]);
    assert.deepEqual(told(board.changes[1] as Change), ['vault | paused | false -> true  neutral']);
  });

  it('compare limits, feeds, clearing houses and withdrawals with what was there', () => {
    const limit = { asset: 0, coverage: { maxDeposits: 9n, maxLoans: 8n }, payoutLimit: 7n };
    const limits = boardOf(withVault({ limitChanges: [{ limits: [limit], at: at(2) }] }, [
      proposed({ what: 'vault-limits', limits: [{ ...limit, payoutLimit: 3n }, { ...limit, asset: 1 }] }, { kind: 'vault-limits' }),
    ]));
    assert.deepEqual(told(announced(limits)), [
      'asset 0 | payoutLimit | 7 -> 3 token base units neutral',
      'asset 1 | maxDeposits |  -> 9 quanta neutral', 'asset 1 | maxLoans |  -> 8 quanta neutral', 'asset 1 | payoutLimit |  -> 7 token base units neutral',
    ]);
    const prices: PriceHistory = {
      address: ADDRESS('f'), minTimelock: HOUR, rules: PRICE_RULES, ruleChanges: [{ rules: PRICE_RULES, at: at(3) }], feeds: [FEED], feedChanges: [{ feed: 0, config: FEED, at: at(4) }], rounds: [], lastRound: { id: 0, time: 0 },
    };
    const feeds = boardOf(emptyHistory({ prices, changes: [proposed({ what: 'feeds', first: 0, feeds: [{ ...FEED, heartbeat: 90 }] }, { contract: 'price-board', kind: 'feeds' })] }));
    assert.deepEqual(told(announced(feeds)), ['feed 0 | heartbeat | 60 -> 90 seconds neutral']);
    const house = boardOf(withVault({}, [proposed({ what: 'clearing-house', clearingHouse: ADDRESS('d') }, { kind: 'clearing-house' })]));
    assert.deepEqual(told(announced(house)), [`clearing house | address |  -> ${ADDRESS('d')}  neutral`]);
    const withdrawal = boardOf(withVault({}, [proposed({ what: 'fund-withdrawal', amount: 12n }, { kind: 'fund-withdrawal' })]));
    assert.deepEqual(told(announced(withdrawal)), ['insurance fund | amount |  -> 12 token base units neutral']);
  });
});

describe('changes of risk parameters on the board', () => {
  const active = { moves: [60, 0, -60, 0], words: [word(0n, 0n, 0n, 0n, 100_000n, 150_000n, 0n), word(50_000n, 60_000n, 70_000n, 80_000n, 200_000n, 300_000n, 0n)] };
  const next = { moves: [60, 0, -66, 0, 120, 5], words: [active.words[0] ?? 0n, word(45_000n, 60_000n, 75_000n, 80_000n, 200_000n, 300_000n, 0n), word(1n)] };
  const board: MarketBoardHistory = {
    rules: TABLE_RULES, minTimelock: HOUR, ruleChanges: [{ rules: TABLE_RULES, at: at(3) }], activeParameters: '0x1', parameterSets: [{ digest: '0x1', parameters: active, at: at(10) }],
    instruments: ['0,USD,cash,USD,2,0,0,1', '1,BTC,spot,BTC,8,0,0,1'].map((line, index) => ({ index, line, feed: index, strike: 0n, digest: 1n, at: at(9) })),
  };
  const markets: MarketHistory = { kind: 'board', address: ADDRESS('5'), tables: [], board };
  const parameters = (content: ChangeContent, change: Partial<TimelockChange> = {}): Change =>
    announced(boardOf(emptyHistory({ markets, changes: [proposed(content, { contract: 'market-board', kind: content.what === 'instruments' ? 'instruments' : 'parameters', ...change })] })));

  it('name row, rate, old and new percentage, and whether accounts need more or less [P-172]', () => {
    assert.deepEqual(told(parameters({ what: 'parameters', parameters: next })), [
      'BTC | long charge at maintenance | 5 -> 4.5 % looser', 'BTC | long charge at initial | 7 -> 7.5 % tighter', 'row 2 | row |  -> added  neutral',
      'scenario 2 | price move | -60 -> -66 sixtieths neutral', 'scenario 3 | price move |  -> 120 sixtieths neutral', 'scenario 3 | basis move |  -> 5 sixtieths neutral',
    ]);
  });

  it('tell of a first set only its size', () => {
    assert.deepEqual(told(parameters({ what: 'parameters', parameters: active }, { proposed: at(5), outcome: 'activated', ended: at(10) })), [
      'set | rows |  -> 2 rows neutral', 'set | scenarios |  -> 2 scenarios neutral',
    ]);
  });

  it('do not hide a row that became something else', () => {
    const other = { ...active, words: [active.words[0] ?? 0n, (active.words[1] ?? 0n) + (1n << 170n)] };
    assert.match(told(parameters({ what: 'parameters', parameters: other }))[0] ?? '', /^BTC \| identity \| 4000000000000 -> 4000000000004 /);
  });

  it('have the lines of new rows, hostile ones made printable', () => {
    const listings = [{ line: '2,ETH\u202E,spot,ETH,8,0,0,3', feed: 2, strike: 0n }];
    assert.deepEqual(told(parameters({ what: 'instruments', listings })), ['row 2 | line |  -> 2,ETH\uFFFD,spot,ETH,8,0,0,3  neutral', 'row 2 | feed |  -> 2  neutral', 'row 2 | strike |  -> 0  neutral']);
  });
});

describe('rules in force on the board', () => {
  it('are those of registration, vault, limits and challenges, with units, and who may do what', () => {
    const board = boardOf(emptyHistory());
    const rule = (title: string, name: string): unknown => {
      const value = board.rules.find((set) => set.title === title)?.rules.find((one) => one.name === name)?.value;
      return value === undefined ? undefined : 'text' in value ? value.text : `${value.value} ${value.unit.name}`;
    };
    assert.deepEqual([rule('Registration', 'staleAfter'), rule('Vault rules', 'demandBond'), rule('Omission challenges', 'bond'), rule('Omission challenges', 'receiptSigners')], ['3600 seconds', '5 wei', '9 wei', 'none']);
    assert.deepEqual(board.venue.roles.map(({ name }) => name), ['admin', 'operator', 'parameter admin']);
    assert.deepEqual(board.venue.contracts.map(({ name }) => name), ['registry', 'reserves', 'markets', 'disputes', 'fund token', 'token 0', 'token 1']);
  });
});
