import assert from 'node:assert/strict';
import { readSections, writeSections } from '../../src/groth16/binary-file.js';
import { requirePublishedCeremony, requireRecordedContributions } from '../../src/groth16/ceremony-gate.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { securityLabel, type KeyCeremony, type KeyRecord } from '../../src/groth16/key-manifest-format.js';
import { verificationKeyHash } from '../../src/groth16/verification-key.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { makeCeremonyKey, type CeremonyKey } from '../builders/ceremony-key.js';
import { productCircuit } from './tiny-circuits.js';

describe('a key and the ceremony that its manifest names', () => {
  let key: CeremonyKey;
  let other: CeremonyKey;
  before(async () => {
    const circuit = await productCircuit();
    [key, other] = [await makeCeremonyKey(circuit, ['Ada', 'Zoë']), await makeCeremonyKey(circuit, ['Ada', 'Zoë'])];
  });
  after(releaseCurves);

  function recordOf({ zkey }: CeremonyKey, ceremony: KeyCeremony | undefined): KeyRecord {
    const security = securityLabel(ceremony);
    const hash = verificationKeyHash({ ...parseZkey(zkey, 'key').verificationKey, security });
    const sha = '0'.repeat(64);
    return { r1csSha256: sha, wasmSha256: sha, zkeySha256: sha, vkeySha256: sha, verificationKeyHash: hash, security, ...(ceremony === undefined ? {} : { ceremony }) };
  }

  async function refuses(zkey: Uint8Array, record: KeyRecord, code: string, message: RegExp): Promise<void> {
    await assert.rejects(requireRecordedContributions({ circuit: 'c', record }, zkey, 'c.zkey'), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }

  it('agree, name by name and hash by hash [S11]', async () => {
    const record = recordOf(key, key.ceremony);
    await requireRecordedContributions({ circuit: 'c', record }, key.zkey, 'c.zkey');
    assert.equal(requirePublishedCeremony({ circuit: 'c', record }), key.ceremony);
  });

  it('are refused with a contribution dropped, repeated, reordered, renamed or of another key [S11]', async () => {
    const [first, second] = key.ceremony.contributions;
    assert.ok(first !== undefined && second !== undefined);
    const listed = (...contributions: KeyCeremony['contributions']): KeyRecord => recordOf(key, { ...key.ceremony, contributions });
    await refuses(key.zkey, listed(first), 'KEY_CEREMONY', /has 3 contributions inside c\.zkey, beacon included; the manifest lists 2/);
    await refuses(key.zkey, listed(first, second, second), 'KEY_CEREMONY', /the manifest lists 4/);
    await refuses(key.zkey, listed(second, first), 'KEY_CEREMONY', /has another contribution 1/);
    await refuses(key.zkey, listed({ ...first, contributor: 'Eve' }, second), 'KEY_CEREMONY', /has another contribution 1/);
    await refuses(key.zkey, listed(...other.ceremony.contributions), 'KEY_CEREMONY', /has another contribution 1/);
  });

  it('are refused with the beacon of another block, other iterations, or none', async () => {
    const { beacon } = key.ceremony;
    for (const changed of [{ ...beacon, value: 'cd'.repeat(32) }, { ...beacon, iterations: 11 }, { ...beacon, hash: '1'.repeat(128) }]) {
      await refuses(key.zkey, recordOf(key, { ...key.ceremony, beacon: changed }), 'KEY_CEREMONY', /has another beacon inside c\.zkey than the manifest names/);
    }
    const open = await makeCeremonyKey(await productCircuit(), ['Ada', 'Zoë', 'Kim'], { beacon: false });
    const contributions = open.ceremony.contributions.slice(0, 2);
    await refuses(open.zkey, recordOf(open, { ...open.ceremony, contributions }), 'KEY_CEREMONY', /has no beacon at the end/);
  });

  it('are refused when the contributions were copied from a good key into another one', async () => {
    const sections = new Map(readSections(other.zkey, 'zkey', 'other'));
    sections.set(10, readSections(key.zkey, 'zkey', 'key').get(10) as Uint8Array);
    const forged = writeSections('zkey', 1, [...sections]);
    await refuses(forged, recordOf(other, key.ceremony), 'CONTRIBUTION', /has a delta in G1 that its contributions do not end in/);
    await refuses(other.zkey, recordOf(key, key.ceremony), 'KEY_CEREMONY', /is another inside c\.zkey than the manifest says/);
  });

  it('are not enough without contributions, below the minimum, or over a phase 1 that nobody published', () => {
    const refusesCeremony = (ceremony: KeyCeremony | undefined, message: RegExp): void =>
      assert.throws(() => requirePublishedCeremony({ circuit: 'c', record: recordOf(key, ceremony) }), { code: 'KEY_CEREMONY', message });
    refusesCeremony(undefined, /the key of c has no ceremony in the manifest/);
    refusesCeremony({ ...key.ceremony, contributions: [] }, /has 0 contributions of the 2/);
    refusesCeremony({ ...key.ceremony, minimumContributions: 3 }, /has 2 contributions of the 3/);
    const { phaseOne } = key.ceremony;
    for (const changed of [{ ...phaseOne, published: false }, { ...phaseOne, blake2b: '1'.repeat(128) }, { ...phaseOne, power: 9 }]) {
      refusesCeremony({ ...key.ceremony, phaseOne: changed }, /which is not in the published table/);
    }
  });
});
