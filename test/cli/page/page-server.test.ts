import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PagesChangedError, PagesMissingError, readPageFolder, type PageFolder } from '../../../src/cli/page/page-folder.js';
import { PAGE_POLICY, PagePortError, servePages, type RunningPages } from '../../../src/cli/page/page-server.js';

const FILES = { 'assets/index-a.js': 'script', 'assets/index-a.css': 'css', 'index.html': '<!doctype html>', 'board.html': 'board' };

interface Answer { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }

describe('[P-159] the pages on this machine', () => {
  let root: string;
  let folder: string;
  let pages: PageFolder;
  let running: RunningPages;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'clearproof-pages-'));
    folder = join(root, 'web');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(root, 'secret'), 'of this machine');
    await writeFile(join(folder, 'unlisted'), 'not of the pages');
    for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'SHA256SUMS'), sumsOf(FILES));
    pages = await readPageFolder(folder);
    running = await servePages(pages, 0);
  });
  after(async () => {
    await running.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Sends the path as it is, dots and all. */
  const get = (path: string, method = 'GET'): Promise<Answer> => new Promise((resolve, reject) => {
    request({ port: new URL(running.url).port, host: '127.0.0.1', path, method }, (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => { body += piece.toString(); });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    }).on('error', reject).end();
  });

  it('come with a policy that nobody may frame, and nothing that lets a browser guess or tell', async () => {
    for (const path of ['/', '/index.html', '/board.html', '/assets/index-a.js', '/nowhere']) {
      const { headers } = await get(path);
      assert.equal(headers['content-security-policy'], `${PAGE_POLICY}; frame-ancestors 'none'`, path);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['set-cookie'], undefined);
    }
  });

  it('are the files, each as what it is, and kept only where the name tells the content', async () => {
    assert.deepEqual(await get('/').then(({ status, body }) => [status, body]), [200, FILES['index.html']]);
    const script = await get('/assets/index-a.js');
    assert.deepEqual([script.status, script.body, script.headers['content-type'], script.headers['cache-control']], [200, 'script', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable']);
    const board = await get('/board.html?x=1');
    assert.deepEqual([board.body, board.headers['content-type'], board.headers['cache-control']], ['board', 'text/html; charset=utf-8', 'no-cache']);
    assert.deepEqual(await get('/index.html', 'HEAD').then(({ status, body }) => [status, body]), [200, '']);
  });

  for (const path of ['/../secret', '/assets/../../secret', '/%2e%2e/secret', '/..%2fsecret', '//secret', '/unlisted', '/assets', '/assets/', '/constructor', '/assets/index-a.js/..']) {
    it(`are nothing else: ${path} is not found`, async () => {
      assert.deepEqual(await get(path).then(({ status, body }) => [status, body]), [404, '']);
    });
  }

  it('take nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) assert.deepEqual(await get('/', method).then(({ status, headers }) => [status, headers['allow']]), [405, 'GET, HEAD']);
  });

  it('have the hash of their list', async () => {
    assert.equal(pages.sha256, sha256(await readFile(join(folder, 'SHA256SUMS'))));
  });

  it('are refused with the way to make them where there are none', async () => {
    await assert.rejects(readPageFolder(join(root, 'nowhere')), (thrown) => thrown instanceof PagesMissingError && /run "make web"/.test(thrown.message));
  });

  it('are refused when a file is not the one that was built', async () => {
    const changed = join(root, 'changed');
    await mkdir(changed);
    await writeFile(join(changed, 'index.html'), 'other');
    await writeFile(join(changed, 'SHA256SUMS'), sumsOf({ 'index.html': FILES['index.html'] }));
    await assert.rejects(readPageFolder(changed), (thrown) => thrown instanceof PagesChangedError && /index\.html is not the file that SHA256SUMS names/.test(thrown.message));
  });

  for (const name of ['../secret', '/etc/passwd', 'assets/../../secret', '.hidden']) {
    it(`are refused with a list that names ${name}`, async () => {
      const other = await mkdtemp(join(root, 'other-'));
      await writeFile(join(other, 'SHA256SUMS'), sumsOf({ [name]: 'of this machine' }));
      await assert.rejects(readPageFolder(other), (thrown) => thrown instanceof PagesChangedError && /a line that is none of sha256sum's/.test(thrown.message));
    });
  }

  it('say so when the port is taken', async () => {
    await assert.rejects(servePages(pages, Number(new URL(running.url).port)), (thrown) => thrown instanceof PagePortError && /choose another with --port/.test(thrown.message));
  });
});

function sumsOf(files: Readonly<Record<string, string>>): string {
  return Object.entries(files).map(([name, content]) => `${sha256(Buffer.from(content))}  ${name}\n`).join('');
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
