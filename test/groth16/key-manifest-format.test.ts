import assert from 'node:assert/strict';
import { parseKeyManifest, securityLabel, serializeKeyManifest, type KeyCeremony, type KeyManifest, type KeyRecord } from '../../src/groth16/key-manifest-format.js';

const hex = (digit: string, length: number): string => digit.repeat(length);
const ceremony: KeyCeremony = {
  id: hex('a', 32), title: 'Spring ceremony', minimumContributions: 2,
  phaseOne: { file: 'powersOfTau28_hez_final_20.ptau', blake2b: hex('b', 128), power: 20, published: true },
  transcriptSha256: hex('c', 64),
  contributions: [{ contributor: 'Ada', hash: hex('1', 128) }, { contributor: 'Zoë', hash: hex('2', 128) }],
  beacon: { value: hex('d', 64), iterations: 10, hash: hex('3', 128) },
};
const record: KeyRecord = {
  r1csSha256: hex('4', 64), wasmSha256: hex('5', 64), zkeySha256: hex('6', 64), vkeySha256: hex('7', 64), verificationKeyHash: `0x${hex('8', 64)}`,
  security: securityLabel(ceremony), verifier: { contract: 'BVerifier', creationCodeHash: `0x${hex('9', 64)}`, runtimeCodeHash: `0x${hex('0', 64)}` }, ceremony,
};
const manifest: KeyManifest = {
  version: 2, tools: { clearproof: '0.1.0', circom: '0.2.23', snarkjs: '0.7.6', solc: '0.8.37', node: 'v20.19.0' },
  keys: { b: record, a: { r1csSha256: hex('4', 64), wasmSha256: hex('5', 64), zkeySha256: hex('6', 64), vkeySha256: hex('7', 64), verificationKeyHash: record.verificationKeyHash, security: securityLabel(undefined) } },
};

type Json = Record<string, unknown>;

/** The manifest's JSON with the member at `path` set, or taken away. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const json = JSON.parse(serializeKeyManifest(manifest)) as Json;
  const last = path.at(-1) as string;
  const parent = path.slice(0, -1).reduce<Json>((at, name) => at[name] as Json, json);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return JSON.stringify(json);
}

describe('the manifest of keys', () => {
  it('reads what it writes, and writes the same bytes whatever the order of entries and members', () => {
    const text = serializeKeyManifest(manifest);
    assert.deepEqual(parseKeyManifest(text, 'm'), manifest);
    const reversed = (value: unknown): unknown => typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)])) : value;
    assert.equal(serializeKeyManifest(reversed(manifest) as KeyManifest), text);
  });

  it('labels a key by its ceremony: INSECURE without one, and over a phase 1 that nobody published', () => {
    assert.equal(securityLabel(ceremony), `ceremony "Spring ceremony" (${hex('a', 32)}): 2 contributions and a beacon over powersOfTau28_hez_final_20.ptau`);
    assert.match(securityLabel(undefined), /^INSECURE development key: /);
    assert.match(securityLabel({ ...ceremony, phaseOne: { ...ceremony.phaseOne, published: false } }), /^INSECURE rehearsal key: /);
  });

  const bad: readonly (readonly [title: string, path: readonly (string | number)[], value: unknown, problem: RegExp])[] = [
    ['of another format', ['format'], 'other', /format must be "clearproof-keys"/],
    ['of a later version', ['version'], 3, /version must be 2/],
    ['without its tools', ['tools'], undefined, /lacks "tools"/],
    ['with a tool that has no version', ['tools', 'solc'], '', /tools\.solc must be a version/],
    ['with a member nobody knows', ['keys', 'b', 'trusted'], true, /keys\.b has "trusted", which means nothing here/],
    ['with an entry that is no circuit', ['keys', '../b'], {}, /keys has "\.\.\/b", which is no circuit's name/],
    ['without the hash of a proving key', ['keys', 'b', 'zkeySha256'], undefined, /keys\.b lacks "zkeySha256"/],
    ['with a hash in capitals', ['keys', 'b', 'r1csSha256'], hex('A', 64), /keys\.b\.r1csSha256 must be a SHA-256/],
    ['with a short verifier hash', ['keys', 'b', 'verifier', 'runtimeCodeHash'], '0x12', /runtimeCodeHash must be a keccak256/],
    ['whose label hides that a key has no ceremony', ['keys', 'a', 'security'], record.security, /keys\.a\.security must be "INSECURE development key/],
    ['whose label counts more contributions than there are', ['keys', 'b', 'security'], record.security.replace('2 contributions', '3 contributions'), /keys\.b\.security must be "ceremony/],
    ['whose label hides that the phase 1 is nobody\'s', ['keys', 'b', 'ceremony', 'phaseOne', 'published'], false, /keys\.b\.security must be "INSECURE rehearsal/],
    ['of a ceremony that asks for no contribution', ['keys', 'b', 'ceremony', 'minimumContributions'], 0, /minimumContributions must be a whole number, 1 to/],
    ['of a ceremony without a beacon', ['keys', 'b', 'ceremony', 'beacon'], undefined, /keys\.b\.ceremony lacks "beacon"/],
    ['of a beacon hashed too few times', ['keys', 'b', 'ceremony', 'beacon', 'iterations'], 9, /iterations must be a whole number, 10 to 24/],
    ['of a contributor with a hidden name', ['keys', 'b', 'ceremony', 'contributions', 0, 'contributor'], 'Ada\u202e', /contributions\[0\]\.contributor must be 1 to 80 characters/],
    ['of a phase 1 in some folder', ['keys', 'b', 'ceremony', 'phaseOne', 'file'], '/etc/x.ptau', /phaseOne\.file must be a file name without folders/],
    ['whose contributions are no list', ['keys', 'b', 'ceremony', 'contributions'], {}, /contributions must be an array/],
  ];
  for (const [title, path, value, problem] of bad) {
    it(`is refused ${title}, by file and field`, () => {
      assert.throws(() => parseKeyManifest(changed(path, value), 'm.json'), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'KEY_MANIFEST');
        assert.ok(error.message.startsWith('m.json'), error.message);
        assert.match(error.message, problem);
        return true;
      });
    });
  }

  it('of version 1 is refused with what to do', () => {
    assert.throws(() => parseKeyManifest('{"version":1,"keys":{}}', 'm.json'), { code: 'KEY_MANIFEST', message: /m\.json is a manifest of version 1.*run "make keys", which writes it again/ });
  });
});
