import assert from 'node:assert/strict';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deployDemoVenue, fundDemoVenue, startDemoChain, type DemoChain } from '../../src/cli/demo/demo-chain.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { temporaryFolder } from '../cli/program.js';
import { runScript, walkThrough, type ShellRun } from './service-walk-through.js';

/** First account of anvil's public mnemonic. */
const OPERATOR_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

describe('the walk-through of the prover service in docs/operations.md', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let chain: DemoChain | undefined;
  let ran: ShellRun;

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    const { node, connection, now } = await startDemoChain();
    // What "generate" writes, but for the time.
    const venue = syntheticVenue({ seed: 'walk-through', accounts: 24, slots: 8, instruments: 32, scenarios: 8, snapshotTime: now });
    chain = await deployDemoVenue(node, connection, {
      circuits: ['solvency-batch-n32-k8-s8', 'solvency-close-u32-s8'], table: venue.table, markets: 'stated', file: join(folder, 'deployment.json'),
    });
    await fundDemoVenue(chain, { snapshot: { accounts: venue.accounts }, market: venue.table });
    await writeFile(join(folder, 'venue.key'), OPERATOR_KEY, { mode: 0o600 });
    ran = await runScript(walkThrough(), folder, { RPC: node.url, KEYS: resolve('build/keys') });
  });
  after(async () => {
    chain?.connection.close();
    await chain?.node.stop();
    await remove();
  });

  it('works as it is written, from the start of a service to a receipt that verifies', async () => {
    const log = await readFile(join(folder, 'service.log'), 'utf8').catch(() => 'no service.log');
    assert.equal(ran.code, 0, `${ran.said.slice(-6_000)}\n--- service.log\n${log.slice(-4_000)}`);
    assert.equal(await chain?.client.latestEpoch(), 1);
    assert.equal(await chain?.client.isCovered(1), true);
    assert.match(log, /^stopped$/m);
  });

  it('leaves secrets to their owner alone, and out of the log', async () => {
    const log = await readFile(join(folder, 'service.log'), 'utf8');
    const secrets = ['operator.token', 'publisher.token', 'operator.header', 'rpc.url', 'receipt-tokens.ndjson', 'receipt.header', 'receipt.key'];
    for (const name of secrets) assert.equal((await stat(join(folder, name))).mode & 0o077, 0, name);
    assert.equal((await stat(join(folder, 'data'))).mode & 0o077, 0);
    const [line] = (await readFile(join(folder, 'receipt-tokens.ndjson'), 'utf8')).split('\n');
    const { user, token } = JSON.parse(line ?? '') as { user: string; token: string };
    const receipt = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8')) as { salt: string };
    const access = (await readFile(join(folder, 'operator.token'), 'utf8')).trim();
    for (const secret of [user, token, receipt.salt, access, OPERATOR_KEY]) assert.ok(secret.length > 3 && !log.includes(secret));
  });

  it('leaves no half-written file', async () => {
    const names = await readdir(folder, { recursive: true });
    assert.deepEqual(names.filter((name) => name.endsWith('.tmp')), []);
  });
});
