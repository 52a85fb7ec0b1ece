import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../file/atomic-file.js';
import { parseMarketTable, serializeMarketTable } from '../risk/market-table-json.js';
import { placesOf, type EpochPlan, type PlannedAccount, type PlannedBatch } from './epoch-plan.js';
import { batchNamed, type EpochShape } from './epoch-shape.js';

const HEADER_FILE = 'plan.json';
const PLACES_FILE = 'plan-places.ndjson';
const PLAN_VERSION = 2;

/** A stored plan is missing, damaged or of another version. */
export class PlanFileError extends ClearproofError {
  readonly code = 'PLAN_FILE';
}

interface PlanHeader {
  readonly venue: { readonly chainId: string; readonly registry: string; readonly venueId: string };
  readonly epoch: number;
  readonly shape: EpochShape;
  readonly market: string;
  /** Circuit of each batch; the places file holds their places one after another. */
  readonly batches: readonly string[];
  readonly blindings: readonly string[];
  readonly partBlindings: readonly string[];
  readonly places: { readonly sha256: string };
}

/** The file: a header under its digest, for a changed blinding would make other statements without anybody noticing. */
interface SealedHeader {
  readonly version: number;
  readonly sha256: string;
  readonly header: PlanHeader;
}

/** One line of the places file: quantities in quanta, integers as text. */
type PlaceLine =
  | { readonly u: string; readonly n: number; readonly o: string; readonly s: string; readonly h: readonly (readonly [number, string])[] }
  | { readonly k: string; readonly s: string };

/** Stores a plan in `directory`, readable by its owner only. The header is written last: with it the plan exists. */
export async function writePlan(directory: string, plan: EpochPlan): Promise<void> {
  await mkdir(directory, { recursive: true, mode: SECRET_FOLDER });
  const digest = createHash('sha256');
  await writeFileAtomically(join(directory, PLACES_FILE), placeLines(placesOf(plan), (line) => digest.update(line)), SECRET_FILE);
  const header: PlanHeader = {
    venue: { chainId: plan.venue.chainId.toString(), registry: plan.venue.registry, venueId: plan.venue.venueId.toString() },
    epoch: plan.epoch,
    shape: plan.shape,
    market: serializeMarketTable(plan.market),
    batches: plan.batches.map(({ circuit }) => circuit),
    blindings: plan.blindings.map(String),
    partBlindings: plan.partBlindings.map(String),
    places: { sha256: digest.digest('hex') },
  };
  const sealed: SealedHeader = { version: PLAN_VERSION, sha256: digestOfHeader(header), header };
  await writeFileAtomically(join(directory, HEADER_FILE), `${JSON.stringify(sealed)}\n`, SECRET_FILE);
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
  const header = unsealed(text, file);
  const placesFile = join(directory, PLACES_FILE);
  await requireSamePlaces(placesFile, header.places.sha256);
  const { chainId, registry, venueId } = header.venue;
  return {
    venue: { chainId: BigInt(chainId), registry, venueId: BigInt(venueId) },
    epoch: header.epoch,
    shape: header.shape,
    market: parseMarketTable(header.market, file),
    batches: batchesOf(header, await readPlaces(placesFile), placesFile),
    blindings: header.blindings.map(BigInt),
    partBlindings: header.partBlindings.map(BigInt),
  };
}

function batchesOf({ shape, batches }: PlanHeader, places: readonly PlannedAccount[], file: string): PlannedBatch[] {
  let next = 0;
  const found = batches.map((circuit): PlannedBatch => {
    const { N } = batchNamed(shape, circuit).shape;
    next += N;
    return { circuit, places: places.slice(next - N, next) };
  });
  if (next !== places.length) throw new PlanFileError(`${file} has ${places.length} places, its batches ${next}: start the epoch again in an empty folder`, { file });
  return found;
}

function unsealed(text: string, file: string): PlanHeader {
  const damaged = (): PlanFileError => new PlanFileError(`${file} is damaged: restore it, or start the epoch again in an empty folder`, { file });
  let sealed: Partial<SealedHeader> | null;
  try {
    sealed = JSON.parse(text) as Partial<SealedHeader> | null;
  } catch {
    // No cause: the parser's error quotes the text around the damage, which may be a blinding.
    throw damaged();
  }
  if (typeof sealed?.version === 'number' && sealed.version !== PLAN_VERSION) {
    throw new PlanFileError(`${file} has version ${sealed.version}, this program reads ${PLAN_VERSION}: use the program that wrote it`, { file, version: sealed.version });
  }
  if (sealed?.version !== PLAN_VERSION || sealed.header === undefined || sealed.sha256 !== digestOfHeader(sealed.header)) throw damaged();
  return sealed.header;
}

function digestOfHeader(header: PlanHeader): string {
  return createHash('sha256').update(JSON.stringify(header)).digest('hex');
}

/** Whole before any line is read: an error of the parser would quote positions and salts. */
async function requireSamePlaces(file: string, sha256: string): Promise<void> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(file), digest);
  } catch (cause) {
    throw new PlanFileError(`${file} cannot be read (${messageOf(cause)}): restore it, or start the epoch again in an empty folder`, { file }, { cause });
  }
  if (digest.digest('hex') === sha256) return;
  throw new PlanFileError(`${file} does not match its header: restore it, or start the epoch again in an empty folder`, { file });
}

async function readPlaces(file: string): Promise<PlannedAccount[]> {
  const places: PlannedAccount[] = [];
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    places.push(placeFromLine(JSON.parse(line) as PlaceLine));
  }
  return places;
}

function* placeLines(places: readonly PlannedAccount[], each: (line: string) => void): Generator<string> {
  for (const place of places) {
    const line = `${JSON.stringify(lineFromPlace(place))}\n`;
    each(line);
    yield line;
  }
}

function lineFromPlace(place: PlannedAccount): PlaceLine {
  if (place.kind === 'padding') return { k: place.key.toString(), s: place.salt.toString() };
  return {
    u: place.userId,
    n: place.subAccount,
    o: place.owner.toString(),
    s: place.salt.toString(),
    h: place.holdings.map(({ index, quantity }) => [index, quantity.toString()] as const),
  };
}

function placeFromLine(line: PlaceLine): PlannedAccount {
  if ('k' in line) return { kind: 'padding', key: BigInt(line.k), salt: BigInt(line.s) };
  return {
    kind: 'account',
    userId: line.u,
    subAccount: line.n,
    owner: BigInt(line.o),
    salt: BigInt(line.s),
    holdings: line.h.map(([index, quantity]) => ({ index, quantity: BigInt(quantity) })),
  };
}
