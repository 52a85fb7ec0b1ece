import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UNFINISHED } from '../../src/ceremony/unfinished-contribution.js';
import { ceremonyPaths } from '../../src/ceremony/ceremony-folder.js';
import { startAnvil } from '../../src/chain/anvil.js';
import { connectChain } from '../../src/chain/connection.js';
import { addCeremonyCommands } from '../../src/cli/ceremony/ceremony-command.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';
import { TEST_CIRCUITS } from '../harness/circuit.js';
import { inProcess } from './commands-in-process.js';
import { clearproofKilledAt, errorOf, oneJson, temporaryFolder } from './program.js';

const run = inProcess(addCeremonyCommands);

describe('clearproof ceremony', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(async () => {
    await remove();
    await releaseCurves();
  });

  it('goes from start to keys, killed in between, and shows no secret', async () => {
    const circuits = [await productCircuit(), await rangeCircuit()].map(({ name }) => name);
    const [dir, ptau, keyFile, entropy] = [join(folder, 'ceremony'), join(folder, 'INSECURE.ptau'), join(folder, 'key'), join(folder, 'entropy')];
    const secret = '7f'.repeat(32);
    await writeFile(keyFile, secret, { mode: 0o600 });
    await writeFile(entropy, 'canary-of-entropy', { mode: 0o600 });
    const said: string[] = [];
    const step = async (...args: string[]): Promise<Record<string, unknown>> => {
      const ended = await run('ceremony', ...args, '--ceremony', dir, '--json');
      said.push(ended.stdout, ended.stderr);
      assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
      return oneJson(ended);
    };
    const made = await run('ceremony', 'test-phase1', '--power', '4', '--out', ptau);
    assert.equal(made.code, 0, made.stderr);
    const starting = ['start', '--title', 'Test', '--phase1', ptau, '--circuits', circuits.join(), '--circuits-folder', TEST_CIRCUITS, '--minimum', '1'];
    assert.equal(errorOf(await run('ceremony', ...starting, '--ceremony', dir, '--json')).code, 'PHASE_ONE_NOT_PUBLISHED');
    await step(...starting, '--insecure-phase1');
    const contributing = ['contribute', '--name', 'Ada', '--key-file', keyFile, '--entropy-file', entropy];
    const killed = await clearproofKilledAt(join(ceremonyPaths.partial(dir, 1, 'Ada'), UNFINISHED), 'ceremony', ...contributing, '--ceremony', dir);
    said.push(killed.stdout, killed.stderr);
    assert.deepEqual([killed.code, (await readdir(ceremonyPaths.partial(dir, 1, 'Ada'))).sort()], [null, [UNFINISHED, `${circuits[0]}.zkey`].sort()], killed.stderr);
    await step(...contributing);
    assert.match(said.at(-1) ?? '', /circuit 1 of 2 \(1 from an earlier run\)/);
    assert.deepEqual((await readdir(join(dir, '0001'))).sort(), ['contribution.json', ...circuits.map((name) => `${name}.zkey`)].sort());
    await step('verify', '--latest');
    const anvil = await startAnvil();
    try {
      const chain = await connectChain(anvil.url);
      await chain.provider.send('anvil_mine', ['0x5']);
      await step('announce', '--rpc', anvil.url, '--block', '8');
      const early = await run('ceremony', 'beacon', '--rpc', anvil.url, '--ceremony', dir, '--json');
      assert.equal(errorOf(early).code, 'BEACON_PENDING');
      await chain.provider.send('anvil_mine', ['0x5']);
      chain.close();
      await step('beacon', '--rpc', anvil.url, '--confirmations', '2');
      const finished = await step('finalise', '--phase1', ptau, '--rpc', anvil.url, '--circuits-folder', TEST_CIRCUITS, '--out', join(folder, 'keys'));
      assert.deepEqual([finished['outcome'], finished['insecure'], finished['written']], ['holds', true, true]);
    } finally {
      await anvil.stop();
    }
    const blind = await run('ceremony', 'finalise', '--ceremony', dir, '--circuits-folder', TEST_CIRCUITS, '--out', join(folder, 'other'), '--json');
    assert.deepEqual([blind.code, oneJson(blind)['written'], existsSync(join(folder, 'other'))], [2, false, false], 'no keys from what cannot be verified');
    const manifest = await readFile(join(folder, 'keys', 'manifest.json'), 'utf8');
    assert.match(manifest, /INSECURE rehearsal key/);
    for (const text of [...said, manifest, await readFile(ceremonyPaths.record(dir, 1), 'utf8')]) assert.ok(!text.includes(secret) && !text.includes('canary'), 'a secret was shown');
    assert.match((await run('ceremony', 'status', '--ceremony', dir)).stdout, /1\. Ada, .*signature of 0x.*\nnext: verify, then finalise/s);
  });
});
