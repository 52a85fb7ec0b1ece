import type { JsonNode } from '../venue/json-node.js';
import { MAX_UNIX_SECONDS, MAX_VALUE_SCALE } from '../risk/table-rules.js';
import { FORMAT_VERSION } from './attestation.js';
import { canonicalText, type JsonObjectValue, type JsonValue } from './canonical-json.js';
import { openEnvelope, readElement, readEpoch, readVenue, readWords, textsOf, venueToJson } from './format-fields.js';
import type { CircuitKey, OnChainRecord } from './on-chain-record.js';

export const ON_CHAIN_RECORD_FORMAT = 'clearproof-on-chain-record';

const FIELDS = [
  'venue', 'epoch', 'base', 'marketCommitment', 'genesisAccumulator', 'finalAccumulator', 'accountsRoot', 'accountsBound',
  'unhealthyBound', 'shortfall', 'words', 'snapshotTime', 'acceptedAt', 'marketTime', 'valueScale', 'covered', 'batchCircuits', 'partCircuits', 'closeCircuit',
];
const KEY_FIELDS = ['circuitId', 'verificationKeyHash', 'insecure'];
const MAX_BATCHES = 2 ** 16;
/** Parts of 16 rows over the largest table. */
const MAX_PARTS = 2 ** 8;
const MAX_LENGTH = 2 ** 25;
const HASH = /^0x[0-9a-f]{64}$/;

export function onChainRecordToJson(record: OnChainRecord): JsonObjectValue {
  return {
    format: ON_CHAIN_RECORD_FORMAT,
    version: FORMAT_VERSION,
    venue: venueToJson(record, { file: 'on-chain record' }),
    epoch: record.epoch.toString(),
    base: record.base.toString(),
    marketCommitment: record.marketCommitment.toString(),
    genesisAccumulator: record.genesisAccumulator.toString(),
    finalAccumulator: record.finalAccumulator.toString(),
    accountsRoot: record.accountsRoot.toString(),
    accountsBound: record.accountsBound.toString(),
    unhealthyBound: record.unhealthyBound.toString(),
    shortfall: record.shortfall.toString(),
    words: textsOf(record.words),
    snapshotTime: record.snapshotTime.toString(),
    acceptedAt: record.acceptedAt.toString(),
    marketTime: record.marketTime.toString(),
    valueScale: record.valueScale.toString(),
    covered: record.covered,
    batchCircuits: record.batchCircuits.map(circuitKeyToJson),
    partCircuits: record.partCircuits.map(circuitKeyToJson),
    closeCircuit: circuitKeyToJson(record.closeCircuit),
  };
}

/** Canonical text of a record. @throws NotCanonicalError, AddressChecksumError */
export function serializeOnChainRecord(record: OnChainRecord): string {
  return canonicalText(onChainRecordToJson(record), { file: 'on-chain record' });
}

/**
 * Reads a saved record strictly. Browser-safe. A saved record is worth what its source is worth: it proves nothing by itself.
 *
 * @param file name for messages
 * @throws WrongFormatError, FormatVersionError, JsonSizeError, JsonSyntaxError, JsonShapeError, AddressChecksumError
 */
export function parseOnChainRecord(text: string, file = 'on-chain record'): OnChainRecord {
  const { fields, raw } = openEnvelope(text, { file }, ON_CHAIN_RECORD_FORMAT, FIELDS, MAX_LENGTH);
  const element = (name: string): bigint => readElement(fields.field(name));
  const batchCircuits = fields.field('batchCircuits').list({ atLeast: 1, atMost: MAX_BATCHES });
  const rawBatchCircuits = raw['batchCircuits'] as readonly JsonValue[];
  const partCircuits = fields.field('partCircuits').list({ atMost: MAX_PARTS });
  const rawPartCircuits = raw['partCircuits'] as readonly JsonValue[];
  return Object.freeze({
    ...readVenue(fields.field('venue')),
    epoch: readEpoch(fields.field('epoch')),
    base: element('base'),
    marketCommitment: element('marketCommitment'),
    genesisAccumulator: element('genesisAccumulator'),
    finalAccumulator: element('finalAccumulator'),
    accountsRoot: element('accountsRoot'),
    accountsBound: element('accountsBound'),
    unhealthyBound: element('unhealthyBound'),
    shortfall: element('shortfall'),
    words: readWords(fields.field('words')),
    snapshotTime: fields.field('snapshotTime').integer(0, MAX_UNIX_SECONDS),
    acceptedAt: fields.field('acceptedAt').integer(0, MAX_UNIX_SECONDS),
    marketTime: fields.field('marketTime').integer(0, MAX_UNIX_SECONDS),
    valueScale: fields.field('valueScale').integer(0, MAX_VALUE_SCALE),
    covered: readFlag(fields.field('covered'), raw['covered']),
    batchCircuits: Object.freeze(batchCircuits.map((node, place) => readCircuitKey(node, rawBatchCircuits[place]))),
    partCircuits: Object.freeze(partCircuits.map((node, place) => readCircuitKey(node, rawPartCircuits[place]))),
    closeCircuit: readCircuitKey(fields.field('closeCircuit'), raw['closeCircuit']),
  });
}

function circuitKeyToJson({ circuitId, verificationKeyHash, insecure }: CircuitKey): JsonObjectValue {
  return { circuitId: circuitId.toString(), verificationKeyHash, insecure };
}

/** JsonNode reads no booleans, so the raw value comes beside it. */
function readCircuitKey(node: JsonNode, raw: JsonValue | undefined): CircuitKey {
  const fields = node.object(KEY_FIELDS);
  return Object.freeze({
    circuitId: readElement(fields.field('circuitId')),
    verificationKeyHash: fields.field('verificationKeyHash').textLike(HASH, 'a hash: 0x and 64 lower-case hex digits'),
    insecure: readFlag(fields.field('insecure'), (raw as JsonObjectValue)['insecure']),
  });
}

function readFlag(node: JsonNode, value: JsonValue | undefined): boolean {
  if (typeof value !== 'boolean') throw node.refuse('is not a truth value: write true or false, without quotes');
  return value;
}
