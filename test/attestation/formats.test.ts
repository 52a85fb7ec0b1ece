import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseAttestation, attestationSha256, attestationToJson, serializeAttestation } from '../../src/attestation/attestation-format.js';
import { canonicalText, type JsonValue } from '../../src/attestation/canonical-json.js';
import { onChainRecordToJson, parseOnChainRecord, serializeOnChainRecord } from '../../src/attestation/on-chain-record-format.js';
import { parseReceipt, receiptToJson, serializeReceipt } from '../../src/attestation/receipt-format.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { ALICE, bundlesOf, placeholderProofs, userEpoch } from '../builders/attestation.js';
import { allPlaces, withValue, without, type JsonPath } from '../builders/json-edits.js';

const { attestation, record, receipts } = bundlesOf(portablePoseidon, userEpoch(portablePoseidon), placeholderProofs(2));
const receipt = receipts[ALICE] as (typeof receipts)[number];

const SCHEMAS = 'src/attestation/schema';
const ajv = new Ajv2020({ strict: true, allErrors: false });
ajv.addSchema(readSchema('parts'));

function readSchema(name: string): object {
  return JSON.parse(readFileSync(`${SCHEMAS}/${name}.schema.json`, 'utf8')) as object;
}

interface Format {
  readonly name: string;
  readonly json: JsonValue;
  readonly parse: (text: string) => unknown;
  readonly schema: ValidateFunction;
}

const FORMATS: readonly Format[] = [
  { name: 'attestation', json: attestationToJson(attestation), parse: (text) => parseAttestation(text, 'in.json'), schema: ajv.compile(readSchema('attestation')) },
  { name: 'receipt', json: receiptToJson(receipt), parse: (text) => parseReceipt(text, 'in.json'), schema: ajv.compile(readSchema('receipt')) },
  { name: 'on-chain-record', json: onChainRecordToJson(record), parse: (text) => parseOnChainRecord(text, 'in.json'), schema: ajv.compile(readSchema('on-chain-record')) },
];

/** Code and place of what a parser throws. */
function refusalOf(parse: () => unknown): { code: string; field: string | undefined; message: string } | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    const { code, details, message } = error as { code: string; details: { file?: string; field?: string }; message: string };
    assert.equal(details.file, 'in.json', message);
    return { code, field: details.field, message };
  }
}

describe('bundle formats', () => {
  it('write what they read back: attestation, receipt and record are unchanged', () => {
    assert.deepEqual(parseAttestation(serializeAttestation(attestation)), attestation);
    assert.deepEqual(parseReceipt(serializeReceipt(receipt)), receipt);
    assert.deepEqual(parseOnChainRecord(serializeOnChainRecord(record)), record);
  });

  it('give an attestation one hash, whatever white space and order of keys its file has', () => {
    const json = attestationToJson(attestation) as Record<string, JsonValue>;
    const shuffled = JSON.stringify(Object.fromEntries(Object.entries(json).reverse()), undefined, 2);
    assert.notEqual(shuffled, serializeAttestation(attestation));
    assert.equal(attestationSha256(parseAttestation(shuffled)), attestationSha256(attestation));
  });

  it('refuse to write an address without its checksum', () => {
    const registry = record.registry.toLowerCase();
    assert.throws(() => serializeOnChainRecord({ ...record, registry }), { code: 'ADDRESS_CHECKSUM', details: { file: 'on-chain record', field: 'venue.registry' } });
    assert.throws(() => serializeReceipt({ ...receipt, venue: { ...receipt.venue, registry } }), { code: 'ADDRESS_CHECKSUM' });
  });

  it('refuse to write a key with a fraction in it, and name the place', () => {
    const verificationKeys = { ...attestation.verificationKeys, 'solvency-close-u8-s2': { nPublic: 0.5 } };
    assert.throws(() => serializeAttestation({ ...attestation, verificationKeys }), {
      code: 'NOT_CANONICAL', details: { file: 'attestation', field: 'verificationKeys.solvency-close-u8-s2.nPublic' },
    });
  });

  it('spell addresses as EIP-55 does', () => {
    for (const registry of ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359']) {
      assert.equal(parseOnChainRecord(serializeOnChainRecord({ ...record, registry })).registry, registry);
    }
  });
});

/** Values that no integer may be written as; I15, I16. */
const MISSPELT_INTEGERS = ['1e3', '0x10', '-0', '007', ' 1', '1 ', '1\n', '+1', '1.0', '1_000', '1,000', '', '١٢', '１', 'NaN', 'Infinity', '∞', `${'9'.repeat(200)}`];

