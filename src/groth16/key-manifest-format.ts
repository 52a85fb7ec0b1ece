import { ClearproofError } from '../error/clearproof-error.js';
import { DEVELOPMENT_SECURITY, REHEARSAL_SECURITY } from './verification-key.js';
import type { ToolVersions } from './tool-versions.js';

/** manifest.json of a key folder: what its keys were made from, how, and what they hash to. SHA-256 in lower-case hex, keccak256 with 0x before it. */
export interface KeyManifest {
  readonly version: 2;
  /** What wrote it. */
  readonly tools: ToolVersions;
  /** By circuit name. */
  readonly keys: Readonly<Record<string, KeyRecord>>;
}

export interface KeyRecord {
  readonly r1csSha256: string;
  readonly wasmSha256: string;
  readonly zkeySha256: string;
  readonly vkeySha256: string;
  /** keccak256, as contracts and attestations name the key. */
  readonly verificationKeyHash: string;
  /** The label of the verification key, repeated for people who look here; follows from `ceremony`. */
  readonly security: string;
  /** Absent until the contracts are compiled, and for circuits that no registry takes. */
  readonly verifier?: VerifierCode;
  /** Absent for development keys. */
  readonly ceremony?: KeyCeremony;
}

/** keccak256 of a verifier contract's code. */
export interface VerifierCode {
  readonly contract: string;
  readonly creationCodeHash: string;
  /** Of what a chain has at the verifier's address. */
  readonly runtimeCodeHash: string;
}

/** How a key got its phase 2. */
export interface KeyCeremony {
  readonly id: string;
  readonly title: string;
  /** Contributions the plan asked for at least, the beacon not counted; 1 or more. */
  readonly minimumContributions: number;
  readonly phaseOne: PhaseOneSource;
  /** Of transcript.json. */
  readonly transcriptSha256: string;
  /** In order, the beacon not among them. */
  readonly contributions: readonly { readonly contributor: string; readonly hash: string }[];
  readonly beacon: {
    /** The announced block's hash, 64 hex digits. */
    readonly value: string;
    /** Hashing was repeated 2^iterations times. */
    readonly iterations: number;
    readonly hash: string;
  };
}

/** The phase 1 that keys were made from. */
export interface PhaseOneSource {
  /** File name, without folders. */
  readonly file: string;
  /** blake2b-512 of the whole file. */
  readonly blake2b: string;
  /** The file holds 2^power powers. */
  readonly power: number;
  /** Whether the published table names this hash. Recomputed by whoever relies on it; false makes INSECURE keys. */
  readonly published: boolean;
}

/** manifest.json is there but not what it must be. */
export class KeyManifestError extends ClearproofError {
  readonly code = 'KEY_MANIFEST';
}

const FORMAT = 'clearproof-keys';
const SHA256 = /^[0-9a-f]{64}$/;
const BLAKE2B = /^[0-9a-f]{128}$/;
const KECCAK256 = /^0x[0-9a-f]{64}$/;
const CIRCUIT = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** For people: something to see, and nothing that could hide or rearrange what stands beside it. */
const SHOWN = /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u;
const FILE_NAME = /^(?=.*\S)(?!\.+$)[^\p{C}\p{Zl}\p{Zp}/\\]{1,255}$/u;
const VERSION = /^[A-Za-z0-9.+-]{1,40}$/;
/** As in contributions.ts, which repeats the hashing. */
const [LEAST_ITERATIONS, MOST_ITERATIONS] = [10, 24];
/** More contributions than any ceremony had; a bound on the work a hostile file causes. */
const MOST_CONTRIBUTIONS = 10_000;

/** The label of a key: of the development set-up without a ceremony, INSECURE also over a phase 1 that nobody published. */
export function securityLabel(ceremony: KeyCeremony | undefined): string {
  if (ceremony === undefined) return DEVELOPMENT_SECURITY;
  if (!ceremony.phaseOne.published) return REHEARSAL_SECURITY;
  const { title, id, contributions, phaseOne } = ceremony;
  return `ceremony "${title}" (${id}): ${contributions.length} contribution${contributions.length === 1 ? '' : 's'} and a beacon over ${phaseOne.file}`;
}

