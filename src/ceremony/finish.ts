import { readFile } from 'node:fs/promises';
import { createFileAtomically, FileExistsError } from '../file/create-file.js';
import { verificationKeyHash } from '../groth16/verification-key.js';
import { parseZkey } from '../groth16/zkey.js';
import { BeaconStateError } from './apply-beacon.js';
import { ceremonyPaths, readTranscriptFile, requireWhole, type CeremonyState } from './ceremony-folder.js';
import { transcriptText } from './ceremony-format.js';
import { newestKeys } from './ceremony-keys.js';
import type { Transcript } from './ceremony-records.js';
import { CeremonyChainError, type RecordFile } from './record-chain.js';

/**
 * What a finished ceremony comes to, out of its other files. The keys are not verified here, only that they are those of the records.
 *
 * @throws BeaconStateError, CeremonyIncompleteError, CeremonyKeyError, BinaryFileError
 */
export async function transcriptOf(state: CeremonyState): Promise<Transcript> {
  requireWhole(state);
  const { announcement, plan, records, directory } = state;
  if (announcement === undefined || records.at(-1)?.value.kind !== 'beacon') {
    throw new BeaconStateError(`${directory} is not finished: its beacon is missing`, { directory });
  }
  const keys: Transcript['keys'][number][] = [];
  for (const { name, file, sha256 } of await newestKeys(state)) {
    const { verificationKey } = parseZkey(await readFile(file), file);
    keys.push({ name, zkeySha256: sha256, verificationKeyHash: verificationKeyHash({ ...verificationKey, security: '' }) });
  }
  return {
    format: 'clearproof-transcript', version: 1, plan: plan.value, planSha256: plan.sha256,
    records: records.map(({ sha256, value }) => ({ sha256, record: value })),
    announcement: announcement.value, announcementSha256: announcement.sha256, keys,
  };
}

/**
 * What is in the folder now is what was verified: others may write to it, and verifying takes long.
 *
 * @throws CeremonyChainError
 */
export function requireVerified({ ceremony }: { readonly ceremony?: { readonly lastSha256: string } }, { directory, plan, records }: CeremonyState): void {
  const last = records.at(-1) ?? plan;
  if (ceremony?.lastSha256 === last.sha256) return;
  throw new CeremonyChainError(`${last.file} has SHA-256 ${last.sha256}, but ${ceremony?.lastSha256 ?? 'nothing'} was verified: ${directory} was changed meanwhile, verify it again`, { file: last.file });
}

/**
 * Writes transcript.json, or checks the one that is there: it follows from the other files.
 *
 * @throws CeremonyChainError when a transcript says something else, and what transcriptOf throws
 */
export async function writeTranscript(state: CeremonyState): Promise<RecordFile<Transcript>> {
  const text = transcriptText(await transcriptOf(state));
  const file = ceremonyPaths.transcript(state.directory);
  await createFileAtomically(file, text).catch((thrown: unknown) => {
    if (!(thrown instanceof FileExistsError)) throw thrown;
  });
  const written = await readTranscriptFile(state.directory);
  if (written !== undefined && transcriptText(written.value) === text) return written;
  throw new CeremonyChainError(`${file} does not follow from the other files of the ceremony: it was changed, or they were`, { file });
}
