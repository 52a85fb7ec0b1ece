import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attestation } from '../../src/attestation/attestation.js';
import { auditedVenue, writeBundles, type AuditedVenue } from '../audit/support/audited-venue.js';
import { compiledProgram } from '../harness/compiled-program.js';
import { clearproof, errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

const EPOCHS = 3;
const POLL_MS = 20;

describe('clearproof audit', function () {
  this.timeout(240_000);
  let venue: AuditedVenue;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const question = (bundles: string, out: string, ...more: readonly string[]): string[] => [
    'audit', '--rpc', venue.anvilUrl, '--registry', venue.deployment.registry, '--venue', venue.location.venueId.toString(), '--bundles', at(bundles), '--out', at(out), ...more,
  ];
  const audit = (bundles: string, out: string, ...more: readonly string[]): Promise<Ended> => clearproof(...question(bundles, out, ...more));

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await auditedVenue(EPOCHS);
    await writeBundles(at('bundles'), venue.attestations);
  });
  after(async () => {
    await (venue as AuditedVenue | undefined)?.stop();
    await remove();
  });

  it('ends with 0 for a venue that is right, and writes the report for people and for programs', async () => {
    const ended = await audit('bundles', 'right', '--to-epoch', '1', '--json');
    assert.equal(ended.code, 0, `${ended.stdout}${ended.stderr}`);
    const printed = oneJson(ended);
    assert.deepEqual(JSON.parse(await readFile(at('right', 'audit.json'), 'utf8')), printed);
    assert.deepEqual([printed['format'], printed['version'], printed['verdict'], printed['range']], ['clearproof-audit', 1, 'right', { first: '1', last: '1' }]);
    assert.match(String(printed['program']), /^clearproof \d+\.\d+\.\d+$/);
    const page = await readFile(at('right', 'audit.html'), 'utf8');
    assert.match(page, /^<!doctype html>[^]*Right: everything was checked[^]*<\/html>\n$/);
    assert.equal((await stat(at('right', 'progress', 'seal.key'))).mode & 0o777, 0o600, 'the seal is its owner\'s');
  });

  it('ends with 1 for a fault and names it, with the epoch', async () => {
    const bent = venue.attestations.map((one): Attestation => (one.epoch === 1 ? { ...one, close: { ...one.close, shortfall: one.close.shortfall + 1n } } : one));
    await writeBundles(at('bent'), bent);
    const ended = await audit('bent', 'fault', '--to-epoch', '1');
    assert.equal(ended.code, 1, `${ended.stdout}${ended.stderr}`);
    assert.match(ended.stdout, /FAULT: figures-differ, epoch 1: /);
    assert.match(ended.stdout, /FAULT: \d found, the first: figures-differ in epoch 1/);
    assert.match(await readFile(at('fault', 'audit.html'), 'utf8'), /class="bad">Fault: something is not as it must be/);
  });

  it('ends with 2 where nothing is wrong and something could not be checked', async () => {
    await writeBundles(at('none'), []);
    const ended = await audit('none', 'incomplete', '--to-epoch', '1');
    assert.equal(ended.code, 2, `${ended.stdout}${ended.stderr}`);
    assert.match(ended.stdout, /not checked: bundle-missing, epoch 1: [^]*not checked: keys-missing, epoch 1: [^]*INCOMPLETE: nothing is wrong/);
    assert.equal((JSON.parse(await readFile(at('incomplete', 'audit.json'), 'utf8')) as { verdict: string }).verdict, 'incomplete');
  });

  it('ends with 2 and no report where it could not be made at all', async () => {
    const nobody = await clearproof(...question('bundles', 'nobody').map((word, place, all) => (all[place - 1] === '--venue' ? '8' : word)), '--json');
    assert.deepEqual([nobody.code, errorOf(nobody).code], [2, 'CONTRACT_REVERTED']);
    const down = await clearproof(...question('bundles', 'nobody').map((word, place, all) => (all[place - 1] === '--rpc' ? 'http://127.0.0.1:1' : word)), '--json');
    assert.deepEqual([down.code, errorOf(down).code], [2, 'CHAIN_UNREACHABLE']);
    const range = await audit('bundles', 'nobody', '--to-epoch', '9', '--json');
    assert.deepEqual([range.code, errorOf(range).code], [2, 'EPOCH_RANGE']);
    const missing = await audit('nowhere', 'nobody', '--json');
    assert.deepEqual([missing.code, errorOf(missing).code], [2, 'BUNDLE_SOURCE']);
    assert.ok(!existsSync(at('nobody', 'audit.json')));
  });

  it('takes the keys that a reader trusts, and refuses ones that are not what their manifest says', async () => {
    const trusted = await audit('bundles', 'trusted', '--to-epoch', '1', '--keys', 'build/keys', '--json');
    assert.deepEqual([trusted.code, oneJson(trusted)['trustedKeys']], [0, true], trusted.stderr);
    // With keys at hand the proofs of the transaction can be verified without any bundle.
    const bare = await audit('none', 'bare', '--to-epoch', '1', '--keys', 'build/keys', '--json');
    const [epoch] = oneJson(bare)['epochs'] as readonly { readonly source: string; readonly proofs: string }[];
    assert.deepEqual([bare.code, epoch?.source, epoch?.proofs], [2, 'transaction', '4']);
  });

  it('goes on after it was killed in the middle, and none of its processes stays behind', async () => {
    const child = start(question('bundles', 'killed', '--concurrency', '1'));
    await kept('killed', 1, child);
    const workers = childrenOf(child);
    assert.ok(workers.length > 0, 'epochs are verified in a process of their own');
    const before = (await files('killed')).length;
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(before < EPOCHS, 'it was killed before its end');
    assert.ok(!existsSync(at('killed', 'audit.json')));
    for (let tries = 0; workers.some(isAlive) && tries < 500; tries += 1) await sleep(POLL_MS);
    assert.deepEqual(workers.filter(isAlive), []);

    const again = await audit('bundles', 'killed', '--json');
    assert.equal(again.code, 0, again.stderr);
    const resumed = Number(oneJson(again)['resumed']);
    assert.ok(resumed >= before && resumed < EPOCHS, `${resumed} of ${before}`);
    const whole = oneJson(await audit('bundles', 'fresh', '--json'));
    assert.deepEqual({ ...oneJson(again), resumed: '0' }, whole, 'it is the report of a run that was never stopped');
  });

  it('is interrupted with 2, says how to go on, and goes on past a file that was cut off', async () => {
    const child = start(question('bundles', 'interrupted', '--concurrency', '1'));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await kept('interrupted', 1, child);
    child.kill('SIGINT');
    const [code, signal] = await once(child, 'close') as [number | null, string | null];
    assert.deepEqual([code, signal], [2, null], stderr);
    assert.match(stderr, /run it again with the same --out to go on/);
    assert.ok(!existsSync(at('interrupted', 'audit.json')));
    const [name] = await files('interrupted') as [string];
    const text = await readFile(at('interrupted', 'progress', name), 'utf8');
    await writeFile(at('interrupted', 'progress', name), text.slice(0, text.length / 2));
    const count = (await files('interrupted')).length;
    const again = await audit('bundles', 'interrupted', '--json');
    assert.deepEqual([again.code, Number(oneJson(again)['resumed'])], [0, count - 1], again.stderr);
  });

  const files = async (out: string): Promise<string[]> => existsSync(at(out, 'progress')) ? (await readdir(at(out, 'progress'))).filter((name) => /^epoch-\d+\.json$/.test(name)) : [];
  /** Until so many epochs are kept, or the program ended. */
  const kept = async (out: string, count: number, child: ChildProcess): Promise<void> => {
    while ((await files(out)).length < count) {
      assert.equal(child.exitCode, null, 'it ended before it kept anything');
      await sleep(POLL_MS);
    }
  };
});

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [compiledProgram(), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Processes that a process started, as Linux tells. */
function childrenOf({ pid }: ChildProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter((one) => one !== '').map(Number);
}

/** Neither gone nor a zombie that nobody waits for. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No such process.
    return false;
  }
}
