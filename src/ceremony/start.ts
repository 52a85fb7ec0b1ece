import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { removeTemporaries, writeFileAtomically } from '../file/atomic-file.js';
import { createFileAtomically } from '../file/create-file.js';
import { lockFile } from '../file/file-lock.js';
import { verifyInitialKey } from '../groth16/initial-key-check.js';
import { sha256 } from '../groth16/key-manifest.js';
import { initialKey } from '../groth16/phase-two.js';
import { parseR1cs } from '../groth16/r1cs.js';
import { ceremonyPaths, readOptionalRecord, readRecord } from './ceremony-folder.js';
import { MOST_TITLE_LENGTH, parsePlan, planText } from './ceremony-format.js';
import { CeremonyKeyError, hashOf } from './ceremony-keys.js';
import type { CeremonyPlan, PhaseOneSource, PlannedCircuit, ToolVersions } from './ceremony-records.js';
import { unixNow } from './contribute.js';
import type { ContributionWatch } from './contribution-work.js';
import type { RecordFile } from './record-chain.js';
import { isCircuitName, isVisible, visibleRule } from './record-fields.js';

/** A ceremony cannot start like this: a title or circuits that it cannot have. */
export class CeremonyPlanError extends ClearproofError {
  readonly code = 'CEREMONY_PLAN';
}

/** There is a ceremony in the folder, or something else. */
export class CeremonyExistsError extends ClearproofError {
  readonly code = 'CEREMONY_EXISTS';
}

/** The phase-1 file is none of the published ones: keys from it are INSECURE, and whoever wants them says so. */
export class PhaseOneNotPublishedError extends ClearproofError {
  readonly code = 'PHASE_ONE_NOT_PUBLISHED';
}

export interface CeremonyStart extends ContributionWatch {
  readonly title: string;
  readonly minimumContributions: number;
  /** Path of the phase-1 file, and what was found out about it. */
  readonly phaseOne: Omit<PhaseOneSource, 'file'> & { readonly path: string };
  /** Take a phase-1 file that nobody published. */
  readonly insecurePhaseOne: boolean;
  readonly circuits: readonly { readonly name: string; readonly r1cs: string }[];
  readonly tools: ToolVersions;
  readonly now?: () => number;
}

/** The plan over the circuits that are done, while a start works. */
const DRAFT = 'draft.json';

/**
 * Makes the initial keys of every circuit and ceremony.json. A start that was killed goes on with the circuit it was at.
 *
 * @throws CeremonyPlanError, CeremonyExistsError, PhaseOneNotPublishedError, FileLockedError, BinaryFileError, and what snarkjs' set-up throws
 */
export async function startCeremony(directory: string, start: CeremonyStart): Promise<RecordFile<CeremonyPlan>> {
  requireStart(start);
  await mkdir(directory, { recursive: true });
  const unlock = await lockFile(join(directory, '.start.lock'));
  try {
    const partial = join(directory, '.0000.partial');
    await requireFree(directory, partial);
    await mkdir(partial, { recursive: true });
    await removeTemporaries(partial);
    const plan = await makeInitialKeys(partial, start);
    await publish(directory, partial, plan);
    return await readRecord(ceremonyPaths.plan(directory), parsePlan);
  } finally {
    await unlock();
  }
}

function requireStart({ title, circuits, phaseOne, insecurePhaseOne }: CeremonyStart): void {
  if (!isVisible(title, MOST_TITLE_LENGTH)) throw new CeremonyPlanError(`the title ${visibleRule(MOST_TITLE_LENGTH)}`);
  const strange = circuits.find(({ name }) => !isCircuitName(name));
  if (strange !== undefined) throw new CeremonyPlanError(`${JSON.stringify(strange.name)} is not the name of a circuit`, { circuit: strange.name });
  if (circuits.length === 0 || new Set(circuits.map(({ name }) => name)).size !== circuits.length) throw new CeremonyPlanError('name at least one circuit, and each once');
  if (phaseOne.published || insecurePhaseOne) return;
  throw new PhaseOneNotPublishedError(
    `${phaseOne.path} is none of the published phase-1 files: whoever made it can forge with every key of this ceremony; take a published one, or give --insecure-phase1 for a rehearsal`,
    { file: phaseOne.path, blake2b: phaseOne.blake2b },
  );
}

