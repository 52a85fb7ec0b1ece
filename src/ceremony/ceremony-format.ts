import { LEAST_BEACON_ITERATIONS, MOST_BEACON_ITERATIONS } from '../groth16/contributions.js';
import { sha256 } from '../groth16/key-manifest.js';
import type {
  BeaconAnnouncement, BeaconValue, CeremonyPlan, ContributedCircuit, ContributionRecord, PhaseOneSource, PlannedCircuit, RecordSignature, ToolVersions, Transcript,
} from './ceremony-records.js';
import { BLAKE2B_DIGITS, CeremonyTextError, parseRecordText, SHA256_DIGITS, type RecordField } from './record-fields.js';

/** Folders are named by four digits. */
export const MOST_CONTRIBUTIONS = 9_998;
/** UTF-16 code units. snarkjs keeps so many of a contributor's name inside the key, which must say the same as the record. */
export const MOST_NAME_LENGTH = 64;
export const MOST_TITLE_LENGTH = 80;
/** Bytes of a file; a bound on what a hostile folder makes a reader hold. */
export const MOST_RECORD_BYTES = 2 ** 20;
export const MOST_TRANSCRIPT_BYTES = 2 ** 25;
/** What the beacon's record has as its contributor, and nobody else. */
export const BEACON_NAME = 'beacon';

const MOST_CIRCUITS = 256;
const MOST_CONSTRAINTS = 2 ** 28;
/** Powers of phase-1 files that snarkjs reads. */
const [LEAST_POWER, MOST_POWER] = [1, 28];
/** End of the year 9999, Unix seconds. */
const LAST_SECOND = 253_402_300_799;
const ID_DIGITS = 32;

/** Reads ceremony.json strictly. @throws CeremonyRecordError, CeremonyTextError */
export function parsePlan(text: string, file: string): CeremonyPlan {
  return inOneText(text, file, readPlan(parseRecordText(text, file)), planText);
}

/** Reads a contribution.json strictly. @throws CeremonyRecordError, CeremonyTextError */
export function parseContribution(text: string, file: string): ContributionRecord {
  return inOneText(text, file, readContribution(parseRecordText(text, file)), contributionText);
}

/** Reads beacon.json strictly. @throws CeremonyRecordError, CeremonyTextError */
export function parseAnnouncement(text: string, file: string): BeaconAnnouncement {
  return inOneText(text, file, readAnnouncement(parseRecordText(text, file)), announcementText);
}

/** Reads transcript.json strictly; whether its parts belong together is not asked here. @throws CeremonyRecordError, CeremonyTextError */
export function parseTranscript(text: string, file: string): Transcript {
  return inOneText(text, file, readTranscript(parseRecordText(text, file)), transcriptText);
}

/** The one text of a plan: members in the order of its type, one space of indentation a level, a line end. */
export function planText(plan: CeremonyPlan): string {
  return textOf(planJson(plan));
}

/** The one text of a record; as planText. */
export function contributionText(record: ContributionRecord): string {
  return textOf(contributionJson(record));
}

/** The one text of an announcement; as planText. */
export function announcementText(announcement: BeaconAnnouncement): string {
  return textOf(announcementJson(announcement));
}

/** The one text of a transcript; as planText. The records in it are those of the files, so their hashes can be taken again from it. */
export function transcriptText({ format, version, plan, planSha256, records, announcement, announcementSha256, keys }: Transcript): string {
  return textOf({
    format, version, plan: planJson(plan), planSha256,
    records: records.map((entry) => ({ sha256: entry.sha256, record: contributionJson(entry.record) })),
    announcement: announcementJson(announcement), announcementSha256,
    keys: keys.map(({ name, zkeySha256, verificationKeyHash }) => ({ name, zkeySha256, verificationKeyHash })),
  });
}

/** What a contributor signs, as a personal message (EIP-191): the hash of the record's text without the member `signature`. */
export function messageToSign(record: ContributionRecord): string {
  return `clearproof-contribution ${sha256(textOf(unsignedJson(record)))}`;
}

/** Whether the address in a signature signed a message. Handed in: this layer knows no chain's signatures. */
export type SignatureChecker = (message: string, signature: RecordSignature) => boolean;

/** A repeated member, another order or other white space would be a second text of the same record, with a second hash. */
function inOneText<Value>(text: string, file: string, value: Value, write: (value: Value) => string): Value {
  if (write(value) === text) return Object.freeze(value);
  throw new CeremonyTextError(
    `${file} is not written as this format is: the order of members, white space and line ends are fixed, for its hash is taken over its bytes; get the file again as it was published`,
    { file },
  );
}

