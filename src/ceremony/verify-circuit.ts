import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../error/clearproof-error.js';
import { fileSha256 } from '../file/file-sha256.js';
import { nameInKey, verifyContributions, type Contribution } from '../groth16/contributions.js';
import { verifyInitialKey } from '../groth16/initial-key-check.js';
import { sha256 } from '../groth16/key-manifest.js';
import { initialKey, verifyAgainstInitial, verifyAgainstPrevious, type ComparedKeys } from '../groth16/phase-two.js';
import { parseR1cs } from '../groth16/r1cs.js';
import { parseVerificationKey, verificationKeyHash, verificationKeyToJson } from '../groth16/verification-key.js';
import { parseZkey } from '../groth16/zkey.js';
import { ceremonyPaths, type CeremonyState } from './ceremony-folder.js';
import type { ContributionRecord, PlannedCircuit } from './ceremony-records.js';
import { CannotTellError, CeremonyMismatchError, type Answer, type StepList } from './ceremony-report.js';
import { keysAfter } from './record-chain.js';

/** How far the work on a circuit is: number of the circuit, what is done with it, and how much of that. */
export type CircuitProgress = (progress: { readonly circuit: string; readonly place: number; readonly part: string; readonly done: number; readonly total: number }) => void;

/** A last key that holds. */
export interface VerifiedKey {
  readonly name: string;
  readonly file: string;
  readonly zkeySha256: string;
  /** keccak256 as contracts name a key. */
  readonly verificationKeyHash: string;
}

export interface NewestWork {
  readonly steps: StepList;
  readonly state: CeremonyState;
  readonly planned: PlannedCircuit;
  /** From 1. */
  readonly place: number;
  readonly progress: CircuitProgress | undefined;
}

export interface CircuitWork extends NewestWork {
  readonly r1cs: string;
  /** Undefined where there is no phase-1 file, or another. */
  readonly ptau: string | undefined;
  readonly scratch: string;
}

/** Asks everything of one circuit. @returns its last key when every answer is good */
export async function verifyCircuit(work: CircuitWork): Promise<VerifiedKey | undefined> {
  const { steps, planned: { name } } = work;
  const isPlanned = (await steps.ask('circuit', name, () => rebuiltCircuit(work))) !== undefined;
  const initial = await steps.ask('initial key', name, () => checkedInitialKey(work, isPlanned));
  const older = await steps.ask('older keys', name, () => olderKeys(work));
  const key = await askKey(work);
  const comes = key === undefined ? undefined : await steps.ask('lineage', name, async () => {
    if (initial === undefined || work.ptau === undefined) throw new CannotTellError('the key was not compared with its initial key, which is not there: see the steps before');
    const read = await verifyAgainstInitial({ initial, ptau: work.ptau, zkey: key.file, progress: part(work) });
    requireSame(read, { base: initial, baseSha256: work.planned.initialSha256, key });
    return { says: 'the key is what its contributions make of the initial key, in every point; snarkjs agrees', value: true };
  });
  return older !== undefined && comes !== undefined ? key : undefined;
}

/** Asks of the newest contribution alone. @returns its key when every answer is good */
export async function verifyNewest(work: NewestWork): Promise<VerifiedKey | undefined> {
  const { steps, state, planned: { name } } = work;
  const key = await askKey(work);
  const last = state.records.at(-1)?.value.index ?? 0;
  if (key === undefined || last === 0) return key;
  const comes = await steps.ask('lineage', name, async () => {
    const before = ceremonyPaths.zkey(state.directory, last - 1, name);
    const beforeSha256 = state.records.at(-1)?.value.circuits[work.place - 1]?.previousSha256 ?? '';
    await requireKeyFile(before, beforeSha256);
    requireSame(await verifyAgainstPrevious({ before, zkey: key.file, progress: part(work) }), { base: before, baseSha256: beforeSha256, key });
    return { says: `the key is what contribution ${last} makes of the key before it, in every point`, value: true };
  });
  return comes === undefined ? undefined : key;
}

