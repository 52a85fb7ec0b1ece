import { constants } from 'node:fs';
import { copyFile, readFile, rename, rm, open } from 'node:fs/promises';
import type { ContributionRecord, Transcript } from '../ceremony/ceremony-records.js';
import { circuitKindOf } from '../chain/deployment.js';
import { verifierContractName } from '../chain/verifier-name.js';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { temporaryName, writeFileAtomically } from '../file/atomic-file.js';
import { fileSha256 } from '../file/file-sha256.js';
import { requireRecordedContributions } from '../groth16/ceremony-gate.js';
import { securityLabel, type KeyCeremony, type KeyManifest, type KeyRecord, type VerifierCode } from '../groth16/key-manifest-format.js';
import { keyPaths, sha256 } from '../groth16/key-manifest.js';
import { findPublished } from '../groth16/published-powers.js';
import { requireContribution, verificationKeyHash, verificationKeyText, type VerificationKey } from '../groth16/verification-key.js';
import { verifierCodeOf } from '../groth16/verifier-code.js';
import { parseZkey } from '../groth16/zkey.js';
import { circuitPaths } from './circuits.js';
import { compileSources } from './contracts.js';
import { updateKeyManifest } from './update-manifest.js';
import { verifierSourceOf } from './verifiers.js';

/** What a ceremony ended with is not at hand as it must be, or would replace keys that must stay. */
export class KeyReleaseError extends ClearproofError {
  readonly code = 'KEY_RELEASE';
}

/** A finished ceremony that the caller has verified. */
export interface KeyRelease {
  readonly transcript: Transcript;
  /** Of transcript.json. */
  readonly transcriptSha256: string;
  /** Path of a circuit's last key in the ceremony's folder. */
  readonly zkeyOf: (circuit: string) => string;
  /** Compiled circuits: build/circuits. */
  readonly circuits: string;
  /** Key folder to write: made, or added to. */
  readonly out: string;
  /** The repository's root: its node_modules has what verifiers import. */
  readonly root: string;
  /** Told before each circuit. */
  readonly onCircuit?: (circuit: string, number: number, of: number) => void;
}

/**
 * Writes a ceremony's keys with all that proving and deployment take, and names them in the manifest of `out`, which comes last: a run
 * that was ended can be repeated, and with the same transcript gives the same bytes.
 *
 * Development keys of these circuits are replaced, a key of another ceremony never: it has epochs to verify.
 *
 * @returns the manifest's entries of these circuits
 * @throws KeyReleaseError, KeyCeremonyError, ContributionError, KeyWithoutContributionError, VerifierTemplateError, ManifestLockedError, KeyManifestError
 */
export async function writeKeyRelease(release: KeyRelease): Promise<Readonly<Record<string, KeyRecord>>> {
  const { transcript, out, onCircuit } = release;
  await updateKeyManifest(out, (keys) => (transcript.keys.forEach(({ name }) => requireFree(keys, name, release)), keys));
  const records: Record<string, KeyRecord> = {};
  for (const [index, { name }] of transcript.keys.entries()) {
    onCircuit?.(name, index + 1, transcript.keys.length);
    records[name] = await writeReleasedKey(name, release);
  }
  await updateKeyManifest(out, (keys) => {
    Object.keys(records).forEach((name) => requireFree(keys, name, release));
    return { ...keys, ...records };
  });
  return records;
}

function requireFree(keys: KeyManifest['keys'], name: string, { transcriptSha256, out }: KeyRelease): void {
  const there = keys[name]?.ceremony;
  if (there === undefined || there.transcriptSha256 === transcriptSha256) return;
  throw new KeyReleaseError(
    `${out} holds a key for ${name} of the ceremony "${there.title}" (${there.id}), whose epochs need it: write these keys into another folder, and give the circuit a new name to use both`,
    { directory: out, circuit: name },
  );
}

