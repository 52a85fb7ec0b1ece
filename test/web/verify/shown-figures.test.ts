import assert from 'node:assert/strict';
import { explain } from '../../../src/margin/explain.js';
import { distanceSentence, tierText } from '../../../src/web/verify/account-words.js';
import type { AccountView } from '../../../src/web/verify/engine/protocol.js';
import { figure } from '../../../src/web/verify/money.js';
import { Run } from '../../../src/web/verify/run.js';
import { Stopwatch } from '../../../src/web/verify/timings.js';
import type { VerificationReport, Verdict } from '../../../src/verification/report.js';
import { smallMarket } from '../../builders/market.js';

describe('what the verification page shows of figures', () => {
  it('is exact, grouped by thousands before the point only, with a true minus', () => {
    const cases = [[0n, 2, '0'], [999n, 0, '999'], [1_000n, 0, '1,000'], [-123_456_789n, 2, '\u22121,234,567.89'], [1_234_567n, 7, '0.1234567'], [2n ** 90n, 0, '1,237,940,039,285,380,274,899,124,224']] as const;
    for (const [units, scale, text] of cases) assert.equal(figure(units, scale), text);
  });

  it('says how far an account is from liquidation, and on which side', () => {
    const view = (quantity: bigint): AccountView => {
      const { valueScale, scenarios, ...table } = smallMarket();
      const margin = explain({ valueScale, scenarios, ...table }, [{ index: 0, quantity }]);
      return { margin, currency: 'USD', valueScale, scenarios, userId: 'u', subAccount: 0, epoch: 1 };
    };
    const [rich, poor] = [view(1_000_000n), view(-1_000_000n)];
    assert.equal(rich.margin.margin.healthy, true);
    assert.ok(distanceSentence(rich).includes(figure(rich.margin.distance, rich.valueScale)));
    assert.match(distanceSentence(poor), /NOT healthy/);
    assert.ok(distanceSentence(poor).includes(figure(-poor.margin.distance, poor.valueScale)));
  });

  it('says how much room a size tier has', () => {
    const tier = { instrument: 'BTC', firstRow: 0, number: 2, of: 3, cap: 500n, headroom: 120n };
    assert.equal(tierText(tier, { quantityDecimals: 2 }), 'tier 2 of 3, room for 1.2 more');
    assert.equal(tierText({ ...tier, cap: undefined, headroom: undefined }, { quantityDecimals: 2 }), 'tier 2 of 3, takes all the rest');
    assert.equal(tierText({ ...tier, headroom: -1n }, { quantityDecimals: 2 }), 'tier 2 of 3, above its cap');
  });

  it('are times from the press to margin and verdict, and the mean of the proofs as the worker took it', () => {
    let now = 100;
    const watch = new Stopwatch(() => now);
    assert.deepEqual(watch.timings, { millisecondsToInclusion: null, millisecondsToVerdict: null, millisecondsPerProof: null });
    now = 350.04;
    watch.step('margin');
    now = 999;
    watch.step('margin');
    watch.proof(20);
    watch.proof(31);
    watch.done();
    assert.deepEqual(watch.timings, { millisecondsToInclusion: 250.1, millisecondsToVerdict: 899, millisecondsPerProof: 25.5 });
  });

  it('counts the first receipt from the press and each other one from its own start', () => {
    let now = 10;
    const run = new Run('receipt', () => now);
    now = 50;
    run.begin(0, 'a', 2);
    now = 60;
    run.items[0]?.watch.done();
    run.begin(1, 'b', 2);
    now = 65;
    run.items[1]?.watch.done();
    assert.deepEqual(run.items.map(({ watch }) => watch.timings.millisecondsToVerdict), [50, 5]);
  });

  it('gives several receipts the worst verdict among them, and their reports as a list with file names', () => {
    const report = (verdict: Verdict): VerificationReport => ({ verdict, summary: verdict, steps: [], keySecurity: 'unknown', warnings: [], margin: undefined });
    const runOf = (...verdicts: readonly Verdict[]): Run => {
      const run = new Run('receipt');
      verdicts.forEach((verdict, place) => {
        run.begin(place, `${place}.json`, verdicts.length);
        const item = run.items[place];
        assert.ok(item !== undefined);
        item.report = report(verdict);
      });
      return run;
    };
    assert.equal(runOf('verified').overall, undefined);
    assert.equal(runOf('verified', 'cannot-tell').overall?.verdict, 'cannot-tell');
    const mixed = runOf('verified', 'cannot-tell', 'not-verified');
    assert.deepEqual([mixed.overall?.verdict, mixed.worst], ['not-verified', 2]);
    assert.match(mixed.overall?.sentence ?? '', /3 receipts: 1 verified, 1 NOT verified, 1 cannot tell/);
    assert.deepEqual((mixed.toJson() as readonly { file: string; verdict: string }[]).map(({ file, verdict }) => [file, verdict]), [['0.json', 'verified'], ['1.json', 'cannot-tell'], ['2.json', 'not-verified']]);
    assert.equal((runOf('verified').toJson() as { verdict: string }).verdict, 'verified');
  });
});
