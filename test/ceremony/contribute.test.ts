import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { announceBeacon } from '../../src/ceremony/announce.js';
import { makeBeacon } from '../../src/ceremony/apply-beacon.js';
import { ceremonyPaths, readCeremony } from '../../src/ceremony/ceremony-folder.js';
import { contribute, type Contributor } from '../../src/ceremony/contribute.js';
import { writeTranscript } from '../../src/ceremony/finish.js';
import { startCeremony } from '../../src/ceremony/start.js';
import { UNFINISHED } from '../../src/ceremony/unfinished-contribution.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { ceremonySetup, type CeremonySetup } from './ceremony-setup.js';

const HASH = '5e'.repeat(32);
const BLOCK = Object.freeze({ chainId: 31337n, newest: 50, settled: { number: 40, hash: `0x${HASH}` }, block: 60, iterations: 10 });

describe('a ceremony in a folder', () => {
  let setup: CeremonySetup;
  let started: string;
  let [first, second] = ['', ''];
  let copies = 0;
  const names = (): string[] => setup.start.circuits.map(({ name }) => name);

  before(async () => {
    setup = await ceremonySetup();
    started = join(setup.folder, 'started');
    await startCeremony(started, setup.start);
    first = await copyOf(started);
    await contribute(first, { name: 'Ada' });
    second = await copyOf(first);
    await contribute(second, { name: 'Blaise' });
  });
  after(async () => {
    await setup.remove();
    await releaseCurves();
  });

  async function copyOf(directory: string): Promise<string> {
    const copy = join(setup.folder, `copy-${copies++}`);
    await cp(directory, copy, { recursive: true });
    return copy;
  }

  /** Contributes until one circuit is done, as if the process had been killed then. */
  async function interrupted(directory: string, contributor: Contributor): Promise<string> {
    await assert.rejects(contribute(directory, { ...contributor, onCircuit: () => { throw new Error('killed'); } }), /killed/);
    return ceremonyPaths.partial(directory, 1, contributor.name);
  }

  it('goes from plan to transcript, each file whole and none left beside them [P-189]', async () => {
    const folder = await copyOf(second);
    const before = await readFile(ceremonyPaths.record(folder, 1), 'utf8');
    await announceBeacon(folder, BLOCK);
    const beacon = await makeBeacon(folder, `0x${HASH}`);
    const transcript = await writeTranscript(await readCeremony(folder));
    assert.deepEqual([beacon.value.index, beacon.value.kind, beacon.value.beacon?.blockHash], [3, 'beacon', HASH]);
    assert.deepEqual(transcript.value.records.map(({ record }) => record.contributor), ['Ada', 'Blaise', 'beacon']);
    assert.deepEqual((await readdir(folder)).sort(), ['0000', '0001', '0002', '0003', 'beacon.json', 'ceremony.json', 'transcript.json']);
    assert.deepEqual((await readdir(join(folder, '0003'))).sort(), ['contribution.json', ...names().map((name) => `${name}.zkey`)].sort());
    assert.equal(await readFile(ceremonyPaths.record(folder, 1), 'utf8'), before);
    assert.equal((await writeTranscript(await readCeremony(folder))).sha256, transcript.sha256);
    const again = await copyOf(second);
    await announceBeacon(again, BLOCK);
    assert.deepEqual((await makeBeacon(again, HASH)).value.circuits, beacon.value.circuits, 'whoever applies the beacon makes the same keys');
  });

  it('takes no contribution, announcement or beacon out of its turn', async () => {
    const folder = await copyOf(second);
    await assert.rejects(announceBeacon(await copyOf(first), BLOCK), { code: 'TOO_FEW_CONTRIBUTIONS', message: /has 1 contributions and wants 2/ });
    await assert.rejects(makeBeacon(folder, HASH), { code: 'BEACON_STATE', message: /no announcement/ });
    for (const block of [49, 50]) await assert.rejects(announceBeacon(folder, { ...BLOCK, block }), { code: 'BEACON_BLOCK', message: /exists already/ });
    await assert.rejects(announceBeacon(folder, { ...BLOCK, block: 600_000_000 }), { code: 'BEACON_BLOCK', message: /check the number/ });
    await announceBeacon(folder, BLOCK);
    await assert.rejects(announceBeacon(folder, { ...BLOCK, block: 61 }), { code: 'ALREADY_ANNOUNCED' });
    await assert.rejects(contribute(folder, { name: 'Carl' }), { code: 'CONTRIBUTIONS_CLOSED', message: /block 60 of chain 31337/ });
  });

  it('refuses a name that contributed, and names that nobody can have', async () => {
    await assert.rejects(contribute(first, { name: 'ada' }), { code: 'ALREADY_CONTRIBUTED' });
    for (const name of ['', 'beacon', '\u001b[2J', 'x'.repeat(65)]) await assert.rejects(contribute(first, { name }), { code: 'CONTRIBUTOR_NAME' });
  });

  it('gives a number to one of two who contribute at once, and the other contributes after them', async () => {
    const folder = await copyOf(started);
    const ended = await Promise.allSettled([contribute(folder, { name: 'Ada' }), contribute(folder, { name: 'Blaise' })]);
    const lost = ended.findIndex(({ status }) => status === 'rejected');
    assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(((ended[lost] as PromiseRejectedResult).reason as { code: string }).code, 'CONTRIBUTION_RACED');
    const told: string[] = [];
    const record = await contribute(folder, { name: ['Ada', 'Blaise'][lost] as string, onDiscard: (reason) => told.push(reason) });
    assert.equal(record.value.index, 2);
    assert.deepEqual(told, ['contribution 1 was made by somebody else meanwhile']);
    assert.deepEqual((await readdir(folder)).filter((name) => name.startsWith('.')), []);
  });

  it('does not replace a folder that is being copied here, nor publish after the beacon was announced meanwhile', async () => {
    const folder = await copyOf(started);
    await assert.rejects(contribute(folder, { name: 'Ada', onCircuit: () => void mkdir(join(folder, '0001')).catch(() => undefined) }), { code: 'CONTRIBUTION_RACED' });
    const later = await copyOf(second);
    let announced: Promise<unknown> | undefined;
    await assert.rejects(contribute(later, { name: 'Carl', onCircuit: () => { announced ??= announceBeacon(later, BLOCK); } }).finally(() => announced), { code: 'CONTRIBUTIONS_CLOSED' });
    assert.equal((await readCeremony(later)).records.length, 2);
  });

  it('goes on with the next circuit after it was killed, and makes again what was changed', async () => {
    const folder = await copyOf(started);
    const partial = await interrupted(folder, { name: 'Ada' });
    assert.deepEqual((await readdir(partial)).sort(), [UNFINISHED, `${names()[0]}.zkey`].sort());
    assert.equal((await stat(partial)).mode & 0o077, 0, 'nobody else gets at it');
    const changed = await copyOf(folder);
    const kept = await readFile(join(partial, `${names()[0]}.zkey`));
    const told: boolean[] = [];
    const record = await contribute(folder, { name: 'Ada', onCircuit: (_, resumed) => told.push(resumed) });
    assert.deepEqual(told, [true, false]);
    assert.deepEqual(await readFile(ceremonyPaths.zkey(folder, 1, names()[0] as string)), kept);
    assert.equal(record.value.circuits.length, 2);
    const key = join(changed, basename(partial), `${names()[0]}.zkey`);
    const bytes = await readFile(key);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
    await writeFile(key, bytes);
    const again: boolean[] = [];
    await contribute(changed, { name: 'Ada', onCircuit: (_, resumed) => again.push(resumed) });
    assert.deepEqual(again, [false, false]);
  });

  it('does not vouch for what others may have put into an unfinished contribution: without a signature, a folder that others write to counts for nothing', async () => {
    const folder = await copyOf(started);
    const partial = await interrupted(folder, { name: 'Ada' });
    await chmod(partial, 0o777);
    const reasons: string[] = [];
    const told: boolean[] = [];
    await contribute(folder, { name: 'Ada', onDiscard: (reason) => reasons.push(reason), onCircuit: (_, resumed) => told.push(resumed) });
    assert.deepEqual(told, [false, false]);
    assert.match(reasons.join(), /others may have written to/);
  });

  it('tells a folder that is half copied from one that was changed', async () => {
    const halfway = await copyOf(first);
    await rm(ceremonyPaths.zkey(halfway, 1, names()[1] as string));
    await assert.rejects(contribute(halfway, { name: 'Blaise' }), { code: 'CEREMONY_INCOMPLETE', message: /wait until the folder is copied whole/ });
    await rm(ceremonyPaths.record(halfway, 1));
    await assert.rejects(contribute(halfway, { name: 'Blaise' }), { code: 'CEREMONY_INCOMPLETE' });
    const swapped = await copyOf(first);
    await cp(ceremonyPaths.zkey(swapped, 0, names()[0] as string), ceremonyPaths.zkey(swapped, 1, names()[0] as string));
    await assert.rejects(contribute(swapped, { name: 'Blaise' }), { code: 'CEREMONY_KEY', message: /not the key its record names/ });
    const large = await copyOf(first);
    await writeFile(ceremonyPaths.record(large, 1), ' '.repeat(2 ** 20 + 1));
    await assert.rejects(readCeremony(large), { code: 'CEREMONY_FILE', message: /more than any such file/ });
  });

  it('finds a record that was dropped, repeated, or made on another one [P-190]', async () => {
    const moved = await copyOf(second);
    await rm(join(moved, '0001'), { recursive: true });
    await rename(join(moved, '0002'), join(moved, '0001'));
    await assert.rejects(readCeremony(moved), { code: 'CEREMONY_CHAIN', message: /has number 2 where 1 follows/ });
    const repeated = await copyOf(second);
    await cp(join(repeated, '0002'), join(repeated, '0003'), { recursive: true });
    await assert.rejects(readCeremony(repeated), { code: 'CEREMONY_CHAIN', message: /has number 2 where 3 follows/ });
    const other = await copyOf(started);
    await contribute(other, { name: 'Eve' });
    await cp(join(second, '0002'), join(other, '0002'), { recursive: true });
    await assert.rejects(readCeremony(other), { code: 'CEREMONY_CHAIN', message: /was made after a record of hash/ });
  });

  it('starts in a new folder alone, and from a phase-1 file that nobody published only when told', async () => {
    await assert.rejects(startCeremony(started, setup.start), { code: 'CEREMONY_EXISTS' });
    await assert.rejects(startCeremony(join(setup.folder, 'x'), { ...setup.start, insecurePhaseOne: false }), { code: 'PHASE_ONE_NOT_PUBLISHED' });
    const killed = join(setup.folder, 'killed');
    await assert.rejects(startCeremony(killed, { ...setup.start, onCircuit: () => { throw new Error('killed'); } }), /killed/);
    const told: boolean[] = [];
    await startCeremony(killed, { ...setup.start, onCircuit: (_, resumed) => told.push(resumed) });
    assert.deepEqual(told, [true, false]);
    const circuits = (await readCeremony(killed)).plan.value.circuits;
    assert.deepEqual(circuits, (await readCeremony(started)).plan.value.circuits, 'initial keys follow from circuit and phase 1');
  });
});
