import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PAGE_POLICY } from '../../src/cli/page/page-server.js';
import { buildPages } from '../../src/toolchain/web.js';

const PAGES = ['index.html', 'board.html'];
/** What stands in libraries as text and is never asked: none of them is reached by what the pages call, and Chromium's tests see no such request. */
const NEVER_ASKED = [
  // Namespaces of SVG and XML.
  'http://www.w3.org/',
  // ethers: where its messages send people, its default gateway for IPFS, and what it knows of Polygon's fees.
  'https://links.ethers.org/', 'https://docs.ethers.org/', 'https://github.com/ethers-io/', 'https://gateway.ipfs.io/', 'https://gasstation',
];

describe('[P-156] [P-157] the built pages', () => {
  let out: string;
  let elsewhere: string;
  let hash: string;
  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'clearproof-web-'));
    elsewhere = await mkdtemp(join(tmpdir(), 'clearproof-elsewhere-with-another-name-'));
    hash = await buildPages(out);
  });
  after(() => Promise.all([out, elsewhere].map((folder) => rm(folder, { recursive: true, force: true }))));

  it('are the same bytes from another folder, at another time, in another environment', async () => {
    const root = join(elsewhere, 'copy');
    await Promise.all(['src', 'circuits', 'package.json', 'tsconfig.json'].map((name) => cp(name, join(root, name), { recursive: true })));
    await symlink(resolve('node_modules'), join(root, 'node_modules'));
    const env = { PATH: process.env['PATH'], HOME: elsewhere, TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', NODE_ENV: 'development', VITE_SECRET: 'must not get in' };
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/toolchain/web.ts'], { cwd: root, env });
    const again = join(root, 'build', 'web');
    assert.equal(await readFile(join(again, 'SHA256SUMS'), 'utf8'), await readFile(join(out, 'SHA256SUMS'), 'utf8'));
    for (const [name, content] of await filesOf(out)) assert.deepEqual(await readFile(join(again, name)), content, name);
  });

  it('have the hash that README.md states', async () => {
    const [, stated] = /^Verification page SHA-256: ([0-9a-f]{64})$/m.exec(await readFile('README.md', 'utf8')) ?? [];
    assert.equal(hash, stated, `README.md must state "Verification page SHA-256: ${hash}"`);
  });

  it('are all named by SHA256SUMS, which that hash is over', async () => {
    const files = await filesOf(out);
    const sums = files.get('SHA256SUMS') as Buffer;
    assert.equal(sha256(sums), hash);
    const expected = [...files].filter(([name]) => name !== 'SHA256SUMS').map(([name, content]) => `${sha256(content)}  ${name}`).sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
    assert.deepEqual(sums.toString().trimEnd().split('\n'), expected);
  });

  for (const page of PAGES) {
    it(`${page} states a policy that allows nothing it does not need, before anything it could apply to`, async () => {
      const html = await readFile(join(out, page), 'utf8');
      const policies = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
      assert.deepEqual(policies.map(([, policy]) => policy), [PAGE_POLICY]);
      assert.doesNotMatch(PAGE_POLICY, /unsafe-inline|'unsafe-eval'|\*\.|data:.*script|http:(?!\/\/(localhost|127\.0\.0\.1):)/);
      assert.ok(html.indexOf('Content-Security-Policy') < html.search(/<(script|link|style)\b/));
    });

    it(`${page} states the SHA-384 of every script and style sheet, and has none inline`, async () => {
      const html = await readFile(join(out, page), 'utf8');
      const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !tag.includes('rel="icon"'));
      assert.ok(tags.some((tag) => tag.startsWith('<script')) && tags.some((tag) => tag.startsWith('<link')));
      for (const tag of tags) {
        const [, name = ''] = /(?:src|href)="\.\/([^"]+)"/.exec(tag) ?? [];
        const digest = createHash('sha384').update(await readFile(join(out, name))).digest('base64');
        assert.ok(tag.includes(` integrity="sha384-${digest}"`), tag);
      }
      assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|modulepreload/);
    });

    it(`${page} refers to nothing outside its folder`, async () => {
      const html = await readFile(join(out, page), 'utf8');
      const references = [...html.matchAll(/\s(?:src|href|action|poster)="([^"]*)"/g)].map(([, target]) => target);
      assert.deepEqual(references.filter((target) => !/^(\.\/[A-Za-z0-9./_-]+|#[a-z-]+|data:,)$/.test(target ?? '')), []);
    });
  }

  it('load nothing after they have loaded: one script a page, no import, no module that is asked for later', async () => {
    for (const [name, content] of await filesOf(out)) {
      if (!name.endsWith('.js')) continue;
      const script = content.toString();
      assert.doesNotMatch(script, /\bimport\s*\(\s*["'`.]|^import\s|importScripts\(/m, name);
    }
    const scripts = [...(await filesOf(out)).keys()].filter((name) => name.endsWith('.js'));
    assert.equal(scripts.length, PAGES.length);
  });

  it('know no address of anybody: what stands in libraries is listed above, each with its reason', async () => {
    for (const [name, content] of await filesOf(out)) {
      const addresses = [...content.toString().matchAll(/\b(?:https?|wss?):\/\/[a-z0-9][^\s"'`\\)<]*/gi)].map(([address]) => address)
        .filter((address) => !/^http:\/\/(localhost|127\.0\.0\.1):/.test(address) && !NEVER_ASKED.some((known) => address.startsWith(known)));
      assert.deepEqual([...new Set(addresses)], [], name);
    }
  });

  it('hold nothing of this machine: no path, no key that was made here', async () => {
    const paths = [process.cwd(), tmpdir(), process.env['HOME'] ?? '/root'].map((path) => `${path}/`);
    const keys = (await readdir('build/keys')).filter((name) => name.endsWith('.vkey.json'));
    assert.ok(keys.length > 0);
    const points = await Promise.all(keys.map(async (name) => (JSON.parse(await readFile(join('build/keys', name), 'utf8')) as { vk_delta_2: string[][] }).vk_delta_2.flat()[0] ?? ''));
    for (const [name, content] of await filesOf(out)) {
      const text = content.toString();
      assert.deepEqual([...paths, ...points].filter((one) => text.includes(one)), [], name);
    }
  });
});

async function filesOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return new Map(await Promise.all(entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), await readFile(path)] as const;
  })));
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
