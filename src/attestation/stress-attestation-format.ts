import { attestationToJson, ATTESTATION_FIELDS, MAX_ATTESTATION_LENGTH, readAttestation } from './attestation-format.js';
import { FORMAT_VERSION } from './attestation.js';
import { canonicalText, type JsonObjectValue } from './canonical-json.js';
import { isObject, openEnvelope } from './format-fields.js';
import type { StressAttestation } from './stress-attestation.js';

export const STRESS_ATTESTATION_FORMAT = 'clearproof-stress-attestation';

const NAME = /^[a-z0-9-]{1,24}$/;
const NAME_RULE = '1 to 24 characters of a-z 0-9 -';
const VERSION = /^[1-9][0-9]{0,3}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Room for the head. */
const MAX_LENGTH = MAX_ATTESTATION_LENGTH + 4_096;

/** Canonical text. @throws NotCanonicalError, AddressChecksumError */
export function serializeStressAttestation({ stress, epochAttestation, statement }: StressAttestation): string {
  const inner: Record<string, JsonObjectValue[string]> = { ...attestationToJson(statement) };
  // The outer head says what the file is; an inner one would let the part be cut out as it stands.
  delete inner['format'];
  delete inner['version'];
  return canonicalText({
    format: STRESS_ATTESTATION_FORMAT, version: FORMAT_VERSION,
    stress: { set: stress.set, setVersion: stress.setVersion, scenario: stress.scenario }, epochAttestation, statement: inner,
  }, { file: 'stress attestation' });
}

/** Reads a stress attestation strictly, as parseAttestation does. Browser-safe. @throws as parseAttestation */
export function parseStressAttestation(text: string, file = 'stress attestation'): StressAttestation {
  const { fields, raw } = openEnvelope(text, { file }, STRESS_ATTESTATION_FORMAT, ['stress', 'epochAttestation', 'statement'], MAX_LENGTH);
  const stress = fields.field('stress').object(['set', 'setVersion', 'scenario']);
  const statement = fields.field('statement');
  const inner = raw['statement'];
  if (!isObject(inner)) throw statement.refuse('expected an object, the fields of an attestation');
  return Object.freeze({
    stress: Object.freeze({
      set: stress.field('set').textLike(NAME, NAME_RULE), setVersion: stress.field('setVersion').textLike(VERSION, 'a whole number from 1 to 9999'),
      scenario: stress.field('scenario').textLike(NAME, NAME_RULE),
    }),
    epochAttestation: fields.field('epochAttestation').textLike(SHA256, 'a SHA-256 of 64 lower-case hex digits'),
    statement: readAttestation(statement.object(ATTESTATION_FIELDS), inner),
  });
}
