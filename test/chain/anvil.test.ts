import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { startAnvil } from '../../src/chain/anvil.js';
import { AnvilError, ChainUnreachableError } from '../../src/chain/errors.js';
import { connectChain } from '../../src/chain/connection.js';

const CHILD = `
import { startAnvil } from './src/chain/anvil.js';
const anvil = await startAnvil();
process.stdout.write(anvil.url);
setInterval(() => undefined, 1000);
`;

/** True once nothing answers any more; false after ten seconds. */
async function goesAway(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      (await connectChain(url, { timeoutMs: 1_000 })).close();
    } catch (error) {
      if (error instanceof ChainUnreachableError) return true;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe('a local anvil', function () {
  this.timeout(60_000);

  it('ends when stopped, also twice', async () => {
    const anvil = await startAnvil();
    (await connectChain(anvil.url, { expectedChainId: anvil.chainId })).close();
    await Promise.all([anvil.stop(), anvil.stop()]);
    await anvil.stop();
    assert.ok(await goesAway(anvil.url));
  });

  it('ends when the process that started it is killed', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', CHILD], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    (await connectChain(url)).close();
    parent.kill('SIGKILL');
    assert.ok(await goesAway(url), 'anvil outlived its parent');
  });

  it('gives up when it does not listen in time', async () => {
    await assert.rejects(startAnvil({ timeoutMs: 0 }), (error: unknown) => error instanceof AnvilError && error.message.includes('does not listen after 0 ms'));
  });
});
