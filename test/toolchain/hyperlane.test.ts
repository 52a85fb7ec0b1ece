import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HYPERLANE_ARTIFACTS, HyperlanePackageError, ensureHyperlane } from '../../src/toolchain/hyperlane.js';

describe('the package with Hyperlane\'s contracts', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'clearproof-hyperlane-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is refused, and nothing of it unpacked, where its hash is another', async () => {
    const pack = async (folder: string): Promise<string> => {
      const file = join(folder, 'core.tgz');
      await writeFile(file, 'something else');
      return file;
    };
    await assert.rejects(ensureHyperlane({ root, pack }), (error: unknown) => error instanceof HyperlanePackageError && error.message.includes('nothing of it was unpacked'));
    assert.deepEqual(await readdir(join(root, HYPERLANE_ARTIFACTS)), []);
  });

  it('is asked of npm in words that say what to do where npm cannot be reached', async () => {
    const before = process.env['npm_config_registry'];
    process.env['npm_config_registry'] = 'http://127.0.0.1:1';
    process.env['npm_config_fetch_retries'] = '0';
    process.env['npm_config_prefer_online'] = 'true';
    process.env['npm_config_cache'] = join(root, 'cache');
    try {
      await assert.rejects(ensureHyperlane({ root }), (error: unknown) => error instanceof HyperlanePackageError && /cannot be fetched.*network/.test(error.message));
    } finally {
      for (const name of ['fetch_retries', 'prefer_online', 'cache']) delete process.env[`npm_config_${name}`];
      if (before === undefined) delete process.env['npm_config_registry'];
      else process.env['npm_config_registry'] = before;
    }
  });
});
