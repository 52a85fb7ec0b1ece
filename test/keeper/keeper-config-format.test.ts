import assert from 'node:assert/strict';
import { FormatVersionError } from '../../src/attestation/format-errors.js';
import { parseKeeperConfig } from '../../src/keeper/keeper-config-format.js';
import { KeeperConfigError } from '../../src/keeper/keeper-errors.js';
import { JsonShapeError } from '../../src/venue/import-errors.js';

const CHALLENGER = { watch: { rule: 'price-move', ppm: '50000' }, mostOpen: '3', mostBond: '1000000' };
const GUARD = { accounts: 'accounts' };
const BIDDER = {
  account: 'mine.json', owner: 'owner.json', encryptionKey: '/keys/x25519.json', minProfit: '0', minMargin: '2500', valueOfEther: '300000000000', mostPenalty: '1000000000',
  receipts: { from: 'folder', folder: 'receipts' },
};

function textOf(change: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    format: 'clearproof-keeper', version: 1, stateFile: 'state.json', tables: 'tables', pollSeconds: '5', maxGasPrice: '100000000000', ...change,
  });
}

const parsed = (change: Readonly<Record<string, unknown>>): ReturnType<typeof parseKeeperConfig> => parseKeeperConfig(textOf(change), '/etc/clearproof/keeper.json');

describe('a keeper\'s configuration', () => {
  it('takes paths from its own folder, and gives what is left out its default', () => {
    const config = parsed({ guard: GUARD, bidder: BIDDER });
    assert.equal(config.stateFile, '/etc/clearproof/state.json');
    assert.equal(config.bidder?.encryptionKey, '/keys/x25519.json');
    assert.deepEqual(config.guard, { accounts: '/etc/clearproof/accounts', answer: true, start: true, seal: true, mark: true, payDebts: true });
    assert.deepEqual([config.dryRun, config.metricsPort, config.keys, config.challenger, config.pollMs], [false, undefined, undefined, undefined, 5_000]);
    assert.equal(config.bidder?.valueOfEther, 300_000_000_000n);
  });

  it('reads each rule that says whom to doubt', () => {
    assert.deepEqual(parsed({ challenger: CHALLENGER }).challenger?.watch, { rule: 'price-move', ppm: 50_000 });
    assert.deepEqual(parsed({ challenger: { ...CHALLENGER, watch: { rule: 'all' } } }).challenger?.watch, { rule: 'all' });
    assert.deepEqual(parsed({ challenger: { ...CHALLENGER, watch: { rule: 'list', handles: ['7', '9'] } } }).challenger?.watch, { rule: 'list', handles: [7n, 9n] });
  });

  const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['a number that is not text', { guard: GUARD, pollSeconds: 5 }, /pollSeconds: is a JSON number/],
    ['a poll of 0', { guard: GUARD, pollSeconds: '0' }, /pollSeconds: 0 is out of range: it must lie in \[1, 3600\]/],
    ['a port that there is not', { guard: GUARD, metricsPort: '65536' }, /metricsPort: 65536 is out of range/],
    ['a field that there is not', { guard: { ...GUARD, anwser: false } }, /guard\.anwser: unknown field/],
    ['a flag in quotes', { guard: { ...GUARD, answer: 'false' } }, /guard\.answer: expected true or false, without quotes/],
    ['a rule that there is not', { challenger: { ...CHALLENGER, watch: { rule: 'some' } } }, /challenger\.watch\.rule: .?"?some"? is not one of price-move, list, all/],
    ['a field of another rule', { challenger: { ...CHALLENGER, watch: { rule: 'all', ppm: '5' } } }, /challenger\.watch\.ppm: unknown field/],
    ['an empty list', { challenger: { ...CHALLENGER, watch: { rule: 'list', handles: [] } } }, /challenger\.watch\.handles: has 0 entries/],
    ['a bond of 0', { challenger: { ...CHALLENGER, mostBond: '0' } }, /challenger\.mostBond: 0 is out of range/],
    ['a margin above the whole', { bidder: { ...BIDDER, minMargin: '1000001' } }, /bidder\.minMargin: 1000001 is out of range/],
    ['a missing owner', { bidder: { ...BIDDER, owner: undefined } }, /bidder\.owner: is missing/],
    ['receipts from nowhere', { bidder: { ...BIDDER, receipts: { from: 'folder' } } }, /bidder\.receipts\.folder: is missing/],
  ];
  for (const [what, change, words] of refused) {
    it(`refuses ${what}, and names the field`, () => {
      assert.throws(() => parsed(change), (error) => error instanceof JsonShapeError && words.test(error.message) && error.message.includes('keeper.json'));
    });
  }

  it('refuses one that asks for nothing', () => {
    assert.throws(() => parsed({}), (error) => error instanceof KeeperConfigError && /would do nothing/.test(error.message) && error.details['field'] === 'challenger');
    const idle = { ...GUARD, answer: false, start: false, seal: false, mark: false, payDebts: false };
    assert.throws(() => parsed({ guard: idle }), (error) => error instanceof KeeperConfigError && /are all false/.test(error.message));
  });

  it('refuses a later version of the format', () => {
    assert.throws(() => parsed({ version: 2, guard: GUARD }), FormatVersionError);
  });
});
