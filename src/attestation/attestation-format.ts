import { proofToJson } from '../groth16/proof-json.js';
import { marketTableFromJson, marketTableToJson } from '../risk/market-table-json.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import { FORMAT_VERSION, type AttestedBatch, type AttestedClose, type AttestedPart, type AttestedParts, type Attestation } from './attestation.js';
import { canonicalText, sha256OfText, type JsonObjectValue, type JsonValue } from './canonical-json.js';
import {
  openEnvelope, readCircuitName, readDepth, readElement, readEpoch, readProof, readVenue, readWords, textsOf, venueToJson,
} from './format-fields.js';
import { readVerificationKeys } from './verification-keys-field.js';

export const ATTESTATION_FORMAT = 'clearproof-attestation';

export const ATTESTATION_FIELDS = ['venue', 'epoch', 'depth', 'market', 'genesisAccumulator', 'batches', 'close', 'words', 'verificationKeys'];
const CLOSE_FIELDS = ['circuit', 'proof', 'accountsRoot', 'accountsBound', 'unhealthyBound', 'shortfall', 'parts'];
const MAX_BATCHES = 2 ** 16;
/** Parts of 16 rows over the largest table. */
const MAX_PARTS = 2 ** 8;
/** 2^16 batches of about 900 characters, the largest table, and keys. */
export const MAX_ATTESTATION_LENGTH = 2 ** 27;

export function attestationToJson(attestation: Attestation): JsonObjectValue {
  const { batches, close, verificationKeys } = attestation;
  return {
    format: ATTESTATION_FORMAT,
    version: FORMAT_VERSION,
    venue: venueToJson(attestation.venue, { file: 'attestation' }),
    epoch: attestation.epoch.toString(),
    depth: attestation.depth.toString(),
    market: { ...marketTableToJson(attestation.market) } as unknown as JsonObjectValue,
    genesisAccumulator: attestation.genesisAccumulator.toString(),
    batches: batches.map((batch) => ({
      circuit: batch.circuit, proof: { ...proofToJson(batch.proof) }, accumulatorAfter: batch.accumulatorAfter.toString(),
    })),
    close: {
      circuit: close.circuit,
      proof: { ...proofToJson(close.proof) },
      accountsRoot: close.accountsRoot.toString(),
      accountsBound: close.accountsBound.toString(),
      unhealthyBound: close.unhealthyBound.toString(),
      shortfall: close.shortfall.toString(),
      ...(close.parts === undefined ? {} : { parts: partsToJson(close.parts) }),
    },
    words: textsOf(attestation.words),
    // canonicalText refuses what is no JSON of ours, naming the place.
    verificationKeys: verificationKeys as Readonly<Record<string, JsonValue>>,
  };
}

function partsToJson({ tableStart, proofs }: AttestedParts): JsonObjectValue {
  return {
    tableStart: tableStart.toString(),
    proofs: proofs.map((part) => ({ circuit: part.circuit, proof: { ...proofToJson(part.proof) }, tableAfter: part.tableAfter.toString() })),
  };
}

/** Canonical text of an attestation: what is served, and what the hash is over. @throws NotCanonicalError, AddressChecksumError */
export function serializeAttestation(attestation: Attestation): string {
  return canonicalText(attestationToJson(attestation), { file: 'attestation' });
}

/** SHA-256 of the canonical text: 64 lower-case hex digits. Receipts name it. */
export function attestationSha256(attestation: Attestation): string {
  return sha256OfText(serializeAttestation(attestation));
}

/**
 * Reads an attestation strictly: every error names the JSON path. Browser-safe. Shapes and ranges only: proofs, keys and
 * figures are verification's part.
 *
 * @param file name for messages
 * @throws WrongFormatError, FormatVersionError, JsonSizeError, JsonSyntaxError, JsonShapeError, AddressChecksumError, the errors
 *   of risk/market-errors.ts for the table and of groth16/verification-key.ts for the keys
 */
export function parseAttestation(text: string, file = 'attestation'): Attestation {
  const { fields, raw } = openEnvelope(text, { file }, ATTESTATION_FORMAT, ATTESTATION_FIELDS, MAX_ATTESTATION_LENGTH);
  return readAttestation(fields, raw);
}

/** The fields of an attestation, also where they stand inside another file. */
export function readAttestation(fields: JsonObject, raw: JsonObjectValue): Attestation {
  const market = fields.field('market');
  const batches = fields.field('batches').list({ atLeast: 1, atMost: MAX_BATCHES }).map(readBatch);
  const close = readClose(fields.field('close'));
  const parts = close.parts?.proofs ?? [];
  const circuits = new Set([...batches, ...parts, close].map(({ circuit }) => circuit));
  return Object.freeze({
    venue: readVenue(fields.field('venue')),
    epoch: readEpoch(fields.field('epoch')),
    depth: readDepth(fields.field('depth')),
    market: marketTableFromJson(raw['market'], market.place),
    genesisAccumulator: readElement(fields.field('genesisAccumulator')),
    batches: Object.freeze(batches),
    close,
    words: readWords(fields.field('words')),
    verificationKeys: readVerificationKeys(fields.field('verificationKeys'), raw['verificationKeys'], circuits),
  });
}

function readBatch(node: JsonNode): AttestedBatch {
  const fields = node.object(['circuit', 'proof', 'accumulatorAfter']);
  return Object.freeze({
    circuit: readCircuitName(fields.field('circuit')),
    proof: readProof(fields.field('proof')),
    accumulatorAfter: readElement(fields.field('accumulatorAfter')),
  });
}

function readClose(node: JsonNode): AttestedClose {
  const fields = node.object(CLOSE_FIELDS);
  return Object.freeze({
    circuit: readCircuitName(fields.field('circuit')),
    proof: readProof(fields.field('proof')),
    accountsRoot: readElement(fields.field('accountsRoot')),
    accountsBound: readElement(fields.field('accountsBound')),
    unhealthyBound: readElement(fields.field('unhealthyBound')),
    shortfall: readElement(fields.field('shortfall')),
    parts: readParts(fields.optional('parts')),
  });
}

function readParts(node: JsonNode | undefined): AttestedParts | undefined {
  if (node === undefined) return undefined;
  const fields = node.object(['tableStart', 'proofs']);
  return Object.freeze({
    tableStart: readElement(fields.field('tableStart')),
    proofs: Object.freeze(fields.field('proofs').list({ atLeast: 1, atMost: MAX_PARTS }).map(readPart)),
  });
}

function readPart(node: JsonNode): AttestedPart {
  const fields = node.object(['circuit', 'proof', 'tableAfter']);
  return Object.freeze({
    circuit: readCircuitName(fields.field('circuit')),
    proof: readProof(fields.field('proof')),
    tableAfter: readElement(fields.field('tableAfter')),
  });
}