/** Whoever writes to the folder could show one key to one step and another to the next: what was compared is what the records name. */
function requireSame(read: ComparedKeys, { base, baseSha256, key }: { readonly base: string; readonly baseSha256: string; readonly key: VerifiedKey }): void {
  requireSha256(base, read.baseSha256, baseSha256);
  requireSha256(key.file, read.zkeySha256, key.zkeySha256);
}

/** The newest key by its hash, the contributions in it by the records, and that it is a key at all. */
async function askKey({ steps, state, planned: { name }, place }: NewestWork): Promise<VerifiedKey | undefined> {
  const last = state.records.at(-1)?.value;
  const file = ceremonyPaths.zkey(state.directory, last?.index ?? 0, name);
  const expected = keysAfter(state.plan.value, last)[place - 1]?.sha256 ?? '';
  const zkey = await steps.ask('key', name, async () => {
    const bytes = await read(file);
    requireSha256(file, sha256(bytes), expected);
    return { says: `${file} is the key that the records name (SHA-256 ${expected})`, value: bytes };
  });
  if (zkey === undefined) return undefined;
  const hangsTogether = await steps.ask('contributions', name, () => recordedContributions(zkey, file, state, place));
  // An initial key is none that anybody verifies with.
  if (last === undefined) return hangsTogether === undefined ? undefined : { name, file, zkeySha256: expected, verificationKeyHash: keyHash(zkey, file) };
  const hash = await steps.ask('verification key', name, () => {
    parseVerificationKey(verificationKeyToJson({ ...parseZkey(zkey, file).verificationKey, security: 'under verification' }), file);
    return { says: 'every point is in its group and none is infinity, delta is neither the generator nor gamma, public signals have distinct points', value: keyHash(zkey, file) };
  });
  return hangsTogether === undefined || hash === undefined ? undefined : { name, file, zkeySha256: expected, verificationKeyHash: hash };
}

async function rebuiltCircuit({ r1cs, planned }: CircuitWork): Promise<Answer<true>> {
  const bytes = await read(r1cs, (problem) => `${r1cs} cannot be read (${problem}): compile the circuit from its source ("make circuits")`);
  const [found, { constraints }] = [sha256(bytes), parseR1cs(bytes, r1cs)];
  if (found !== planned.r1csSha256 || constraints !== planned.constraints) {
    throw new CeremonyMismatchError(`${r1cs}, compiled here, has SHA-256 ${found} and ${constraints} constraints, but the ceremony is over ${planned.r1csSha256} with ${planned.constraints}: it is for another circuit, or another version of it`);
  }
  return { says: `${r1cs}, compiled here, is the circuit of the plan (${constraints} constraints)`, value: true };
}

/** What lies in the folder as initial key is not believed: each of its points is held against circuit and phase-1 file. One that is gone is made again. */
async function checkedInitialKey({ state, planned, r1cs, ptau, scratch, ...work }: CircuitWork, isPlanned: boolean): Promise<Answer<string>> {
  if (!isPlanned || ptau === undefined) throw new CannotTellError('the initial key was not checked: that needs the circuit and the phase-1 file of the plan');
  const progress = part({ ...work, planned });
  const kept = ceremonyPaths.zkey(state.directory, 0, planned.name);
  const isKept = await isThere(kept);
  const file = isKept ? kept : join(scratch, `${planned.name}.zkey`);
  if (!isKept) await initialKey({ r1cs, ptau, out: file, progress });
  requireSha256(file, await fileSha256(file), planned.initialSha256);
  const checked = await verifyInitialKey({ r1cs, ptau, zkey: file, progress });
  if (checked.sha256 !== planned.initialSha256 || checked.circuitHash !== planned.circuitHash) {
    throw new CeremonyMismatchError(`${file} has SHA-256 ${checked.sha256} and circuit hash ${checked.circuitHash}, but the plan names ${planned.initialSha256} and ${planned.circuitHash}: the plan names a key of something else`, { file });
  }
  return { says: `the initial key is the one of the plan, ${isKept ? 'and each of its points' : 'made again here, and each of its points'} what circuit and phase-1 file give`, value: file };
}

/**
 * Keys between the first and the last may be gone; those that are here must be those of the records. Their contributions need no look of their own:
 * each delta is in the last key too, and nothing else of an older key reaches it.
 */
