import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalSha256, canonicalText, type JsonValue } from '../../src/attestation/canonical-json.js';
import { parseStrictJson } from '../../src/attestation/strict-json.js';

const PLACE = { file: 'x.json' };
const parse = (text: string, most = 10_000): JsonValue => parseStrictJson(text, PLACE, most);

/** Any value with a canonical form; keys may be odd ones, `constructor` among them. */
const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }), fc.boolean(), fc.nat(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom('constructor', 'toString', '', '10', '9')), tie('value'), { maxKeys: 4, noNullPrototype: true })
      .filter((object) => !Object.hasOwn(object, '__proto__')),
  ),
}));

describe('canonical JSON', () => {
  it('sorts keys by code units, writes no white space and keeps integers as strings', () => {
    assert.equal(canonicalText({ b: ['2', true], a: { 'é': 'ü"\n', Z: 1 }, 10: '-7' }), '{"10":"-7","a":{"Z":1,"é":"ü\\"\\n"},"b":["2",true]}');
  });

  it('hashes the UTF-8 bytes of the canonical text, whatever the order of keys was', () => {
    // printf '%s' '{"a":"1","b":"2"}' | sha256sum
    assert.equal(canonicalSha256({ b: '2', a: '1' }), '21f76dfbfe6dfe21f762080ef484112cf2952974cef30741fd1931e1c6d92112');
  });

  it('reads back what it writes, and the canonical text of what it reads is that text', () => {
    fc.assert(fc.property(anyValue, (value) => {
      const text = canonicalText(value);
      assert.deepEqual(parse(text), value);
      assert.equal(canonicalText(parse(` ${JSON.stringify(JSON.parse(text), undefined, 1)}\n`)), text);
    }), { numRuns: 300 });
  });

  it('agrees with JSON.parse on every text that it accepts', () => {
    const noise = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '0', '-', '.', 'e', 'true', 'false', 'null', ' ', '\\'), { maxLength: 12 });
    let accepted = 0;
    fc.assert(fc.property(noise, (pieces) => {
      const text = pieces.join('');
      let value: JsonValue;
      try {
        value = parse(text);
      } catch {
        return;
      }
      accepted += 1;
      assert.deepEqual(value, JSON.parse(text));
    }), { numRuns: 3000, examples: [[['[', '1', ',', '0', ']']]] });
    assert.ok(accepted > 0);
  });

  for (const [name, value, place] of [
    ['a fraction', { a: [1.5] }, 'a[0]'],
    ['a negative number', { a: -1 }, 'a'],
    ['minus zero', { a: -0 }, 'a'],
    ['a number above 2^53', { a: 2 ** 53 }, 'a'],
    ['null', { a: { b: null } }, 'a.b'],
    ['a bigint', { a: 1n }, 'a'],
    ['undefined', { a: undefined }, 'a'],
    ['half a surrogate pair', { a: '\ud800' }, 'a'],
  ] as const) {
    it(`has no text for ${name}`, () => {
      assert.throws(() => canonicalText(value as unknown as JsonValue, PLACE), { code: 'NOT_CANONICAL', details: { file: 'x.json', field: place } });
    });
  }

  for (const [name, text, place, reason] of [
    ['an exponent', '{"a":1e3}', 'a', /1e3.*no plain count/],
    ['hex', '{"a":0x10}', undefined, /comma or "}" is missing/],
    ['minus zero', '{"a":-0}', 'a', /"-0"/],
    ['a fraction', '{"a":{"b":[0,1.0]}}', 'a.b[1]', /"1\.0"/],
    ['a leading zero', '{"a":01}', 'a', /"01"/],
    ['a number above 2^53', '{"a":9007199254740992}', 'a', /9007199254740992/],
    ['null', '{"a":null}', 'a', /is null/],
    ['NaN', '{"a":NaN}', 'a', /misspelt/],
    ['a key twice', '{"a":{"b":"1","b":"2"}}', 'a', /"b" stands twice/],
    ['a key twice in two spellings', '{"a":{"b":"1","\\u0062":"2"}}', 'a', /"b" stands twice/],
    ['__proto__', '{"a":{"__proto__":{}}}', 'a', /__proto__/],
    ['a control character in a text', '{"a":"x\ny"}', 'a', /not a JSON string/],
    ['an open quote', '{"a":"x\\"}', 'a', /not closed/],
    ['an unknown escape', '{"a":"\\x41"}', 'a', /not a JSON string/],
    ['a comma too many', '{"a":["1",]}', 'a[1]', /misspelt/],
    ['a key without a colon', '{"a" "1"}', 'a', /colon/],
    ['a key without quotes', '{a:"1"}', undefined, /quotes/],
    ['a second value', '{} {}', undefined, /follows the end/],
    ['nothing', '', undefined, /misspelt/],
    ['a byte order mark', '\ufeff{}', undefined, /misspelt/],
  ] as const) {
    it(`does not read ${name}, and says where it stands`, () => {
      assert.throws(() => parse(text), (error: { code?: string; details?: { field?: string }; message: string }) => {
        assert.equal(error.code, 'JSON_SYNTAX');
        assert.equal(error.details?.field, place);
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  it('does not read what is nested 10,000 levels deep', () => {
    assert.throws(() => parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, 100_000), { code: 'JSON_SIZE', message: /deeper than 16/ });
  });

  it('does not read a text longer than any bundle', () => {
    assert.throws(() => parse(' '.repeat(101), 100), { code: 'JSON_SIZE', message: /101 characters, at most 100/ });
  });

  it('leaves objects with the ordinary prototype alone', () => {
    assert.equal(Object.getPrototypeOf(parse('{"constructor":{"prototype":"1"}}')), Object.prototype);
    assert.equal(({} as Record<string, unknown>)['prototype'], undefined);
  });
});