for (const format of FORMATS) {
  describe(`the ${format.name} format`, () => {
    const parse = (json: JsonValue): unknown => format.parse(JSON.stringify(json));
    const places = allPlaces(format.json);
    const integers = places.filter(({ value }) => typeof value === 'string' && /^-?[0-9]+$/.test(value));

    /** Both refuse, the parser naming the place or one below it. Returns what the parser said. */
    const bothRefuse = (json: JsonValue, place: JsonPath): void => {
      assert.equal(format.schema(json), false, `the schema takes ${place.text}`);
      const refusal = refusalOf(() => parse(json));
      assert.ok(refusal !== undefined, `the parser takes ${place.text}`);
    };

    it('has a schema that takes what the parser takes', () => {
      assert.equal(format.schema(format.json), true, JSON.stringify(format.schema.errors));
      assert.ok(parse(format.json));
    });

    it('misses every field: schema and parser refuse, and the parser names it', () => {
      for (const place of places.filter(({ path }) => typeof path.at(-1) === 'string' && !insideKeys(path))) {
        const json = without(format.json, place.path);
        bothRefuse(json, place);
        const refusal = refusalOf(() => parse(json));
        assert.ok(refusal?.field?.startsWith(place.text) === true, `${place.text}: ${refusal?.message ?? ''}`);
      }
    });

    it('knows no further field anywhere', () => {
      for (const place of places.filter(({ value, path }) => isObjectValue(value) && !insideKeys(path))) {
        const json = withValue(format.json, [...place.path, 'surplus'], '1');
        bothRefuse(json, place);
        const refusal = refusalOf(() => parse(json));
        assert.equal(refusal?.field, place.text === '' ? 'surplus' : `${place.text}.surplus`);
        assert.equal(refusal.code, 'JSON_SHAPE');
      }
    });

    it('takes no value of another type', () => {
      for (const place of places.filter(({ path }) => path.length > 0 && !insideKeys(path.slice(0, -1)))) {
        for (const other of [7, true, [], {}, 'x']) {
          if (sameType(other, place.value) && other !== 'x') continue;
          if (other === 'x' && (typeof place.value === 'string' && !/^-?[0-9]+$/.test(place.value))) continue;
          bothRefuse(withValue(format.json, place.path, other), place);
        }
      }
    });

    for (const misspelt of MISSPELT_INTEGERS) {
      it(`takes no integer spelt ${JSON.stringify(misspelt.slice(0, 12))}`, () => {
        for (const place of integers) {
          const json = withValue(format.json, place.path, misspelt);
          bothRefuse(json, place);
          const refusal = refusalOf(() => parse(json));
          assert.equal(refusal?.field, place.text);
        }
      });
    }

    it('takes no JSON number for an integer, however large', () => {
      for (const place of integers) {
        const whole = withValue(format.json, place.path, 9_007_199_254_740_991);
        assert.equal(refusalOf(() => parse(whole))?.field, place.text);
        const beyond = canonicalText(withValue(format.json, place.path, 'PLACEHOLDER')).replace('"PLACEHOLDER"', '9007199254740993');
        const refusal = refusalOf(() => format.parse(beyond));
        assert.deepEqual([refusal?.code, refusal?.field], ['JSON_SYNTAX', place.text]);
      }
    });

    it('takes no field twice', () => {
      const text = JSON.stringify(format.json).replace('"epoch":"1"', '"epoch":"1","epoch":"2"');
      assert.deepEqual(refusalOf(() => format.parse(text))?.code, 'JSON_SYNTAX');
    });

    it('has no other version', () => {
      for (const version of [0, 2, '1', true]) {
        const json = withValue(format.json, ['version'], version);
        assert.deepEqual([format.schema(json), refusalOf(() => parse(json))?.code], [false, 'FORMAT_VERSION'], String(version));
      }
      assert.equal(refusalOf(() => parse(without(format.json, ['version'])))?.code, 'FORMAT_VERSION');
    });

    it('is not taken for another format', () => {
      for (const other of FORMATS.filter((one) => one !== format)) {
        assert.deepEqual([format.schema(other.json), refusalOf(() => parse(other.json))?.code], [false, 'WRONG_FORMAT'], other.name);
      }
    });

    it('has an address with a checksum', () => {
      const json = withValue(format.json, ['venue', 'registry'], record.registry.toLowerCase());
      assert.deepEqual(refusalOf(() => parse(json)), {
        code: 'ADDRESS_CHECKSUM', field: 'venue.registry',
        message: `in.json, field venue.registry: ${JSON.stringify(record.registry.toLowerCase().slice(0, 40))}`.replace(/"$/, '…" does not have its EIP-55 checksum: it may be mistyped, copy it from the source'),
      });
    });
  });
}

describe('bounds that parsers check and schemas cannot', () => {
  const p = FIELD_MODULUS.toString();
  const refused = (parse: (text: string) => unknown, json: JsonValue, path: readonly (string | number)[], value: JsonValue): unknown => {
    const refusal = refusalOf(() => parse(JSON.stringify(withValue(json, path, value))));
    return [refusal?.code, refusal?.field];
  };
  const inReceipt = (path: readonly (string | number)[], value: JsonValue): unknown => refused((text) => parseReceipt(text, 'in.json'), receiptToJson(receipt), path, value);
  const inAttestation = (path: readonly (string | number)[], value: JsonValue): unknown => refused((text) => parseAttestation(text, 'in.json'), attestationToJson(attestation), path, value);

  for (const [name, path, value, field] of [
    ['a sibling of p', ['path', 'siblings', 1, 14], p, 'path.siblings[1][14]'],
    ['a salt of p', ['salt'], p, 'salt'],
    ['an owner of p', ['owner'], p, 'owner'],
    ['a position behind the tree', ['path', 'position'], '256', 'path.position'],
    ['a path shorter than the depth', ['path', 'siblings'], receipt.path.siblings.slice(1).map((level) => level.map(String)), 'path.siblings'],
    ['a path longer than the depth', ['path', 'siblings'], [...receipt.path.siblings, receipt.path.siblings[0] ?? []].map((level) => level.map(String)), 'path.siblings'],
    ['16 siblings at a level', ['path', 'siblings', 0, 15], '0', 'path.siblings[0]'],
    ['more holdings than slots', ['slots'], '2', 'holdings'],
    ['a row twice', ['holdings', 1, 'index'], '0', 'holdings[1].index'],
    ['an index beyond 16 bits', ['holdings', 2, 'index'], '65536', 'holdings[2].index'],
    ['a quantity of 2^64', ['holdings', 0, 'quantity'], (2n ** 64n).toString(), 'holdings[0].quantity'],
    ['a quantity below -2^64', ['holdings', 0, 'quantity'], (-(2n ** 64n) - 1n).toString(), 'holdings[0].quantity'],
    ['a quantity of 0', ['holdings', 0, 'quantity'], '0', 'holdings[0].quantity'],
    ['a sub-account of 2^32', ['subAccount'], '4294967296', 'subAccount'],
    ['an epoch of 2^32', ['epoch'], '4294967296', 'epoch'],
    ['epoch 0', ['epoch'], '0', 'epoch'],
    ['a hash in capitals', ['attestation', 'sha256'], 'A'.repeat(64), 'attestation.sha256'],
    ['a place with a line break', ['attestation', 'location'], 'a\nb', 'attestation.location'],
  ] as const) {
    it(`a receipt is refused with ${name}`, () => {
      assert.deepEqual(inReceipt(path, value as JsonValue), ['JSON_SHAPE', field]);
    });
  }

  for (const [name, path, value, code] of [
    ['a mark of 2^47', ['market', 'rows', 1, 'mark'], (2n ** 47n).toString(), 'MARKET_RANGE'],
    ['a negative charge', ['market', 'rows', 1, 'longCharge'], '-1', 'MARKET_RANGE'],
    ['a P&L of -2^47', ['market', 'rows', 3, 'pnl', 0], (-(2n ** 47n)).toString(), 'MARKET_RANGE'],
  ] as const) {
    it(`a receipt is refused with ${name} in its table`, () => {
      const refusal = inReceipt(path, value) as readonly string[];
      assert.equal(refusal[0], code);
      assert.match(refusal[1] ?? '', /^market\.rows\[[13]\]\./);
    });
  }

  it('a receipt is refused with a user id that looks like another', () => {
    assert.deepEqual(inReceipt(['userId'], 'a\u200bb'), ['USER_ID', 'userId']);
  });

  for (const [name, path, value, field] of [
    ['an accumulator of p', ['batches', 0, 'accumulatorAfter'], p, 'batches[0].accumulatorAfter'],
    ['a word of 2^128', ['words', 1], (2n ** 128n).toString(), 'words[1]'],
    ['an odd number of words', ['words'], ['1'], 'words'],
    ['no batch', ['batches'], [], 'batches'],
    ['a batch whose circuit has no key', ['batches', 0, 'circuit'], 'solvency-batch-n16-k4-s2', 'verificationKeys.solvency-batch-n16-k4-s2'],
    ['a key that no proof needs', ['verificationKeys', 'constructor'], {}, 'verificationKeys.constructor'],
    ['a coordinate of q', ['close', 'proof', 'b', 1, 0], '21888242871839275222246405745257275088696311157297823662689037894645226208583', 'close.proof.b[1][0]'],
  ] as const) {
    it(`an attestation is refused with ${name}`, () => {
      assert.deepEqual(inAttestation(path, value as JsonValue), ['JSON_SHAPE', field]);
    });
  }
});

function isObjectValue(value: JsonValue): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

function sameType(one: JsonValue, other: JsonValue): boolean {
  return typeof one === typeof other && Array.isArray(one) === Array.isArray(other);
}

/** What is inside a verification key is read by groth16/verification-key.ts, not by the format. */
function insideKeys(path: readonly (string | number)[]): boolean {
  return path[0] === 'verificationKeys' && path.length > 1;
}
