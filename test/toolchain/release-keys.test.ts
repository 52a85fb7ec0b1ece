import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContributionRecord, Transcript } from '../../src/ceremony/ceremony-records.js';
import { readContributions } from '../../src/groth16/contributions.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { keyPaths, readKeyManifest, sha256 } from '../../src/groth16/key-manifest.js';
import { loadProvingKey } from '../../src/groth16/proving-key.js';
import { toolVersions } from '../../src/groth16/tool-versions.js';
import { DEVELOPMENT_SECURITY, isInsecure, verificationKeyHash } from '../../src/groth16/verification-key.js';
import { codeHash, holdsKey } from '../../src/groth16/verifier-code.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { checkKeys } from '../../src/service/worker/key-check.js';
import { circuitPaths } from '../../src/toolchain/circuits.js';
import { compileSources } from '../../src/toolchain/contracts.js';
import { writeKeyRelease, type KeyRelease } from '../../src/toolchain/release-keys.js';
import { updateKeyManifest } from '../../src/toolchain/update-manifest.js';
import { verifierSourceOf } from '../../src/toolchain/verifiers.js';
import { makeCeremonyKey, type CeremonyKey } from '../builders/ceremony-key.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';

/** One of a registry's circuits by its name, so that a verifier is compiled for it, and one that is none. */
const [PRODUCT, RANGE] = ['row-mark-s1', 'range'] as const;
const CONTRIBUTORS = ['Ada', 'Zoë'] as const;
const DIGEST = '0'.repeat(64);