function textOf(json: unknown): string {
  return `${JSON.stringify(json, undefined, 1)}\n`;
}

function readPlan(field: RecordField): CeremonyPlan {
  const at = field.members(['format', 'version', 'id', 'title', 'startedAt', 'phaseOne', 'circuits', 'minimumContributions', 'tools']);
  return {
    format: at('format').exactly('clearproof-ceremony'),
    version: at('version').exactly(1),
    id: at('id').hex(ID_DIGITS),
    title: at('title').visible(MOST_TITLE_LENGTH),
    startedAt: at('startedAt').integer(0, LAST_SECOND),
    phaseOne: readPhaseOne(at('phaseOne')),
    circuits: distinct(at('circuits').list(MOST_CIRCUITS, readPlannedCircuit), at('circuits')),
    minimumContributions: at('minimumContributions').integer(1, MOST_CONTRIBUTIONS),
    tools: readTools(at('tools')),
  };
}

function readPhaseOne(field: RecordField): PhaseOneSource {
  const at = field.members(['file', 'blake2b', 'power', 'published']);
  return { file: at('file').fileName(), blake2b: at('blake2b').hex(BLAKE2B_DIGITS), power: at('power').integer(LEAST_POWER, MOST_POWER), published: at('published').flag() };
}

function readPlannedCircuit(field: RecordField): PlannedCircuit {
  const at = field.members(['name', 'constraints', 'r1csSha256', 'circuitHash', 'initialSha256']);
  return {
    name: at('name').circuitName(), constraints: at('constraints').integer(1, MOST_CONSTRAINTS), r1csSha256: at('r1csSha256').hex(SHA256_DIGITS),
    circuitHash: at('circuitHash').hex(BLAKE2B_DIGITS), initialSha256: at('initialSha256').hex(SHA256_DIGITS),
  };
}

function readTools(field: RecordField): ToolVersions {
  const at = field.members(['clearproof', 'circom', 'snarkjs', 'solc', 'node']);
  const version = (name: string): string => at(name).visible(MOST_TITLE_LENGTH);
  return { clearproof: version('clearproof'), circom: version('circom'), snarkjs: version('snarkjs'), solc: version('solc'), node: version('node') };
}

function readContribution(field: RecordField): ContributionRecord {
  const at = field.members(['format', 'version', 'ceremony', 'index', 'kind', 'contributor', 'previous', 'madeAt', 'circuits'], ['beacon', 'signature']);
  const kind = at('kind').oneOf(['contribution', 'beacon']);
  const contributor = at('contributor').visible(MOST_NAME_LENGTH);
  if ((kind === 'beacon') !== (contributor.toLowerCase() === BEACON_NAME)) throw at('contributor').wrong(`must be "${BEACON_NAME}" for the beacon, and for nothing else`);
  if ((kind === 'beacon') !== at('beacon').isThere) throw at('beacon').wrong('must be there for the beacon, and for nothing else');
  return {
    format: at('format').exactly('clearproof-contribution'),
    version: at('version').exactly(1),
    ceremony: at('ceremony').hex(ID_DIGITS),
    // One more than contributions: the beacon's.
    index: at('index').integer(1, MOST_CONTRIBUTIONS + 1),
    kind,
    contributor: kind === 'beacon' ? BEACON_NAME : contributor,
    previous: at('previous').hex(SHA256_DIGITS),
    madeAt: at('madeAt').integer(0, LAST_SECOND),
    circuits: distinct(at('circuits').list(MOST_CIRCUITS, readContributedCircuit), at('circuits')),
    ...(at('beacon').isThere ? { beacon: readBeaconValue(at('beacon')) } : {}),
    ...(at('signature').isThere ? { signature: readSignature(at('signature')) } : {}),
  };
}

function readContributedCircuit(field: RecordField): ContributedCircuit {
  const at = field.members(['name', 'previousSha256', 'zkeySha256', 'contributionHash']);
  return {
    name: at('name').circuitName(), previousSha256: at('previousSha256').hex(SHA256_DIGITS), zkeySha256: at('zkeySha256').hex(SHA256_DIGITS),
    contributionHash: at('contributionHash').hex(BLAKE2B_DIGITS),
  };
}

function readBeaconValue(field: RecordField): BeaconValue {
  const at = field.members(['announcement', 'blockHash']);
  return { announcement: at('announcement').hex(SHA256_DIGITS), blockHash: at('blockHash').hex(SHA256_DIGITS) };
}