async function writeReleasedKey(name: string, release: KeyRelease): Promise<KeyRecord> {
  const { transcript, circuits, out, root } = release;
  const compiled = circuitPaths(name, circuits);
  const planned = transcript.plan.circuits.find((circuit) => circuit.name === name);
  const r1csSha256 = sha256(await readInput(compiled.r1cs, 'run "make circuits"'));
  if (planned?.r1csSha256 !== r1csSha256) throw new KeyReleaseError(`${compiled.r1cs} is not the circuit of the ceremony: build the source the ceremony was for`, { file: compiled.r1cs, circuit: name });
  const wasm = await readInput(compiled.wasm, 'run "make circuits"');
  const ceremony = ceremonyOf(name, release);
  const zkeyFile = keyPaths.zkey(out, name);
  const zkeySha256 = await copyKey(name, release);
  const zkey = await readInput(zkeyFile, 'run "ceremony finalise" again');
  const key: VerificationKey = { ...parseZkey(zkey, zkeyFile).verificationKey, security: securityLabel(ceremony) };
  requireContribution(key, zkeyFile);
  const vkey = verificationKeyText(key);
  const verifier = await compiledVerifier(name, zkeyFile, key, root);
  const record: KeyRecord = {
    r1csSha256, wasmSha256: sha256(wasm), zkeySha256, vkeySha256: sha256(vkey), verificationKeyHash: verificationKeyHash(key), security: key.security,
    ...(verifier === undefined ? {} : { verifier }),
    ceremony,
  };
  await requireRecordedContributions({ circuit: name, record }, zkey, zkeyFile);
  await writeFileAtomically(keyPaths.vkey(out, name), vkey);
  await writeFileAtomically(keyPaths.wasm(out, name), wasm);
  return record;
}

/** What the transcript says of one circuit's key, in the manifest's form. */
function ceremonyOf(name: string, { transcript, transcriptSha256 }: KeyRelease): KeyCeremony {
  const { plan, announcement } = transcript;
  const hashIn = (record: ContributionRecord): string => {
    const found = record.circuits.find((circuit) => circuit.name === name);
    if (found === undefined) throw new KeyReleaseError(`contribution ${record.index} of the transcript leaves ${name} out: the ceremony is not whole`, { circuit: name });
    return found.contributionHash;
  };
  const all = transcript.records.map(({ record }) => record);
  const last = all.at(-1);
  if (last?.beacon === undefined) throw new KeyReleaseError('the last record of the transcript is no beacon: the ceremony is not finished', { circuit: name });
  const published = findPublished(plan.phaseOne.blake2b)?.power === plan.phaseOne.power;
  return {
    id: plan.id, title: plan.title, minimumContributions: plan.minimumContributions,
    phaseOne: { ...plan.phaseOne, published },
    transcriptSha256,
    contributions: all.slice(0, -1).map((record) => ({ contributor: record.contributor, hash: hashIn(record) })),
    beacon: { value: last.beacon.blockHash, iterations: announcement.iterations, hash: hashIn(last) },
  };
}

/** Copies a proving key of any size under its final name, once the copy is the transcript's. */
async function copyKey(name: string, { transcript, zkeyOf, out }: KeyRelease): Promise<string> {
  const [from, to] = [zkeyOf(name), keyPaths.zkey(out, name)];
  const temporary = temporaryName(to);
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE).catch((cause: unknown) => {
      throw new KeyReleaseError(`${from} cannot be copied to ${out} (${messageOf(cause)}): get the last keys of the ceremony, and make room`, { file: from }, { cause });
    });
    const actual = await fileSha256(temporary);
    const expected = transcript.keys.find((key) => key.name === name)?.zkeySha256;
    if (actual !== expected) throw new KeyReleaseError(`${from} is not the key in the transcript (SHA-256 ${actual}, expected ${String(expected)}): get it again`, { file: from, circuit: name });
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, to);
    return actual;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Compiled alone it is the code that it is among all contracts. */
async function compiledVerifier(name: string, zkeyFile: string, key: VerificationKey, root: string): Promise<VerifierCode | undefined> {
  if (circuitKindOf(name) === undefined) return undefined;
  const contract = verifierContractName(name);
  const source = await verifierSourceOf(zkeyFile, key, name);
  const artifact = compileSources(root, { [`${contract}.sol`]: source }).find((one) => one.name === contract);
  if (artifact === undefined) throw new KeyReleaseError(`the verifier of ${name} compiles to no contract ${contract}`, { circuit: name });
  return verifierCodeOf(artifact);
}

async function readInput(file: string, remedy: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new KeyReleaseError(`${file} cannot be read: ${remedy}`, { file }, { cause });
  }
}
