import assert from 'node:assert/strict';
import { releaseCurves } from '../../src/groth16/curves.js';
import { ALICE, CAROL } from '../builders/attestation.js';
import { provenEpoch, type ProvenEpoch } from '../builders/proven-epoch.js';
import { documentsOf, edit, type Documents } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { filesOf } from './bundle-files.js';
import { assertQuiet, VerificationPage } from './verification-page.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const REPORT = 'build/report';
const TO_BE_OPERATED = 'a[href], button, input, textarea, summary, [tabindex="0"]';

describe('the verification page for everybody', () => {
  let browser: Chromium;
  let server: PageServer;
  let proven: ProvenEpoch;
  let alice: Documents;
  let page: VerificationPage;
  before(async () => {
    [browser, server, proven] = await Promise.all([Chromium.start(), PageServer.start(), provenEpoch()]);
    alice = documentsOf(proven.bundles, ALICE);
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
  const snapshot = (): Promise<string> => page.tab.page.locator('body').ariaSnapshot();
  const focused = (): Promise<string> => page.tab.page.evaluate(`(() => { const { id, tagName, innerText } = document.activeElement; return id || tagName.toLowerCase() + ' ' + (innerText ?? '').trim().slice(0, 40); })()`);
  const picture = (name: string): Promise<unknown> => page.tab.page.screenshot({ path: `${REPORT}/page-${name}.png`, fullPage: true });

  it('gives every control a name and a role', async () => {
    page = await VerificationPage.open(browser, server);
    await page.tab.page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
    const tree = await snapshot();
    for (const name of [/button "Receipts"|textbox "Receipts"|Receipts/, /Attestation/, /Saved record/]) assert.match(tree, name);
    for (const [role, name] of [
      ['textbox', 'RPC end point'], ['textbox', 'Registry address'], ['textbox', 'Chain id'], ['textbox', 'Venue id'], ['textbox', 'Your user id at the venue'],
      ['textbox', 'Your owner commitment'], ['textbox', 'Text of the attestation'], ['button', 'Verify'], ['button', 'Clear everything'], ['button', 'Save the report'],
    ] as const) {
      assert.match(tree, new RegExp(`${role} "${name}[^"]*"`), `${role} ${name} in\n${tree}`);
    }
    const nameless = await page.tab.page.evaluate<string[]>(`[...document.querySelectorAll('input, textarea, button')].filter((one) => one.checkVisibility() && (one.labels?.length ?? 0) === 0 && !(one.innerText ?? '').trim() && !one.ariaLabel).map((one) => one.outerHTML)`);
    assert.deepEqual(nameless, []);
    assert.match(tree, /heading ".+" \[level=1\]/);
    assert.match(tree, /- main/);
    assert.equal(await page.tab.page.locator('html').getAttribute('lang'), 'en');
  });

  it('announces progress and verdict, and gives tables their heads and the picture its words', async () => {
    page = await VerificationPage.open(browser, server);
    await page.ask(filesOf(alice));
    const verdict = page.tab.page.locator('#verdict');
    assert.deepEqual([await verdict.getAttribute('role'), await verdict.getAttribute('aria-live')], ['status', 'polite']);
    assert.equal(await page.tab.page.locator('#progress').getAttribute('role'), 'progressbar');
    const tree = await snapshot();
    for (const role of ['status', 'table', 'columnheader', 'img']) assert.match(tree, new RegExp(`- ${role}`), role);
    assert.match(tree, /- figure "|- figure:/);
    // Colour is never the only bearer: each step says in words how it went.
    const steps = await page.tab.page.evaluate<string[]>(`[...document.querySelectorAll('#steps li')].map((one) => one.innerText)`);
    assert.ok(steps.length > 10 && steps.every((text) => /passed|ok|holds/i.test(text)), steps.join('\n'));
  });

  it('reaches every control by Tab in the order of the page, shows where it is, and works by Enter and Space', async () => {
    page = await VerificationPage.open(browser, server);
    await page.give(filesOf({ ...alice, attestation: undefined }));
    const { page: tab } = page.tab;
    const order = await tab.evaluate<string[]>(`[...document.querySelectorAll('${TO_BE_OPERATED}')].filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).map((one) => one.id || one.tagName.toLowerCase() + ' ' + (one.innerText ?? '').trim().slice(0, 40))`);
    const reached: string[] = [];
    while (reached.length < order.length) {
      await tab.keyboard.press('Tab');
      reached.push(await focused());
      const outline = await tab.evaluate<string>(`(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle === 'none' && style.boxShadow === 'none' ? 'none' : 'seen'; })()`);
      assert.equal(outline, 'seen', `the focus on ${reached.at(-1)}`);
    }
    assert.deepEqual(reached, order);
    assert.ok(['receipt-file', 'rpc-url', 'verify', 'clear'].every((id) => reached.includes(id)), reached.join());
    await tab.locator('#verify').focus();
    await tab.keyboard.press('Enter');
    assert.equal((await page.shown()).verdict, 'verified');
    await tab.locator('#clear').focus();
    await tab.keyboard.press('Space');
    await page.reaches('idle');
    const fold = tab.locator('summary').first();
    await fold.focus();
    await tab.keyboard.press('Enter');
    assert.equal(await tab.evaluate(`document.querySelector('summary').parentElement.open`), true);
  });

  for (const [name, bend] of [['verified', (): Documents => alice], ['not verified', (): Documents => edit(alice, 'receipt', ['holdings', 0, 'quantity'], '30000000001')]] as const) {
    it(`is readable on a phone of 360 points when it is ${name}: nothing has to be scrolled sideways`, async () => {
      page = await VerificationPage.open(browser, server, PHONE);
      await page.ask(filesOf(bend()));
      await page.tab.page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
      const [width, seen] = await page.tab.page.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]');
      assert.ok(width <= seen, `${width} of ${seen}`);
      const tiny = await page.tab.page.evaluate<string[]>(`[...document.querySelectorAll('p, td, th, li, label, button, input')].filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 12).map((one) => one.outerHTML.slice(0, 80))`);
      assert.deepEqual(tiny, []);
      const small = await page.tab.page.evaluate<string[]>(`[...document.querySelectorAll('button, input')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 32).map((one) => one.id)`);
      assert.deepEqual(small, [], 'what fingers have to meet');
      await picture(name === 'verified' ? 'phone' : 'phone-not-verified');
    });
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`has enough contrast in ${scheme} colours for words of every verdict`, async () => {
      page = await VerificationPage.open(browser, server, { colorScheme: scheme, viewport: { width: 1200, height: 900 } });
      const cases: readonly (readonly [string, Documents])[] = [
        ['verified', alice], ['not-verified', edit(alice, 'receipt', ['salt'], '1')], ['cannot-tell', { ...documentsOf(proven.bundles, CAROL), record: undefined }],
      ];
      for (const [verdict, documents] of cases) {
        const shown = await page.ask(filesOf(documents));
        assert.equal(shown.verdict, verdict);
        assert.deepEqual(await page.tab.page.evaluate(LOW_CONTRAST), []);
        if (scheme === 'light') await picture(verdict);
        else if (verdict === 'verified') await picture('dark');
        await page.clear();
      }
    });
  }
});

/** Words whose contrast with the colour behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3), as far as colours are plain. */
const LOW_CONTRAST = `(() => {
  const numbers = (colour) => (colour.match(/[0-9.]+/g) ?? []).map(Number);
  const plain = (colour) => { const [,,, alpha = 1] = numbers(colour); return /^rgb/.test(colour) && alpha === 1; };
  const light = (colour) => { const [r, g, b] = numbers(colour).map((part) => { const p = part / 255; return p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (element) => { for (let one = element; one !== null; one = one.parentElement) { const { backgroundColor } = getComputedStyle(one); if (plain(backgroundColor)) return backgroundColor; } return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)'; };
  const words = [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && !one.closest('svg') && !one.disabled && [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== ''));
  return words.flatMap((one) => {
    const { color } = getComputedStyle(one);
    if (!plain(color)) return [];
    const [above, below] = [light(color), light(behind(one))].sort((a, b) => b - a);
    const ratio = (above + 0.05) / (below + 0.05);
    return ratio < 4.5 ? [ratio.toFixed(2) + ' ' + color + ' ' + one.outerHTML.slice(0, 90)] : [];
  });
})()`;
