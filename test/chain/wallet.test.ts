import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonRpcProvider, Wallet } from 'ethers';
import { walletFromFile } from '../../src/chain/wallet.js';
import { ClearproofError } from '../../src/error/clearproof-error.js';

describe('a wallet from a key file', () => {
  const { privateKey, address } = Wallet.createRandom();
  const provider = new JsonRpcProvider('http://127.0.0.1:1', 31337, { staticNetwork: true });
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'clearproof-wallet-'));
  });

  after(async () => {
    provider.destroy();
    await rm(directory, { recursive: true });
  });

  async function keyFile(text: string, mode = 0o600): Promise<string> {
    const file = join(directory, 'deployer.key');
    await writeFile(file, text);
    await chmod(file, mode);
    return file;
  }

  it('has the key in the file', async () => {
    const wallet = await walletFromFile(await keyFile(`${privateKey}\n`), provider);
    assert.equal(await wallet.getAddress(), address);
  });

  it('is refused without showing the key: other users may read it, it is no key, or it is missing', async () => {
    const files = [() => keyFile(privateKey, 0o644), () => keyFile(`${privateKey.slice(0, -1)}g`), () => keyFile(`0x${'0'.repeat(64)}`), () => Promise.resolve(join(directory, 'missing'))];
    for (const make of files) {
      const file = await make();
      await assert.rejects(walletFromFile(file, provider), (error: unknown) => {
        assert.ok(error instanceof ClearproofError, String(error));
        assert.ok(error.message.includes(file), 'the file is named');
        const text = `${error.message} ${JSON.stringify(error)} ${String(error.stack)} ${String(error.cause)}`;
        assert.ok(!text.includes(privateKey.slice(2, 40)), 'the key stays out');
        return true;
      });
    }
  });
});
