import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketLink } from '../../src/attestation/receipt-bucket-link.js';
import { accessKeyToText } from '../../src/attestation/receipt-bucket-secrets.js';
import { exportBuckets } from '../../src/proving/receipt-buckets/export-buckets.js';
import { keysOf, partOf, sourceOf } from '../builders/receipt-buckets.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { VerificationPage } from './verification-page.js';

/** Two buckets of more than 256. */
const ACCOUNTS = 600;
const USER = 7;

describe('a link to a receipt in buckets', function () {
  this.timeout(120_000);
  let browser: Chromium;
  let server: PageServer;
  let host: PageServer;
  let folder: string;
  let accessKey: Uint8Array;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-link-'));
    const source = sourceOf(ACCOUNTS);
    const keys = keysOf(source);
    const { buckets } = await exportBuckets(source, keys, { out: folder, k: 256 });
    assert.ok(buckets > 1);
    accessKey = keys.accessKeyOf(partOf(USER));
    [browser, server] = await Promise.all([Chromium.start(), PageServer.start()]);
  });
  afterEach(() => host.stop());
  after(async () => {
    await browser.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function follow(alter?: (path: string, content: Buffer) => Buffer): Promise<VerificationPage> {
    host = await PageServer.start({ folder, open: true, ...(alter === undefined ? {} : { alter }) });
    const fragment = new URL(bucketLink(`${server.origin}/index.html`, { base: `${host.origin}/`, accessKey })).hash;
    return VerificationPage.open(browser, server, { fragment });
  }

  it('asks before the first request, naming the host, and takes the key out of the address', async () => {
    const page = await follow();
    const { page: tab } = page.tab;
    await tab.locator('#bucket').waitFor();
    const question = await tab.locator('#bucket-question').innerText();
    assert.ok(question.includes(new URL(host.origin).host));
    // A folder of one reader's own would tell who asks.
    assert.ok(question.includes(`${host.origin}/`) && /must be the same for everybody/.test(question), question);
    assert.deepEqual(host.heard, []);
    assert.equal(new URL(tab.url()).hash, '');
    await tab.locator('#bucket-refuse').click();
    assert.equal(await tab.locator('#bucket').isVisible(), false);
    assert.deepEqual(host.heard, []);
    await page.close();
  });

  it('opens the receipt from one bucket of many, and tells the host nothing that says whose it is', async () => {
    const page = await follow();
    await page.tab.page.locator('#bucket-fetch').click();
    await page.tab.page.locator('#files li').waitFor();
    const shown = await page.verify();
    assert.equal(shown.verdict, 'cannot-tell');
    assert.equal(shown.steps.find(({ id }) => id === 'receipt-format')?.outcome, 'passed');
    assert.match(await page.tab.page.locator('#account').innerText(), new RegExp(`user-${USER}\\b`));
    // So that readers can find out whether they are all shown the same.
    const manifest = host.heard.find((url) => url.endsWith('/manifest.json')) ?? '';
    const sha256 = createHash('sha256').update(await readFile(join(folder, manifest))).digest('hex');
    assert.ok((await page.tab.page.locator('#bucket-fetched').innerText()).includes(sha256));
    assert.equal(host.heard.length, 4);
    assert.equal(host.heard.filter((url) => url.endsWith('.bucket')).length, 1);
    const told = host.requests.map(({ url, headers }) => `${url}\n${headers}`).concat(server.heard).join('\n').toLowerCase();
    for (const secret of [accessKeyToText(accessKey), Buffer.from(accessKey).toString('hex'), `user-${USER}`]) assert.ok(!told.includes(secret.toLowerCase()));
    assert.doesNotMatch(told, /^(cookie|referer)$/m);
    assert.ok(host.heard.every((url) => !url.includes('?')));
    await page.close();
  });

  it('takes the answer to an earlier link for nothing', async () => {
    const page = await follow();
    const { page: tab } = page.tab;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.tab.context.route('**/latest.json', async (route) => {
      await held;
      await route.continue();
    });
    await tab.locator('#bucket-fetch').click();
    const later = bucketLink('', { base: 'https://later.example/', accessKey });
    await tab.evaluate(`location.hash = ${JSON.stringify(later)}`);
    await tab.locator('#bucket-question', { hasText: 'later.example' }).waitFor();
    const bucket = tab.waitForResponse((response) => response.url().endsWith('.bucket'));
    release();
    await (await bucket).finished();
    // The worker answers in order: what it says of a dropped file comes after what it says of the bucket.
    await tab.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['{'], 'garbage.json', { type: 'application/json' }));
      document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })()`);
    await tab.locator('#refused p', { hasText: 'garbage.json' }).waitFor();
    assert.equal(await tab.locator('#files li').count(), 0);
    assert.equal(await tab.locator('#bucket-fetch').isEnabled(), true);
    await page.close();
  });

  it('refuses a bucket that its host altered', async () => {
    const page = await follow((path, content) => (path.endsWith('.bucket') ? Buffer.concat([content.subarray(0, -1), Buffer.from([(content.at(-1) ?? 0) ^ 1])]) : content));
    await page.tab.page.locator('#bucket-fetch').click();
    await page.tab.page.locator('#refused p').waitFor();
    assert.match(await page.tab.page.locator('#refused').innerText(), /No receipt was fetched/);
    assert.equal(await page.tab.page.locator('#files li').count(), 0);
    await page.close();
  });

  it('refuses the key of nobody', async () => {
    accessKey = accessKey.map((byte) => byte ^ 1);
    const page = await follow();
    await page.tab.page.locator('#bucket-fetch').click();
    await page.tab.page.locator('#refused p').waitFor();
    assert.match(await page.tab.page.locator('#refused').innerText(), /No receipt was fetched/);
    await page.close();
  });
});
