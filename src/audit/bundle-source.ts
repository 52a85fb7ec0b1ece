import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VenueLocation } from '../attestation/attestation.js';
import { messageOf } from '../error/clearproof-error.js';
import type { BundleText } from '../verification/evidence.js';
import { BundleSourceError } from './audit-errors.js';

/** What a source has of one epoch. */
export interface EpochBundles {
  readonly attestations: readonly BundleText[];
  readonly stress: readonly BundleText[];
  /** Why a source could not say. */
  readonly unreachable: readonly string[];
}

/** Where bundles lie: a folder of files, or a server. */
export interface BundleSource {
  epoch(epoch: number): Promise<EpochBundles>;
  /** Files that call themselves bundles and cannot be read as JSON. */
  readonly unreadable: readonly string[];
}

/** Longest bundle in bytes: attestations have 2^27 characters at most. */
const MOST_BYTES = 2 ** 27;
const MOST_FILES = 100_000;
const DEEPEST = 4;
const TIMEOUT_MS = 60_000;

/** A folder, or a URL: of a prover service, or one with `{epoch}` in it. @throws BundleSourceError */
export async function openBundles(where: string, venue: VenueLocation): Promise<BundleSource> {
  if (/^https?:\/\//.test(where)) return serverBundles(where);
  const found = await stat(where).catch((cause: unknown) => {
    throw new BundleSourceError(`${where} cannot be read (${messageOf(cause)}): name a folder of bundles, or a URL`, { source: where }, { cause });
  });
  return folderBundles(found.isDirectory() ? await filesIn(where, 0) : [where], venue);
}

/** Bundles of several sources together, each text once. */
export async function bundlesOf(sources: readonly BundleSource[], epoch: number): Promise<EpochBundles> {
  const found = await Promise.all(sources.map((source) => source.epoch(epoch)));
  const once = (texts: readonly BundleText[]): BundleText[] => texts.filter(({ text }, place) => texts.findIndex((other) => other.text === text) === place);
  return {
    attestations: once(found.flatMap(({ attestations }) => attestations)), stress: once(found.flatMap(({ stress }) => stress)),
    unreachable: found.flatMap(({ unreachable }) => unreachable),
  };
}

interface Indexed { readonly file: string; readonly epoch: number; readonly kind: 'attestation' | 'stress' }

/** Reads every file once for what it is, and again when its epoch is audited: not all of them fit into memory. */
async function folderBundles(files: readonly string[], venue: VenueLocation): Promise<BundleSource> {
  const index: Indexed[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    if ((await stat(file)).size > MOST_BYTES) continue;
    const text = await readFile(file, 'utf8');
    const place = placeOf(text, venue);
    if (place === 'unreadable') unreadable.push(file);
    else if (place !== undefined) index.push({ file, ...place });
  }
  const texts = async (epoch: number, kind: Indexed['kind']): Promise<BundleText[]> => Promise.all(
    index.filter((one) => one.epoch === epoch && one.kind === kind).map(async ({ file }) => ({ file, text: await readFile(file, 'utf8') })));
  return { unreadable, epoch: async (epoch) => ({ attestations: await texts(epoch, 'attestation'), stress: await texts(epoch, 'stress'), unreachable: [] }) };
}

/** Which epoch of this venue a text is about; undefined for what is no bundle, or another venue's. Nothing else is looked at here. */
function placeOf(text: string, venue: VenueLocation): Pick<Indexed, 'epoch' | 'kind'> | 'unreadable' | undefined {
  const kind = text.includes('clearproof-stress-attestation') ? 'stress' : text.includes('clearproof-attestation') ? 'attestation' : undefined;
  if (kind === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'unreadable';
  }
  const named = field(value, 'format');
  if (named !== 'clearproof-attestation' && named !== 'clearproof-stress-attestation') return undefined;
  const statement = kind === 'stress' ? field(value, 'statement') : value;
  const [epoch, place] = [field(statement, 'epoch'), field(statement, 'venue')];
  if (typeof epoch !== 'string' || !/^[1-9]\d{0,9}$/.test(epoch)) return 'unreadable';
  const registry = field(place, 'registry');
  const ours = field(place, 'venueId') === venue.venueId.toString() && typeof registry === 'string' && registry.toLowerCase() === venue.registry.toLowerCase();
  return ours ? { epoch: Number(epoch), kind } : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

async function filesIn(folder: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < DEEPEST) files.push(...await filesIn(path, depth + 1));
    else if (entry.isFile() && entry.name.endsWith('.json')) files.push(path);
    if (files.length > MOST_FILES) throw new BundleSourceError(`${folder} holds more than ${MOST_FILES} files: name the folder of this venue's bundles`, { source: folder });
  }
  return files;
}

/** A service tells an epoch's attestation at /v1/attestations/<epoch>; a 404 is an answer. */
function serverBundles(url: string): BundleSource {
  const addressOf = (epoch: number): string => (url.includes('{epoch}') ? url.replaceAll('{epoch}', String(epoch)) : `${url.replace(/\/+$/, '')}/v1/attestations/${epoch}`);
  return {
    unreadable: [],
    epoch: async (epoch) => {
      const file = addressOf(epoch);
      try {
        const text = await fetchText(file);
        return { attestations: text === undefined ? [] : [{ file, text }], stress: [], unreachable: [] };
      } catch (thrown) {
        return { attestations: [], stress: [], unreachable: [`${new URL(file).host}: ${messageOf(thrown)}`] };
      }
    },
  };
}

async function fetchText(url: string): Promise<string | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' } });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new BundleSourceError(`it answers ${answer.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    parts.push(part as Uint8Array);
    bytes += (part as Uint8Array).length;
    if (bytes > MOST_BYTES) throw new BundleSourceError(`it sends more than ${MOST_BYTES} bytes`);
  }
  return Buffer.concat(parts).toString('utf8');
}
