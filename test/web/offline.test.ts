import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseCurves } from '../../src/groth16/curves.js';
import { ALICE } from '../builders/attestation.js';
import { provenEpoch } from '../builders/proven-epoch.js';
import { documentsOf, edit, rehashed, type Documents } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { filesOf } from './bundle-files.js';
import { assertQuiet, VerificationPage } from './verification-page.js';

const HUGE_BYTES = 200 * 1024 * 1024;

describe('the verification page', () => {
  let browser: Chromium;
  let alice: Documents;
  before(async () => {
    browser = await Chromium.start();
    alice = documentsOf((await provenEpoch()).bundles, ALICE);
  });
  after(async () => {
    await browser.stop();
    await releaseCurves();
  });

  it('[I24] verifies and refuses with the network cut and its server gone, once it is loaded', async () => {
    const server = await PageServer.start();
    const page = await VerificationPage.open(browser, server);
    await page.tab.context.setOffline(true);
    await server.stop();
    const heard = server.heard.length;
    const good = await page.ask(filesOf(alice));
    assert.deepEqual([good.verdict, good.failing], ['verified', []]);
    assert.equal(good.steps.find(({ id }) => id === 'close-proof')?.outcome, 'passed');
    await page.clear();
    const bent = await page.ask(filesOf(rehashed(edit(alice, 'attestation', ['close', 'shortfall'], '0'))));
    assert.deepEqual([bent.verdict, bent.failing], ['not-verified', ['figures', 'close-proof']]);
    await page.clear();
    const chain = await page.ask(filesOf({ ...alice, record: undefined }, { 'rpc-url': 'https://rpc.example' }));
    assert.deepEqual([chain.verdict, chain.failing], ['cannot-tell', []]);
    assert.equal(server.heard.length, heard);
    await page.close();
  });

  describe('given files that are none', () => {
    let folder: string;
    let server: PageServer;
    let page: VerificationPage;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'clearproof-huge-'));
      server = await PageServer.start();
    });
    beforeEach(async () => {
      page = await VerificationPage.open(browser, server);
    });
    afterEach(() => page.close());
    after(async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** The page says no, in words, and does not answer about the other files alone; then it goes on working. */
    async function refusesAndGoesOn(id: string, file: string, read: 'read' | 'not read'): Promise<void> {
      await page.give(filesOf(alice));
      await page.tab.page.locator(`#${id}`).setInputFiles(file);
      if (read === 'read') {
        const shown = await page.verify();
        assert.equal(shown.verdict, 'not-verified');
      } else {
        await page.tab.page.locator('#verify').click();
        assert.match(await page.tab.page.locator('#refused').innerText(), /huge|empty/);
        assert.equal(await page.tab.page.locator('main').getAttribute('data-state'), 'idle');
      }
      await page.clear();
      assert.equal((await page.ask(filesOf(alice))).verdict, 'verified');
      assertQuiet(page);
    }

    for (const [id, name] of [['receipt-file', 'receipt'], ['attestation-file', 'attestation'], ['record-file', 'record']] as const) {
      it(`refuses an empty file as the ${name} and goes on`, async () => {
        const path = join(folder, `empty-${name}.json`);
        await writeFile(path, '');
        await refusesAndGoesOn(id, path, 'not read');
      });

      it(`refuses 200 MB as the ${name} and goes on`, async () => {
        const path = join(folder, `huge-${name}.json`);
        const file = await open(path, 'w');
        await file.write('{"format":"clearproof-');
        await file.truncate(HUGE_BYTES);
        await file.close();
        await refusesAndGoesOn(id, path, 'not read');
      });
    }

    it('refuses brackets without an end and goes on', async () => {
      const path = join(folder, 'deep.json');
      await writeFile(path, '['.repeat(10_000_000));
      await refusesAndGoesOn('receipt-file', path, 'read');
    });

    it('refuses a picture and goes on', async () => {
      const path = join(folder, 'picture.png');
      await writeFile(path, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
      await refusesAndGoesOn('receipt-file', path, 'read');
    });
  });
});
