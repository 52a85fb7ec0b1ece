import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNFINISHED } from '../../src/ceremony/unfinished-contribution.js';
import { ceremonyPaths } from '../../src/ceremony/ceremony-folder.js';
import { startAnvil } from '../../src/chain/anvil.js';
import { connectChain } from '../../src/chain/connection.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';
import { TEST_CIRCUITS } from '../harness/circuit.js';
import { compiledProgram } from '../harness/compiled-program.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

/** Contributes and is killed once the first circuit is done. */
async function killedContribution(marker: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [compiledProgram(), ...args], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (child.exitCode === null && !existsSync(marker)) await sleep(2);
  child.kill('SIGKILL');
  await ended;
}

describe('clearproof ceremony', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(() => remove());

  it('goes from start to keys, killed in between, and shows no secret', async () => {
    const circuits = [await productCircuit(), await rangeCircuit()].map(({ name }) => name);
    const [dir, ptau, keyFile, entropy] = [join(folder, 'ceremony'), join(folder, 'INSECURE.ptau'), join(folder, 'key'), join(folder, 'entropy')];
    const secret = '7f'.repeat(32);
    await writeFile(keyFile, secret, { mode: 0o600 });
    await writeFile(entropy, 'canary-of-entropy', { mode: 0o600 });
    const said: string[] = [];
    const run = async (...args: string[]): Promise<Record<string, unknown>> => {
      const ended = await clearproof('ceremony', ...args, '--ceremony', dir, '--json');
      said.push(ended.stdout, ended.stderr);
      assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
      return oneJson(ended);
    };
    const made = await clearproof('ceremony', 'test-phase1', '--power', '5', '--out', ptau);
    assert.equal(made.code, 0, made.stderr);
    const starting = ['start', '--title', 'Test', '--phase1', ptau, '--circuits', circuits.join(), '--circuits-folder', TEST_CIRCUITS, '--minimum', '1'];
    assert.equal(errorOf(await clearproof('ceremony', ...starting, '--ceremony', dir, '--json')).code, 'PHASE_ONE_NOT_PUBLISHED');
    await run(...starting, '--insecure-phase1');
    const contributing = ['contribute', '--name', 'Ada', '--key-file', keyFile, '--entropy-file', entropy];
    await killedContribution(join(ceremonyPaths.partial(dir, 1, 'Ada'), UNFINISHED), ['ceremony', ...contributing, '--ceremony', dir]);
    if (!existsSync(ceremonyPaths.record(dir, 1))) await run(...contributing);
    assert.deepEqual((await readdir(join(dir, '0001'))).sort(), ['contribution.json', ...circuits.map((name) => `${name}.zkey`)].sort());
    await run('verify', '--latest');
    const anvil = await startAnvil();
    try {
      const chain = await connectChain(anvil.url);
      await chain.provider.send('anvil_mine', ['0x5']);
      await run('announce', '--rpc', anvil.url, '--block', '8');
      const early = await clearproof('ceremony', 'beacon', '--rpc', anvil.url, '--ceremony', dir, '--json');
      assert.equal(errorOf(early).code, 'BEACON_PENDING');
      await chain.provider.send('anvil_mine', ['0x5']);
      chain.close();
      await run('beacon', '--rpc', anvil.url, '--confirmations', '2');
      const finished = await run('finalise', '--phase1', ptau, '--rpc', anvil.url, '--circuits-folder', TEST_CIRCUITS, '--out', join(folder, 'keys'));
      assert.deepEqual([finished['outcome'], finished['insecure'], finished['written']], ['holds', true, true]);
    } finally {
      await anvil.stop();
    }
    const blind = await clearproof('ceremony', 'finalise', '--ceremony', dir, '--circuits-folder', TEST_CIRCUITS, '--out', join(folder, 'other'), '--json');
    assert.deepEqual([blind.code, oneJson(blind)['written'], existsSync(join(folder, 'other'))], [2, false, false], 'no keys from what cannot be verified');
    const manifest = await readFile(join(folder, 'keys', 'manifest.json'), 'utf8');
    assert.match(manifest, /INSECURE rehearsal key/);
    for (const text of [...said, manifest, await readFile(ceremonyPaths.record(dir, 1), 'utf8')]) assert.ok(!text.includes(secret) && !text.includes('canary'), 'a secret was shown');
    assert.match((await clearproof('ceremony', 'status', '--ceremony', dir)).stdout, /1\. Ada, .*signature of 0x.*\nnext: verify|next: verify, then finalise/s);
  });
});
