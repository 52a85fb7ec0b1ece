import { createHash } from 'node:crypto';
import { ClearproofError } from '../error/clearproof-error.js';
import { parseMarketTable, serializeMarketTable } from '../risk/market-table-json.js';
import type { AttestedPlan } from './epoch-attestation.js';
import type { EpochPlan, PlannedAccount, PlannedBatch } from './epoch-plan.js';
import { batchNamed, type EpochShape } from './epoch-shape.js';

const PLAN_VERSION = 2;

/** A stored plan is missing, damaged or of another version. */
export class PlanFileError extends ClearproofError {
  readonly code = 'PLAN_FILE';
}

/** A plan without its places. */
export interface PlanHeader {
  readonly venue: { readonly chainId: string; readonly registry: string; readonly venueId: string };
  readonly epoch: number;
  readonly shape: EpochShape;
  readonly market: string;
  /** Circuit of each batch; the places follow one another. */
  readonly batches: readonly string[];
  readonly blindings: readonly string[];
  readonly partBlindings: readonly string[];
  /** Of the lines of all places. */
  readonly places: { readonly sha256: string };
}

/** What is stored: a header under its digest, for a changed blinding would make other statements without anybody noticing. */
interface SealedHeader {
  readonly version: number;
  readonly sha256: string;
  readonly header: PlanHeader;
}

/** Where a plan is stored, for errors, and what is to be done when it is damaged there. */
export interface PlanPlace {
  /** Names what holds it: a file, a row. */
  readonly name: string;
  readonly remedy: string;
}

/** One line of the places: quantities in quanta, integers as text. */
type PlaceLine =
  | { readonly u: string; readonly n: number; readonly o: string; readonly s: string; readonly h: readonly (readonly [number, string])[] }
  | { readonly k: string; readonly s: string };

/** The header of a plan as text under its digest. @param placesSha256 of its place lines */
export function sealHeader(plan: EpochPlan, placesSha256: string): string {
  const header: PlanHeader = {
    venue: { chainId: plan.venue.chainId.toString(), registry: plan.venue.registry, venueId: plan.venue.venueId.toString() },
    epoch: plan.epoch,
    shape: plan.shape,
    market: serializeMarketTable(plan.market),
    batches: plan.batches.map(({ circuit }) => circuit),
    blindings: plan.blindings.map(String),
    partBlindings: plan.partBlindings.map(String),
    places: { sha256: placesSha256 },
  };
  const sealed: SealedHeader = { version: PLAN_VERSION, sha256: digestOfHeader(header), header };
  return JSON.stringify(sealed);
}

/** @throws PlanFileError when the text is not what `sealHeader` wrote */
export function unsealHeader(text: string, place: PlanPlace): PlanHeader {
  const details = { file: place.name };
  const damaged = (): PlanFileError => new PlanFileError(`${place.name} is damaged: ${place.remedy}`, details);
  let sealed: Partial<SealedHeader> | null;
  try {
    sealed = JSON.parse(text) as Partial<SealedHeader> | null;
  } catch {
    // No cause: the parser's error quotes the text around the damage, which may be a blinding.
    throw damaged();
  }
  if (typeof sealed?.version === 'number' && sealed.version !== PLAN_VERSION) {
    throw new PlanFileError(`${place.name} has version ${sealed.version}, this program reads ${PLAN_VERSION}: use the program that wrote it`, { ...details, version: sealed.version });
  }
  if (sealed?.version !== PLAN_VERSION || sealed.header === undefined || sealed.sha256 !== digestOfHeader(sealed.header)) throw damaged();
  return sealed.header;
}

/** What a plan states in public, read without its places. */
export function attestedPlan(header: PlanHeader, place: PlanPlace): AttestedPlan {
  const { chainId, registry, venueId } = header.venue;
  return {
    venue: { chainId: BigInt(chainId), registry, venueId: BigInt(venueId) },
    epoch: header.epoch,
    shape: header.shape,
    market: parseMarketTable(header.market, place.name),
    batches: header.batches.map((circuit) => ({ circuit })),
  };
}

/** @throws PlanFileError when there are not as many places as the batches take */
export function planFrom(header: PlanHeader, places: readonly PlannedAccount[], place: PlanPlace): EpochPlan {
  return {
    ...attestedPlan(header, place),
    batches: batchesOf(header, places, place),
    blindings: header.blindings.map(BigInt),
    partBlindings: header.partBlindings.map(BigInt),
  };
}

/** One place as a line of text, ended by a line feed. Secret. */
export function placeToLine(place: PlannedAccount): string {
  return `${JSON.stringify(lineFromPlace(place))}\n`;
}

/** The line's digest has been compared before: an error of the parser would quote positions and salts. */
export function placeFromLine(text: string): PlannedAccount {
  const line = JSON.parse(text) as PlaceLine;
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

function batchesOf({ shape, batches }: PlanHeader, places: readonly PlannedAccount[], { name, remedy }: PlanPlace): PlannedBatch[] {
  let next = 0;
  const found = batches.map((circuit): PlannedBatch => {
    const { N } = batchNamed(shape, circuit).shape;
    next += N;
    return { circuit, places: places.slice(next - N, next) };
  });
  if (next !== places.length) throw new PlanFileError(`${name} has ${places.length} places, its batches ${next}: ${remedy}`, { file: name });
  return found;
}

function digestOfHeader(header: PlanHeader): string {
  return createHash('sha256').update(JSON.stringify(header)).digest('hex');
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
