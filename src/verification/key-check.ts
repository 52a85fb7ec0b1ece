import type { Attestation } from '../attestation/attestation.js';
import type { CircuitKey, OnChainRecord } from '../attestation/on-chain-record.js';
import { circuitIdOf } from '../commitment/digest.js';
import { passKeyGates } from '../groth16/key-gates.js';
import { isInsecure, parseVerificationKey, verificationKeyHash, type VerificationKey } from '../groth16/verification-key.js';
import type { Evidence } from './evidence.js';
import { failed, passed, skipped, type Finding, type KeySecurity } from './report.js';

/** Hash of the verification key that the reader trusts for each circuit, by name: from a ceremony's manifest, say. Hex with 0x. */
export type TrustedKeyHashes = Readonly<Record<string, string>>;

export interface AttestedKey {
  readonly key: VerificationKey;
  readonly hash: string;
}

/** Parsed keys by circuit name. */
export type AttestedKeys = ReadonlyMap<string, AttestedKey>;

export const INSECURE_WARNING = 'INSECURE keys: anyone can forge proofs with them. They come from the one-party development set-up and serve tests and demos only.';

/** Parses and validates every key. @throws the errors of groth16/verification-key.ts, among them one for delta = generator */
export function readKeys(attestation: Attestation): AttestedKeys {
  return new Map(Object.entries(attestation.verificationKeys).map(([circuit, value]) => {
    const key = parseVerificationKey(value, `the key of ${circuit}`);
    return [circuit, { key, hash: verificationKeyHash(key) }];
  }));
}

/**
 * Each attested key is the one the registry verified with, a trusted one where the reader brought hashes, takes no forged proof, and
 * does not hide that its secrets are public.
 *
 * @throws the errors of passKeyGates
 */
export async function checkKeys(keys: AttestedKeys, record: OnChainRecord | undefined, trusted: TrustedKeyHashes | undefined): Promise<Finding> {
  for (const [circuit, { hash }] of keys) {
    const fault = (record === undefined ? undefined : recordFault(circuit, hash, record)) ?? trustFault(circuit, hash, trusted);
    if (fault !== undefined) return fault;
  }
  for (const [circuit, { key, hash }] of keys) await requireGates(circuit, key, hash);
  if (record === undefined && trusted === undefined) return skipped('none takes a forged proof, but there is no record and no list of trusted keys to compare with');
  const unknown = 'who could forge with what they kept of a set-up no key shows: hold them against a list of trusted keys';
  return passed(`${keys.size} keys${record === undefined ? '' : ', each the one the registry verifies with'}${trusted === undefined ? `; none takes a forged proof, but ${unknown}` : ', each trusted'}`);
}

/** Names of keys that passed: a venue's epochs come with the same keys again and again. */
const GATED = new Set<string>();
/** Keys remembered at most; a stranger can send any number. */
const MOST_GATED = 256;

async function requireGates(circuit: string, key: VerificationKey, hash: string): Promise<void> {
  const name = `${hash} ${key.security}`;
  if (GATED.has(name)) return;
  await passKeyGates(key, `of ${circuit}`);
  if (GATED.size >= MOST_GATED) GATED.clear();
  GATED.add(name);
}

/** Without an attestation: the hashes that the registry verified with against those the reader trusts. */
export function checkRecordedKeys(record: OnChainRecord, trusted: TrustedKeyHashes | undefined): Finding {
  if (trusted === undefined) return skipped('no attestation and no list of trusted keys: the registry verified with the keys it was made with');
  const nameOf = new Map(Object.keys(trusted).map((circuit) => [circuitIdOf(circuit), circuit]));
  for (const { circuitId, verificationKeyHash: hash } of keysOfRecord(record)) {
    const circuit = nameOf.get(circuitId);
    if (circuit === undefined) return failed(`the registry accepted circuit ${circuitId}, which has no trusted key`, 'KEY_UNTRUSTED');
    const fault = trustFault(circuit, hash, trusted);
    if (fault !== undefined) return fault;
  }
  return passed('the registry verifies with trusted keys only');
}

/**
 * Insecure if the registry or a key says so, or a key's secrets are known to be public. A label can be cut off a key, and secrets that
 * somebody kept leave no trace in it, so "not flagged" is no promise.
 */
export function keySecurityOf({ record, attestation }: Evidence, keys: AttestedKeys | undefined): KeySecurity {
  if (record !== undefined && keysOfRecord(record).some((one) => one.insecure)) return 'insecure';
  if (keys !== undefined && [...keys.values()].some(({ key }) => isInsecure(key))) return 'insecure';
  return record === undefined && attestation === undefined ? 'unknown' : 'not-flagged';
}

function keysOfRecord(record: OnChainRecord): readonly CircuitKey[] {
  return [...record.batchCircuits, ...record.partCircuits, record.closeCircuit];
}

/** Every batch names its key in the record, so a circuit can stand there many times. */
function recordFault(circuit: string, hash: string, record: OnChainRecord): Finding | undefined {
  const recorded = keysOfRecord(record).filter((one) => one.circuitId === circuitIdOf(circuit));
  if (recorded.length === 0) return failed(`the registry accepted nothing from ${circuit}`, 'KEY_MISMATCH');
  const other = recorded.find((one) => one.verificationKeyHash !== hash);
  if (other === undefined) return undefined;
  return failed(`the key of ${circuit} has hash ${hash}, the registry verifies with ${other.verificationKeyHash}: it was replaced`, 'KEY_MISMATCH');
}

function trustFault(circuit: string, hash: string, trusted: TrustedKeyHashes | undefined): Finding | undefined {
  if (trusted === undefined) return undefined;
  const known = Object.hasOwn(trusted, circuit) ? trusted[circuit] : undefined;
  if (known === undefined) return failed(`no trusted key is known for ${circuit}`, 'KEY_UNTRUSTED');
  return known === hash ? undefined : failed(`the key of ${circuit} has hash ${hash}, the trusted one has ${known}`, 'KEY_UNTRUSTED');
}
