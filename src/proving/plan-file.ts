import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf } from '../error/clearproof-error.js';
import { SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../file/atomic-file.js';
import { fileSha256 } from '../file/file-sha256.js';
import { placesOf, type EpochPlan, type PlannedAccount } from './epoch-plan.js';
import { placeFromLine, placeToLine, planFrom, PlanFileError, sealHeader, unsealHeader } from './plan-format.js';

const HEADER_FILE = 'plan.json';
const PLACES_FILE = 'plan-places.ndjson';
const REMEDY = 'restore it, or start the epoch again in an empty folder';

/** Stores a plan in `directory`, readable by its owner only. The header is written last: with it the plan exists. */
export async function writePlan(directory: string, plan: EpochPlan): Promise<void> {
  await mkdir(directory, { recursive: true, mode: SECRET_FOLDER });
  const digest = createHash('sha256');
  await writeFileAtomically(join(directory, PLACES_FILE), placeLines(placesOf(plan), (line) => digest.update(line)), SECRET_FILE);
  await writeFileAtomically(join(directory, HEADER_FILE), `${sealHeader(plan, digest.digest('hex'))}\n`, SECRET_FILE);
}

/**
 * Reads a plan back, or undefined when the directory holds none.
 *
 * @throws PlanFileError when it is damaged
 */
export async function readPlan(directory: string): Promise<EpochPlan | undefined> {
  const file = join(directory, HEADER_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PlanFileError(`${file} cannot be read: ${messageOf(cause)}`, { file }, { cause });
  }
  const header = unsealHeader(text, { name: file, remedy: REMEDY });
  const placesFile = join(directory, PLACES_FILE);
  await requireSamePlaces(placesFile, header.places.sha256);
  return planFrom(header, await readPlaces(placesFile), { name: placesFile, remedy: 'start the epoch again in an empty folder' });
}

/** Whole before any line is read: an error of the parser would quote positions and salts. */
async function requireSamePlaces(file: string, sha256: string): Promise<void> {
  const actual = await fileSha256(file).catch((cause: unknown) => {
    throw new PlanFileError(`${file} cannot be read (${messageOf(cause)}): ${REMEDY}`, { file }, { cause });
  });
  if (actual === sha256) return;
  throw new PlanFileError(`${file} does not match its header: ${REMEDY}`, { file });
}

async function readPlaces(file: string): Promise<PlannedAccount[]> {
  const places: PlannedAccount[] = [];
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) places.push(placeFromLine(line));
  return places;
}

function* placeLines(places: readonly PlannedAccount[], each: (line: string) => void): Generator<string> {
  for (const place of places) {
    const line = placeToLine(place);
    each(line);
    yield line;
  }
}