/** Canonical: the same manifest has the same bytes wherever it is written. */
export function serializeKeyManifest({ tools, keys }: KeyManifest): string {
  const sorted = Object.keys(keys).sort().map((name) => [name, orderedRecord(keys[name] as KeyRecord)] as const);
  const { clearproof, circom, snarkjs, solc, node } = tools;
  const manifest = { format: FORMAT, version: 2, tools: { clearproof, circom, snarkjs, solc, node }, keys: Object.fromEntries(sorted) };
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

function orderedRecord({ r1csSha256, wasmSha256, zkeySha256, vkeySha256, verificationKeyHash, security, verifier, ceremony }: KeyRecord): KeyRecord {
  return {
    r1csSha256, wasmSha256, zkeySha256, vkeySha256, verificationKeyHash, security,
    ...(verifier === undefined ? {} : { verifier: orderedVerifier(verifier) }),
    ...(ceremony === undefined ? {} : { ceremony: orderedCeremony(ceremony) }),
  };
}

function orderedVerifier({ contract, creationCodeHash, runtimeCodeHash }: VerifierCode): VerifierCode {
  return { contract, creationCodeHash, runtimeCodeHash };
}

function orderedCeremony({ id, title, minimumContributions, phaseOne, transcriptSha256, contributions, beacon }: KeyCeremony): KeyCeremony {
  const { file, blake2b, power, published } = phaseOne;
  return {
    id, title, minimumContributions, phaseOne: { file, blake2b, power, published }, transcriptSha256,
    contributions: contributions.map(({ contributor, hash }) => ({ contributor, hash })),
    beacon: { value: beacon.value, iterations: beacon.iterations, hash: beacon.hash },
  };
}

/**
 * Reads a manifest strictly: nothing missing, nothing unknown, and every label is the one that follows from the key's ceremony. Browser-safe.
 *
 * @param file what the text is called in errors
 * @throws KeyManifestError naming file and field
 */
export function parseKeyManifest(text: string, file: string): KeyManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new KeyManifestError(`${file} is not JSON: take it again from where it came from, or delete it and run "make keys"`, { file }, { cause });
  }
  const whole = new Place(file, '', value);
  if (whole.has('version') && whole.get('version').value === 1) {
    throw new KeyManifestError(`${file} is a manifest of version 1, which is no longer read: run "make keys", which writes it again`, { file, field: 'version' });
  }
  whole.only(['format', 'version', 'tools', 'keys']);
  whole.get('format').equals(FORMAT);
  whole.get('version').equals(2);
  const tools = whole.get('tools').only(['clearproof', 'circom', 'snarkjs', 'solc', 'node']);
  const version = (name: keyof ToolVersions): string => tools.get(name).text(VERSION, 'a version');
  const keys = whole.get('keys');
  const records = keys.names().map((name) => {
    if (!CIRCUIT.test(name)) throw keys.refuse(`has "${name}", which is no circuit's name`);
    return [name, readRecord(keys.get(name))] as const;
  });
  return {
    version: 2,
    tools: { clearproof: version('clearproof'), circom: version('circom'), snarkjs: version('snarkjs'), solc: version('solc'), node: version('node') },
    keys: Object.fromEntries(records),
  };
}

function readRecord(place: Place): KeyRecord {
  const hashes = ['r1csSha256', 'wasmSha256', 'zkeySha256', 'vkeySha256'] as const;
  place.only([...hashes, 'verificationKeyHash', 'security'], ['verifier', 'ceremony']);
  const [r1csSha256, wasmSha256, zkeySha256, vkeySha256] = hashes.map((name) => place.get(name).text(SHA256, 'a SHA-256 in lower-case hex')) as [string, string, string, string];
  const ceremony = place.has('ceremony') ? readCeremony(place.get('ceremony')) : undefined;
  const security = place.get('security');
  security.equals(securityLabel(ceremony));
  return {
    r1csSha256, wasmSha256, zkeySha256, vkeySha256,
    verificationKeyHash: place.get('verificationKeyHash').text(KECCAK256, 'a keccak256 in lower-case hex with 0x'),
    security: security.value as string,
    ...(place.has('verifier') ? { verifier: readVerifier(place.get('verifier')) } : {}),
    ...(ceremony === undefined ? {} : { ceremony }),
  };
}

