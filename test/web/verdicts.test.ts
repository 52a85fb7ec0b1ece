import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/fixed-point/decimal.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { explain } from '../../src/margin/explain.js';
import { ALICE, BOB, CAROL } from '../builders/attestation.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { documentsOf, edit, type Documents } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { fileOf, filesOf } from './bundle-files.js';
import { assertQuiet, VerificationPage } from './verification-page.js';

const NOTHING_KEPT = { local: 0, session: 0, cookies: 0, databases: 0, caches: 0, serviceWorkers: 0, cookieJar: 0 };

describe('the verification page', () => {
  let browser: Chromium;
  let server: PageServer;
  let proven: ProvenEpoch;
  let alice: Documents;
  let page: VerificationPage;
  before(async () => {
    [browser, server, proven] = await Promise.all([Chromium.start(), PageServer.start(), provenEpoch()]);
    alice = documentsOf(proven.bundles, ALICE);
  });
  beforeEach(async () => {
    page = await VerificationPage.open(browser, server);
  });
  afterEach(async () => {
    assertQuiet(page);
    await page.close();
  });
  after(async () => {
    await browser.stop();
    await server.stop();
    await releaseCurves();
  });

  it('verifies a receipt against a saved record, and says what that is worth', async () => {
    const shown = await page.ask(filesOf({ ...alice, attestation: undefined }));
    assert.deepEqual([shown.verdict, shown.failing], ['verified', []]);
    assert.match(shown.words, /verified/i);
    assert.doesNotMatch(shown.words, /NOT verified|cannot tell/i);
    assert.ok(shown.warnings.some((warning) => /taken from the file record\.json, not read from a chain/.test(warning)));
    assert.equal(shown.steps.find(({ id }) => id === 'batch-proofs')?.outcome, 'skipped');
  });

  it('verifies every proof where there is an attestation', async () => {
    const shown = await page.ask(filesOf(alice, { 'user-id': 'user-0' }));
    assert.equal(shown.verdict, 'verified');
    assert.deepEqual(shown.steps.filter(({ outcome }) => outcome !== 'passed'), []);
    assert.equal(shown.steps.length, 18);
  });

  it('cannot tell without a chain or record, says so, and says what to do', async () => {
    const shown = await page.ask(filesOf({ ...alice, record: undefined }));
    assert.deepEqual([shown.verdict, shown.failing], ['cannot-tell', []]);
    assert.match(shown.words, /cannot tell/i);
    assert.ok(shown.whatToDo.length > 40, shown.whatToDo);
  });

  it('verifies an attestation alone, dropped or pasted', async () => {
    const files = filesOf(alice);
    const shown = await page.ask({ ...files, receipts: [] });
    assert.deepEqual([shown.verdict, shown.failing], ['verified', []]);
    await page.clear();
    const pasted = await page.ask({ ...(files.record === undefined ? {} : { record: files.record }), fields: { 'attestation-text': JSON.stringify(alice.attestation, undefined, 1) } });
    assert.deepEqual(pasted.steps.map(({ id, outcome }) => [id, outcome]), shown.steps.map(({ id, outcome }) => [id, outcome]));
    assert.equal(pasted.verdict, 'verified');
  });

  it('tells dropped files apart by what they say they are', async () => {
    const files = [['a.json', alice.record], ['b.json', alice.receipt], ['c.json', alice.attestation]].map(([name, document]) => [name, JSON.stringify(document)]);
    await page.tab.page.evaluate(`((files) => {
      const data = new DataTransfer();
      for (const [name, text] of files) data.items.add(new File([text], name, { type: 'application/json' }));
      document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })(${JSON.stringify(files)})`);
    await page.tab.page.locator('#files li').nth(2).waitFor();
    const shown = await page.verify();
    assert.deepEqual([shown.verdict, shown.steps.filter(({ outcome }) => outcome === 'failed')], ['verified', []]);
    assert.equal(shown.steps.find(({ id }) => id === 'close-proof')?.outcome, 'passed');
  });

  it('[S12] shows in words and in red that keys are insecure', async () => {
    const shown = await page.ask(filesOf(alice));
    assert.equal(shown.insecure, true);
    assert.match(await page.tab.page.locator('#insecure').innerText(), /INSECURE.*anyone can forge/is);
    const [red = 0, green = 0, blue = 0] = await page.tab.page.evaluate<number[]>(`(() => {
      const [most] = ['backgroundColor', 'borderTopColor', 'color'].map((name) => getComputedStyle(document.querySelector('#insecure'))[name].match(/[0-9.]+/g).map(Number)).sort((a, b) => (b[0] - b[1]) - (a[0] - a[1]));
      return most;
    })()`);
    assert.ok(red > 2 * green && red > 2 * blue, `rgb(${red}, ${green}, ${blue})`);
    await page.clear();
    assert.equal(await page.tab.page.locator('#insecure').isVisible(), false);
  });

  for (const [name, place] of [['a healthy account', ALICE], ['an account on the other side', BOB], ['an account that owes more than it has', CAROL]] as const) {
    it(`explains the margin of ${name} line by line, with the engine's figures`, async () => {
      const receipt = proven.bundles.receipts[place];
      assert.ok(receipt !== undefined);
      const { lines, margin, distance } = explain(receipt.market, receipt.holdings);
      const money = (units: bigint): string => formatDecimal(units, receipt.market.valueScale);
      await page.ask(filesOf(documentsOf(proven.bundles, place)));
      const text = digits(await page.tab.page.locator('#margin').innerText());
      for (const line of lines) {
        assert.ok(text.includes(line.instrument), line.instrument);
        for (const figure of [formatDecimal(line.quantity, line.quantityDecimals), money(line.value), money(line.charge), money(line.worstPnl)]) assert.ok(text.includes(figure), `${line.instrument} ${figure} in ${text}`);
      }
      const account = digits(await page.tab.page.locator('#account').innerText());
      for (const figure of [margin.equity, margin.charges, margin.requirement]) assert.ok(account.includes(money(figure)), money(figure));
      assert.ok(account.includes(money(distance < 0n ? -distance : distance)));
      const scenarios = digits(await page.tab.page.locator('#pnl-table').textContent() ?? '');
      receipt.market.scenarios.forEach((scenario, number) => {
        assert.ok(scenarios.includes(scenario));
        assert.ok(scenarios.includes(money(margin.scenarioPnl[number] ?? 0n)), `${scenario} in ${scenarios}`);
      });
      assert.ok(await page.tab.page.locator('#pnl-chart svg').isVisible(), 'the picture is there');
    });
  }

  it('shows no margin for a receipt that cannot be read', async () => {
    await page.ask(filesOf(edit(alice, 'receipt', ['salt'], 'x')));
    assert.equal(await page.tab.page.locator('#account').isVisible(), false);
  });

  it('judges several receipts at once, each for itself', async () => {
    const receipts = [
      fileOf('alice.json', alice.receipt), fileOf('bob.json', documentsOf(proven.bundles, BOB).receipt),
      fileOf('bent.json', edit(alice, 'receipt', ['salt'], '1').receipt), { name: 'garbage.json', content: '{' },
      fileOf('carol.json', documentsOf(proven.bundles, CAROL).receipt),
    ];
    await page.ask({ ...filesOf(alice), receipts });
    assert.deepEqual(await page.results(), [['alice.json', 'verified'], ['bob.json', 'verified'], ['bent.json', 'not-verified'], ['garbage.json', 'not-verified'], ['carol.json', 'verified']]);
    const reports = await page.report() as readonly { readonly verdict: string }[];
    assert.deepEqual(reports.map(({ verdict }) => verdict), ['verified', 'verified', 'not-verified', 'not-verified', 'verified']);
    await page.tab.page.screenshot({ path: 'build/report/page-several.png', fullPage: true });
  });

  it('asks nobody anything before it is told to, and nobody but the chain afterwards', async () => {
    await page.ask(filesOf(alice));
    const strange = page.tab.sent.map(({ url }) => url).filter((url) => !url.startsWith(`${server.origin}/`) && !/^(blob|data):/.test(url));
    assert.deepEqual(strange, []);
    assert.deepEqual(page.tab.sent.filter(({ method, body }) => method !== 'GET' || body !== ''), []);
    assert.ok(page.tab.sent.every(({ url }) => !url.includes('?')));
  });

  it('keeps nothing: no storage, no cookies, and nothing after a reload', async () => {
    await page.ask(filesOf(alice, { 'user-id': 'user-0', owner: `${proven.bundles.receipts[ALICE]?.owner}` }));
    assert.deepEqual(await page.tab.kept(), NOTHING_KEPT);
    await page.tab.page.reload();
    await page.reaches('idle');
    assert.deepEqual(await page.tab.kept(), NOTHING_KEPT);
    assert.deepEqual(await page.tab.page.evaluate(`[...document.querySelectorAll('input, textarea')].map((field) => field.value).filter((value) => value !== '')`), []);
    assert.doesNotMatch(await page.tab.page.locator('body').innerText(), /user-0/);
  });

  it('clears everything: what was shown, and what was given', async () => {
    await page.ask(filesOf(alice, { 'user-id': 'user-0' }));
    await page.clear();
    assert.doesNotMatch(await page.tab.page.locator('body').innerText(), /user-0|USDC|receipt\.json/);
    assert.equal(await page.tab.page.locator('#user-id').inputValue(), '');
    assert.equal(await page.tab.page.locator('#verdict').getAttribute('data-verdict') ?? '', '');
  });

  it('answers a second question as a page that was just opened does', async () => {
    const first = await page.ask(filesOf(edit(alice, 'receipt', ['salt'], '1')));
    assert.equal(first.verdict, 'not-verified');
    const second = await page.ask(filesOf(alice));
    assert.equal(second.verdict, 'verified');
    assert.equal(second.meaning, '');
  });

  it('shows no answer beside other files or words than it is about', async () => {
    const bent = filesOf(edit(alice, 'receipt', ['salt'], '1'));
    const stands = async (): Promise<readonly [string | null, boolean]> =>
      [await page.tab.page.locator('#verdict').getAttribute('data-verdict'), await page.tab.page.locator('#export-report').isEnabled()];
    for (const given of [{ receipts: bent.receipts ?? [] }, { fields: { 'user-id': 'mallory' } }, { fields: { registry: `0x${'1'.repeat(40)}` } }]) {
      await page.ask(filesOf(alice));
      assert.deepEqual(await stands(), ['verified', true]);
      await page.give(given);
      assert.deepEqual(await stands(), [null, false], JSON.stringify(Object.keys(given)));
      assert.match(await page.tab.page.locator('#verdict').innerText(), /changed since the last check/);
      await page.clear();
    }
  });

  it('takes no saved record for an answer of the chain that the reader names', async () => {
    await page.give(filesOf(alice, { 'rpc-url': 'https://rpc.example' }));
    await page.tab.page.locator('#verify').click();
    await page.tab.page.locator('#refused p', { hasText: 'take one of them away' }).waitFor();
    assert.equal(await page.tab.page.locator('main').getAttribute('data-state'), 'idle');
  });

  it('waits, when it is told to verify at once, until it knows what dropped files are', async () => {
    await page.ask(filesOf(alice));
    await page.tab.page.evaluate(`((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'bent.json', { type: 'application/json' }));
      document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      document.querySelector('#verify').click();
    })(${JSON.stringify(JSON.stringify(edit(alice, 'receipt', ['salt'], '1').receipt))})`);
    await page.shown();
    assert.deepEqual((await page.results()).map(([, verdict]) => verdict), ['verified', 'not-verified']);
  });

  it('says in its export how long it took, and in whole numbers what it found', async () => {
    await page.ask(filesOf(alice));
    const report = await page.report() as { readonly verdict: string; readonly timings: Readonly<Record<string, number>>; readonly margin: { readonly margin: { readonly equity: unknown } } };
    assert.equal(report.verdict, 'verified');
    assert.equal(typeof report.margin.margin.equity, 'string');
    for (const name of ['millisecondsToInclusion', 'millisecondsToVerdict', 'millisecondsPerProof']) assert.ok(Number(report.timings[name]) > 0, name);
  });

  it('takes no markup from a receipt', async () => {
    const name = '<img src=x onerror=document.title="owned"><b>bold</b>';
    const shown = await page.ask(filesOf(edit(alice, 'receipt', ['userId'], name)));
    assert.equal(shown.verdict, 'not-verified');
    assert.ok(shown.steps.some(({ text }) => text.includes('<img src=x')), 'it is shown as text');
    assert.notEqual(await page.tab.page.title(), 'owned');
    assert.equal(await page.tab.page.locator('main b').count(), 0);
  });
});

/** Figures without what groups their digits, and with a hyphen for a minus. */
function digits(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009, ](?=[0-9]{3}(?![0-9]))/g, '').replaceAll('\u2212', '-');
}
