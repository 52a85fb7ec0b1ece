import assert from 'node:assert/strict';
import { parseVaultConfig } from '../../src/cli/vault/vault-config.js';
import { JsonShapeError } from '../../src/venue/import-errors.js';

const RULES = {
  timelock: '21601', payoutTableAge: '86400', demandWindow: '3600', answerWindow: '3600', requestDelay: '14400', hatchAfter: '14401', claimWindow: '3600', limitWindow: '3600',
  demandBond: '10000000000000000',
};
const LIMIT = { asset: '0', maxDeposits: '1000000', maxLoans: '0', payoutLimit: '340282366920938463463374607431768211455' };

describe('rules and limits of a vault', () => {
  it('are read as they are written', () => {
    const { rules, limits } = read({}, [LIMIT]);
    assert.deepEqual([rules.hatchAfter, rules.demandBond], [14_401, 10n ** 16n]);
    assert.deepEqual(limits, [{ asset: 0, coverage: { maxDeposits: 1_000_000n, maxLoans: 0n }, payoutLimit: 2n ** 128n - 1n }]);
  });

  const wrong: readonly (readonly [string, Partial<typeof RULES>, readonly object[], RegExp])[] = [
    ['a delay no longer than the time for answers', { requestDelay: '3600' }, [LIMIT], /requestDelay: 3600 must be more than answerWindow, 3600/],
    ['a timelock no longer than leaving takes', { timelock: '21600' }, [LIMIT], /timelock: 21600 must be more than requestDelay \+ demandWindow \+ answerWindow, 21600/],
    ['a hatch that opens before an epoch can stand', { hatchAfter: '14400' }, [LIMIT], /hatchAfter: 14400 must be more than twice demandWindow \+ answerWindow, 14400/],
    ['a time of 0', { claimWindow: '0' }, [LIMIT], /claimWindow: 0 is out of range/],
    ['an asset twice', {}, [LIMIT, LIMIT], /asset stands twice/],
    ['a limit beyond 128 bits', {}, [{ ...LIMIT, maxLoans: String(2n ** 128n) }], /maxLoans: .* out of range/],
    ['no limit', {}, [], /has 0 entries/],
  ];
  for (const [title, change, limits, reason] of wrong) {
    it(`are refused with ${title}`, () => {
      assert.throws(() => read(change, limits), (error: unknown) => error instanceof JsonShapeError && reason.test(error.message));
    });
  }

  function read(change: Partial<typeof RULES>, limits: readonly object[]): ReturnType<typeof parseVaultConfig> {
    return parseVaultConfig(JSON.stringify({ formatVersion: '1', rules: { ...RULES, ...change }, limits }), 'vault.json');
  }
});