describe('keys that a finished ceremony is written into', () => {
  let root: string;
  let made: Readonly<Record<string, CeremonyKey>>;
  let honest: KeyRelease;
  let records: Awaited<ReturnType<typeof writeKeyRelease>>;
  const told: string[] = [];
  let folders = 0;
  const newFolder = (): string => join(root, `keys-${++folders}`);

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'clearproof-release-'));
    const compiled = { [PRODUCT]: await productCircuit(), [RANGE]: await rangeCircuit() };
    const keys: Record<string, CeremonyKey> = {};
    for (const [name, { r1cs, wasm }] of Object.entries(compiled)) {
      const to = circuitPaths(name, join(root, 'circuits'));
      await mkdir(join(root, 'circuits', name, `${name}_js`), { recursive: true });
      await Promise.all([copyFile(r1cs, to.r1cs), copyFile(wasm, to.wasm)]);
      keys[name] = await makeCeremonyKey(compiled[name as keyof typeof compiled], CONTRIBUTORS);
      await writeFile(join(root, `${name}.zkey`), keys[name].zkey);
    }
    made = keys;
    const transcript = await transcriptOf(made);
    honest = { transcript, transcriptSha256: sha256(JSON.stringify(transcript)), zkeyOf: (name) => join(root, `${name}.zkey`), circuits: join(root, 'circuits'), out: newFolder(), root: process.cwd() };
    records = await writeKeyRelease({ ...honest, onCircuit: (circuit, number, of) => told.push(`${circuit} ${number}/${of}`) });
  });
  after(async () => {
    await rm(root, { recursive: true, force: true });
    await releaseCurves();
  });

  /** What `ceremony finalise` has in hand of a ceremony over the published phase 1 that the keys name. */
  async function transcriptOf(keys: Readonly<Record<string, CeremonyKey>>): Promise<Transcript> {
    const names = Object.keys(keys);
    const { phaseOne, id, title, beacon } = keys[PRODUCT]?.ceremony as CeremonyKey['ceremony'];
    const shas = new Map(await Promise.all(names.map(async (name) => [name, sha256(await readFile(circuitPaths(name, join(root, 'circuits')).r1cs))] as const)));
    const zkeyOf = (name: string): Uint8Array => keys[name]?.zkey as Uint8Array;
    const record = (index: number, contributor: string): ContributionRecord => ({
      format: 'clearproof-contribution', version: 1, ceremony: id, index, kind: contributor === 'beacon' ? 'beacon' : 'contribution', contributor, previous: DIGEST, madeAt: 1_800_000_000,
      circuits: names.map((name) => ({ name, previousSha256: DIGEST, zkeySha256: DIGEST, contributionHash: readContributions(zkeyOf(name), name).contributions[index - 1]?.hash ?? '' })),
      ...(contributor === 'beacon' ? { beacon: { announcement: DIGEST, blockHash: beacon.value } } : {}),
    });
    return {
      format: 'clearproof-transcript', version: 1,
      plan: {
        format: 'clearproof-ceremony', version: 1, id, title, startedAt: 1_800_000_000, phaseOne, minimumContributions: 2, tools: toolVersions(),
        circuits: names.map((name) => ({ name, constraints: 1, r1csSha256: shas.get(name) ?? '', circuitHash: '', initialSha256: DIGEST })),
      },
      planSha256: DIGEST, records: [...CONTRIBUTORS, 'beacon'].map((contributor, place) => ({ sha256: DIGEST, record: record(place + 1, contributor) })),
      announcement: {
        format: 'clearproof-beacon', version: 1, ceremony: id, contributions: 2, previous: DIGEST, chainId: 1, block: 2, newestBlock: 1, newestBlockHash: DIGEST, iterations: beacon.iterations,
      },
      announcementSha256: DIGEST,
      keys: names.map((name) => ({ name, zkeySha256: sha256(zkeyOf(name)), verificationKeyHash: verificationKeyHash({ ...parseZkey(zkeyOf(name), name).verificationKey, security: '' }) })),
    };
  }

  async function refuses(change: Partial<KeyRelease>, code: string, message: RegExp): Promise<void> {
    const out = change.out ?? newFolder();
    const before = (await readKeyManifest(out)).keys;
    await assert.rejects(writeKeyRelease({ ...honest, out, ...change }), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual((await readKeyManifest(out)).keys, before, 'the manifest names none of these keys');
    assert.deepEqual((await readdir(out)).filter((name) => name.endsWith('.tmp') || name.endsWith('.lock')), []);
  }

  it('are loaded, pass the gate of production, and are named with the ceremony in the manifest [P-203]', async () => {
    const { out } = honest;
    assert.deepEqual(told, [`${PRODUCT} 1/2`, `${RANGE} 2/2`]);
    assert.deepEqual((await readKeyManifest(out)).keys, records);
    for (const name of [PRODUCT, RANGE]) {
      const { verificationKey, zkey } = await loadProvingKey(out, name);
      assert.equal(isInsecure(verificationKey), false);
      assert.match(verificationKey.security, /^ceremony "of this test" \(0{32}\): 2 contributions and a beacon over powersOfTau28_hez_final_08\.ptau$/);
      assert.equal(sha256(zkey), sha256(made[name]?.zkey ?? ''));
      assert.deepEqual(records[name]?.ceremony, { ...made[name]?.ceremony, transcriptSha256: honest.transcriptSha256 });
    }
    const { insecure, keys } = await checkKeys(out, [PRODUCT, RANGE], false);
    assert.deepEqual([insecure, keys.map(({ circuit }) => circuit)], [[], [PRODUCT, RANGE]]);
  });

  it('have the code of their verifier in the manifest, as it is compiled of the key, where a registry takes them', async () => {
    assert.equal(records[RANGE]?.verifier, undefined);
    const { verificationKey, zkeyFile } = await loadProvingKey(honest.out, PRODUCT);
    const [artifact] = compileSources(process.cwd(), { 'V.sol': await verifierSourceOf(zkeyFile, verificationKey, PRODUCT) });
    assert.ok(artifact !== undefined);
    assert.deepEqual(records[PRODUCT]?.verifier, { contract: 'RowMarkS1Verifier', creationCodeHash: codeHash(artifact.bytecode), runtimeCodeHash: codeHash(artifact.deployedBytecode) });
    assert.ok(holdsKey(artifact.deployedBytecode, verificationKey));
  });

  it('are the same bytes when they are written again, and never take the place of another ceremony\'s', async () => {
    const { out } = honest;
    const read = (): Promise<readonly Buffer[]> => readdir(out).then((names) => Promise.all(names.sort().map((name) => readFile(join(out, name)))));
    const files = await read();
    assert.equal(files.length, 7);
    await writeKeyRelease({ ...honest, out });
    assert.deepEqual(await read(), files);
    await refuses({ out, transcriptSha256: '1'.repeat(64) }, 'KEY_RELEASE', /holds a key for row-mark-s1 of the ceremony "of this test" .* whose epochs need it/);
    assert.deepEqual(await read(), files);
  });

  it('over a phase 1 that nobody published are INSECURE whatever the plan says of it, and no production takes them', async () => {
    const out = newFolder();
    const { plan } = honest.transcript;
    const transcript = { ...honest.transcript, plan: { ...plan, phaseOne: { ...plan.phaseOne, blake2b: '1'.repeat(128), published: true } } };
    const insecure = await writeKeyRelease({ ...honest, out, transcript });
    assert.deepEqual([insecure[RANGE]?.ceremony?.phaseOne.published, isInsecure((await loadProvingKey(out, RANGE)).verificationKey)], [false, true]);
    await assert.rejects(checkKeys(out, [RANGE], false), { code: 'INSECURE_KEY' });
  });

  it('are not written where key, circuit or contributions are not those of the transcript [S7] [S11]', async () => {
    await refuses({ zkeyOf: () => join(root, `${RANGE}.zkey`) }, 'KEY_RELEASE', /range\.zkey is not the key in the transcript/);
    await refuses({ zkeyOf: () => join(root, 'none.zkey') }, 'KEY_RELEASE', /none\.zkey cannot be copied/);
    const { transcript } = honest;
    const circuits = transcript.plan.circuits.map((circuit) => ({ ...circuit, r1csSha256: DIGEST }));
    await refuses({ transcript: { ...transcript, plan: { ...transcript.plan, circuits } } }, 'KEY_RELEASE', /is not the circuit of the ceremony/);
    const [first, second, last] = transcript.records as [Transcript['records'][number], Transcript['records'][number], Transcript['records'][number]];
    for (const [others, message] of [
      [[second, first, last], /has another contribution 1/], [[first, last], /has 3 contributions inside/], [[first, { ...second, record: { ...second.record, contributor: 'Eve' } }, last], /has another contribution 2/],
    ] as const) await refuses({ transcript: { ...transcript, records: others } }, 'KEY_CEREMONY', message);
    await refuses({ transcript: { ...transcript, records: [first, second] } }, 'KEY_RELEASE', /is no beacon: the ceremony is not finished/);
    const beacon = { announcement: DIGEST, blockHash: 'cd'.repeat(32) };
    await refuses({ transcript: { ...transcript, records: [first, second, { ...last, record: { ...last.record, beacon } }] } }, 'KEY_CEREMONY', /has another beacon/);
  });

  it('replace development keys, whose entries are gone', async () => {
    const out = newFolder();
    await updateKeyManifest(out, () => ({
      [RANGE]: { r1csSha256: DIGEST, wasmSha256: DIGEST, zkeySha256: DIGEST, vkeySha256: DIGEST, verificationKeyHash: `0x${DIGEST}`, security: DEVELOPMENT_SECURITY },
    }));
    const { transcript } = honest;
    await writeKeyRelease({ ...honest, out, transcript: { ...transcript, keys: transcript.keys.filter(({ name }) => name === RANGE) } });
    assert.ok((await readKeyManifest(out)).keys[RANGE]?.ceremony !== undefined);
    assert.equal(sha256(await readFile(keyPaths.zkey(out, RANGE))), (await readKeyManifest(out)).keys[RANGE]?.zkeySha256);
  });
});
