import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { announceBeacon } from '../../src/ceremony/announce.js';
import { makeBeacon } from '../../src/ceremony/apply-beacon.js';
import { contributionText, parseContribution } from '../../src/ceremony/ceremony-format.js';
import { ceremonyPaths, readCeremony } from '../../src/ceremony/ceremony-folder.js';
import { contribute } from '../../src/ceremony/contribute.js';
import { StepList } from '../../src/ceremony/ceremony-report.js';
import { requireVerified, writeTranscript } from '../../src/ceremony/finish.js';
import { startCeremony } from '../../src/ceremony/start.js';
import { verifyCeremony, type CeremonyQuestion, type CeremonyReport } from '../../src/ceremony/verify-ceremony.js';
import { verifyCircuit, type CircuitWork } from '../../src/ceremony/verify-circuit.js';
import { readSections, writeSections } from '../../src/groth16/binary-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { sha256 } from '../../src/groth16/key-manifest.js';
import { applyBeacon } from '../../src/groth16/phase-two.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';

const BLOCK = 'ab'.repeat(32);
const NEWEST = 'cd'.repeat(32);
const FACTS = { blake2b: '12'.repeat(64), power: 4, published: false };
const TOOLS = { clearproof: '1', circom: '2', snarkjs: '3', solc: '4', node: '5' };