async function makeInitialKeys(partial: string, start: CeremonyStart): Promise<CeremonyPlan> {
  const { path, blake2b, power, published } = start.phaseOne;
  const head: CeremonyPlan = {
    format: 'clearproof-ceremony', version: 1, id: randomBytes(16).toString('hex'), title: start.title, startedAt: (start.now ?? unixNow)(),
    phaseOne: { file: basename(path), blake2b, power, published }, circuits: [], minimumContributions: start.minimumContributions, tools: start.tools,
  };
  const circuits = await Promise.all(start.circuits.map(async (circuit) => ({ ...circuit, ...(await readCircuit(circuit.r1cs, circuit.name)) })));
  const done = await readDraft(partial, head, circuits, start);
  let plan: CeremonyPlan = { ...head, circuits: done };
  done.forEach((_, place) => start.onCircuit?.(place, true));
  for (const [place, { name, r1cs, constraints, r1csSha256 }] of circuits.entries()) {
    if (place < done.length) continue;
    const out = join(partial, `${name}.zkey`);
    await rm(out, { force: true });
    const { circuitHash, sha256: initialSha256 } = await makeInitialKey({ r1cs, ptau: path, out, ...(start.onPoints === undefined ? {} : { progress: start.onPoints }) });
    plan = { ...plan, circuits: [...plan.circuits, { name, constraints, r1csSha256, circuitHash, initialSha256 }] };
    await writeFileAtomically(join(partial, DRAFT), planText(plan));
    start.onCircuit?.(place, false);
  }
  return plan;
}

/** snarkjs makes the key, and the check that everybody does who verifies finds it right: a ceremony would not start over again. */
async function makeInitialKey(work: Parameters<typeof initialKey>[0]): ReturnType<typeof initialKey> {
  const made = await initialKey(work);
  const checked = await verifyInitialKey({ ...work, zkey: work.out });
  if (checked.sha256 === made.sha256 && checked.circuitHash === made.circuitHash) return made;
  throw new CeremonyKeyError(`${work.out} changed while it was checked: something else writes there; start again`, { file: work.out });
}

async function readCircuit(file: string, circuit: string): Promise<Pick<PlannedCircuit, 'constraints' | 'r1csSha256'>> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CeremonyPlanError(`${file} cannot be read (${messageOf(cause)}): run "make circuits" first`, { file, circuit }, { cause });
  });
  return { constraints: parseR1cs(bytes, file).constraints, r1csSha256: sha256(bytes) };
}

/** The circuits that an earlier start has done, if it was of the same ceremony: everybody checks these keys when they verify. */
async function readDraft(
  partial: string, head: CeremonyPlan, circuits: readonly { readonly name: string; readonly r1csSha256: string }[], { onDiscard }: ContributionWatch,
): Promise<readonly PlannedCircuit[]> {
  const draft = await readOptionalRecord(join(partial, DRAFT), parsePlan).catch((thrown: unknown) => {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    onDiscard?.(thrown.message);
    return undefined;
  });
  if (draft === undefined) return [];
  const same = (plan: CeremonyPlan): string => planText({ ...plan, id: head.id, startedAt: head.startedAt, circuits: [] });
  if (same(draft.value) !== same(head)) {
    onDiscard?.(`${partial} was begun for another ceremony`);
    return [];
  }
  const intact: PlannedCircuit[] = [];
  for (const [place, { name, r1csSha256 }] of circuits.entries()) {
    const found = draft.value.circuits[place];
    if (found?.name !== name || found.r1csSha256 !== r1csSha256 || (await hashOf(join(partial, `${name}.zkey`))) !== found.initialSha256) break;
    intact.push(found);
  }
  return intact;
}

/** The keys first, with the draft among them as long as the plan is missing: a start that is killed in between finds both. */
async function publish(directory: string, partial: string, plan: CeremonyPlan): Promise<void> {
  const text = planText(plan);
  parsePlan(text, ceremonyPaths.plan(directory));
  const known = new Set([DRAFT, ...plan.circuits.map(({ name }) => `${name}.zkey`)]);
  await Promise.all((await readdir(partial)).filter((name) => !known.has(name)).map((name) => rm(join(partial, name), { recursive: true, force: true })));
  const keys = ceremonyPaths.folder(directory, 0);
  await rename(partial, keys);
  await createFileAtomically(ceremonyPaths.plan(directory), text);
  await rm(join(keys, DRAFT), { force: true });
}

/** A folder of something else would mix with the ceremony. */
async function requireFree(directory: string, partial: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
  if (names.length === 0) return;
  const keys = ceremonyPaths.folder(directory, 0);
  if (names.join() === basename(keys) && (await hashOf(join(keys, DRAFT))) !== undefined) return rename(keys, partial);
  throw new CeremonyExistsError(`${directory} is not empty (${names.slice(0, 3).join(', ')}): name a new folder for a new ceremony`, { directory });
}
