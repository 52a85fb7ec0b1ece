import assert from 'node:assert/strict';
import { announcementText, contributionText, messageToSign, parseAnnouncement, parseContribution, parsePlan, planText } from '../../src/ceremony/ceremony-format.js';
import type { BeaconAnnouncement, CeremonyPlan, ContributionRecord } from '../../src/ceremony/ceremony-records.js';

const [H, B] = ['0a'.repeat(32), '0b'.repeat(64)];
const PLAN: CeremonyPlan = Object.freeze({
  format: 'clearproof-ceremony', version: 1, id: '00'.repeat(16), title: 'Keys of 2027', startedAt: 1_800_000_000,
  phaseOne: { file: 'a.ptau', blake2b: B, power: 8, published: false },
  circuits: [{ name: 'product', constraints: 3, r1csSha256: H, circuitHash: B, initialSha256: H }],
  minimumContributions: 2, tools: { clearproof: '1', circom: '2', snarkjs: '0.7.6', solc: '0.8', node: 'v20' },
});
const RECORD: ContributionRecord = Object.freeze({
  format: 'clearproof-contribution', version: 1, ceremony: '00'.repeat(16), index: 1, kind: 'contribution', contributor: 'Ada Lovelace', previous: H, madeAt: 1,
  circuits: [{ name: 'product', previousSha256: H, zkeySha256: '0c'.repeat(32), contributionHash: B }],
});
const ANNOUNCEMENT: BeaconAnnouncement = Object.freeze({
  format: 'clearproof-beacon', version: 1, ceremony: '00'.repeat(16), contributions: 2, previous: H, chainId: 1, block: 100, newestBlock: 90, newestBlockHash: H, iterations: 10,
});

const record = (change: object): unknown => parseContribution(`${JSON.stringify({ ...RECORD, ...change }, undefined, 1)}\n`, 'contribution.json');
const refusedAt = (field: string, words: RegExp): object => ({ code: 'CEREMONY_RECORD', details: { file: 'contribution.json', field }, message: words });

describe('records of a ceremony', () => {
  it('are read back as they were written, and their text is a fixed one [P-188]', () => {
    assert.deepEqual(parsePlan(planText(PLAN), 'p'), PLAN);
    assert.deepEqual(parseContribution(contributionText(RECORD), 'c'), RECORD);
    assert.deepEqual(parseAnnouncement(announcementText(ANNOUNCEMENT), 'b'), ANNOUNCEMENT);
    const shuffled = Object.fromEntries(Object.entries(RECORD).reverse()) as unknown as ContributionRecord;
    assert.equal(contributionText(shuffled), contributionText(RECORD));
  });

  it('are refused in any other text, since the hash is taken over the bytes: other order, other white space, a member twice, another number', () => {
    const text = contributionText(RECORD);
    const others = [
      `${JSON.stringify(Object.fromEntries(Object.entries(RECORD).reverse()), undefined, 1)}\n`, `${JSON.stringify(RECORD)}\n`, text.trimEnd(), text.replaceAll('\n', '\r\n'),
      text.replace('{', '{\n "index": 7,'), text.replace('"index": 1', '"index": 1.0'), text.replace('Ada', '\\u0041da'),
    ];
    for (const other of others) assert.throws(() => parseContribution(other, 'c'), { code: 'CEREMONY_TEXT', message: /c is not written as this format is/ }, other);
  });

  it('name no path and no member that is none: circuits, phase-1 file', () => {
    for (const name of ['../../etc/passwd', 'a/b', 'a\\b', '.', '', 'A', '-a', 'a'.repeat(65)]) {
      assert.throws(() => record({ circuits: [{ ...RECORD.circuits[0], name }] }), refusedAt('circuits[0].name', /must be the name of a circuit/), name);
    }
    for (const file of ['../a.ptau', 'a\\b', '..', '/a']) {
      const text = planText({ ...PLAN, phaseOne: { ...PLAN.phaseOne, file } });
      assert.throws(() => parsePlan(text, 'p'), { code: 'CEREMONY_RECORD', details: { file: 'p', field: 'phaseOne.file' }, message: /without folders/ }, file);
    }
    assert.throws(() => record({ extra: 1 }), refusedAt('', /has "extra", which means nothing here/));
    assert.throws(() => record({ circuits: [RECORD.circuits[0], RECORD.circuits[0]] }), refusedAt('circuits', /names circuit product twice/));
  });

  it('have no contributor whose name moves a terminal, hides, turns text round, or is the beacon\'s', () => {
    for (const contributor of ['\u001b[31mred', 'a\nb', 'a\u0000', 'a\u202eb', 'a\u200bb', ' a', 'a ', 'a  b', '', '\u00a0', '\ud800', 'a'.repeat(65), '\u3164']) {
      assert.throws(() => record({ contributor }), refusedAt('contributor', /must be 1 to 64 characters: letters/), JSON.stringify(contributor));
    }
    assert.throws(() => record({ contributor: 'Beacon' }), refusedAt('contributor', /must be "beacon" for the beacon/));
    assert.equal((record({ contributor: 'Žofie 李 (Zürich) 🙂' }) as ContributionRecord).contributor, 'Žofie 李 (Zürich) 🙂');
  });

  it('have a beacon\'s value exactly where they are the beacon', () => {
    const beacon = { announcement: H, blockHash: H };
    assert.throws(() => record({ beacon }), refusedAt('beacon', /for the beacon, and for nothing else/));
    assert.throws(() => record({ kind: 'beacon', contributor: 'beacon' }), refusedAt('beacon', /must be there for the beacon/));
    assert.throws(() => record({ kind: 'other' }), refusedAt('kind', /one of contribution, beacon/));
    assert.throws(() => record({ index: 0 }), refusedAt('index', /from 1 to 9999/));
  });

  it('announce no block that was there, and no hashing that nobody ends', () => {
    const announced = (change: object): unknown => parseAnnouncement(announcementText({ ...ANNOUNCEMENT, ...change }), 'b');
    assert.throws(() => announced({ newestBlock: 100 }), { code: 'CEREMONY_RECORD', details: { file: 'b', field: 'newestBlock' }, message: /its hash could be chosen/ });
    for (const iterations of [9, 25, 63]) assert.throws(() => announced({ iterations }), { code: 'CEREMONY_RECORD', details: { file: 'b', field: 'iterations' } });
  });

  it('are signed over everything but the signature', () => {
    const signature = { address: `0x${'1'.repeat(40)}`, signature: `0x${'2'.repeat(130)}` };
    assert.match(messageToSign(RECORD), /^clearproof-contribution [0-9a-f]{64}$/);
    assert.equal(messageToSign({ ...RECORD, signature }), messageToSign(RECORD));
    assert.notEqual(messageToSign({ ...RECORD, contributor: 'Eve' }), messageToSign(RECORD));
  });
});