function readVerifier(place: Place): VerifierCode {
  place.only(['contract', 'creationCodeHash', 'runtimeCodeHash']);
  const hash = (name: string): string => place.get(name).text(KECCAK256, 'a keccak256 in lower-case hex with 0x');
  return {
    contract: place.get('contract').text(IDENTIFIER, 'a contract\'s name'), creationCodeHash: hash('creationCodeHash'), runtimeCodeHash: hash('runtimeCodeHash'),
  };
}

function readCeremony(place: Place): KeyCeremony {
  place.only(['id', 'title', 'minimumContributions', 'phaseOne', 'transcriptSha256', 'contributions', 'beacon']);
  const phaseOne = place.get('phaseOne').only(['file', 'blake2b', 'power', 'published']);
  const beacon = place.get('beacon').only(['value', 'iterations', 'hash']);
  return {
    id: place.get('id').text(/^[0-9a-f]{32}$/, '32 hex digits'),
    title: place.get('title').text(SHOWN, '1 to 80 characters that can be seen'),
    minimumContributions: place.get('minimumContributions').count(1, MOST_CONTRIBUTIONS),
    phaseOne: {
      file: phaseOne.get('file').text(FILE_NAME, 'a file name without folders'),
      blake2b: phaseOne.get('blake2b').text(BLAKE2B, 'a blake2b-512 in lower-case hex'),
      power: phaseOne.get('power').count(1, 28),
      published: phaseOne.get('published').flag(),
    },
    transcriptSha256: place.get('transcriptSha256').text(SHA256, 'a SHA-256 in lower-case hex'),
    contributions: place.get('contributions').list(MOST_CONTRIBUTIONS).map((one) => ({
      contributor: one.only(['contributor', 'hash']).get('contributor').text(SHOWN, '1 to 80 characters that can be seen'),
      hash: one.get('hash').text(BLAKE2B, 'a blake2b-512 in lower-case hex'),
    })),
    beacon: {
      value: beacon.get('value').text(SHA256, '64 lower-case hex digits'),
      iterations: beacon.get('iterations').count(LEAST_ITERATIONS, MOST_ITERATIONS),
      hash: beacon.get('hash').text(BLAKE2B, 'a blake2b-512 in lower-case hex'),
    },
  };
}

/** One value of the file, whose errors name its place. */
class Place {
  constructor(private readonly file: string, private readonly path: string, readonly value: unknown) {}

  refuse(problem: string): KeyManifestError {
    const where = this.path === '' ? this.file : `${this.file}: ${this.path}`;
    return new KeyManifestError(`${where} ${problem}: take the manifest again from where it came from, or delete it and run "make keys"`, { file: this.file, field: this.path });
  }

  /** An object with all members of `needed`, and no others but those of `allowed`. */
  only(needed: readonly string[], allowed: readonly string[] = []): this {
    const names = this.names();
    const missing = needed.find((name) => !names.includes(name));
    if (missing !== undefined) throw this.refuse(`lacks "${missing}"`);
    const surplus = names.find((name) => !needed.includes(name) && !allowed.includes(name));
    if (surplus !== undefined) throw this.refuse(`has "${surplus}", which means nothing here`);
    return this;
  }

  names(): readonly string[] {
    return Object.keys(this.record());
  }

  has(name: string): boolean {
    return Object.hasOwn(this.record(), name);
  }

  get(name: string): Place {
    return new Place(this.file, this.path === '' ? name : `${this.path}.${name}`, this.record()[name]);
  }

  list(most: number): readonly Place[] {
    if (!Array.isArray(this.value) || this.value.length > most) throw this.refuse(`must be an array of at most ${most}`);
    return this.value.map((item: unknown, index) => new Place(this.file, `${this.path}[${index}]`, item));
  }

  text(pattern: RegExp, what: string): string {
    if (typeof this.value !== 'string' || !pattern.test(this.value)) throw this.refuse(`must be ${what}`);
    return this.value;
  }

  count(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) throw this.refuse(`must be a whole number, ${least} to ${most}`);
    return value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.refuse('must be true or false');
    return this.value;
  }

  equals(expected: string | number): void {
    if (this.value !== expected) throw this.refuse(`must be ${JSON.stringify(expected)}`);
  }

  private record(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.refuse('must be an object');
    return this.value as Readonly<Record<string, unknown>>;
  }
}
