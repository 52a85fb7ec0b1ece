import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerFromFile } from '../../src/chain/wallet.js';
import { readSecret } from '../../src/keeper/secret-file.js';

describe('files with a keeper\'s secrets', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-secret-'));
    file = join(folder, 'secret');
    await writeFile(file, `0x${'11'.repeat(32)}`, { mode: 0o600 });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are read where only their user may read them', async () => {
    assert.equal(await readSecret(file, 'bidder.account'), `0x${'11'.repeat(32)}`);
    assert.equal((await signerFromFile(file)).privateKey, `0x${'11'.repeat(32)}`);
  });

  for (const mode of [0o640, 0o604, 0o620]) {
    it(`are refused with mode ${mode.toString(8)}, by field and with what to do`, async () => {
      await chmod(file, mode);
      await assert.rejects(readSecret(file, 'bidder.account'), { code: 'KEEPER_CONFIG', message: `bidder.account: ${file} can be read by others: run "chmod 600 ${file}"` });
      await assert.rejects(signerFromFile(file), { code: 'KEY_FILE', message: /can be read by others: run "chmod 600/ });
    });
  }

  it('are missed by name', async () => {
    await assert.rejects(readSecret(join(folder, 'none'), 'bidder.account'), { code: 'KEEPER_CONFIG', message: /^bidder\.account: .*none cannot be read: check the path$/ });
  });
});