async function olderKeys({ state, planned: { name }, place }: CircuitWork): Promise<Answer<true>> {
  let found = 0;
  for (const { value } of state.records.slice(0, -1)) {
    const file = ceremonyPaths.zkey(state.directory, value.index, name);
    if (!(await isThere(file))) continue;
    requireSha256(file, await fileSha256(file), value.circuits[place - 1]?.zkeySha256 ?? '');
    found += 1;
  }
  return { says: `${found} of ${Math.max(0, state.records.length - 1)} keys of earlier contributions are here, as their records name them`, value: true };
}

/** One contribution a record, in order, and each what its record says: number, hash, kind, name, and the beacon's value. */
async function recordedContributions(zkey: Uint8Array, file: string, state: CeremonyState, place: number): Promise<Answer<true>> {
  const { circuitHash, contributions } = await verifyContributions(zkey, file);
  const planned = state.plan.value.circuits[place - 1];
  if (circuitHash !== planned?.circuitHash) throw new CeremonyMismatchError(`${file} has circuit hash ${circuitHash}, but the plan names ${planned?.circuitHash}: it is a key of another circuit or phase-1 file`, { file });
  const expected = state.records.at(-1)?.value.index ?? 0;
  if (contributions.length !== expected) throw new CeremonyMismatchError(`${file} has ${contributions.length} contributions, but there are ${expected} records: one was dropped or slipped in`, { file });
  for (const { value: record } of state.records) {
    const problem = difference(contributions[record.index - 1] as Contribution, record, place, state);
    if (problem !== undefined) throw new CeremonyMismatchError(`${file}: contribution ${record.index} ${problem}`, { file, index: record.index });
  }
  return { says: `${contributions.length} contributions, those of the records; each proves that its maker knew the secret by which it changes delta`, value: true };
}

function difference(found: Contribution, record: ContributionRecord, place: number, { announcement }: CeremonyState): string | undefined {
  const hash = record.circuits[place - 1]?.contributionHash;
  if (found.hash !== hash) return `has hash ${found.hash}, but its record names ${hash}`;
  // Of these three no hash in the key speaks: whoever passes a key on could change them.
  if (found.kind !== record.kind) return `is a ${found.kind} in the key and a ${record.kind} in its record`;
  if (found.name !== nameInKey(record.contributor)) return `is by ${JSON.stringify(found.name ?? '')} in the key and by ${JSON.stringify(record.contributor)} in its record`;
  if (found.beacon?.value !== record.beacon?.blockHash) return `is drawn from ${found.beacon?.value}, but its record names block hash ${record.beacon?.blockHash}`;
  if (found.beacon !== undefined && found.beacon.iterations !== announcement?.value.iterations) return `is hashed 2^${found.beacon.iterations} times, but 2^${announcement?.value.iterations} were announced`;
  return undefined;
}

function keyHash(zkey: Uint8Array, file: string): string {
  return verificationKeyHash({ ...parseZkey(zkey, file).verificationKey, security: '' });
}

function part({ progress, planned, place }: Pick<NewestWork, 'progress' | 'planned' | 'place'>): (step: string, done: number, total: number) => void {
  return (step, done, total) => progress?.({ circuit: planned.name, place, part: step, done, total });
}

async function requireKeyFile(file: string, expected: string): Promise<void> {
  if (!(await isThere(file))) throw new CannotTellError(`${file} is not here: fetch it from where the ceremony is published`, { file });
  requireSha256(file, await fileSha256(file), expected);
}

function requireSha256(file: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new CeremonyMismatchError(`${file} has SHA-256 ${found}, but the records name ${expected}: it was changed or damaged, fetch it again`, { file, found, expected });
}

/** Whether a file has this name. A pipe or device of the name, in a folder that others write to, would hold whoever reads it for ever. */
async function isThere(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isFile()) return found !== undefined;
  throw new CeremonyMismatchError(`${file} is not a file: remove it, and fetch the key again`, { file });
}

async function read(file: string, tell = (problem: string): string => `${file} cannot be read (${problem}): fetch it from where the ceremony is published`): Promise<Uint8Array> {
  await isThere(file);
  try {
    const bytes = await readFile(file);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw new CannotTellError(tell(messageOf(cause)), { file }, { cause });
  }
}
