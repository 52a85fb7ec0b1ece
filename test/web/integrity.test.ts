import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Chromium } from '../harness/chromium.js';
import { BUILT_PAGES, PageServer } from '../harness/page-server.js';

const PAGES = ['index.html', 'board.html'] as const;

describe('[I22] the built pages', () => {
  let browser: Chromium;
  before(async () => {
    browser = await Chromium.start();
  });
  after(() => browser.stop());

  for (const name of PAGES) {
    const html = readFileSync(join(BUILT_PAGES, name), 'utf8');
    const parts = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="\.?\/?([^"]+\.(?:js|css))"[^>]*>/g)].map(([tag, file]) => ({ tag, file: file ?? '' }));

    it(`${name} loads scripts and styles of its own folder only, each with the hash of what it is`, () => {
      assert.ok(parts.length >= 1);
      for (const { tag, file } of parts) {
        const stated = /integrity="sha384-([^"]+)"/.exec(tag)?.[1];
        assert.equal(stated, createHash('sha384').update(readFileSync(join(BUILT_PAGES, file))).digest('base64'), file);
      }
      assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/, 'no script in the page itself');
      assert.doesNotMatch(html, /\son[a-z]+=|\sstyle=|javascript:/i);
    });

    it(`${name} has a policy that allows what it needs and nothing else, before anything that it rules`, () => {
      const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
      assert.ok(html.indexOf('Content-Security-Policy') < (parts.map(({ tag }) => html.indexOf(tag)).sort((a, b) => a - b)[0] ?? 0));
      const rules = new Map(policy.split(';').map((rule) => rule.trim().split(/\s+/)).map(([directive = '', ...sources]) => [directive, sources]));
      assert.deepEqual(rules.get('default-src'), ['\'none\'']);
      for (const sources of rules.values()) assert.ok(!sources.some((source) => ['*', '\'unsafe-inline\'', '\'unsafe-eval\'', 'http:', 'data:*'].includes(source)), policy);
      for (const directive of ['base-uri', 'form-action']) assert.deepEqual(rules.get(directive), ['\'none\''], directive);
      assert.deepEqual((rules.get('script-src') ?? []).filter((source) => source !== '\'self\'' && source !== '\'wasm-unsafe-eval\''), []);
    });

    for (const { file } of parts) {
      it(`${name} does not run when one byte of ${file.replace(/-[A-Za-z0-9_-]{8}\./, '.')} is another`, async () => {
        // A space at the end changes nothing but the hash.
        const server = await PageServer.start({ alter: (path, content) => (path.endsWith(file) ? Buffer.concat([content, Buffer.from(' ')]) : content) });
        const tab = await browser.open();
        await tab.page.goto(`${server.origin}/${name}`);
        await tab.page.waitForLoadState('networkidle');
        assert.ok(tab.complaints.some((complaint) => /integrity/i.test(complaint)), tab.complaints.join('\n'));
        await assertDead(tab.page, name);
        await tab.close();
        await server.stop();
      });
    }
  }

  it('are the files that SHA256SUMS lists, each once', () => {
    const sums = readFileSync(join(BUILT_PAGES, 'SHA256SUMS'), 'utf8').trimEnd().split('\n').map((line) => line.split('  ') as [string, string]);
    const files = readdirSync(BUILT_PAGES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
      .map((entry) => join(entry.parentPath, entry.name).slice(BUILT_PAGES.length + 1)).sort();
    assert.deepEqual(sums.map(([, file]) => file), files);
    for (const [hash, file] of sums) assert.equal(hash, createHash('sha256').update(readFileSync(join(BUILT_PAGES, file))).digest('hex'), file);
  });
});

/** Whatever is given and pressed, nothing is worked out, nothing is sent, and the page says in words what is wrong. */
async function assertDead(page: Page, name: string): Promise<void> {
  if (name === 'board.html') return;
  const before = page.url();
  await page.locator('#record-file').setInputFiles({ name: 'record.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.locator('#attestation-file').setInputFiles({ name: 'attestation.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.locator('#registry').fill('0x00');
  await page.locator('#verify').dispatchEvent('click');
  // A page that runs has a verdict on so little within a moment.
  await page.waitForTimeout(1_500);
  assert.equal(page.url(), before, 'the form went nowhere');
  assert.equal(await page.locator('main').getAttribute('data-state'), 'idle');
  assert.equal(await page.locator('#verdict').getAttribute('data-verdict') ?? '', '');
  assert.match(await page.locator('#verdict').innerText(), /did not start.*do not use it/);
}
