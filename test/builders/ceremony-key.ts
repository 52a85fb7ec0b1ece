import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import { littleEndian, readSections, requireSection, writeSections } from '../../src/groth16/binary-file.js';
import { DELTA_AT, readContributions } from '../../src/groth16/contributions.js';
import { BASE_FIELD_MODULUS } from '../../src/groth16/curve-points.js';
import { securityLabel, serializeKeyManifest, type KeyCeremony, type KeyManifest, type KeyRecord } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, requireRecord, sha256 } from '../../src/groth16/key-manifest.js';
import { applyBeacon, contributeToKey } from '../../src/groth16/phase-two.js';
import { PUBLISHED_ALPHA, PUBLISHED_BETA, PUBLISHED_POWERS, publishedName } from '../../src/groth16/published-powers.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { verificationKeyHash, verificationKeyText } from '../../src/groth16/verification-key.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';

/** Secrets of a phase 1 that no key gate knows. */
const PHASE_ONE = { tau: 5n, alpha: 6n, beta: 7n };
export const BEACON_VALUE = 'ab'.repeat(32);
const ITERATIONS = 10;

/** A key that its contributors and a beacon made. */
export interface CeremonyKey {
  readonly zkey: Uint8Array;
  readonly ceremony: KeyCeremony;
}

/**
 * Makes one; an empty list gives a key with a beacon alone, `beacon: false` one without. Its alpha and beta are the published ones, put there by
 * hand: gates take it, and no proof does. `ownPhaseOne` leaves those of PHASE_ONE, with which its maker forges.
 */
export async function makeCeremonyKey(circuit: CompiledTestCircuit, contributors: readonly string[], { beacon = true, ownPhaseOne = false } = {}): Promise<CeremonyKey> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-ceremony-key-'));
  const at = (number: number): string => join(folder, `${number}.zkey`);
  try {
    // A secret of 1 is the delta of every initial key.
    const initial = await provingKeyFromTrapdoor(parseR1cs(await readFile(circuit.r1cs), circuit.r1cs), { ...PHASE_ONE, delta: 1n });
    await writeFile(at(0), ownPhaseOne ? initial : overPublishedPowers(initial));
    for (const [index, name] of contributors.entries()) await contributeToKey({ from: at(index), to: at(index + 1), name, entropy: new Uint8Array() });
    const last = contributors.length;
    if (beacon) await applyBeacon({ from: at(last), to: at(last + 1), name: 'beacon', blockHash: BEACON_VALUE, iterations: ITERATIONS });
    const zkey = await readFile(at(beacon ? last + 1 : last));
    return { zkey, ceremony: ceremonyOf(zkey, contributors) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function overPublishedPowers(zkey: Uint8Array): Uint8Array {
  const sections = new Map(readSections(zkey, 'zkey', 'initial key'));
  const header = requireSection(sections, 2, DELTA_AT, 'initial key').slice();
  const stored = (coordinates: readonly bigint[]): Uint8Array => Buffer.concat(coordinates.map((value) => littleEndian((value << 256n) % BASE_FIELD_MODULUS, 32)));
  // Before delta stand alpha1, beta1, beta2 and gamma2; a verification key has nothing of beta1.
  header.set(stored(PUBLISHED_ALPHA), DELTA_AT - 384);
  header.set(stored(PUBLISHED_BETA.flat()), DELTA_AT - 256);
  sections.set(2, header);
  return writeSections('zkey', 1, [...sections]);
}

function ceremonyOf(zkey: Uint8Array, contributors: readonly string[]): KeyCeremony {
  const { contributions } = readContributions(zkey, 'key');
  const power = 8;
  return {
    id: '0'.repeat(32), title: 'of this test', minimumContributions: Math.max(1, contributors.length),
    phaseOne: { file: publishedName(power), blake2b: PUBLISHED_POWERS.find((row) => row.power === power)?.blake2b ?? '', power, published: true },
    transcriptSha256: sha256('transcript'),
    contributions: contributors.map((contributor, index) => ({ contributor, hash: contributions[index]?.hash ?? '' })),
    beacon: { value: BEACON_VALUE, iterations: ITERATIONS, hash: contributions[contributors.length]?.hash ?? '0'.repeat(128) },
  };
}

/** Puts such a key in the place of a development key; the manifest names it. */
export async function replaceByCeremonyKey(keys: string, name: string, { zkey, ceremony }: CeremonyKey): Promise<void> {
  const key = { ...parseZkey(zkey, 'key').verificationKey, security: securityLabel(ceremony) };
  const vkey = verificationKeyText(key);
  await writeFile(keyPaths.zkey(keys, name), zkey);
  await writeFile(keyPaths.vkey(keys, name), vkey);
  await changeRecord(keys, name, {
    zkeySha256: sha256(zkey), vkeySha256: sha256(vkey), verificationKeyHash: verificationKeyHash(key), security: key.security, ceremony,
  });
}

/** Writes a manifest with the entry changed, whether or not it makes sense. */
export async function changeRecord(keys: string, name: string, change: Partial<KeyRecord>): Promise<void> {
  const manifest = await readKeyManifest(keys);
  const changed: KeyManifest = { ...manifest, keys: { ...manifest.keys, [name]: { ...requireRecord(manifest, keys, name), ...change } } };
  await writeFile(keyPaths.manifest(keys), serializeKeyManifest(changed));
}
