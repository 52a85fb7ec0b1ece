import { readFile } from 'node:fs/promises';
import { getAddress, type Signer } from 'ethers';
import type { RecordSignature } from '../ceremony/ceremony-records.js';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { parseKeyManifest, type KeyManifest } from '../groth16/key-manifest-format.js';
import { keyPaths, KeyMissingError, sha256 } from '../groth16/key-manifest.js';
import { isSignedBy, recordSigner } from './record-signature.js';

/** A manifest is not signed by whom it should be, or its signature is no signature over it. */
export class KeySignatureError extends ClearproofError {
  readonly code = 'KEY_SIGNATURE';
}

const FORMAT = 'clearproof-keys-signature';
const VERSION = 1;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const SIGNATURE = /^0x[0-9a-f]{130}$/;
/** The file has some 250 bytes; a bound on what a hostile one makes this program read into memory twice. */
const MAX_LENGTH = 4_096;

/** What is signed, as a personal message (EIP-191). The words keep it from being a signature over anything else. */
function messageOver(manifest: Uint8Array): string {
  return `${FORMAT} ${sha256(manifest)}`;
}

/**
 * Signs the manifest of a key folder as it is; a signature that was there is replaced.
 *
 * @returns the signer's address and the manifest that was signed
 * @throws KeyMissingError, KeyManifestError
 */
export async function signKeyManifest(directory: string, signer: Signer): Promise<{ readonly address: string; readonly manifest: KeyManifest; readonly manifestSha256: string }> {
  const bytes = await readManifest(directory);
  // Nobody should put their name under what no program reads.
  const manifest = parseKeyManifest(new TextDecoder().decode(bytes), keyPaths.manifest(directory));
  const { address, signature } = await (await recordSigner(signer)).sign(messageOver(bytes));
  await writeFileAtomically(keyPaths.signature(directory), `${JSON.stringify({ format: FORMAT, version: VERSION, address, signature }, undefined, 1)}\n`);
  return { address, manifest, manifestSha256: sha256(bytes) };
}

/**
 * Who signed the manifest of a key folder; undefined where nobody did and nobody had to. A signature that is there must be good in
 * either case: one that is not says that the manifest was changed after somebody vouched for it.
 *
 * @param required address that must have signed, in any spelling
 * @returns the signer's address with its checksum
 * @throws KeySignatureError, KeyMissingError
 */
export async function checkManifestSignature(directory: string, required?: string): Promise<string | undefined> {
  const wanted = required === undefined ? undefined : addressOf(required);
  const file = keyPaths.signature(directory);
  const text = await readSignature(file);
  if (text === undefined) {
    if (wanted === undefined) return undefined;
    throw new KeySignatureError(`${file} is not there, and ${wanted} must have signed the manifest: get it with the keys, or sign them ("clearproof keys sign")`, { file, expected: wanted });
  }
  const { address, signature } = parseSignature(text, file);
  const manifest = keyPaths.manifest(directory);
  if (!isSignedBy(messageOver(await readManifest(directory)), { address, signature })) {
    throw new KeySignatureError(`${file} is no signature of ${address} over ${manifest}, which was changed since or is another: take both again from where they came from`, { file, manifest, address });
  }
  if (wanted === undefined || wanted === address) return address;
  throw new KeySignatureError(`${manifest} is signed by ${address} and must be by ${wanted}: take the keys that ${wanted} signed`, { file, actual: address, expected: wanted });
}

async function readManifest(directory: string): Promise<Uint8Array> {
  const file = keyPaths.manifest(directory);
  return readFile(file).catch((cause: unknown) => {
    throw new KeyMissingError(`${file} cannot be read: name a folder with keys and their manifest`, { file }, { cause });
  });
}

async function readSignature(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new KeySignatureError(`${file} cannot be read: ${messageOf(cause)}`, { file }, { cause });
  }
}

function parseSignature(text: string, file: string): RecordSignature {
  const wrong = (problem: string, cause?: unknown): KeySignatureError =>
    new KeySignatureError(`${file} ${problem}: take it again from where the keys came from, or sign them again ("clearproof keys sign")`, { file }, { cause });
  if (text.length > MAX_LENGTH) throw wrong('is too long for a signature');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong('is not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('must be an object');
  const { format, version, address, signature, ...surplus } = value as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw wrong(`has ${JSON.stringify(unknown.slice(0, 40))}, which means nothing here`);
  if (format !== FORMAT) throw wrong(`must have the format "${FORMAT}"`);
  if (version !== VERSION) throw wrong(`must have the version ${VERSION}`);
  if (typeof address !== 'string' || !ADDRESS.test(address)) throw wrong('lacks the signer\'s "address": 0x and 40 hex digits');
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) throw wrong('lacks a "signature": 0x and 130 lower-case hex digits');
  return { address, signature };
}

/** With its checksum; mixed case with another one is a mistyped address. */
function addressOf(text: string): string {
  try {
    return getAddress(text);
  } catch (cause) {
    throw new KeySignatureError(`${JSON.stringify(text.slice(0, 60))} is no address that can sign: it must be 0x and 40 hex digits, all lower-case or with their checksum`, { address: text }, { cause });
  }
}
