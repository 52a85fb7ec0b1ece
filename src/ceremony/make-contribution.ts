import { chmod, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError } from '../error/clearproof-error.js';
import { removeTemporaries, SECRET_FOLDER, writeFileAtomically } from '../file/atomic-file.js';
import { lockFile } from '../file/file-lock.js';
import { sha256 } from '../groth16/key-manifest.js';
import { ceremonyPaths, contributionNumbers, type CeremonyState } from './ceremony-folder.js';
import { contributionText, messageToSign, parseContribution } from './ceremony-format.js';
import { newestKeys, requireKey } from './ceremony-keys.js';
import type { ContributionRecord } from './ceremony-records.js';
import type { ContributionWork, RecordSigner } from './contribution-work.js';
import type { RecordFile } from './record-chain.js';
import { readUnfinished, RECORD, UNFINISHED } from './unfinished-contribution.js';

/** Somebody else put a contribution of the same number into the folder first. */
export class ContributionRacedError extends ClearproofError {
  readonly code = 'CONTRIBUTION_RACED';
}

const PUBLIC_FOLDER = 0o755;

/**
 * Makes the next contribution, circuit by circuit, in a folder beside the others, and renames it to its number when it is whole.
 * A run that was killed goes on with the circuit it was at.
 *
 * @throws ContributionRacedError, FileLockedError, and what reading keys, `contribute` and `mayPublish` throw
 */
export async function makeContribution(state: CeremonyState, work: ContributionWork): Promise<RecordFile<ContributionRecord>> {
  const index = (state.records.at(-1)?.value.index ?? 0) + 1;
  const partial = ceremonyPaths.partial(state.directory, index, work.contributor);
  const unlock = await lockFile(`${partial}.lock`);
  try {
    await removeObsolete(state.directory, index, work);
    await mkdir(partial, { recursive: true, mode: SECRET_FOLDER });
    await removeTemporaries(partial);
    const record = await makeKeys(state, index, partial, work);
    await publish(state, record, partial, work);
    const file = ceremonyPaths.record(state.directory, index);
    // Of what was made: its maker vouches for this hash, whoever changes the file from now on.
    return { file, sha256: sha256(contributionText(record)), value: record };
  } finally {
    await unlock();
  }
}

async function makeKeys(state: CeremonyState, index: number, partial: string, work: ContributionWork): Promise<ContributionRecord> {
  const keys = await newestKeys(state);
  const head: Omit<ContributionRecord, 'circuits'> = {
    format: 'clearproof-contribution', version: 1, ceremony: state.plan.value.id, index, kind: work.kind, contributor: work.contributor,
    previous: (state.records.at(-1) ?? state.plan).sha256, madeAt: work.now(), ...(work.beacon === undefined ? {} : { beacon: work.beacon }),
  };
  const done = [...(await readUnfinished(partial, { ...head, circuits: [] }, keys, work))];
  done.forEach((_, place) => work.onCircuit?.(place, true));
  let record: ContributionRecord = { ...head, circuits: done };
  for (const [place, key] of keys.entries()) {
    if (place < done.length) continue;
    const to = join(partial, `${key.name}.zkey`);
    await rm(to, { force: true });
    const { contributionHash, sha256: zkeySha256 } = await work.contribute(key, to);
    done.push({ name: key.name, previousSha256: key.sha256, zkeySha256, contributionHash });
    record = { ...head, madeAt: work.now(), circuits: [...done] };
    await writeFileAtomically(join(partial, UNFINISHED), await signedText(record, work.signer));
    work.onCircuit?.(place, false);
  }
  return parseContribution(await signedText(record, work.signer), join(partial, RECORD));
}

async function signedText(record: ContributionRecord, signer: RecordSigner | undefined): Promise<string> {
  return contributionText(signer === undefined ? record : { ...record, signature: await signer.sign(messageToSign(record)) });
}

/** The keys are hashed once more: a folder that others write to may have changed since they were made. */
async function publish({ directory }: CeremonyState, record: ContributionRecord, partial: string, { mayPublish }: ContributionWork): Promise<void> {
  for (const { name, zkeySha256 } of record.circuits) await requireKey({ file: join(partial, `${name}.zkey`), sha256: zkeySha256 });
  await writeFileAtomically(join(partial, RECORD), contributionText(record));
  const kept = new Set([RECORD, ...record.circuits.map(({ name }) => `${name}.zkey`)]);
  await Promise.all((await readdir(partial)).filter((name) => !kept.has(name)).map((name) => rm(join(partial, name), { recursive: true, force: true })));
  await mayPublish();
  await chmod(partial, PUBLIC_FOLDER);
  await renameOnce(partial, directory, record.index);
}

/** A folder of files is never renamed over another one that has any: of several contributors one wins. */
async function renameOnce(partial: string, directory: string, index: number): Promise<void> {
  const folder = ceremonyPaths.folder(directory, index);
  const raced = (cause?: unknown): ContributionRacedError => new ContributionRacedError(
    `${folder} is there already: somebody contributed while this contribution was made; run the command again, it contributes after them`, { file: folder }, { cause },
  );
  // An empty folder would be replaced; it is one that is being copied here.
  if (await lstat(folder).then(() => true, () => false)) throw raced();
  try {
    await rename(partial, folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? raced(cause) : cause;
  }
  const parent = await open(directory);
  // Some shared folders cannot sync a directory; the rename has happened all the same.
  await parent.sync().catch(() => undefined);
  await parent.close();
}

/** Nobody can use a contribution that was begun for a number which another one has got. */
async function removeObsolete(directory: string, index: number, { contributor, onDiscard }: ContributionWork): Promise<void> {
  for (const earlier of await contributionNumbers(directory)) {
    if (earlier >= index) continue;
    const partial = ceremonyPaths.partial(directory, earlier, contributor);
    if (!(await stat(partial).then(() => true, () => false))) continue;
    onDiscard?.(`contribution ${earlier} was made by somebody else meanwhile`);
    await rm(partial, { recursive: true, force: true });
  }
}
