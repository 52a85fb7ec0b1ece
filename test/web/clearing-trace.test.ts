import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tracesToHtml } from '../../src/cli/trade/trace-html.js';
import { settlementTrace } from '../builders/settlement-trace.js';
import { Chromium, type BrowserTab } from '../harness/chromium.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, deviceScaleFactor: 2 };
const PICTURE = 'build/report/page-clearing-trace.png';

describe('the page of what an outsider sees', () => {
  let browser: Chromium;
  let folder: string;
  let url: string;
  before(async () => {
    browser = await Chromium.start();
    folder = await mkdtemp(join(tmpdir(), 'clearproof-trace-'));
    const file = join(folder, 'trace.html');
    await writeFile(file, tracesToHtml([{ title: 'An option is traded', secret: '1 BTC call for 4,000 USD', trace: settlementTrace() }], 31_337n));
    url = pathToFileURL(file).href;
  });
  after(async () => {
    await browser.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const open = async (options?: Parameters<Chromium['open']>[0]): Promise<BrowserTab> => {
    const tab = await browser.open(options);
    await tab.page.goto(url);
    return tab;
  };

  it('shows call, events and what only the parties know apart, and asks the network for nothing', async () => {
    const tab = await open();
    assert.equal(await tab.page.locator('h1').innerText(), 'What an outsider sees');
    assert.match(await tab.page.locator('.secret').innerText(), /Only the parties know: 1 BTC call/);
    assert.match(await tab.page.locator('main').innerText(), /settlement\.trade\.commitment\s+uint256\s+5{12}…5{8} \(76 digits\)/);
    await tab.page.screenshot({ path: PICTURE, fullPage: true });
    assert.deepEqual([tab.sent.map((request) => request.url), tab.complaints], [[url], []]);
    await tab.close();
  });

  it('does not scroll sideways on a phone', async () => {
    const tab = await open(PHONE);
    const [page, screen] = await tab.page.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]');
    assert.ok(page <= screen, `${page} pixels wide on a screen of ${screen}`);
    await tab.close();
  });
});
