import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { releaseCurves } from '../../src/groth16/curves.js';
import { clearproof, temporaryFolder } from '../cli/program.js';
import { Chromium, type BrowserTab } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { EPOCHS, startBoardVenue, totalOf, type BoardVenue } from './board-venue.js';
import type { GivenFile } from './verification-page.js';

const PATIENCE = 90_000;
const REPORT = 'build/report';
const STANDINGS = ['chain', 'proven', 'stated'];

describe('the venue board in a browser', function () {
  this.timeout(300_000);
  let browser: Chromium;
  let server: PageServer;
  let board: BoardVenue;
  let tab: BrowserTab;
  const link = (more: Readonly<Record<string, string>> = {}): string => {
    const { deployment, anvilUrl } = board.venue;
    return `#${new URLSearchParams({ registry: deployment.registry, venue: '7', rpc: anvilUrl, ...more }).toString()}`;
  };

  async function open(fragment: string, options: BrowserContextOptions = {}): Promise<void> {
    await tab.close();
    tab = await browser.open({ viewport: { width: 1360, height: 900 }, ...options });
    await tab.page.goto(`${server.origin}/board.html${fragment}`);
    await tab.page.locator('main[data-state="idle"]').waitFor();
  }

  async function give(files: readonly GivenFile[]): Promise<void> {
    await tab.page.locator('#board-files').evaluate('(field) => { field.closest("details").open = true; }');
    await tab.page.locator('#board-files').setInputFiles(files.map(({ name, content }) => ({ name, mimeType: 'application/json', buffer: Buffer.from(content) })));
  }

  async function read(state: 'done' | 'refused' = 'done'): Promise<void> {
    await tab.page.locator('#read').click();
    await tab.page.locator(`main[data-state="${state}"]`).waitFor({ timeout: PATIENCE });
  }

  const texts = (selector: string): Promise<string[]> => tab.page.locator(selector).allInnerTexts();
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const rowOf = async (section: string, first: string): Promise<string> => {
    const rows = (await texts(`${section} tbody tr`)).map(plain);
    const found = rows.find((row) => row.startsWith(`${first} `));
    assert.ok(found !== undefined, `${section} has no row ${first}: ${rows.join(' | ')}`);
    return found;
  };

  before(async () => {
    [browser, server] = await Promise.all([Chromium.start(), PageServer.start()]);
    board = await startBoardVenue();
    tab = await browser.open();
    await mkdir(REPORT, { recursive: true });
  });
  after(async () => {
    await browser.stop();
    await server.stop();
    await (board as BoardVenue | undefined)?.venue.stop();
    await releaseCurves();
  });

  it('is filled in by a link, and sends nothing before the button is pressed [P-174]', async () => {
    await open(link({ chain: '31337', from: '0' }));
    const { deployment, anvilUrl } = board.venue;
    const fields = ['rpc-url', 'registry', 'venue-id', 'chain-id', 'from-block'];
    assert.deepEqual(await Promise.all(fields.map((id) => tab.page.locator(`#${id}`).inputValue())), [anvilUrl, deployment.registry, '7', '31337', '0']);
    assert.deepEqual(tab.sent.filter(({ url }) => !url.startsWith(server.origin)), []);
    await read();
    // Only the node that was named is asked, and the page keeps nothing.
    assert.deepEqual([...new Set(tab.sent.filter(({ url }) => !url.startsWith(server.origin) && !/^(blob|data):/.test(url)).map(({ url }) => new URL(url).origin))], [anvilUrl]);
    assert.deepEqual(Object.values(await tab.kept()).filter((count) => count !== 0), []);
    assert.deepEqual(tab.complaints, []);
  });

  it('has the figures of the chain, with a standing on each, and proven ones where a file verified [P-174]', async () => {
    await open(link());
    await give([...board.attestations, ...board.stress]);
    await read();
    assert.deepEqual(tab.complaints, []);
    assert.match(plain(await tab.page.locator('#summary .cards').innerText()), /OPEN chain fresh and covered/);
    const million = (asset: number, epoch: number): string => (Number(totalOf(asset, epoch)) / 1e6).toLocaleString('en-US', { maximumFractionDigits: 6 });
    const latest = await rowOf('#coverage [data-asset="0"]', `${EPOCHS}`);
    assert.ok(latest.startsWith(`${EPOCHS} covered chain 100.00 % chain ${million(0, EPOCHS)} chain`), latest);
    assert.match(latest, /quanta proven$/);
    assert.match(await rowOf('#losses', '5'), /^5 covered chain 4 proven 9,200 proven 25,000 chain 25,000 FUND chain 271\.73 % chain 15,800 chain 16 proven$/);
    assert.match(await rowOf('#history', '3'), /1 chain/);
    assert.match((await texts('#gaps li')).map(plain).join(), /^late: epoch 5 came after the venue's own deadline.*for 1 h/);
    assert.match((await texts('#changes tbody tr')).map(plain).join('\n'), /vault rules reserves active .*kept chain waited.*timelock: 21,600 → 28,800 seconds chain/);
    assert.match((await texts('#changes tbody tr')).map(plain).join('\n'), /vault limits reserves waits for its timelock .*asset 0, payout limit: [\d,]+ → 100,000,000,000 token base units chain/);
    assert.deepEqual((await texts('#stress tbody [data-verdict]')).map(plain), ['verified', 'verified', 'verified']);
    assert.match((await texts('#warnings li')).join('\n'), /INSECURE: every epoch was proven under development keys/);
    const marks = await tab.page.evaluate<string[][]>(`[...document.querySelectorAll('#board .figure')].map((figure) => [...figure.querySelectorAll('.standing')].map((mark) => mark.textContent))`);
    assert.ok(marks.length > 200, `${marks.length} figures`);
    assert.deepEqual(marks.filter((one) => one.length !== 1 || !STANDINGS.includes(one[0] ?? '')), []);
    assert.ok(await tab.page.locator('#board figure svg').count() >= 5);
    await tab.page.screenshot({ path: join(REPORT, 'page-board.png'), fullPage: true });
  });

  it('says of a bent file that it is not verified, and shows its figures as stated', async () => {
    await open(link());
    await give([...board.attestations.slice(-1), board.bentStress]);
    await read();
    const [row = ''] = (await texts('#stress tbody tr')).map(plain);
    assert.match(row, /NOT verified .*0\.000000000001 USD stated/);
    assert.match((await texts('#warnings li.insecure')).join('\n'), /stress-bent\.json is NOT verified/);
    assert.match((await texts('#files tbody tr')).map(plain).join('\n'), /attestation-6\.json attestation 6 verified/);
  });

  it('saves the very file that the command line writes [P-174]', async () => {
    const { folder, remove } = await temporaryFolder();
    try {
      for (const { name, content } of [...board.attestations, ...board.stress]) await writeFile(join(folder, name), content);
      const { deployment, anvilUrl } = board.venue;
      const ended = await clearproof('board', '--rpc', anvilUrl, '--registry', deployment.registry, '--venue', '7', '--attestations', folder, '--out', join(folder, 'board.json'));
      assert.equal(ended.code, 0, ended.stderr);
      await open(link());
      await give([...board.stress, ...board.attestations]);
      await read();
      const saved = await tab.download(() => tab.page.locator('#export-board').click());
      assert.equal(saved, await readFile(join(folder, 'board.json'), 'utf8'));
    } finally {
      await remove();
    }
  });

  it('says in plain words what is wrong with a question, a node, an address or a venue', async () => {
    const refusals: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ rpc: 'ftp://node' }, /must be a URL/], [{ registry: '0x12' }, /must be an address/], [{ venue: 'seven' }, /must be a whole number/],
      [{ rpc: 'http://127.0.0.1:9' }, /The node does not answer.*says nothing about the venue/s], [{ chain: '1' }, /The node serves another chain/],
      [{ venue: '8' }, /The registry does not know this venue/], [{ registry: `0x${'1'.repeat(40)}` }, /There is no registry at this address/],
      [{ from: '999999' }, /The first block lies in the future/],
    ];
    for (const [change, words] of refusals) {
      await open(link(change));
      await read('refused');
      assert.match(await tab.page.locator('#refusal').innerText(), words);
      assert.equal(await tab.page.locator('#board').isVisible(), false);
      assert.equal(await tab.page.locator('#export-board').isDisabled(), true);
    }
  });

  it('is read by keyboard alone, in the dark and on a phone, with nothing wider than the screen', async () => {
    await open(link(), { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await tab.page.locator('#venue-id').focus();
    await tab.page.keyboard.press('Enter');
    await tab.page.locator('main[data-state="done"]').waitFor({ timeout: PATIENCE });
    assert.equal(await tab.page.evaluate('document.activeElement.id'), 'board');
    await tab.page.keyboard.press('Tab');
    // Tables scroll in regions of their own, which have names and take the focus.
    assert.deepEqual(await tab.page.evaluate('[document.activeElement.getAttribute("role"), document.activeElement.getAttribute("aria-label") !== ""]'), ['region', true]);
    assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), true);
    const unnamed = await tab.page.evaluate(`[...document.querySelectorAll('#board section, #board figure > div, input')].filter((one) => one.id === '' || one.tagName === 'INPUT')
      .filter((one) => one.tagName === 'INPUT' ? document.querySelector('label[for="' + one.id + '"]') === null : one.getAttribute('aria-label') === null && !one.className.includes('asset')).length`);
    assert.equal(unnamed, 0);
    await tab.page.screenshot({ path: join(REPORT, 'page-board-phone.png') });
    assert.deepEqual(tab.complaints, []);
  });
});