function readSignature(field: RecordField): RecordSignature {
  const at = field.members(['address', 'signature']);
  return { address: at('address').address(), signature: at('signature').signature() };
}

function readAnnouncement(field: RecordField): BeaconAnnouncement {
  const at = field.members(['format', 'version', 'ceremony', 'contributions', 'previous', 'chainId', 'block', 'newestBlock', 'newestBlockHash', 'iterations']);
  const block = at('block').integer(1, Number.MAX_SAFE_INTEGER);
  const newestBlock = at('newestBlock').integer(0, Number.MAX_SAFE_INTEGER);
  if (newestBlock >= block) throw at('newestBlock').wrong(`must be below block ${block}: that block was there when it was announced, and its hash could be chosen`);
  return {
    format: at('format').exactly('clearproof-beacon'),
    version: at('version').exactly(1),
    ceremony: at('ceremony').hex(ID_DIGITS),
    contributions: at('contributions').integer(1, MOST_CONTRIBUTIONS),
    previous: at('previous').hex(SHA256_DIGITS),
    chainId: at('chainId').integer(1, Number.MAX_SAFE_INTEGER),
    block,
    newestBlock,
    newestBlockHash: at('newestBlockHash').hex(SHA256_DIGITS),
    iterations: at('iterations').integer(LEAST_BEACON_ITERATIONS, MOST_BEACON_ITERATIONS),
  };
}

function readTranscript(field: RecordField): Transcript {
  const at = field.members(['format', 'version', 'plan', 'planSha256', 'records', 'announcement', 'announcementSha256', 'keys']);
  return {
    format: at('format').exactly('clearproof-transcript'),
    version: at('version').exactly(1),
    plan: readPlan(at('plan')),
    planSha256: at('planSha256').hex(SHA256_DIGITS),
    records: at('records').list(MOST_CONTRIBUTIONS + 1, (entry) => {
      const of = entry.members(['sha256', 'record']);
      return { sha256: of('sha256').hex(SHA256_DIGITS), record: readContribution(of('record')) };
    }),
    announcement: readAnnouncement(at('announcement')),
    announcementSha256: at('announcementSha256').hex(SHA256_DIGITS),
    keys: distinct(at('keys').list(MOST_CIRCUITS, (entry) => {
      const of = entry.members(['name', 'zkeySha256', 'verificationKeyHash']);
      return { name: of('name').circuitName(), zkeySha256: of('zkeySha256').hex(SHA256_DIGITS), verificationKeyHash: of('verificationKeyHash').keccak() };
    }), at('keys')),
  };
}

function distinct<Entry extends { readonly name: string }>(entries: readonly Entry[], field: RecordField): readonly Entry[] {
  const repeated = entries.find(({ name }, index) => entries.findIndex((other) => other.name === name) !== index);
  if (repeated !== undefined) throw field.wrong(`names circuit ${repeated.name} twice`);
  return entries;
}

function planJson({ format, version, id, title, startedAt, phaseOne, circuits, minimumContributions, tools }: CeremonyPlan): unknown {
  return {
    format, version, id, title, startedAt,
    phaseOne: { file: phaseOne.file, blake2b: phaseOne.blake2b, power: phaseOne.power, published: phaseOne.published },
    circuits: circuits.map(({ name, constraints, r1csSha256, circuitHash, initialSha256 }) => ({ name, constraints, r1csSha256, circuitHash, initialSha256 })),
    minimumContributions,
    tools: { clearproof: tools.clearproof, circom: tools.circom, snarkjs: tools.snarkjs, solc: tools.solc, node: tools.node },
  };
}

function contributionJson(record: ContributionRecord): unknown {
  const { signature } = record;
  return { ...unsignedJson(record), ...(signature === undefined ? {} : { signature: { address: signature.address, signature: signature.signature } }) };
}

function unsignedJson({ format, version, ceremony, index, kind, contributor, previous, madeAt, circuits, beacon }: ContributionRecord): object {
  return {
    format, version, ceremony, index, kind, contributor, previous, madeAt,
    circuits: circuits.map(({ name, previousSha256, zkeySha256, contributionHash }) => ({ name, previousSha256, zkeySha256, contributionHash })),
    ...(beacon === undefined ? {} : { beacon: { announcement: beacon.announcement, blockHash: beacon.blockHash } }),
  };
}

function announcementJson(announcement: BeaconAnnouncement): unknown {
  const { format, version, ceremony, contributions, previous, chainId, block, newestBlock, newestBlockHash, iterations } = announcement;
  return { format, version, ceremony, contributions, previous, chainId, block, newestBlock, newestBlockHash, iterations };
}