describe('verification of a ceremony', () => {
  let root: string;
  let honest: string;
  let question: (directory: string, changes?: Partial<CeremonyQuestion>) => CeremonyQuestion;
  const circuits: { name: string; r1cs: string }[] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'clearproof-verify-ceremony-'));
    const path = join(root, 'test.ptau');
    await writeFile(path, await developmentPowersOfTau(FACTS.power));
    for (const { name, r1cs } of [await productCircuit(), await rangeCircuit()]) circuits.push({ name, r1cs });
    question = (directory, changes = {}) => ({
      directory, phaseOne: { path, facts: () => Promise.resolve(FACTS) },
      r1csOf: (name) => circuits.find((circuit) => circuit.name === name)?.r1cs ?? '',
      blockHashOf: (chainId, block) => Promise.resolve(chainId !== 31337 ? undefined : { 10: NEWEST, 20: BLOCK }[block]),
      ...changes,
    });
    honest = join(root, 'honest');
    await startCeremony(honest, { title: 'Test', minimumContributions: 2, phaseOne: { path, ...FACTS }, insecurePhaseOne: true, circuits, tools: TOOLS });
    for (const name of ['Alice', 'Bob']) await contribute(honest, { name });
    await announceBeacon(honest, { chainId: 31337n, newest: 10, settled: { number: 10, hash: `0x${NEWEST}` }, block: 20, iterations: 10 });
    await makeBeacon(honest, BLOCK);
    await writeTranscript(await readCeremony(honest));
  });

  after(async () => {
    await rm(root, { recursive: true, force: true });
    await releaseCurves();
  });

  let copies = 0;
  const copied = async (): Promise<string> => {
    const directory = join(root, `copy-${++copies}`);
    await cp(honest, directory, { recursive: true });
    return directory;
  };

  /** Whoever holds the folder can write every record again, hash for hash. */
  const rewriteLast = async (directory: string, zkeys: ReadonlyMap<string, Uint8Array>): Promise<void> => {
    const file = ceremonyPaths.record(directory, 3);
    const record = parseContribution(await readFile(file, 'utf8'), file);
    for (const [name, zkey] of zkeys) await writeFile(ceremonyPaths.zkey(directory, 3, name), zkey);
    const changed = record.circuits.map((circuit) => {
      const zkey = zkeys.get(circuit.name);
      return zkey === undefined ? circuit : { ...circuit, zkeySha256: sha256(zkey) };
    });
    await writeFile(file, contributionText({ ...record, circuits: changed }));
    await rm(ceremonyPaths.transcript(directory));
  };

  /** Without phase 1, on which most of the work is done: what is looked for fails before, or beside it. */
  const recordsOnly = (directory: string, changes: Partial<CeremonyQuestion> = {}): CeremonyQuestion => question(directory, { ...changes, phaseOne: undefined });

  const failing = ({ steps }: CeremonyReport): string[] => steps.filter(({ outcome }) => outcome === 'failed').map(({ question: asked, says }) => `${asked}: ${says}`);
  const unknown = ({ steps }: CeremonyReport): string[] => steps.filter(({ outcome }) => outcome === 'unknown').map(({ question: asked }) => asked);

  it('[P-186] holds for an honest one, names contributors and keys, and says that a phase 1 nobody published is INSECURE', async () => {
    const report = await verifyCeremony(question(honest));
    assert.deepEqual(report.steps.filter(({ outcome }) => outcome !== 'passed'), []);
    assert.equal(report.outcome, 'holds');
    assert.equal(report.insecure, true);
    assert.deepEqual(report.contributors.map(({ contributor }) => contributor), ['Alice', 'Bob', 'beacon']);
    assert.deepEqual(report.keys.map(({ name }) => name), circuits.map(({ name }) => name));
    assert.equal((await verifyCeremony(question(honest, { latest: true, phaseOne: undefined }))).outcome, 'holds');
  });

  it('[P-186] cannot tell what it is not given, and says which', async () => {
    const report = await verifyCeremony(question(honest, { phaseOne: undefined, blockHashOf: undefined, r1csOf: () => join(root, 'none.r1cs') }));
    assert.equal(report.outcome, 'cannot tell');
    assert.deepEqual([...new Set(unknown(report))], ['phase-1 file', 'announcement', 'block', 'circuit', 'initial key', 'lineage']);
    assert.deepEqual(report.keys, []);
    const broken = await verifyCeremony(recordsOnly(honest, { blockHashOf: () => Promise.reject(new Error('no connection')) }));
    assert.deepEqual([...new Set(unknown(broken))], ['phase-1 file', 'announcement', 'block', 'initial key', 'lineage']);
  });

  it('[P-186] fails over another phase 1, another circuit, another block', async () => {
    const other = await verifyCeremony(question(honest, { phaseOne: { path: 'x.ptau', facts: () => Promise.resolve({ ...FACTS, blake2b: '13'.repeat(64) }) } }));
    assert.match(failing(other).join('\n'), /^phase-1 file: x\.ptau has blake2b-512 13/);
    const published = await verifyCeremony(question(honest, { phaseOne: { path: 'x.ptau', facts: () => Promise.resolve({ ...FACTS, published: true }) } }));
    assert.match(failing(published).join('\n'), /^phase-1 ceremony: the plan says/);
    const swapped = await verifyCeremony(question(honest, { r1csOf: (name) => circuits.find((circuit) => circuit.name !== name)?.r1cs ?? '' }));
    assert.match(failing(swapped).join('\n'), /^circuit: .* compiled here, has SHA-256/);
    const block = await verifyCeremony(recordsOnly(honest, { blockHashOf: () => Promise.resolve('ef'.repeat(32)) }));
    assert.deepEqual(failing(block).map((says) => says.split(':')[0]), ['announcement', 'block']);
  });

  it('[P-187] fails when records are dropped, swapped or repeated', async () => {
    for (const [from, to] of [[2, 1], [1, 2], [2, 3]] as const) {
      const directory = await copied();
      await cp(ceremonyPaths.folder(directory, from), ceremonyPaths.folder(directory, to), { recursive: true });
      const report = await verifyCeremony(question(directory));
      assert.equal(report.outcome, 'fails', `${from} over ${to}`);
      assert.match(failing(report).join('\n'), /^records: /);
    }
    const gap = await copied();
    await rm(ceremonyPaths.folder(gap, 1), { recursive: true });
    assert.notEqual((await verifyCeremony(question(gap))).outcome, 'holds');
  });

  it('[P-187] fails on damaged keys, old and new', async () => {
    for (const [index, asked] of [[0, 'initial key'], [1, 'older keys'], [3, 'key']] as const) {
      const directory = await copied();
      const file = ceremonyPaths.zkey(directory, index, circuits[0]?.name ?? '');
      const bytes = await readFile(file);
      await writeFile(file, index === 1 ? bytes.subarray(0, -1) : Buffer.from(bytes.map((byte, at) => (at === 500 ? byte ^ 1 : byte))));
      const asking = index === 0 ? question(directory) : recordsOnly(directory);
      assert.match(failing(await verifyCeremony(asking)).join('\n'), new RegExp(`^${asked}: .*has SHA-256`));
    }
  });

  it('[P-187] fails on a pipe in the place of a key, and does not wait for it', async () => {
    for (const [index, asked] of [[0, 'initial key'], [1, 'older keys'], [3, 'key']] as const) {
      const directory = await copied();
      const file = ceremonyPaths.zkey(directory, index, circuits[0]?.name ?? '');
      await rm(file);
      await promisify(execFile)('mkfifo', [file]);
      assert.match(failing(await verifyCeremony(question(directory))).join('\n'), new RegExp(`^${asked}: .*is not a file`));
    }
  });

  it('[P-187] fails on a last key with another beacon, or without one contribution, whose records were written again to fit', async () => {
    const name = circuits[0]?.name ?? '';
    for (const [from, blockHash, pattern] of [[2, 'ee'.repeat(32), /contribution 3 has hash/], [1, BLOCK, /has 2 contributions, but there are 3 records/]] as const) {
      const directory = await copied();
      const to = join(root, 'forged.zkey');
      await applyBeacon({ from: ceremonyPaths.zkey(directory, from, name), to, name: 'beacon', blockHash, iterations: 10 });
      await rewriteLast(directory, new Map([[name, new Uint8Array(await readFile(to))]]));
      assert.match(failing(await verifyCeremony(recordsOnly(directory))).join('\n'), pattern);
    }
  });

  it('[P-187] fails when the folder shows one key to one step and another to the next', async () => {
    const planned = (await readCeremony(honest)).plan.value.circuits[0];
    assert.ok(planned !== undefined);
    const { name } = planned;
    /** Points of the public signals, which decide what a proof says: two of them swapped. */
    const swapped = async (file: string): Promise<Uint8Array> => {
      const sections = new Map(readSections(new Uint8Array(await readFile(file)), 'zkey', file));
      const points = (sections.get(3) ?? new Uint8Array()).slice();
      points.set([...points.slice(64, 128), ...points.slice(0, 64)]);
      return writeSections('zkey', 1, [...sections.set(3, points)]);
    };
    for (const change of ['key', 'initial key'] as const) {
      const directory = await copied();
      const [initial, last] = [ceremonyPaths.zkey(directory, 0, name), ceremonyPaths.zkey(directory, 3, name)];
      await rewriteLast(directory, new Map([[name, await swapped(last)]]));
      const other = change === 'key' ? await readFile(ceremonyPaths.zkey(honest, 3, name)) : await swapped(initial);
      class Changing extends StepList {
        override async ask<Value>(...[asked, subject, answer]: Parameters<typeof StepList.prototype.ask<Value>>): Promise<Value | undefined> {
          if (asked === 'lineage') await writeFile(change === 'key' ? last : initial, other);
          return super.ask(asked, subject, answer);
        }
      }
      const steps = new Changing();
      const { phaseOne, r1csOf } = question(directory);
      const work: CircuitWork = { steps, state: await readCeremony(directory), planned, place: 1, progress: undefined, r1cs: r1csOf(name), ptau: phaseOne?.path, scratch: root };
      assert.equal(await verifyCircuit(work), undefined);
      assert.deepEqual(steps.steps.filter(({ outcome }) => outcome !== 'passed').map(({ question: asked }) => asked), ['lineage']);
      assert.match(steps.steps.at(-1)?.says ?? '', /has SHA-256 .*, but the records name/);
    }
  });

  it('[P-187] is of the records it looked at, and of no others that are in the folder when keys are written', async () => {
    const report = await verifyCeremony(question(honest, { latest: true }));
    const state = await readCeremony(honest);
    requireVerified(report, state);
    const last = state.records.at(-1);
    assert.ok(last !== undefined);
    const changed = { ...state, records: [...state.records.slice(0, -1), { ...last, sha256: '0'.repeat(64) }] };
    assert.throws(() => requireVerified(report, changed), { code: 'CEREMONY_CHAIN', message: /was changed meanwhile, verify it again/ });
    assert.throws(() => requireVerified({}, state), { code: 'CEREMONY_CHAIN' });
  });

  it('[P-187] fails on the key of another circuit, whose records were written again to fit', async () => {
    const [name, other] = circuits.map((circuit) => circuit.name) as [string, string];
    const directory = await copied();
    await rewriteLast(directory, new Map([[name, new Uint8Array(await readFile(ceremonyPaths.zkey(directory, 3, other)))]]));
    assert.match(failing(await verifyCeremony(recordsOnly(directory))).join('\n'), /contributions: .*key of another circuit or phase-1 file/);
  });
});
